"""Which events a feed shows, and which of them are written already."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, text

from scheduler import clock
from scheduler.extensions import db
from scheduler.feeds.window import feed_window
from scheduler.models import CancelledSession, EventBytes, Programme, Specialty, Zone
from scheduler.queries.feed_events import GRACE, chosen_events
from scheduler.queries.feeds import FeedKey
from scheduler.queries.session_states import state_to_json, states_of
from tests import factories as make
from tests.services.pair import TUESDAY, WEDNESDAY

BASIS = "a basis"
NEXT_MONTH = datetime(2026, 11, 30, 23, tzinfo=UTC)
"""When the window of feeds rolls next, midnight in Brussels."""


@pytest.fixture
def published(pair):
    """Ada's visit on Tuesday morning; Bram's list on Wednesday, with Carl, who also covers it."""
    draft = pair.draft()
    [theatre] = pair.sessions(pair.theatre)
    pair.hold(draft, pair.sessions()[0], pair.ada, on=TUESDAY)
    pair.hold(draft, theatre, pair.bram, pair.carl, pair.carl, on=WEDNESDAY)
    pair.publish(draft)
    return draft


@pytest.fixture
def zone(pair):
    programme = make.add(Programme(code="COSANTE", name="COSANTE"))
    return make.add(
        Zone(code="MOMAU", name="ZOAST Mons-Maubeuge", sites=[pair.home, pair.host], programmes=[programme])
    )


def key_of(feed, subject, *, viewer=None, care=0, options=""):
    return FeedKey(feed, subject.id, viewer.id if viewer else 0, care, "fr", options)


def choose(*args, dress="fr", basis=BASIS, **more):
    from_at, until_at = feed_window(clock.today())
    return chosen_events(
        key_of(*args, **more), dress=dress, basis=basis, from_at=from_at, until_at=until_at, now=clock.now()
    )


def ids(*args, **more):
    return [event.subject_id for event in choose(*args, **more).events]


def store(kind, subject, *, dress="fr", basis=BASIS, revised_at=None):
    return make.add(
        EventBytes(
            kind=kind,
            subject_id=subject.id,
            dress=dress,
            uid=f"{subject.uid}@test",
            sequence=subject.sequence,
            revised_at=revised_at or subject.revised_at,
            stamped_at=make.NOW,
            basis=basis,
            zone="Europe/Paris",
            start_at=make.NOW,
            end_at=make.NOW,
            body=b"BEGIN:VEVENT",
        )
    )


def cancel(pair, session, *, at=None):
    """What publishing a version without this session leaves."""
    state = states_of(pair.version(1).id)[session.id]
    placement = next(one for one in pair.version(1).placements if one.session_id == session.id)
    db.session.execute(text("drop trigger placement_kept_delete"))
    db.session.execute(text("drop trigger assignment_kept_delete"))
    db.session.execute(text("delete from published_duty where session_id = :id"), {"id": session.id})
    db.session.delete(placement)
    return make.add(
        CancelledSession(
            session_id=session.id,
            roster_id=pair.roster.id,
            state=state_to_json(state),
            cancelled_at=at or clock.now(),
        )
    )


def specialty(name="urology"):
    return db.session.query(Specialty).filter_by(name=name).one()


def test_a_clinicians_feed_has_the_own_duties_by_start(pair, published):
    seats = pair.sessions(pair.theatre)[0].seats

    operation, cover = choose("clinician", pair.carl).events

    assert [operation.subject_id, cover.subject_id] == [seats[1].id, seats[2].id]
    assert (operation.kind, operation.site_id, operation.stored) == ("duty", pair.host.id, None)
    assert (operation.start_at, operation.end_at) == make.interval(WEDNESDAY, "morning")
    assert cover.start_at == operation.end_at


def test_a_feed_shows_what_touches_its_window(pair, published):
    [duty] = choose("clinician", pair.ada).events
    minute = timedelta(minutes=1)

    def within(from_at, until_at):
        key = key_of("clinician", pair.ada)
        return chosen_events(key, dress="fr", basis=BASIS, from_at=from_at, until_at=until_at, now=clock.now()).events

    assert within(duty.end_at - minute, duty.end_at) == (duty,)
    assert within(duty.end_at, duty.end_at + minute) == ()
    assert within(duty.start_at, duty.start_at + minute) == (duty,)
    assert within(duty.start_at - minute, duty.start_at) == ()


@pytest.mark.parametrize("kind", ["duty", "session"])
def test_a_stored_event_is_used_while_it_holds(pair, published, kind):
    session = pair.sessions()[0]
    one, of = (
        (session.seats[0], ("clinician", pair.ada)) if kind == "duty" else (session, ("agreement", pair.agreement))
    )
    row = store(kind, one)

    def stored():
        return next(event.stored for event in choose(*of).events if event.subject_id == one.id)

    assert (stored().uid, stored().zone, stored().body) == (row.uid, "Europe/Paris", b"BEGIN:VEVENT")
    row.revised_at -= timedelta(seconds=1)
    assert stored() is None
    row.revised_at, row.basis = one.revised_at, "another basis"
    assert stored() is None
    row.basis, row.dress = BASIS, "nl"
    assert stored() is None
    row.dress, row.part = "fr", "out"
    assert stored() is None


def test_an_event_that_was_never_revised_is_as_old_as_its_version(pair, published):
    seat = pair.sessions()[0].seats[0]
    seat.revised_at = None
    store("duty", seat, revised_at=published.published_at)

    [duty] = choose("clinician", pair.ada).events

    assert duty.stored is not None


def test_each_feed_of_sessions_has_one_event_a_session(pair, published, zone):
    visit, theatre = pair.sessions()[0], pair.sessions(pair.theatre)[0]
    room = next(room for room in pair.rooms if room.kind == "theatre")

    both = [visit.id, theatre.id]
    assert ids("site", pair.host) == both
    assert ids("site", pair.home) == []
    assert ids("room", room) == [theatre.id]
    assert ids("agreement", pair.agreement) == both
    for viewer in (pair.mons, pair.maubeuge):
        assert ids("specialty", specialty(), viewer=viewer) == both
        assert ids("zone", zone, viewer=viewer) == both
        assert ids("programme", zone.programmes[0], viewer=viewer) == both


def test_a_session_is_as_long_as_its_placement_whatever_its_cover(pair, published):
    event = choose("site", pair.host).events[1]

    assert (event.kind, event.start_at, event.end_at) == ("session", *make.interval(WEDNESDAY, "morning"))


def test_other_organisations_see_nothing_of_it_in_their_part(pair, published, zone):
    stranger = make.make_organisation("STRANGER")

    for feed, subject in (("specialty", specialty()), ("zone", zone), ("programme", zone.programmes[0])):
        assert ids(feed, subject, viewer=stranger) == []


def test_a_session_under_no_agreement_is_seen_by_the_owner_of_the_site_alone(pair, published, zone):
    pair.visit.agreement = None
    visit = pair.sessions()[0]

    assert visit.id in ids("zone", zone, viewer=pair.maubeuge)
    assert visit.id not in ids("zone", zone, viewer=pair.mons)


def test_a_partner_sees_sessions_while_the_agreement_is_in_force(pair, published, zone):
    pair.agreement.valid_until = clock.today()

    assert ids("zone", zone, viewer=pair.mons) == []
    assert len(ids("zone", zone, viewer=pair.maubeuge)) == 2


def test_the_public_sees_consultations_under_released_agreements_in_force(pair, published, zone):
    visit = pair.sessions()[0]
    oncology = make.specialty("oncology")
    assert ids("public", zone) == []

    pair.agreement.is_released = True

    [event] = choose("public", zone).events
    assert (event.kind, event.subject_id) == ("public", visit.id)
    assert ids("public", zone, care=specialty().id) == [visit.id]
    assert ids("public", zone, care=oncology.id) == []
    zone.sites = [pair.home]
    assert ids("public", zone) == []
    zone.sites = [pair.host]
    pair.agreement.valid_until = clock.today()
    assert ids("public", zone) == []


@pytest.mark.parametrize("feed", ["clinician", "site", "agreement", "room", "zone"])
def test_a_cancelled_event_is_shown_for_a_while_to_those_who_want_it(pair, published, zone, feed):
    theatre = pair.sessions(pair.theatre)[0]
    room = next(room for room in pair.rooms if room.kind == "theatre")
    subject = {"clinician": pair.bram, "site": pair.host, "agreement": pair.agreement, "room": room, "zone": zone}[feed]
    viewer = pair.mons if feed == "zone" else None
    row = cancel(pair, theatre)
    wanted = theatre.seats[0].id if feed == "clinician" else theatre.id

    def cancelled():
        chosen = choose(feed, subject, viewer=viewer, options="cancelled")
        return [event for event in chosen.events if event.is_cancelled], chosen.fresh_until

    [event], _ = cancelled()
    assert (event.subject_id, event.start_at, event.end_at) == (wanted, *make.interval(WEDNESDAY, "morning"))
    assert not any(event.is_cancelled for event in choose(feed, subject, viewer=viewer).events)
    row.cancelled_at = clock.now() - GRACE + timedelta(hours=1)
    assert cancelled()[1] == row.cancelled_at + GRACE
    row.cancelled_at = clock.now() - GRACE
    assert cancelled()[0] == []


def test_a_cancelled_cover_is_shown_when_it_would_have_been(pair, published):
    theatre = pair.sessions(pair.theatre)[0]
    cancel(pair, theatre)
    store("duty", theatre.seats[2])

    operation, cover = choose("clinician", pair.carl, options="busy,cancelled").events

    assert (operation.subject_id, operation.stored) == (theatre.seats[1].id, None)
    assert (cover.subject_id, cover.start_at) == (theatre.seats[2].id, operation.end_at)
    assert cover.end_at == cover.start_at + timedelta(hours=48)
    assert cover.stored.body == b"BEGIN:VEVENT"
    assert choose("clinician", pair.ada, options="cancelled").events == choose("clinician", pair.ada).events


def test_leave_is_shown_to_those_who_want_it(pair, published):
    leave = make.make_leave(pair.ada, start_on=date(2026, 12, 21), days=5)
    make.make_leave(pair.bram, start_on=date(2026, 12, 21), days=5)
    make.make_leave(pair.ada, start_on=date(2020, 12, 21), days=5)
    store("leave", leave, revised_at=leave.entered_at)

    [_, away] = choose("clinician", pair.ada, options="leave").events

    assert (away.kind, away.subject_id, away.site_id) == ("leave", leave.id, pair.home.id)
    assert away.start_at == datetime(2026, 12, 20, 23, tzinfo=UTC)
    assert away.end_at == datetime(2026, 12, 25, 23, tzinfo=UTC)
    assert away.stored.body == b"BEGIN:VEVENT"
    assert len(choose("clinician", pair.ada).events) == 1


def test_a_choice_holds_until_the_month_ends(pair, published):
    assert choose("clinician", pair.ada).fresh_until == NEXT_MONTH
    assert choose("agreement", pair.agreement).fresh_until == NEXT_MONTH


def test_a_choice_holds_until_an_agreement_begins_or_ends(pair, published, zone):
    pair.agreement.valid_until = date(2026, 11, 26)
    later = make.make_agreement(pair.home, pair.host, code="LATER", valid_from=date(2026, 11, 24))
    make.make_agreement(
        *[make.make_site(make.make_organisation(code)) for code in "ZY"],
        code="OF-OTHERS",
        valid_from=date(2026, 11, 20),
    )

    def fresh_until(feed="zone", **more):
        return choose(feed, zone, **more).fresh_until

    assert fresh_until(viewer=pair.mons) == datetime(2026, 11, 23, 23, tzinfo=UTC)
    later.valid_from = make.LONG_AGO
    assert fresh_until(viewer=pair.mons) == datetime(2026, 11, 25, 23, tzinfo=UTC)
    assert fresh_until("public") == NEXT_MONTH
    pair.agreement.is_released = True
    assert fresh_until("public") == datetime(2026, 11, 25, 23, tzinfo=UTC)


GROWING = ("assignment", "clinical_session", "event_bytes", "leave", "placement", "published_duty", "seat")
"""Tables with a row for each thing that was ever planned, or with one for each that is shown."""


@pytest.fixture
def plans(db_session):
    """Steps of the plans of all statements that ran, in the words of the database."""
    ran = []

    def note(_connection, _cursor, statement, parameters, *_):
        if statement.startswith("SELECT"):
            ran.append((statement, parameters))

    def steps():
        event.remove(db.engine, "before_cursor_execute", note)
        connection = db.session.connection()
        return [
            step
            for statement, parameters in ran
            for *_, step in connection.exec_driver_sql(f"explain query plan {statement}", parameters)
        ]

    event.listen(db.engine, "before_cursor_execute", note)
    return steps


def test_no_statement_scans_a_table_that_grows(pair, published, zone, plans):
    [theatre] = pair.sessions(pair.theatre)
    cancel(pair, theatre)
    for feed, subject in (
        ("clinician", pair.bram),
        ("site", pair.host),
        ("room", pair.rooms[2]),
        ("specialty", specialty()),
        ("agreement", pair.agreement),
        ("programme", zone.programmes[0]),
        ("zone", zone),
        ("public", zone),
    ):
        choose(feed, subject, viewer=pair.mons, care=specialty().id, options="cancelled,leave")

    steps = plans()

    searched = {step.split()[1] for step in steps if step.startswith("SEARCH")}
    assert searched >= set(GROWING) - {"assignment"}
    assert [step for step in steps if step.startswith("SCAN") and step.split()[1] in GROWING] == []
