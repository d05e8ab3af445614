"""Model, audit, engine, brute force and explanations say the same about random small problems.

``python -m tests.solver.agreement --problems 10000``, or ``./run bench agreement``, looks at many; the tests look at
a few hundred.  What disagrees is told by its seed: ``--first SEED --problems 1`` shows it again.
"""

import argparse
import json
import subprocess
import sys
import time
import traceback
from collections import Counter
from itertools import combinations, islice, product
from pathlib import Path

from solver.audit import audit
from solver.engines.process import EnginePool
from solver.explaining.changes import applied
from solver.explaining.holding import to_keep
from solver.explaining.remedies import remedies
from solver.linear import LinearStatus
from solver.model import compile_model
from solver.plan import Plan
from solver.problem import Held
from solver.problem_json import plan_to_json, problem_to_json
from solver.rooms import name_rooms
from tests.solver.naive_checker import broken
from tests.solver.worlds import random_plan, random_problem, seeded
from tests.solver.worlds_border import with_border_facts
from tests.solver.worlds_theatre import with_theatre_facts
from tests.solver.worlds_time import with_time_facts

ROOT = Path(__file__).parents[2]
PLANS = 6
MOST_PLANS = 800
"""A problem with more plans is not tried out."""

REMEDIES_EVERY = 10
"""Sets that must give take longer than all else: they are looked at for one problem in so many."""

FIRST = 1_000_000
"""Seeds below are used by tests."""


class Disagreement(AssertionError):
    """Two judges differ."""


def insist(condition, *words):
    """Raise a disagreement in these words unless a condition holds; as ``assert``, and kept with python -O."""
    if not condition:
        raise Disagreement(" ".join(str(word) for word in words))


def plans(rng, problem, *, rooms=False):
    """Give a few random plans, reckless and careful."""
    for n in range(PLANS):
        yield random_plan(rng, problem, careful=n % 3 != 0, rooms=rooms and n % 2 == 0)


def agree(problem, compiled, plan):
    """Check that the model admits a plan exactly when it is lawful, at the same cost, and gives it back."""
    judged, x = audit(problem, plan), compiled.encode(plan)
    insist(judged.lawful == (x is not None), "the audit finds", [b.rule for b in judged.breaches], "model", x)
    if x is not None:
        cost = int(compiled.linear.cost @ x) + compiled.linear.offset
        insist(cost == judged.cost, "the model claims cost", cost, "and the audit finds", judged.cost)
        again = audit(problem, compiled.decode(x))
        insist((again.lawful, again.cost) == (True, judged.cost), "a plan does not come back from the model as it was")


def all_plans(problem):
    """Give every plan of a tiny problem in which each seat of a held session is filled."""
    ways = []
    for session in problem.sessions:
        people = [[c.id for c in problem.clinicians if seat.role in c.roles] for seat in session.seats]
        names = [seat.id for seat in session.seats]
        ways.append(
            [
                None,
                *(
                    Held(session.id, o.on, o.half_day, None, tuple(zip(names, team, strict=True)))
                    for o in session.options
                    for team in product(*people)
                ),
            ]
        )
    return (Plan(tuple(h for h in way if h is not None)) for way in product(*ways))


def few_plans(problem):
    """Give all plans of a problem when they are few enough to try, else None."""
    found = list(islice(all_plans(problem), MOST_PLANS + 1))
    return found if len(found) <= MOST_PLANS else None


def check_optimum(problem, compiled, pool):
    """Check what an engine claims: lawful, of the cost claimed, and the best; gives whether all was tried."""
    answer = pool.engine("highs").solve(compiled.linear, seconds=20)
    insist(answer.status is LinearStatus.OPTIMAL, "the engine gives up:", answer.status, answer.note)
    plan = name_rooms(problem, compiled.decode(answer.x))
    judged = audit(problem, plan)
    insist(judged.lawful, "a solved plan breaks", [b.rule for b in judged.breaches])
    insist(judged.cost == answer.cost, "the engine claims cost", answer.cost, "and the audit finds", judged.cost)
    found = few_plans(problem)
    if found is not None:
        best = min(one.cost for one in (audit(problem, other) for other in found) if one.lawful)
        insist(best == answer.cost, "the engine claims the optimum", answer.cost, "and trying everything finds", best)
    return plan, found is not None


def check_remedies(problem, plan, pool):
    """Check that each set of changes works and that no part of it does; gives the number of sets looked at."""
    looked_at = 0
    for session in [s.id for s in problem.sessions if s.id not in plan.by_session][:1]:
        keep = to_keep(problem, plan, session)
        for remedy in remedies(problem, plan, session, seconds=2.0, pool=pool, most=2):
            looked_at += 1
            changed = applied(problem, remedy.changes)
            judged = audit(changed, remedy.plan)
            insist(judged.lawful, remedy.changes, "leave broken", [b.rule for b in judged.breaches])
            insist({session, *keep} <= set(remedy.plan.by_session), remedy.changes, "do not hold", session)
            if remedy.minimal:
                _check_least(problem, remedy.changes, {session, *keep})
    return looked_at


def _check_least(problem, changes, musts):
    for size in range(len(changes)):
        for part in combinations(changes, size):
            smaller = applied(problem, part)
            holding = (p for p in few_plans(smaller) or () if musts <= set(p.by_session))
            enough = next((p for p in holding if audit(smaller, p).lawful), None)
            insist(enough is None, part, "are enough, and", changes, "is called the smallest set")


def random_world(rng, **more):
    """Give a random problem, often with the facts that rules of the border, of working time, or of theatres read."""
    problem = random_problem(rng, **more)
    # The first two both move sessions to other days: together they would leave the planned weeks.
    add = rng.choice((None, with_border_facts, with_time_facts))
    problem = problem if add is None else add(rng, problem)
    return with_theatre_facts(rng, problem) if rng.random() < 0.4 else problem


def check(seed, pool):
    """Check one random problem; gives what was looked at, by name.

    Raises
    ------
    Disagreement
        When two judges differ.
    """
    rng, looked_at = seeded(seed), Counter(problems=1)
    plain = random_problem(rng, pins=False, goals=False, settings=False)
    for plan in plans(rng, plain, rooms=True):
        found = {b.rule for b in audit(plain, plan).breaches if b.strength.value == "block"}
        wanted = broken(problem_to_json(plain), plan_to_json(plan))
        insist(bool(found) == bool(wanted), "the audit finds", found, "and the naive checker", wanted)
        looked_at["plans"] += 1
    problem = random_world(rng, people=3, sessions=3) if seed % 2 else random_world(rng)
    compiled = compile_model(problem)
    for plan in plans(rng, problem):
        agree(problem, compiled, plan)
        looked_at["plans"] += 1
    plan, tried = check_optimum(problem, compiled, pool)
    looked_at["optima"] += 1
    looked_at["optima found by trying everything"] += tried
    if tried and seed % REMEDIES_EVERY == 1:
        looked_at["sets that must give"] += check_remedies(problem, plan, pool)
    return looked_at


def main(arguments=None):
    """Look at many problems on several processes; exit code 1 when anything disagrees."""
    given = _parser().parse_args(arguments)
    if given.processes > 1:
        return _shared(given)
    looked_at, failed = Counter(), []
    with EnginePool() as pool:
        for seed in range(given.first, given.first + given.problems):
            try:
                looked_at += check(seed, pool)
            except Exception as wrong:  # noqa: BLE001 - whatever goes wrong is told with its seed, and the rest goes on
                failed.append(seed)
                kind = "" if isinstance(wrong, Disagreement) else traceback.format_exc()
                print(f"seed {seed}: {wrong} {kind}", file=sys.stderr, flush=True)
    print(json.dumps({"looked_at": looked_at, "failed": failed}))
    return 1 if failed else 0


def _shared(given):
    """Share the seeds out among processes, and add up what they tell."""
    began, share = time.monotonic(), -(-given.problems // given.processes)
    firsts = range(given.first, given.first + given.problems, share)
    running = [_process(first, min(share, given.first + given.problems - first)) for first in firsts]
    told = [json.loads(process.communicate()[0] or '{"looked_at": {}, "failed": ["?"]}') for process in running]
    total = sum((Counter(one["looked_at"]) for one in told), Counter())
    failed = [seed for one in told for seed in one["failed"]]
    for name, number in total.items():
        print(f"{number:>9}  {name}")
    print(f"{time.monotonic() - began:>9.0f}  seconds")
    print(f"disagreements: {failed}" if failed else "No disagreement.")
    return 1 if failed else 0


def _process(first, problems):
    command = [sys.executable, "-m", "tests.solver.agreement", "--processes", "1"]
    command += ["--first", str(first), "--problems", str(problems)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _parser():
    parser = argparse.ArgumentParser(prog="./run bench agreement", description=__doc__.splitlines()[0])
    parser.add_argument("--problems", type=int, default=10_000, help="how many (default: %(default)s)")
    parser.add_argument("--first", type=int, default=FIRST, help="first seed (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="processes that share them (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
