"""The facts that events are written from, by ids."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from scheduler import clock
from scheduler.duties import Colleague
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import CancelledSession, Leave, TravelTime
from scheduler.queries import duties as duty_queries
from scheduler.queries.duties import duties_of_clinician, site_place
from scheduler.queries.feed_cancelled import cancelled_duties, cancelled_sessions
from scheduler.queries.feed_facts import duties_by_seat, home_place, leave_facts, sessions_by_id, travel_minutes
from scheduler.queries.session_states import state_to_json, states_of
from tests import factories as make
from tests.services.pair import THURSDAY, TUESDAY, WEDNESDAY

FROM, TO = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)


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
def theatre(pair, published):
    return pair.sessions(pair.theatre)[0]


def cancelled(pair, session):
    """What is kept of a session that was held in the published version."""
    state = states_of(pair.version(1).id)[session.id]
    return make.add(
        CancelledSession(
            session_id=session.id, roster_id=pair.roster.id, state=state_to_json(state), cancelled_at=clock.now()
        )
    )


def count_statements(load, ids):
    ran = []

    def note(*_):
        ran.append(1)

    event.listen(db.engine, "before_cursor_execute", note)
    assert len(load(ids)) == len(ids)
    event.remove(db.engine, "before_cursor_execute", note)
    return len(ran)


def test_duties_by_seat_are_those_of_the_clinicians(pair, theatre):
    by_seat = duties_by_seat(seat.id for seat in theatre.seats)

    assert list(by_seat) == [seat.id for seat in theatre.seats]
    assert tuple(by_seat.values())[1:] == duties_of_clinician(pair.carl.id, FROM, TO)


def test_seats_that_nobody_holds_have_no_duty(pair, published):
    unheld = pair.sessions()[1]

    assert duties_by_seat([unheld.seats[0].id, 987_654]) == {}
    assert duties_by_seat([]) == {}


def test_more_ids_than_one_statement_takes_are_asked_for_in_parts(pair, theatre, monkeypatch):
    monkeypatch.setattr(duty_queries, "CHUNK", 1)
    seats = [seat.id for seat in theatre.seats]

    assert list(duties_by_seat(seats * 2)) == seats
    assert len(sessions_by_id([theatre.id, pair.sessions()[0].id])) == 2


def test_a_session_tells_when_and_where_it_is_held_and_by_whom(pair, theatre, published):
    fact = sessions_by_id([theatre.id])[theatre.id]

    assert (fact.uid, fact.sequence, fact.revised_at) == (theatre.uid, 0, published.published_at)
    assert (fact.session_id, fact.kind, fact.specialty) == (theatre.id, "joint_theatre", "urology")
    assert (fact.site, fact.room, fact.agreement) == (site_place(pair.host), "Theatre 1", pair.agreement.title)
    assert (fact.on_date, fact.half_day) == (WEDNESDAY, "morning")
    assert (fact.start_at, fact.end_at) == make.interval(WEDNESDAY, "morning")
    assert fact.team == (
        Colleague("Dr Bram Voorbeeld", "lead"),
        Colleague("Dr Carl Fictive", "counterpart"),
        Colleague("Dr Carl Fictive", "cover"),
    )
    assert not fact.is_cancelled


def test_sessions_that_are_not_held_are_left_out(pair, theatre):
    unheld = pair.sessions()[1]
    draft = pair.draft()
    pair.hold(draft, unheld, pair.ada, on=THURSDAY)

    assert sessions_by_id([unheld.id, 987_654]) == {}


def test_a_session_under_no_agreement_in_no_room_is_told_as_well(pair, theatre):
    pair.theatre.agreement = None
    placement = next(one for one in pair.version(1).placements if one.session_id == theatre.id)
    db.session.flush()
    db.session.connection().exec_driver_sql("drop trigger placement_kept_update")
    placement.room = None

    fact = sessions_by_id([theatre.id])[theatre.id]

    assert (fact.room, fact.agreement) == (None, None)


def test_a_cancelled_session_is_told_as_it_was_held_last(pair, theatre):
    held = sessions_by_id([theatre.id])[theatre.id]
    cancelled(pair, theatre)

    assert cancelled_sessions([theatre.id]) == {theatre.id: replace(held, is_cancelled=True)}
    assert cancelled_sessions([pair.sessions()[0].id]) == {}


def test_cancelled_duties_are_told_as_they_were_last(pair, theatre):
    held = duties_by_seat(seat.id for seat in theatre.seats)
    cancelled(pair, theatre)

    found = cancelled_duties(seat.id for seat in theatre.seats)

    assert found == {seat_id: replace(duty, is_cancelled=True) for seat_id, duty in held.items()}
    assert cancelled_duties([pair.sessions()[0].seats[0].id]) == {}


def test_a_seat_that_nobody_held_is_not_cancelled(pair, theatre):
    row = cancelled(pair, theatre)
    row.state = {**row.state, "team": row.state["team"][:2]}
    db.session.flush()

    assert list(cancelled_duties(seat.id for seat in theatre.seats)) == [seat.id for seat in theatre.seats[:2]]


def test_many_facts_take_as_many_statements_as_one(pair, theatre):
    visit = pair.sessions()[0]
    seats, sessions = [*(seat.id for seat in theatre.seats), visit.seats[0].id], [theatre.id, visit.id]
    cancelled(pair, theatre)
    cancelled(pair, visit)
    for load, ids in (
        (duties_by_seat, seats),
        (sessions_by_id, sessions),
        (cancelled_duties, seats),
        (cancelled_sessions, sessions),
    ):
        one = count_statements(load, ids[:1])

        assert count_statements(load, ids) == one, load.__name__


def test_leave_is_told_without_its_kind(pair):
    leave = make.make_leave(pair.ada, start_on=date(2026, 12, 21), days=5, kind="study")
    make.make_leave(pair.ada, start_on=date(2026, 12, 28), days=1)
    make.make_leave(pair.bram, start_on=date(2026, 12, 21), days=5)

    [fact] = leave_facts(pair.ada.id, date(2026, 12, 25), date(2026, 12, 28))

    assert (fact.uid, fact.sequence, fact.revised_at) == (leave.uid, 0, leave.entered_at)
    assert (fact.leave_id, fact.clinician_id) == (leave.id, pair.ada.id)
    assert (fact.start_on, fact.end_on) == (date(2026, 12, 21), date(2026, 12, 26))
    assert leave_facts(pair.ada.id, date(2026, 12, 26), date(2026, 12, 28)) == ()
    db.session.get(Leave, leave.id).revised_at = clock.now() + timedelta(days=1)
    assert leave_facts(pair.ada.id, date(2026, 12, 21), date(2026, 12, 22))[0].revised_at > fact.revised_at


def test_a_clinician_is_at_home_at_one_site(pair):
    assert home_place(pair.ada.id) == site_place(pair.home)
    with pytest.raises(NotFound):
        home_place(987_654)


def test_travel_takes_what_is_known_or_is_estimated(pair):
    far = make.make_site(make.make_organisation("FAR"))
    far.latitude = 51.4
    home, host, away = (site_place(site) for site in (pair.home, pair.host, far))

    minutes = travel_minutes([home.id, host.id, away.id])

    known = db.session.query(TravelTime).one()
    assert minutes(home, host) == minutes(host, home) == (45, known.is_estimated)
    estimate, is_estimated = minutes(home, away)
    assert is_estimated
    assert estimate > 60
    assert minutes(away, home) == (estimate, True)
