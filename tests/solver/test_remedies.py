"""What must give: the smallest sets of changes after which a session can be held, each true and none too large."""

import math
from dataclasses import replace
from itertools import combinations, islice

import pytest

from solver.audit import audit
from solver.engines.process import EnginePool
from solver.explaining.changes import ChangeKind, FactChange, applied
from solver.explaining.holding import to_keep
from solver.explaining.needs import change_sets
from solver.explaining.remedies import Remedy, remedies
from solver.plan import Plan
from solver.problem import HalfDay, Pin, RuleSetting, Strength
from solver.records_json import decode_record, encode_record
from tests.solver.brute import best_plan, lawful_plans, tiny_problems
from tests.solver.build import (
    AWAY,
    HOME,
    absence,
    agreement,
    clinician,
    day,
    fixed_duty,
    held,
    option,
    paper,
    plan,
    problem,
    room,
    seat,
    session,
)

ANNA, BEN = clinician("anna"), clinician("ben")
EMPTY = Plan()


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


def ask(pool, facts, present, name="a", **more):
    return remedies(facts, present, name, seconds=10, pool=pool, **more)


def kinds(found):
    return [[change.kind.value for change in remedy.changes] for remedy in found]


def said(found):
    return [[str(message) for message in remedy.messages] for remedy in found]


def test_a_session_that_can_be_held_as_things_are_needs_no_change(pool):
    (remedy,) = ask(pool, problem([ANNA], [session("a")]), EMPTY)

    assert (remedy.changes, remedy.verified, remedy.cost_change) == ((), True, -1000)


def test_a_lapsed_registration_is_to_be_extended_from_its_end(pool):
    lapsed = clinician("anna", registrations=(paper("BE", end=day(0)),))

    found = [r for r in ask(pool, problem([lapsed], [session("a")]), EMPTY) if r.changes[0].kind is ChangeKind.REGISTER]

    assert said(found) == [["Register Dr anna for BE from 2026-03-02 to before 2026-03-09."]]
    assert (found[0].verified, found[0].minimal, found[0].cost_change) == (True, True, -1000)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (problem([clinician("anna", insurances=())], [session("a")]), "insure"),
        (problem([ANNA], [session("a")], absences=(absence("anna", 0),)), "free_day"),
        (problem([ANNA], [session("a")], fixed_duties=(fixed_duty("anna", "home", 0, "08:00", "12:00"),)), "move_duty"),
        (problem([ANNA], [session("a", "away")], agreements=(agreement([]),)), "enrol cover"),
        (problem([ANNA], [session("a", "away")], agreements=(agreement([ANNA], enrolments=()),)), "enrol"),
        (
            problem([ANNA], [session("a", agreement="pact")], agreements=(agreement([ANNA], valid_until=day(0)),)),
            "extend_agreement",
        ),
        (problem([ANNA], [session("a")], sites=(replace(HOME, closed_on=frozenset({day(0)})), AWAY)), "open_site"),
        (problem([ANNA], [session("a", room_kind="consulting")]), "add_room"),
        (
            problem([ANNA], [session("a", room_kind="consulting")], rooms=(room("r1", open_at=frozenset()),)),
            "open_room",
        ),
        (problem([replace(ANNA, max_sessions_per_day=0)], [session("a")]), "more_a_day"),
        (problem([replace(ANNA, max_sessions_per_week=0)], [session("a")]), "more_a_week"),
        (problem([replace(ANNA, max_days_abroad_per_week=0)], [session("a", "away")]), "more_abroad"),
    ],
)
def test_each_obstacle_has_its_change(pool, facts, kind):
    found = ask(pool, facts, EMPTY, most=8)

    assert kind.split() in kinds(found)
    assert all(remedy.verified and remedy.minimal for remedy in found)


def test_a_colleague_who_is_freed_by_a_change_elsewhere_is_thought_of(pool):
    a, b = session("a"), session("b", seats=[seat(role="either")])
    anna = clinician("anna", roles=("lead", "either"))
    ben = clinician("ben", roles=("either",), insurances=())
    facts = problem([anna, ben], [a, b])

    found = ask(pool, facts, plan(held(b, "anna")))

    (insured,) = (r for r in found if r.changes[0].kind is ChangeKind.INSURE)
    assert insured.changes[0].clinician == "ben"
    assert {h.session: h.team for h in insured.plan.held} == {"a": (("lead", "anna"),), "b": (("lead", "ben"),)}


def test_two_changes_are_given_where_one_is_not_enough(pool):
    stuck = clinician("anna", insurances=(), registrations=())
    only = problem([stuck], [session("a", options=[option(n) for n in range(5)])])

    found = ask(pool, only, EMPTY)

    assert ["register", "insure"] in kinds(found)
    assert all(len(remedy.changes) == 2 for remedy in found)


def test_no_session_of_equal_worth_is_given_up(pool):
    a, b = session("a"), session("b")
    found = ask(pool, problem([ANNA], [a, b]), plan(held(b, "anna")))

    assert all({"a", "b"} <= set(remedy.plan.by_session) for remedy in found)
    assert found


def test_a_session_of_less_worth_makes_way_without_any_change(pool):
    a, b = session("a", priority=2), session("b")

    (remedy,) = ask(pool, problem([ANNA], [a, b]), plan(held(b, "anna")))

    assert (remedy.changes, remedy.cost_change) == ((), -1000)


def test_a_pin_in_the_way_is_to_be_let_go(pool):
    days = [option(0), option(1)]
    a, b = session("a"), session("b", options=days)
    pins = (Pin("b", on=day(0), half_day=HalfDay.MORNING), Pin("a", on=day(0), half_day=HalfDay.MORNING))

    found = ask(pool, problem([ANNA], [a, b], pins=pins), plan(held(b, "anna")), most=8)

    assert FactChange(ChangeKind.UNPIN, session="b") in {c for remedy in found for c in remedy.changes}


def test_guesses_end_with_the_time_but_not_before_there_are_some():
    lapsed = clinician("anna", registrations=())
    facts = problem([lapsed], [session("a", options=[option(0), option(1), option(2)])])

    some, every = (change_sets(facts, EMPTY, facts.session["a"], until=until) for until in (0.0, math.inf))

    assert any(change.kind is ChangeKind.REGISTER for ways in some for change in ways)
    assert set(some) < set(every)


def test_a_rule_that_no_hospital_may_weaken_is_never_put_to_warn(pool):
    facts = problem([ANNA], [session("a")], absences=(absence("anna", 0),))

    assert all(c.rule != "leave" for remedy in ask(pool, facts, EMPTY, most=9) for c in remedy.changes)


def test_a_remedy_goes_to_json_and_back(pool):
    (remedy, *_) = ask(pool, problem([ANNA], [session("a")], absences=(absence("anna", 0),)), EMPTY)

    assert decode_record(Remedy, encode_record(remedy)) == remedy


def holdable(facts, name, keep):
    wanted = {name, *keep}
    return any(wanted <= set(found.by_session) for _, found in lawful_plans(facts))


@pytest.mark.parametrize("block", range(4))
def test_remedies_are_true_and_minimal_and_none_smaller_is_missed(block, pool):
    asked = changed = 0
    for seed, facts in islice(tiny_problems(range(9000 + block * 40, 9040 + block * 40)), 3):
        cost, present = best_plan(facts)
        for one in [s for s in facts.sessions if s.id not in present.by_session and s.options][:1]:
            keep = to_keep(facts, present, one.id)
            found = ask(pool, facts, present, one.id, most=3)
            asked += 1

            for remedy in found:
                after = applied(facts, remedy.changes)
                assert remedy.verified, seed
                assert audit(after, remedy.plan).lawful, seed
                assert {one.id, *keep} <= set(remedy.plan.by_session), seed
                assert remedy.cost_change == audit(after, remedy.plan).cost - cost, seed
                assert remedy.minimal, seed
                for size in range(len(remedy.changes)):
                    for part in combinations(remedy.changes, size):
                        assert not holdable(applied(facts, part), one.id, keep), seed
                changed += bool(remedy.changes)
            singles = [ways for ways in change_sets(facts, present, one) if len(ways) == 1]
            if all(len(remedy.changes) > 1 for remedy in found):
                assert not any(holdable(applied(facts, ways), one.id, keep) for ways in singles[:6]), seed
    assert asked
    assert changed


def test_a_rule_that_warns_already_is_no_obstacle(pool):
    lapsed = clinician("anna", registrations=())
    facts = problem([lapsed], [session("a")], settings=(RuleSetting("registration", strength=Strength.WARN),))

    (remedy,) = ask(pool, facts, EMPTY)

    assert (remedy.changes, remedy.cost_change) == ((), -500)
