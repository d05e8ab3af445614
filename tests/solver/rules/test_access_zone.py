from dataclasses import replace

import pytest

from solver.problem import RuleSetting, Strength
from tests.solver.build import AWAY, HOME, clinician, held, problem, session
from tests.solver.judging import broken, cost, says

RULE = "access_zone"
VISIT = session("V", "away")


def world(home, away, **more):
    sites = (replace(HOME, access_zones=frozenset(home)), replace(AWAY, access_zones=frozenset(away)))
    return problem([clinician("A"), clinician("L", "away")], [VISIT], sites=sites, **more)


@pytest.mark.parametrize(
    ("home", "away", "wanted"),
    [({"MOMAU"}, {"URSA"}, {RULE}), ({"MOMAU", "URSA"}, {"URSA"}, set()), (set(), {"URSA"}, set()), ({"X"}, (), set())],
    ids=["apart", "one in common", "home not recorded", "host not recorded"],
)
def test_a_visit_outside_the_zones_is_shown_and_not_paid_for(home, away, wanted):
    there = world(home, away)

    assert broken(there, held(VISIT, "A")) == wanted
    assert broken(there, held(VISIT, "L")) == set()
    assert cost(there, RULE, held(VISIT, "A")) == 0


def test_a_hospital_may_have_it_paid_for():
    strict = world({"MOMAU"}, {"URSA"}, settings=(RuleSetting(RULE, strength=Strength.WARN),))

    assert cost(strict, RULE, held(VISIT, "A")) == 500


def test_both_sites_are_named():
    assert says(world({"MOMAU"}, {"URSA"}), RULE, held(VISIT, "A")) == (
        "Home Hospital and Away Hospital lie in no common access zone."
    )
