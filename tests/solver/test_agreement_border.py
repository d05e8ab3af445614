"""Model, audit and a naive checker say the same about duty lines, papers, volumes, notice and the home service."""

from dataclasses import replace

import pytest

from solver.audit import audit
from solver.model import compile_model
from solver.problem import RuleSetting, Strength
from solver.problem_json import plan_to_json, problem_to_json
from solver.rules import RULES
from tests.solver.naive_border import broken
from tests.solver.worlds import random_plan, random_problem, seeded
from tests.solver.worlds_border import with_border_facts

BLOCKING = ("duty_lines", "agreement_maximum", "home_minimum", "mdt_specialties")
OTHERS = (
    *("standby_distance", "lines_both_sides", "line_handover", "fair_nights", "fair_weekends", "early_starts"),
    *("regular_visits", "languages", "a1_certificate", "social_status", "residence_share", "access_zone"),
    *("agreement_evaluation", "day_service", "last_case", "agreement_target", "notice", "follow_up", "stability"),
    *("theatre_team", "holidays_both_sides", "carpool"),
)
PLANS = 6


def world(seed, **more):
    rng = seeded(seed)
    return rng, with_border_facts(rng, random_problem(rng, **more))


def plans(rng, problem):
    return [random_plan(rng, problem, careful=n % 3 != 0) for n in range(PLANS)]


def agree(problem, compiled, plan):
    judged, x = audit(problem, plan), compiled.encode(plan)
    assert judged.lawful == (x is not None)
    if x is not None:
        assert int(compiled.linear.cost @ x) + compiled.linear.offset == judged.cost


@pytest.mark.parametrize("block", range(4))
def test_the_audit_and_the_naive_checker_find_the_same_rules_broken(block):
    for seed in range(7000 + block * 50, 7050 + block * 50):
        rng, problem = world(seed, pins=False, goals=False, settings=False)
        data = problem_to_json(problem)
        for plan in plans(rng, problem):
            found = {b.rule for b in audit(problem, plan).breaches} & set(BLOCKING)

            assert found == broken(data, plan_to_json(plan)), seed


@pytest.mark.parametrize("block", range(4))
def test_the_model_admits_a_plan_exactly_when_the_audit_does_and_at_the_same_cost(block):
    for seed in range(7200 + block * 20, 7220 + block * 20):
        rng, problem = world(seed)
        compiled = compile_model(problem)
        for plan in plans(rng, problem):
            agree(problem, compiled, plan)


@pytest.mark.parametrize("rule", [*BLOCKING, *OTHERS])
def test_model_and_audit_agree_with_one_rule_alone(rule):
    others = [one for one in RULES if one.id not in (rule, "coverage") and (one.can_change or one.is_goal)]
    alone = [RuleSetting(one.id, strength=Strength.OFF) for one in others]
    alone += [RuleSetting(one.id, strength=Strength.WARN) for one in RULES if one.id == rule == "carpool"]
    costs = set()
    for seed in range(7300, 7400):
        if len(costs) > 1 and seed >= 7315:
            return
        rng, problem = world(seed, settings=False)
        problem = replace(problem, settings=tuple(alone))
        compiled = compile_model(problem)
        for plan in plans(rng, problem):
            agree(problem, compiled, plan)
            costs.update(c.units for c in audit(problem, plan).rule_costs if c.rule == rule)

    pytest.fail("these worlds never touch the rule")
