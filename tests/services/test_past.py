"""Rosters whose week has begun: what is past stays, whatever is entered late."""

from datetime import timedelta

import pytest

from scheduler.errors import Conflict
from scheduler.extensions import db
from scheduler.queries.judgement import findings_today
from scheduler.queries.problem import build_problem
from scheduler.queries.session_page import load_session_page
from scheduler.services import drafts, leave
from scheduler.services.rosters import published_version
from solver.problem import Strength
from solver.search import solve
from tests import factories as make
from tests.services.pair import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY

SATURDAY = FRIDAY + timedelta(days=1)


@pytest.fixture
def published(pair):
    """Ada visits on Monday and Bram on Thursday; Ada and Carl operate on Wednesday, Carl covers for two days."""
    draft = pair.draft()
    one, other = pair.sessions()
    [theatre] = pair.sessions(pair.theatre)
    pair.hold(draft, one, pair.ada, on=MONDAY)
    pair.hold(draft, other, pair.bram, on=THURSDAY)
    pair.hold(draft, theatre, pair.ada, pair.carl, pair.carl, on=WEDNESDAY)
    pair.publish(draft)
    db.session.commit()
    return draft


def enter_leave(pair, person, start_on, end_on, **more):
    leave.enter_leave(
        actor=more.pop("actor", pair.actor), clinician_id=person.id, kind="other", start_on=start_on, end_on=end_on
    )


def stand_in(pair):
    """Someone else of Maubeuge who may take any seat there."""
    return make.make_clinician(pair.host, code="D1", name="Dr Dirk Remplace", roles=("lead", "counterpart", "cover"))


def solved(pair):
    """Solve the roster as it is now."""
    problem = build_problem(pair.roster.id)
    return drafts.accept_outcome(
        actor=pair.actor,
        roster_id=pair.roster.id,
        base_version_id=None,
        published_version_id=published_version(pair.roster.id).id,
        problem=problem,
        outcome=solve(problem, seconds=10, engine="greedy"),
    )


def test_a_solve_after_late_leave_keeps_what_was_held_and_is_published(pair, published):
    one = pair.sessions()[0]
    with pair.at(WEDNESDAY, 5):
        enter_leave(pair, pair.ada, MONDAY, FRIDAY)
        enter_leave(pair, pair.bram, MONDAY, TUESDAY)
        draft = solved(pair)
        pair.publish(draft)

    states = pair.states(draft)
    assert draft.state == "published"
    assert states[one.id] == pair.states(published)[one.id]
    assert pair.ada.id not in {who for i, state in states.items() if i != one.id for who in state.clinician_ids}


def test_late_leave_over_a_past_day_breaks_no_rule_and_blocks_no_publication(pair, published):
    other = pair.sessions()[1]
    with pair.at(TUESDAY, 5):
        draft = pair.draft()
        enter_leave(pair, pair.ada, MONDAY, TUESDAY)
        assert not findings_today(published).of_strength(Strength.BLOCK)
        assert not findings_today(draft).of_strength(Strength.BLOCK)
        pair.move(draft, other, TUESDAY)
        pair.publish(draft)

    assert draft.state == "published"


def test_late_leave_over_a_day_to_come_still_blocks(pair, published):
    with pair.at(TUESDAY, 5):
        draft = pair.draft()
        enter_leave(pair, pair.ada, MONDAY, FRIDAY)

        [breach] = findings_today(draft).of_strength(Strength.BLOCK)

    [theatre] = pair.sessions(pair.theatre)
    assert (breach.rule, breach.sessions) == ("leave", (str(theatre.id),))


def test_someone_else_takes_over_a_cover_that_runs(pair, published):
    [theatre] = pair.sessions(pair.theatre)
    dirk = stand_in(pair)
    with pair.at(THURSDAY, 10):
        draft = pair.draft()
        enter_leave(pair, pair.carl, FRIDAY, SATURDAY, actor=pair.partner)
        assert [b.rule for b in findings_today(draft).of_strength(Strength.BLOCK)] == ["leave"]
        pair.edit("assign_seat", draft, seat_id=theatre.seats[2].id, clinician_id=dirk.id, actor=pair.partner)
        pair.edit("undo", draft)
        pair.edit("redo", draft)
        pair.publish(draft)

    assert dict(pair.states(draft)[theatre.id].team)[theatre.seats[2].id] == dirk.id


@pytest.mark.parametrize(("number", "hour"), [(0, 10), (1, 10), (2, 18)])
def test_seats_whose_time_has_come_and_covers_that_have_ended_stay(pair, published, number, hour):
    [theatre] = pair.sessions(pair.theatre)
    dirk = stand_in(pair)
    on = FRIDAY if number == 2 else WEDNESDAY
    with pair.at(on, hour):
        draft = pair.draft()
        with pytest.raises(Conflict):
            pair.edit("assign_seat", draft, seat_id=theatre.seats[number].id, clinician_id=dirk.id, actor=pair.partner)


def test_a_draft_with_another_cover_is_refused_once_the_cover_has_ended(pair, published):
    [theatre] = pair.sessions(pair.theatre)
    dirk = stand_in(pair)
    with pair.at(THURSDAY, 10):
        draft = pair.draft()
        pair.edit("assign_seat", draft, seat_id=theatre.seats[2].id, clinician_id=dirk.id, actor=pair.partner)

    with pair.at(FRIDAY, 18), pytest.raises(Conflict):
        pair.publish(draft)


def test_the_page_of_a_session_that_has_begun_offers_its_running_cover_alone(pair, published):
    [theatre] = pair.sessions(pair.theatre)
    draft = pair.draft()

    def past(on, hour):
        with pair.at(on, hour):
            page = load_session_page(pair.partner, pair.roster.id, draft.number, theatre.id)
        return [seat.is_past for seat in page.seats]

    assert past(TUESDAY, 10) == [False, False, False]
    assert past(THURSDAY, 10) == [True, True, False]
    assert past(FRIDAY, 18) == [True, True, True]
