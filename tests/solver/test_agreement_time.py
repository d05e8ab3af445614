"""Model, audit and a naive checker say the same about working time, contracts, wishes, and settings for some."""

import pytest

from solver.audit import audit
from solver.model import compile_model
from solver.problem import Strength
from solver.problem_json import plan_to_json, problem_from_json, problem_to_json
from tests.solver.naive_time import broken
from tests.solver.worlds import random_plan, random_problem, seeded
from tests.solver.worlds_time import with_time_facts

JUDGED = {
    *("rest_after_night", "rest_before_theatre", "weekly_rest", "average_week", "longest_week", "longest_day"),
    *("longest_spell", "longest_span", "breaks", "night_work", "work_limits", "days_in_a_row", "successions"),
}
PLANS = 6


def world(seed, *, scoped):
    rng = seeded(seed)
    return rng, with_time_facts(rng, random_problem(rng, pins=False, sessions=6, settings=scoped), scoped=scoped)


def plans(rng, problem):
    return [random_plan(rng, problem, careful=n % 3 != 0) for n in range(PLANS)]


def exceeded(judged):
    """Give the rules that are broken or warned of, what a contract asks for at least left out."""
    return {b.rule for b in judged.breaches if b.strength in (Strength.BLOCK, Strength.WARN)} & JUDGED


def lows(judged):
    """Tell of what is warned of although the rule forbids: less than the contract asks for, or too long off."""
    return {
        b.rule for b in judged.breaches if b.strength is Strength.WARN and b.rule in ("work_limits", "days_in_a_row")
    }


@pytest.mark.parametrize("block", range(4))
def test_the_audit_and_the_naive_checker_find_the_same_rules_broken(block):
    for seed in range(9000 + block * 30, 9030 + block * 30):
        rng, problem = world(seed, scoped=False)
        data = problem_to_json(problem)
        for plan in plans(rng, problem):
            judged = audit(problem, plan)
            if not {b.rule for b in judged.breaches} & {"no_overlap", "theatre_team", "whole_session"}:
                blocked = {b.rule for b in judged.breaches if b.strength is Strength.BLOCK}
                found = exceeded(judged) - (lows(judged) - blocked)

                assert found == broken(data, plan_to_json(plan)), seed


@pytest.mark.parametrize("block", range(4))
def test_the_model_admits_a_plan_exactly_when_the_audit_does_and_at_the_same_cost(block):
    for seed in range(9200 + block * 20, 9220 + block * 20):
        rng, problem = world(seed, scoped=True)
        problem = problem_from_json(problem_to_json(problem))
        compiled = compile_model(problem)
        for plan in plans(rng, problem):
            judged, x = audit(problem, plan), compiled.encode(plan)
            assert judged.lawful == (x is not None), seed
            if x is not None:
                assert int(compiled.linear.cost @ x) + compiled.linear.offset == judged.cost, seed


def test_each_of_these_rules_is_broken_somewhere():
    """Or the agreement above says nothing."""
    met = set()
    for seed in range(9000, 9120):
        rng, problem = world(seed, scoped=False)
        for plan in plans(rng, problem):
            met |= exceeded(audit(problem, plan))

    assert met == JUDGED
