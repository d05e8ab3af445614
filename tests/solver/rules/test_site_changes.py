from dataclasses import replace

from solver.problem import RuleSetting, Strength
from tests.solver.build import AWAY as AWAY_SITE
from tests.solver.build import HOME as HOME_SITE
from tests.solver.build import clinician, fixed_duty, held, option, problem, session
from tests.solver.judging import cost

HOME = [session(f"home{n}", options=option(n)) for n in range(4)]
AWAY = [session(f"away{n}", "away", options=option(n)) for n in range(4)]
EARLIER = fixed_duty("A", "away", -3, "08:00", "12:00")


def world(*duties, neutral=False):
    sites = (HOME_SITE, replace(AWAY_SITE, neutral=neutral))
    setting = RuleSetting("site_changes", strength=Strength.WARN, weight=20)
    return problem([clinician("A")], [*HOME, *AWAY], fixed_duties=duties, settings=(setting,), sites=sites)


def test_each_change_of_site_counts_and_days_off_do_not():
    assert cost(world(), "site_changes", held(HOME[0], "A"), held(HOME[2], "A")) == 0
    assert cost(world(), "site_changes", held(HOME[0], "A"), held(AWAY[2], "A"), held(HOME[3], "A")) == 40


def test_the_first_work_is_compared_with_the_latest_earlier_duty():
    assert cost(world(EARLIER), "site_changes", held(HOME[0], "A")) == 20
    assert cost(world(EARLIER), "site_changes", held(AWAY[0], "A")) == 0
    later = fixed_duty("A", "home", -2, "08:00", "12:00")
    assert cost(world(EARLIER, later), "site_changes", held(HOME[0], "A")) == 0


def test_work_where_all_teams_take_turns_is_no_change():
    there_and_back = held(HOME[0], "A"), held(AWAY[1], "A"), held(HOME[2], "A")

    assert cost(world(neutral=True), "site_changes", *there_and_back) == 0
    assert cost(world(EARLIER, neutral=True), "site_changes", held(HOME[0], "A")) == 0
