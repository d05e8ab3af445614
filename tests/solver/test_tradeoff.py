"""Between two goals: plans none of which is worse in both, each audited."""

from itertools import islice, pairwise

import pytest

from solver.audit import audit
from solver.engines.process import EnginePool
from solver.explaining.tradeoff import TradeOffPoint, trade_off
from solver.problem import Habit, RuleSetting, Strength
from solver.records_json import decode_record, encode_record
from tests.solver.brute import lawful_plans, tiny_problems
from tests.solver.build import clinician, option, problem, session

ANNA, COR = clinician("anna"), clinician("cor", "away")


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


def test_a_usual_visitor_and_a_short_way_are_weighed_against_each_other(pool):
    a = session("a", "away", option(0))
    facts = problem([ANNA, COR], [a], habits=(Habit("anna", "away", 1),))

    found = trade_off(facts, "trips", "continuity", seconds=10, pool=pool)

    assert [(p.one.cost, p.other.cost, p.cost) for p in found] == [(0, 5, 5), (20, 0, 20)]
    assert all(point.proven and point.gaps == 0 for point in found)


def test_goals_that_do_not_meet_have_one_best_plan(pool):
    facts = problem([ANNA], [session("a")])

    (point,) = trade_off(facts, "coverage", "trips", seconds=10, pool=pool)

    assert (point.cost, point.gaps) == (0, 0)


def test_coverage_gives_way_only_where_travel_weighs_a_great_deal(pool):
    facts = problem([ANNA], [session("a", "away", priority=0)])

    found = trade_off(facts, "coverage", "trips", seconds=10, pool=pool)

    assert [(p.one.cost, p.other.cost, p.gaps) for p in found] == [(0, 20, 0), (200, 0, 1)]


@pytest.mark.parametrize("goals", [("trips", "trips"), ("trips", "leave"), ("trips", "nothing")])
def test_two_goals_in_force_are_needed(goals):
    with pytest.raises(ValueError, match="two different goals"):
        trade_off(problem([ANNA], [session("a")]), *goals)


def test_a_goal_that_is_off_has_no_curve():
    facts = problem([ANNA], [session("a")], settings=(RuleSetting("trips", strength=Strength.OFF),))

    with pytest.raises(ValueError, match="two different goals"):
        trade_off(facts, "coverage", "trips")


def test_a_point_goes_to_json_and_back(pool):
    (point, *_) = trade_off(problem([ANNA], [session("a")]), "coverage", "trips", seconds=10, pool=pool)

    assert decode_record(TradeOffPoint, encode_record(point)) == point


def costs_of(judged, one, other):
    costs = {rule.rule: rule.cost for rule in judged.rule_costs}
    return costs[one], costs[other], judged.cost - costs[one] - costs[other]


@pytest.mark.parametrize("goals", [("coverage", "trips"), ("trips", "continuity"), ("preferences", "fair_share")])
def test_no_plan_beats_a_point_of_the_curve(goals, pool):
    curves = 0
    for seed, facts in islice(tiny_problems(range(9700, 9800)), 4):
        off = {s.rule for s in facts.settings if s.strength is Strength.OFF}
        if off & set(goals):
            continue
        everything = [costs_of(audit(facts, plan), *goals) for _, plan in lawful_plans(facts)]

        found = trade_off(facts, *goals, seconds=10, pool=pool)

        for point in found:
            judged = audit(facts, point.plan)
            assert judged.lawful, seed
            assert judged.cost == point.cost, seed
            mine = costs_of(judged, *goals)
            assert mine[:2] == (point.one.cost, point.other.cost), seed
            assert point.proven, seed
            better = [c for c in everything if c != mine and all(a <= b for a, b in zip(c, mine, strict=True))]
            assert not better, seed
        assert all(p.one.cost < q.one.cost and p.other.cost > q.other.cost for p, q in pairwise(found)), seed
        curves += 1
    assert curves
