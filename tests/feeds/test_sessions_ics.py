"""Sessions with their teams, what the public sees of them, leave, cancelled events and reminders."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from scheduler.duties import Colleague
from scheduler.feeds.events import write_duty, write_leave, write_public, write_session
from scheduler.feeds.wording import SUMMARY_LENGTH
from tests.feeds.build import joined, lines_of, make_duty, make_leave, make_place, make_session, make_style, values_of

PUBLIC_URL = "https://roster.example"
TELLING = ("LOCATION", "DESCRIPTION", "GEO", "URL", "CATEGORIES")
"""Properties that a private event must not have."""


def session(fact=None, *, reminder=None, **choices):
    return write_session(fact or make_session(), make_style(**choices), reminder=reminder).body


def duty(fact=None, *, reminder=None, **choices):
    return write_duty(fact or make_duty(), make_style(**choices), reminder=reminder).body


def public(fact=None, **choices):
    return write_public(fact or make_session(kind="consultation"), make_style(**choices)).body


def test_a_session_says_what_where_and_who():
    body = session(make_session(uid="a-uid", session_id=7, sequence=2), public_url=PUBLIC_URL)

    assert values_of(body, "UID") == ["a-uid@roster.example"]
    assert values_of(body, "SEQUENCE") == ["2"]
    assert values_of(body, "SUMMARY") == ["Theatre 1 · Urology – Maubeuge"]
    assert values_of(body, "LOCATION") == [r"CH de Maubeuge\, Theatre 1"]
    assert values_of(body, "GEO") == ["50.27785;3.97267"]
    assert values_of(body, "CATEGORIES") == ["Session"]
    assert values_of(body, "STATUS") == ["CONFIRMED"]
    assert values_of(body, "TRANSP") == ["OPAQUE"]
    assert values_of(body, "URL") == ["https://roster.example/sessions/7"]
    assert values_of(body, "DESCRIPTION") == [
        r"Joint theatre list\nSpecialty: Urology\nTeam: Dr Ada Exemple (Lead)\, Dr Zoé Müller (Anaesthetist)"
        r"\nAgreement: Mons–Maubeuge\, urology\nState of 2026-03-02 14:05 UTC"
    ]


def test_only_events_of_one_person_are_marked_private():
    assert values_of(session(), "CLASS") == values_of(public(), "CLASS") == []
    assert values_of(duty(), "CLASS") == ["PRIVATE"]


def test_all_stamps_of_an_event_are_those_of_its_revision():
    at = datetime(2026, 3, 2, 14, 5, 9, tzinfo=UTC)
    bodies = [
        session(make_session(revised_at=at)),
        public(make_session(revised_at=at)),
        write_leave(make_leave(revised_at=at), make_style()).body,
    ]

    for body in bodies:
        stamps = [values_of(body, name) for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED")]
        assert stamps == [["20260302T140509Z"]] * 3


def test_a_session_without_team_or_agreement_does_not_speak_of_them():
    [description] = values_of(session(make_session(team=(), agreement=None)), "DESCRIPTION")

    assert description == r"Joint theatre list\nSpecialty: Urology\nState of 2026-03-02 14:05 UTC"


def test_the_calendar_of_a_room_shows_the_clinician_first():
    one, two = Colleague("Dr Ada Exemple", "lead"), Colleague("Dr Zoé Müller", "anaesthetist")

    def title(*team):
        return values_of(session(make_session(team=team), is_clinician_first=True), "SUMMARY")[0]

    assert title(one) == "Dr Ada Exemple · Urology"
    assert title(one, two) == "Dr Ada Exemple +1 · Urology"
    assert title(one, replace(one, role="cover")) == "Dr Ada Exemple · Urology"
    assert title() == "Joint theatre list · Urology"


def test_on_call_has_a_category_of_its_own():
    assert values_of(session(make_session(kind="on_call")), "CATEGORIES") == ["OnCall"]
    assert values_of(duty(make_duty(kind="on_call")), "CATEGORIES") == ["OnCall"]
    assert values_of(duty(make_duty(kind="consultation", is_exclusive=False)), "CATEGORIES") == ["OnCall"]


def test_a_private_session_says_only_that_something_is_on():
    body = session(is_private=True, public_url=PUBLIC_URL)

    assert values_of(body, "SUMMARY") == ["Busy"]
    assert [name for name in TELLING if values_of(body, name)] == []
    assert b"Urology" not in body
    assert b"Ada" not in body


@pytest.mark.parametrize(("write", "make"), [(write_duty, make_duty), (write_session, make_session)])
def test_private_events_tell_no_country_by_their_zone(write, make):
    french, belgian = (
        write(make(uid="same", site=make_place(zone)), make_style(is_private=True))
        for zone in ("Europe/Paris", "Europe/Brussels")
    )

    assert french == belgian
    assert french.start_at == write(make(site=make_place("Europe/Paris")), make_style()).start_at


def test_private_events_are_alike_in_every_feed():
    fact = make_session()

    assert session(fact, is_private=True) == session(fact, is_private=True, is_lean=True, is_clinician_first=True)


@pytest.mark.parametrize("write", [session, duty, public])
def test_a_lean_event_has_no_description_and_no_coordinates(write):
    body = write(is_lean=True, public_url=PUBLIC_URL)

    assert values_of(body, "DESCRIPTION") == values_of(body, "GEO") == []
    assert len(values_of(body, "SUMMARY")) == len(values_of(body, "LOCATION")) == 1


def test_2000_lean_sessions_fit_into_a_megabyte():
    style = make_style(is_lean=True, public_url="https://roster.hospital.example", uid_domain="roster.hospital.example")
    room, uid = "Salle de consultation 12", "0b4c3f6e-8f8e-4c57-9a53-6a3f3a9a3d11"
    event = write_session(make_session(uid=uid, room=room, session_id=123_456), style)

    assert 2000 * len(event.body) <= 1_048_576


def test_the_public_sees_care_place_and_time_and_no_names():
    fact = make_session(kind="consultation", room="Room of Dr Ada", agreement="Agreement X", session_id=7)
    body = public(fact, public_url=PUBLIC_URL)

    assert values_of(body, "SUMMARY") == ["Urology · Consultation – Maubeuge"]
    assert values_of(body, "LOCATION") == ["CH de Maubeuge"]
    assert values_of(body, "GEO") == ["50.27785;3.97267"]
    assert values_of(body, "DESCRIPTION") == [
        r"Consultation\nSpecialty: Urology\nState of 2026-03-02 14:05 UTC",
    ]
    assert values_of(body, "TRANSP") == ["TRANSPARENT"]
    assert values_of(body, "X-MICROSOFT-CDO-BUSYSTATUS") == ["FREE"]
    for word in ("Dr", "Ada", "Müller", "Room", "Agreement", "URL", "/sessions/"):
        assert word not in "\n".join(lines_of(body))


def test_what_the_public_sees_does_not_depend_on_the_team():
    fact = make_session(kind="consultation")

    assert public(fact) == public(replace(fact, team=(), room=None, agreement=None))


def test_leave_is_whole_days_away():
    written = write_leave(make_leave(date(2026, 3, 9), date(2026, 3, 14), uid="a-leave"), make_style())
    body = written.body

    assert b"DTSTART;VALUE=DATE:20260309\r\n" in body
    assert b"DTEND;VALUE=DATE:20260314\r\n" in body
    assert values_of(body, "UID") == ["a-leave@roster.example"]
    assert values_of(body, "SUMMARY") == ["Leave"]
    assert values_of(body, "DESCRIPTION") == ["State of 2026-03-02 14:05 UTC"]
    assert values_of(body, "TRANSP") == ["OPAQUE"]
    assert values_of(body, "X-MICROSOFT-CDO-BUSYSTATUS") == ["OOF"]
    assert values_of(body, "CATEGORIES") == ["Leave"]
    assert values_of(body, "CLASS") == ["PRIVATE"]
    assert written.zone is None
    assert (written.start_at, written.end_at) == (
        datetime(2026, 3, 9, tzinfo=UTC),
        datetime(2026, 3, 14, tzinfo=UTC),
    )


def test_private_leave_says_busy():
    body = write_leave(make_leave(), make_style(is_private=True)).body

    assert values_of(body, "SUMMARY") == ["Busy"]
    assert [name for name in TELLING if values_of(body, name)] == []


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (duty(make_duty(is_cancelled=True)), "Cancelled: Consulting 1 · Urology – Maubeuge"),
        (session(make_session(is_cancelled=True)), "Cancelled: Theatre 1 · Urology – Maubeuge"),
        (session(make_session(is_cancelled=True), is_private=True), "Cancelled: Busy"),
        (public(make_session(kind="consultation", is_cancelled=True)), "Cancelled: Urology · Consultation – Maubeuge"),
    ],
)
def test_a_cancelled_event_says_so_and_takes_no_time(body, title):
    assert values_of(body, "SUMMARY") == [title]
    assert values_of(body, "STATUS") == ["CANCELLED"]
    assert values_of(body, "TRANSP") == ["TRANSPARENT"]
    assert values_of(body, "X-MICROSOFT-CDO-BUSYSTATUS") == ["FREE"]


def test_the_title_of_a_cancelled_event_keeps_its_length_and_its_language():
    french = {"Cancelled: %(title)s": "Annulé : %(title)s"}

    body = session(make_session(is_cancelled=True, room="S" * 90), gettext=lambda text: french.get(text, text))

    [title] = values_of(body, "SUMMARY")
    assert title.startswith("Annulé : SSS")
    assert len(title) == SUMMARY_LENGTH


def test_feeds_never_ring():
    for body in (duty(), session(), public(), write_leave(make_leave(), make_style()).body):
        assert b"VALARM" not in body


@pytest.mark.parametrize("write", [session, duty])
def test_a_download_rings_once_as_long_before_as_chosen(write):
    body = write(reminder=timedelta(minutes=90))

    [event] = Calendar.from_ical(joined_bodies(body)).events
    [alarm] = event.subcomponents
    assert alarm.name == "VALARM"
    assert str(alarm["ACTION"]) == "DISPLAY"
    assert alarm["TRIGGER"].dt == timedelta(minutes=-90)
    assert str(alarm["DESCRIPTION"]) == str(event["SUMMARY"])


def test_nothing_rings_for_what_is_cancelled():
    hour = timedelta(hours=1)

    assert b"VALARM" not in duty(make_duty(is_cancelled=True), reminder=hour)
    assert b"VALARM" not in session(make_session(is_cancelled=True), reminder=hour)


def test_a_reminder_of_a_private_event_tells_no_more_than_the_event():
    body = duty(make_duty(), reminder=timedelta(hours=1), is_private=True)

    assert values_of(body, "DESCRIPTION") == ["Busy"]


def joined_bodies(body):
    return b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + body + b"END:VCALENDAR\r\n"


def test_no_event_asks_for_an_answer_or_repeats():
    written = [
        write_duty(make_duty(), make_style()),
        write_session(make_session(), make_style()),
        write_public(make_session(), make_style()),
        write_leave(make_leave(), make_style()),
    ]

    body = joined(*written).replace(b"RRULE:FREQ=YEARLY", b"")
    for name in (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"RRULE", b"RECURRENCE-ID", b"SOURCE", b"VFREEBUSY", b"mailto"):
        assert name not in body


def test_events_of_all_kinds_stand_in_the_order_of_time():
    style, site = make_style(), make_place("Europe/Brussels")
    later = write_duty(make_duty(date(2026, 3, 10), site=site), style)
    leave = write_leave(make_leave(date(2026, 3, 9), date(2026, 3, 10)), style)
    early = write_session(make_session(date(2026, 3, 3)), style)

    assert joined(later, leave, early) == joined(early, leave, later)
    assert values_of(joined(later, leave, early), "UID") == [early.uid, leave.uid, later.uid]
    assert values_of(joined(later, leave, early), "TZID") == ["Europe/Brussels", "Europe/Paris"]
