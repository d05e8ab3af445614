import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.duties import Colleague
from scheduler.feeds.ics import write_calendar
from scheduler.feeds.lines import LINE_LENGTH, folded
from scheduler.feeds.timezones import CENTRAL_EUROPEAN_ZONES
from scheduler.feeds.wording import SUMMARY_LENGTH
from scheduler.i18n import gettext_for
from scheduler.terms_text import shown
from tests.feeds.build import lines_of, make_duty, make_place, values_of, write

ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


def test_the_same_duties_give_the_same_bytes():
    duties = [make_duty(date(2026, 3, day)) for day in range(1, 20)]

    assert write(*duties) == write(*reversed(duties))


def test_a_feed_without_duties_is_a_calendar_without_events():
    body = write()

    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"VEVENT" not in body
    assert b"VTIMEZONE" not in body


def test_the_head_names_product_calendar_zone_and_refresh():
    body = write()

    assert values_of(body, "PRODID") == ["-//Passerelle//Roster//EN"]
    assert values_of(body, "VERSION") == ["2.0"]
    assert values_of(body, "CALSCALE") == ["GREGORIAN"]
    assert values_of(body, "NAME") == values_of(body, "X-WR-CALNAME") == ["Roster – Dr Ada Exemple"]
    assert values_of(body, "X-WR-TIMEZONE") == ["Europe/Brussels"]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in body
    assert values_of(body, "X-PUBLISHED-TTL") == ["PT1H"]


def test_the_head_tells_what_the_calendar_shows_and_its_colour():
    body = write_calendar([], title="Sessions", timezone="Europe/Paris", description="All; of, it\n", color="teal")

    assert values_of(body, "X-WR-CALDESC") == [r"All\; of\, it"]
    assert values_of(body, "COLOR") == ["teal"]
    assert values_of(write(), "X-WR-CALDESC") == values_of(write(), "COLOR") == []


def test_a_long_name_of_a_calendar_is_folded():
    body = write_calendar([], title="é" * 200, timezone="Europe/Paris", description="ü" * 300)

    assert all(len(line) <= LINE_LENGTH for line in body.split(b"\r\n"))
    assert values_of(body, "NAME") == ["é" * 200]


def test_nothing_in_a_feed_asks_for_an_answer_or_rings():
    body = write(make_duty())

    for name in (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"VALARM", b"RRULE:FREQ=WEEKLY", b"mailto", b"SOURCE"):
        assert name not in body


def test_an_event_carries_its_identity_and_the_time_of_its_revision():
    body = write(make_duty(uid="a-uid", sequence=3, revised_at=datetime(2026, 3, 2, 14, 5, 9, tzinfo=UTC)))

    assert values_of(body, "UID") == ["a-uid@roster.example"]
    assert values_of(body, "SEQUENCE") == ["3"]
    assert values_of(body, "DTSTAMP") == values_of(body, "LAST-MODIFIED") == values_of(body, "CREATED")
    assert values_of(body, "CREATED") == ["20260302T140509Z"]


def test_an_event_says_what_where_and_with_whom():
    body = write(make_duty(seat_id=7), public_url="https://roster.example")

    assert values_of(body, "SUMMARY") == ["Consulting 1 · Urology – Maubeuge"]
    assert values_of(body, "LOCATION") == [r"CH de Maubeuge\, Consulting 1"]
    assert values_of(body, "GEO") == ["50.27785;3.97267"]
    assert values_of(body, "CATEGORIES") == ["Session"]
    assert values_of(body, "CLASS") == ["PRIVATE"]
    assert values_of(body, "STATUS") == ["CONFIRMED"]
    assert values_of(body, "URL") == ["https://roster.example/duties/7"]
    assert values_of(body, "DESCRIPTION") == [
        r"Consultation\, role: Lead\nSpecialty: Urology\nWith: Dr Zoé Müller (Anaesthetist)"
        r"\nAgreement: Mons–Maubeuge\, urology\nState of 2026-03-02 14:05 UTC"
    ]


def test_the_agreement_is_named_in_the_language_of_the_feed():
    body = write(make_duty(agreement="Mons–Maubeuge · urology"), gettext=gettext_for("fr"))

    assert "Mons–Maubeuge · Urologie" in values_of(body, "DESCRIPTION")[0]


def test_a_session_makes_busy():
    body = write(make_duty())

    assert values_of(body, "TRANSP") == ["OPAQUE"]
    assert values_of(body, "X-MICROSOFT-CDO-BUSYSTATUS") == ["BUSY"]


def test_post_operative_cover_leaves_one_free():
    body = write(make_duty(kind="postop_cover", role="cover", is_exclusive=False, room="Theatre 1"))

    assert values_of(body, "TRANSP") == ["TRANSPARENT"]
    assert values_of(body, "X-MICROSOFT-CDO-BUSYSTATUS") == ["FREE"]
    assert values_of(body, "SUMMARY") == ["Post-operative cover · Urology – Maubeuge"]
    assert values_of(body, "CATEGORIES") == ["OnCall"]


def test_without_a_public_address_there_are_no_links():
    assert values_of(write(make_duty()), "URL") == []


def test_a_private_feed_says_when_but_not_where_or_with_whom():
    duty = make_duty()
    body = write(duty, is_private=True, public_url="https://roster.example")

    assert values_of(body, "SUMMARY") == ["Busy"]
    assert values_of(body, "DTSTART") == values_of(write(duty), "DTSTART")
    for name in ("LOCATION", "DESCRIPTION", "GEO", "CATEGORIES", "URL"):
        assert values_of(body, name) == []
    assert "Maubeuge" not in body.decode()


def test_a_feed_speaks_the_language_it_is_given():
    def shout(text):
        return text.upper() if "%" not in text else text

    body = write(make_duty(role="surgeon"), gettext=shout)

    assert values_of(body, "SUMMARY") == ["Consulting 1 · UROLOGY – Maubeuge"]
    assert "role: SURGEON" in values_of(body, "DESCRIPTION")[0]


def test_a_role_that_is_the_kind_is_not_named_twice():
    [description] = values_of(write(make_duty(kind="postop_cover", role="cover", is_exclusive=False)), "DESCRIPTION")

    assert description.startswith(r"Post-operative cover\nSpecialty: Urology\n")


def test_a_colleague_is_named_once_with_all_roles():
    team = tuple(Colleague(*one) for one in (("Dr Zoé", "counterpart"), ("Dr Max", "surgeon"), ("Dr Zoé", "cover")))

    [description] = values_of(write(make_duty(colleagues=team)), "DESCRIPTION")

    assert r"With: Dr Zoé (Counterpart\, Post-operative cover)\, Dr Max (Surgeon)\n" in description


def test_a_long_summary_is_cut():
    room = "Salle polyvalente du troisième étage, aile B, derrière"

    cut = values_of(write(make_duty(room=room)), "SUMMARY")[0]

    assert cut.startswith("Salle polyvalente du troisième étage")
    assert cut.endswith("…")
    assert len(cut.replace("\\", "")) <= SUMMARY_LENGTH


def test_a_long_specialty_gives_way_to_the_place():
    long = make_duty(room="Operating theatre 3", specialty="nephrology (self-dialysis centre)")

    held, cancelled = (values_of(write(duty), "SUMMARY")[0] for duty in (long, replace(long, is_cancelled=True)))

    assert held == "Operating theatre 3 · Nephrology (self-dialysis… – Maubeuge"
    assert cancelled == "Cancelled: Operating theatre 3 · Nephrology (sel… – Maubeuge"
    assert len(held) <= len(cancelled) <= SUMMARY_LENGTH


def test_a_feed_has_one_block_for_each_zone_it_uses_and_no_other():
    def zones(*names):
        return values_of(write(*(make_duty(site=make_place(name)) for name in names)), "TZID")

    assert zones("Europe/Paris", "Europe/Paris") == ["Europe/Paris"]
    assert zones("Europe/Paris", "Europe/Brussels", "Europe/Luxembourg") == [
        "Europe/Brussels",
        "Europe/Luxembourg",
        "Europe/Paris",
    ]
    assert zones("Europe/London") == []


def test_times_are_local_to_the_site():
    body = write(make_duty(date(2026, 7, 7)))

    assert b"DTSTART;TZID=Europe/Paris:20260707T083000\r\n" in body
    assert b"DTEND;TZID=Europe/Paris:20260707T123000\r\n" in body


@pytest.mark.parametrize("moment", ["00:00", "00:30", "01:00", "01:59"])
@pytest.mark.parametrize("end", ["start", "end"])
def test_an_end_in_the_doubled_hour_sends_both_ends_to_utc(moment, end):
    doubled = datetime.fromisoformat(f"2026-10-25T{moment}:00+00:00")
    start_at, end_at = (doubled, doubled + timedelta(hours=6))
    if end == "end":
        start_at, end_at = (doubled - timedelta(hours=6), doubled)
    body = write(make_duty(date(2026, 10, 25), start_at=start_at, end_at=end_at))

    assert values_of(body, "DTSTART")[-1].endswith("Z")
    assert values_of(body, "DTEND")[-1].endswith("Z")
    assert b"VTIMEZONE" not in body


def test_an_end_beside_the_doubled_hour_stays_local():
    body = write(
        make_duty(
            date(2026, 10, 25),
            start_at=datetime(2026, 10, 24, 23, 59, tzinfo=UTC),
            end_at=datetime(2026, 10, 25, 2, tzinfo=UTC),
        )
    )

    assert values_of(body, "DTSTART")[-1] == "20261025T015900"
    assert values_of(body, "DTEND")[-1] == "20261025T030000"


@pytest.mark.parametrize(
    ("end_at", "named"), [("00:59", ["Europe/Brussels"]), ("01:00", []), ("01:59", []), ("02:00", ["Europe/Brussels"])]
)
def test_the_head_names_no_zone_beside_an_end_in_the_second_of_two_equal_hours(end_at, named):
    end_at = datetime.fromisoformat(f"2026-10-25T{end_at}:00+00:00")
    duty = make_duty(date(2026, 10, 25), start_at=end_at - timedelta(hours=6), end_at=end_at)

    body = write(make_duty(date(2026, 10, 25)), duty)

    assert values_of(body, "X-WR-TIMEZONE") == named


@pytest.mark.parametrize("name", sorted(CENTRAL_EUROPEAN_ZONES))
def test_the_rules_we_write_are_those_of_the_zone(name):
    zone = ZoneInfo(name)
    days = [datetime(1997, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(41 * 365)]

    changes = [day for day in days if offset(day, zone) != offset(day + timedelta(days=1), zone)]

    assert changes == sorted(last_sunday(day.year, month) for day in changes[::2] for month in (3, 10))
    for change in changes:
        before, after = (1, 2) if change.month == 3 else (2, 1)
        assert offset(change + timedelta(minutes=59), zone) == timedelta(hours=before)
        assert offset(change + timedelta(hours=1), zone) == timedelta(hours=after)


def offset(moment, zone):
    return moment.astimezone(zone).utcoffset()


def last_sunday(year, month):
    last = datetime(year, month, 31, tzinfo=UTC)
    return last - timedelta(days=last.isoweekday() % 7)


AWKWARD_TEXT = st.text(st.sampled_from('\\\\;,:"^nN \n\r\t%é€🩺ß\u0301'), max_size=200)
"""What escaping and folding may trip over, in any order."""


@given(*[st.one_of(ANY_TEXT, AWKWARD_TEXT)] * 4)
def test_any_text_is_folded_escaped_and_read_back(name, room, agreement, colleague):
    duty = make_duty(
        site=make_place(name=name), room=room, agreement=agreement, colleagues=(Colleague(colleague, "lead"),)
    )
    body = write(duty)

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert b"\r" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        line.decode()
        assert not cuts_an_escape(line)
    event = Calendar.from_ical(body).events[0]
    assert str(event["UID"]) == f"{duty.uid}@roster.example"
    assert plain(shown(agreement, str)) in plain(str(event["DESCRIPTION"]))
    assert plain(colleague) in plain(str(event["DESCRIPTION"]))
    assert plain(room) in plain(str(event["LOCATION"]))
    assert len(event["SUMMARY"]) <= SUMMARY_LENGTH


def cuts_an_escape(line):
    return (len(line) - len(line.rstrip(b"\\"))) % 2 == 1


@given(st.lists(st.one_of(ANY_TEXT, AWKWARD_TEXT), min_size=3, max_size=3))
def test_two_readers_read_the_same_texts(texts):
    room, agreement, colleague = texts
    body = write(make_duty(room=room, agreement=agreement, colleagues=(Colleague(colleague, "lead"),)))

    ours, theirs = Calendar.from_ical(body).events[0], vobject.readOne(body.decode()).vevent

    for name in ("summary", "location", "description", "uid"):
        assert getattr(theirs, name).value == str(ours[name])


@given(st.text(st.sampled_from("\\\\;,nab é€🩺"), max_size=400))
def test_folding_changes_nothing_but_the_line_breaks(text):
    line = "X-NAME:" + text

    sent = folded([line])

    assert sent.replace(b"\r\n ", b"").decode() == line + "\r\n"
    assert all(len(row) <= LINE_LENGTH for row in sent.split(b"\r\n"))


def test_a_line_is_filled_to_the_last_octet():
    rows = folded(["X:" + "a" * 200]).split(b"\r\n")

    assert [len(row) for row in rows] == [75, 75, 54, 0]


def test_an_escape_at_the_end_of_a_row_is_kept_whole():
    for length in range(65, 80):
        rows = folded(["X:" + "a" * length + "\\\\" + "\\n" + "\\\\n"]).split(b"\r\n")

        assert not any(cuts_an_escape(row) for row in rows)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    st.lists(st.tuples(moments, st.integers(1, 2000), st.sampled_from(["Europe/Paris", "Europe/London"])), max_size=8),
    st.randoms(use_true_random=False),
)
def test_events_stand_in_the_order_of_start_end_and_uid(spells, random):
    duties = [
        make_duty(
            start_at=at.replace(microsecond=0),
            end_at=at.replace(microsecond=0) + timedelta(minutes=minutes),
            site=make_place(zone),
        )
        for at, minutes, zone in spells
    ]
    body = write(*duties)

    random.shuffle(duties)

    assert write(*duties) == body
    duties.sort(key=lambda duty: (duty.start_at, duty.end_at, duty.uid))
    assert values_of(body, "UID") == [f"{duty.uid}@roster.example" for duty in duties]


def plain(text):
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", "", text)


def test_no_line_can_be_smuggled_in():
    body = write(make_duty(room="Room\r\nATTENDEE:mailto:x@example.org\nX-Y:1"))

    assert not [line for line in lines_of(body) if line.startswith(("ATTENDEE", "X-Y"))]


def test_a_revised_duty_changes_its_event_alone():
    one, other = make_duty(date(2026, 3, 3)), make_duty(date(2026, 3, 4))
    later = replace(one, sequence=1, revised_at=one.revised_at + timedelta(days=1), room="Consulting 2")

    before, after = events_of(write(one, other)), events_of(write(later, other))

    assert before[0] != after[0]
    assert before[1] == after[1]


def events_of(body):
    return body.split(b"BEGIN:VEVENT")[1:]
