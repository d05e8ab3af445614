"""Every plan of a tiny problem, to check clever answers against trying everything."""

from itertools import islice, product

from solver.audit import audit
from solver.plan import Plan
from solver.problem import Held
from tests.solver.worlds import random_problem, seeded

MOST_PLANS = 600


def all_plans(problem):
    """Give every plan in which each seat of a held session has someone with its role."""
    ways = []
    for session in problem.sessions:
        people = [[c.id for c in problem.clinicians if seat.role in c.roles] for seat in session.seats]
        names = [seat.id for seat in session.seats]
        held = [
            Held(session.id, o.on, o.half_day, None, tuple(zip(names, team, strict=True)))
            for o in session.options
            for team in product(*people)
        ]
        ways.append([None, *held])
    return (Plan(tuple(h for h in way if h is not None)) for way in product(*ways))


def lawful_plans(problem):
    """Give every lawful plan with its cost."""
    for plan in all_plans(problem):
        judged = audit(problem, plan)
        if judged.lawful:
            yield judged.cost, plan


def best_plan(problem):
    """Give the cheapest lawful plan and its cost."""
    return min(lawful_plans(problem), key=lambda found: found[0])


def tiny_problems(seeds, **more):
    """Give random problems with few enough plans to try them all, and the seed of each."""
    for seed in seeds:
        problem = random_problem(seeded(seed), people=3, sessions=3, **more)
        if 4 < len(list(islice(all_plans(problem), MOST_PLANS + 1))) <= MOST_PLANS:
            yield seed, problem
