from solver.audit import audit
from solver.model import compile_model
from solver.plan import Plan
from solver.problem import RuleSetting, Strength
from tests.solver.build import clinician, fixed_duty, held, option, problem, session
from tests.solver.judging import cost

RULE = "carpool"
ON = (RuleSetting(RULE, strength=Strength.WARN),)
PEOPLE = [clinician("A"), clinician("B"), clinician("C")]
ONE, TWO, THREE, LATER = (session(f"V{n}", "away", options=option(n // 3)) for n in range(4))


def price(*plan, people=PEOPLE, **more):
    return cost(problem(people, [ONE, TWO, THREE, LATER], settings=ON, **more), RULE, *plan)


def test_whoever_travels_alone_costs_and_two_or_three_do_not():
    assert price() == 0
    assert price(held(ONE, "A")) == 4
    assert price(held(ONE, "A"), held(TWO, "B")) == 0
    assert price(held(ONE, "A"), held(TWO, "B"), held(THREE, "C")) == 0


def test_another_day_is_another_journey():
    assert price(held(ONE, "A"), held(LATER, "B")) == 8


def test_two_sessions_of_one_person_are_one_journey():
    assert price(held(ONE, "A"), held(TWO, "A")) == 4


def test_people_of_two_sites_do_not_meet_on_the_way():
    local = [PEOPLE[0], clinician("L", "away")]

    assert price(held(ONE, "A"), held(TWO, "L"), people=local) == 0


def test_whoever_goes_there_anyhow_may_be_joined():
    duty = {"fixed_duties": (fixed_duty("C", "away", 0, "14:00", "16:00"),)}

    assert price(**duty) == 4
    assert price(held(ONE, "A"), **duty) == 0


def test_model_and_audit_agree():
    there = problem(PEOPLE, [ONE, TWO, THREE, LATER], settings=ON)
    compiled = compile_model(there)
    for plan in ([], [held(ONE, "A")], [held(ONE, "A"), held(TWO, "B")], [held(THREE, "C"), held(LATER, "C")]):
        x = compiled.encode(Plan(tuple(plan)))

        assert x is not None
        assert int(compiled.linear.cost @ x) + compiled.linear.offset == audit(there, Plan(tuple(plan))).cost
