"""The empty plan breaks no blocking rule, whatever the hospitals set: there always is a lawful plan."""

from dataclasses import replace

import pytest

from solver.audit import audit
from solver.generate import generate
from solver.outcome import SolveStatus
from solver.plan import Plan
from solver.problem import RuleSetting, Strength
from solver.rules import RULES
from solver.search import solve
from tests.solver.build import clinician, day, held, option, problem, session
from tests.solver.worlds import random_problem, seeded
from tests.solver.worlds_border import with_border_facts
from tests.solver.worlds_theatre import with_theatre_facts
from tests.solver.worlds_time import with_time_facts

NEAR = session("Near", options=option(0, "night"), line="Mobile team", line_choice=1)
FAR = session("Far", "away", options=option(0, "night"), line="Mobile team", line_choice=2)
MAKERS = {
    "plain": lambda rng, facts: facts,
    "border": with_border_facts,
    "time": with_time_facts,
    "theatre": with_theatre_facts,
}


def all_blocking(facts):
    """Give the problem with every rule on, each as strict as it can be."""
    return replace(facts, settings=tuple(RuleSetting(rule.id, Strength.BLOCK) for rule in RULES))


def blocking(facts):
    return [str(one.message) for one in audit(facts, Plan()).breaches if one.strength is Strength.BLOCK]


@pytest.mark.parametrize("maker", MAKERS)
def test_in_random_worlds(maker):
    for seed in range(40):
        rng = seeded(seed)
        facts = MAKERS[maker](rng, random_problem(rng))

        assert blocking(facts) == [], seed
        assert blocking(all_blocking(facts)) == [], seed


@pytest.mark.parametrize("lines", [False, True])
def test_in_generated_weeks(lines):
    facts = generate("pilot", 1, lines=lines)

    assert blocking(facts) == []
    assert blocking(all_blocking(facts)) == []


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("lines_both_sides", problem([], [NEAR, FAR])),
        ("notice", problem([clinician("A")], [NEAR], published=(held(NEAR, "A"),), today=day(0))),
    ],
)
def test_a_rule_that_even_no_sessions_break_warns_at_most(rule, facts):
    facts = replace(facts, settings=(RuleSetting(rule, Strength.BLOCK),))

    [breach] = audit(facts, Plan()).breaches

    assert (breach.rule, breach.strength) == (rule, Strength.WARN)


def test_there_is_a_plan_where_neighbours_cannot_but_lack_their_line():
    facts = problem([], [NEAR, FAR], settings=(RuleSetting("lines_both_sides", Strength.BLOCK),))

    assert solve(facts, engine="greedy").status is SolveStatus.FEASIBLE
