"""A solve's result becomes a draft."""

from dataclasses import replace

import pytest

from scheduler.errors import Conflict, NotFound
from scheduler.queries.findings import findings_of
from scheduler.queries.problem import build_problem, plan_of
from scheduler.services import drafts
from scheduler.services.publishing import OUTDATED
from solver.outcome import Gap, Outcome, RuleCost, SolveStatus
from solver.plan import Plan
from solver.problem import HalfDay, Held
from solver.text import say
from tests.services.pair import MONDAY, THURSDAY, TUESDAY


def outcome_of(plan, **more):
    values = {
        "status": SolveStatus.OPTIMAL,
        "cost": 1000,
        "bound": 1000.0,
        "rule_costs": (RuleCost("coverage", 1, 1000),),
        "breaches": (),
        "gaps": (),
        **more,
    }
    return Outcome(plan=plan, **values)


def accept(pair, plan, base=None, problem=None, published=None, **more):
    return drafts.accept_outcome(
        actor=pair.actor,
        roster_id=pair.roster.id,
        base_version_id=base.id if base is not None else None,
        published_version_id=published.id if published is not None else None,
        problem=problem or build_problem(pair.roster.id, base.id if base is not None else None),
        outcome=outcome_of(plan, **more),
    )


def held(pair, session, *, on=TUESDAY, who="A1", room=1):
    return Held(str(session.id), on, HalfDay.MORNING, str(pair.rooms[room].id), ((str(session.seats[0].id), who),))


def test_the_plan_is_kept_as_a_new_draft_with_what_was_found(pair):
    one, other = pair.sessions()
    plan = Plan((held(pair, one),))
    gap = Gap(str(other.id), 1, ())

    draft = accept(pair, plan, gaps=(gap,), yielded_pins=(say("A pin was let go."),))

    assert (draft.number, draft.state, draft.revision) == (1, "draft", 1)
    assert plan_of(draft) == plan
    findings = findings_of(draft.findings)
    assert (findings.status, findings.cost, findings.bound) == ("optimal", 1000, 1000.0)
    assert (findings.gaps, findings.notes) == ((gap,), (say("A pin was let go."),))


def test_the_draft_is_based_on_what_is_published_whatever_it_began_from(pair):
    one, other = pair.sessions()
    published = pair.draft()
    pair.hold(published, one, pair.ada)
    pair.publish(published)
    base = pair.draft()
    pair.hold(base, other, pair.bram, on=THURSDAY)
    pair.edit("pin_session", base, session_id=other.id)
    pair.edit("pin_session", base, session_id=one.id)
    plan = Plan((held(pair, other, on=THURSDAY, who="B1", room=0),))

    draft = accept(pair, plan, base=base, published=published)

    assert draft.based_on is published
    assert [pin.session_id for pin in draft.pins] == [other.id]
    assert base.state == "draft"


def test_a_pin_that_yielded_is_not_handed_on(pair):
    one, other = pair.sessions()
    base = pair.draft()
    pair.hold(base, one, pair.ada)
    pair.hold(base, other, pair.bram, on=THURSDAY)
    for session in (one, other):
        pair.edit("pin_session", base, session_id=session.id)
        pair.edit("pin_session", base, session_id=session.id, seat_id=session.seats[0].id)
    plan = Plan((held(pair, one, who="B1", room=0), held(pair, other, who="B1")))

    draft = accept(pair, plan, base=base)

    kept = {(pin.session_id, pin.seat_id) for pin in draft.pins}
    assert kept == {(one.id, None), (other.id, other.seats[0].id)}


def test_what_was_published_while_it_was_solved_is_not_taken_back(pair):
    one = pair.sessions()[0]
    published = pair.draft()
    pair.hold(published, one, pair.ada)
    pair.publish(published)
    problem = build_problem(pair.roster.id)
    second = pair.draft()
    pair.edit("assign_seat", second, seat_id=one.seats[0].id, clinician_id=pair.bram.id)
    pair.publish(second)

    draft = accept(pair, Plan((held(pair, one),)), published=published, problem=problem)

    assert draft.based_on is published
    with pytest.raises(Conflict) as caught:
        pair.publish(draft)
    assert caught.value.message == OUTDATED


def test_a_solved_draft_is_published_like_any_other(pair):
    draft = accept(pair, Plan((held(pair, pair.sessions()[0]),)))

    pair.publish(draft)

    assert draft.state == "published"


def test_an_outcome_of_half_days_that_are_no_longer_there_is_refused(pair):
    plan = Plan((held(pair, pair.sessions()[0], on=MONDAY),))

    with pair.at(TUESDAY, 6), pytest.raises(Conflict):
        accept(pair, plan)


@pytest.mark.parametrize("what", ["session", "seat", "room", "person"])
def test_an_outcome_of_what_is_no_longer_there_is_refused(pair, what):
    session = pair.sessions()[0]
    known = held(pair, session)
    seat = known.team[0][0]
    changed = {
        "session": {"session": "9999"},
        "seat": {"team": (("9999", "A1"),)},
        "room": {"room": "9999"},
        "person": {"team": ((seat, "Z9"),)},
    }[what]

    with pytest.raises(Conflict):
        accept(pair, Plan((replace(known, **changed),)))


def test_an_outcome_needs_its_roster(pair):
    with pytest.raises(NotFound):
        drafts.accept_outcome(
            actor=None,
            roster_id=pair.roster.id + 1,
            base_version_id=None,
            published_version_id=None,
            problem=build_problem(pair.roster.id),
            outcome=outcome_of(Plan()),
        )
