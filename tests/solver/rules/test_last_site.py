from solver.problem import LastSite
from tests.solver.build import clinician, fixed_duty, held, option, problem, session
from tests.solver.judging import cost

HOME = [session(f"home{n}", options=option(n)) for n in range(3)]
AWAY = [session(f"away{n}", "away", options=option(n)) for n in range(3)]
EARLIER = fixed_duty("A", "away", -3, "08:00", "12:00")
COSTS = {"home": 3, "away": 7}


def world(*duties, sites=("home", "away")):
    facts = tuple(LastSite("A", site, COSTS[site]) for site in sites)
    return problem([clinician("A")], [*HOME, *AWAY], fixed_duties=duties, last_sites=facts)


def test_only_the_last_site_costs():
    assert cost(world(), "last_site", held(HOME[0], "A"), held(AWAY[1], "A")) == 7
    assert cost(world(), "last_site", held(AWAY[0], "A"), held(HOME[1], "A")) == 3


def test_whoever_does_not_work_costs_nothing():
    assert cost(world(EARLIER), "last_site") == 0


def test_work_at_sites_without_a_cost_is_passed_over():
    assert cost(world(EARLIER, sites=("away",)), "last_site", held(HOME[0], "A")) == 7
    assert cost(world(sites=("away",)), "last_site", held(HOME[0], "A")) == 0
    assert cost(world(sites=("away",)), "last_site", held(AWAY[0], "A"), held(HOME[1], "A")) == 7
