"""Why not this person: forced, solved again and compared, or forbidden outright."""

from itertools import islice

import pytest

from solver.engines.process import EnginePool
from solver.explaining.contrast import Contrast, Wanted, why_not_instead
from solver.plan import Plan
from solver.problem import HalfDay, Pin
from solver.records_json import decode_record, encode_record
from tests.solver.brute import best_plan, lawful_plans, tiny_problems
from tests.solver.build import absence, clinician, day, held, option, plan, problem, seat, session

ANNA, BEN, COR = clinician("anna"), clinician("ben"), clinician("cor", "away")
MONDAY_MORNING = (day(0), HalfDay.MORNING)


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


def ask(pool, facts, present, wanted, **more):
    return why_not_instead(facts, present, wanted, seconds=10, pool=pool, **more)


def test_forcing_a_person_from_afar_costs_a_journey(pool):
    a = session("a")

    found = ask(pool, problem([ANNA, COR], [a]), plan(held(a, "anna")), Wanted("cor", session="a"))

    assert (found.possible, found.proven, found.at_least, found.at_most) == (True, True, 20, 20)
    assert [(r.rule, r.units, r.cost) for r in found.rule_costs] == [("trips", 1, 20)]
    assert [(c.session, c.after.team) for c in found.changes] == [("a", (("lead", "cor"),))]


def test_what_a_rule_forbids_outright_names_the_rule(pool):
    a = session("a")
    facts = problem([ANNA, BEN], [a], absences=(absence("ben", 0),))

    found = ask(pool, facts, plan(held(a, "anna")), Wanted("ben", on=day(0)))

    assert (found.possible, found.proven, found.plan) == (False, True, None)
    assert [(f.session, f.seat, f.reasons[0].rule) for f in found.forbidden] == [("a", "lead", "leave")]


def test_all_rules_that_forbid_are_named(pool):
    a = session("a")
    ben = clinician("ben", registrations=(), insurances=())

    (forbidden,) = ask(pool, problem([ANNA, ben], [a]), plan(held(a, "anna")), Wanted("ben", session="a")).forbidden

    assert [reason.rule for reason in forbidden.reasons] == ["registration", "insurance"]


def test_someone_without_the_role_is_told_so_when_the_session_is_named(pool):
    a, nurse = session("a"), clinician("nurse", roles=("nurse",))

    found = ask(pool, problem([ANNA, nurse], [a]), plan(held(a, "anna")), Wanted("nurse", session="a"))

    assert [reason.rule for reason in found.forbidden[0].reasons] == ["role_and_specialty"]


def test_a_day_at_which_a_person_could_work_is_found_among_all_sessions(pool):
    a, b = session("a"), session("b", options=[option(1), option(2)])
    facts = problem([ANNA, COR], [a, b])

    found = ask(pool, facts, plan(held(a, "anna"), held(b, "anna")), Wanted("cor", on=day(2)))

    assert (found.possible, found.at_most) == (True, 20)
    assert [(c.session, c.after.on) for c in found.changes] == [("b", day(2))]


def test_a_seat_and_a_half_day_can_be_named(pool):
    a = session("a", options=[option(0), option(1)], seats=[seat("one"), seat("two")])
    facts = problem([ANNA, BEN, COR], [a])
    wanted = Wanted("cor", on=day(1), half_day=HalfDay.MORNING, session="a", seat="two")

    found = ask(pool, facts, plan(held(a, "anna", "ben")), wanted)

    assert dict(found.plan.by_session["a"].team)["two"] == "cor"
    assert found.plan.by_session["a"].on == day(1)


def test_the_opposite_can_be_asked(pool):
    a = session("a")

    found = ask(pool, problem([ANNA, COR], [a]), plan(held(a, "anna")), Wanted("anna", on=day(0), works=False))

    assert (found.possible, found.at_most) == (True, 20)


def test_what_the_plan_does_already_costs_nothing(pool):
    a = session("a")

    found = ask(pool, problem([ANNA], [a]), plan(held(a, "anna")), Wanted("anna", session="a"))

    assert (found.possible, found.at_most, found.changes) == (True, 0, ())


def test_a_pinned_session_says_so(pool):
    a = session("a")
    facts = problem([ANNA, BEN], [a], pins=(Pin("a", seat="lead", clinician="anna"),))

    found = ask(pool, facts, plan(held(a, "anna")), Wanted("ben", session="a"))

    assert [f.reasons[0].rule for f in found.forbidden] == ["pinned"]


def test_a_plan_that_was_not_the_best_is_said_by_a_saving(pool):
    a = session("a")

    found = ask(pool, problem([ANNA, COR], [a]), plan(held(a, "cor")), Wanted("anna", session="a"))

    assert found.at_most == -20


def test_an_answer_goes_to_json_and_back(pool):
    a = session("a")
    found = ask(pool, problem([ANNA, COR], [a]), plan(held(a, "anna")), Wanted("cor", on=day(0)))

    assert decode_record(Contrast, encode_record(found)) == found


def hears(facts, found, wanted):
    for item in found.held:
        session = facts.session[item.session]
        there = (wanted.session or item.session) == item.session and (wanted.site or session.site) == session.site
        if there and wanted.on in (None, item.on) and wanted.clinician in dict(item.team).values():
            return True
    return False


def questions(facts):
    for person in facts.clinicians[:2]:
        yield Wanted(person.id, on=day(0))
        yield Wanted(person.id, site=facts.sites[1].id)
        yield Wanted(person.id, on=day(1), works=False)
        alone = [s for s in facts.sessions if [o.group for o in facts.sessions].count(s.group) == 1]
        if alone:
            yield Wanted(person.id, session=alone[0].id)


@pytest.mark.parametrize("block", range(3))
def test_the_cost_of_forcing_is_that_of_trying_everything(block, pool):
    held_back = 0
    for seed, facts in islice(tiny_problems(range(9500 + block * 40, 9540 + block * 40)), 3):
        cost, present = best_plan(facts)
        everything = list(lawful_plans(facts))
        for wanted in questions(facts):
            fitting = [c for c, one in everything if hears(facts, one, wanted) is wanted.works]

            found = ask(pool, facts, present, wanted)

            assert found.proven, (seed, wanted)
            assert found.possible == bool(fitting), (seed, wanted)
            if fitting:
                assert found.at_least == found.at_most == min(fitting) - cost, (seed, wanted)
                assert hears(facts, found.plan, wanted) is wanted.works, (seed, wanted)
            held_back += not fitting
    assert held_back


def test_an_empty_plan_can_be_asked_about(pool):
    found = ask(pool, problem([ANNA], [session("a")]), Plan(), Wanted("anna"))

    assert (found.possible, found.at_most) == (True, -1000)
