from solver.problem import RuleSetting, Suitability
from tests.solver.build import clinician, held, problem, seat, session
from tests.solver.judging import cost

LIST = session("list", seats=[seat("lead", "lead", "urology", "surgery")])
A = clinician("A", specialties=frozenset({"urology", "surgery"}))


def world(*facts, **more):
    return problem([A], [LIST], suitabilities=facts, **more)


def test_a_seat_costs_what_is_recorded_times_the_weight():
    setting = RuleSetting("suitability", weight=5)
    facts = (Suitability("A", "home", "urology", 3), Suitability("A", "home", "surgery", 4))

    assert cost(world(*facts, settings=(setting,)), "suitability", held(LIST, "A")) == 15


def test_nothing_recorded_costs_nothing():
    one = Suitability("A", "home", "urology", 3)

    assert cost(world(one), "suitability", held(LIST, "A")) == 0
    assert cost(world(Suitability("A", "away", "urology", 3)), "suitability", held(LIST, "A")) == 0


def test_what_is_not_granted_is_not_counted():
    facts = (Suitability("A", "home", "urology", 3), Suitability("A", "home", "surgery", None))

    assert cost(world(*facts), "suitability", held(LIST, "A")) == 3
