"""Asking filters and clashes for many at once says the same as asking about each person and place."""

import pytest

from solver.bounds import Ask, ClashRule, close_pairs
from solver.case import case_of
from solver.passing import Passing
from solver.rule_parts.clashes import Clashes
from tests.solver.worlds import random_problem, seeded
from tests.solver.worlds_border import with_border_facts


def world(seed):
    rng = seeded(seed)
    return with_border_facts(rng, random_problem(rng))


def asks(case):
    for group in case.demand.groups:
        for seat in range(len(group.seats)):
            for option in range(len(group.first.options)):
                yield group, seat, option


@pytest.mark.parametrize("seed", range(40))
def test_masks_hold_those_whom_the_filter_lets_pass(seed):
    problem = world(seed)
    case = case_of(problem)
    regarded = {rule: {c.id for c in problem.clinicians if case.regards(rule, c.id)} for rule in case.filters}
    passing = Passing(problem, regarded)
    for rule in case.filters:
        if "pins" in rule.on:
            continue
        for place in asks(case):
            everyone = tuple(person.id for person in problem.clinicians)
            refused = {
                person.id
                for person in problem.clinicians
                if case.regards(rule, person.id)
                and rule.applies_to.place(place[0].first.site, place[0].first.kind)
                and rule.may(Ask(problem, person, *place)) is not None
            }
            ask = Ask(problem, problem.clinicians[0], *place)
            assert set(passing.refused(rule, ask, everyone)) == refused, rule.id


@pytest.mark.parametrize("seed", range(20))
def test_clashes_are_those_of_all_pairs(seed):
    problem = world(seed)
    case = case_of(problem)
    clashes = Clashes(case.demand.stints)
    for rule in (rule for rule in case.rules if isinstance(rule, ClashRule) and not rule.personal):
        clashes.begin(rule, problem)
        for who, stints in case.leaves.stints.items():
            person = problem.clinician[who]
            pairs = close_pairs(stints, rule.reach(problem))
            wanted = [pair for pair in pairs if rule.clash(problem, person, *pair)]
            assert list(clashes.among(person, stints)) == wanted
