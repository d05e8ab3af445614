from itertools import product
from random import Random

import pytest

from solver.audit import audit
from solver.benchmark.curtois import MONDAY, read_curtois
from solver.plan import Plan
from solver.problem import Held, InvalidProblem
from solver.search import solve
from tests.solver.benchmark import published

TEXT = """# a comment
SECTION_HORIZON
7

SECTION_SHIFTS
E,480,
L,600,E

SECTION_STAFF
A,E=4|L=3,{most},960,5,2,2,1
B,E=5|L=0,{most},480,3,1,1,1

SECTION_DAYS_OFF
A,2

SECTION_SHIFT_ON_REQUESTS
A,0,E,3
B,6,L,2

SECTION_SHIFT_OFF_REQUESTS
B,3,E,4

SECTION_COVER
"""
COVER = "".join(f"{day},E,1,100,2\n{day},L,{day % 2},50,1\n" for day in range(7))


@pytest.fixture
def tiny(tmp_path):
    return read(tmp_path, TEXT.format(most=2400) + COVER)


def read(folder, text):
    path = folder / "tiny.txt"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return read_curtois(path)


def plan_of(instance, roster):
    """Give the plan of a roster: what is needed is held before what is beyond."""
    free = {}
    for session in instance.problem.sessions:
        free.setdefault(((session.options[0].on - MONDAY).days, session.kind), []).append(session)
    held = []
    for who, row in roster.items():
        for day, shift in row.items():
            session = free[day, shift].pop(0)
            option = session.options[0]
            held.append(Held(session.id, option.on, option.half_day, None, ((session.seats[0].id, who),)))
    return Plan(tuple(held))


def able(day, who, shift):
    """Tell who may work what: the problem has no seats for anyone else."""
    return (who, day) != ("A", 2) and (who, shift) != ("B", "L")


def random_roster(rng):
    share = rng.choice((0.2, 0.4, 0.6, 0.8))
    rows = {who: {day: rng.choice("EL") for day in range(7) if rng.random() < share} for who in "AB"}
    return {who: {d: s for d, s in row.items() if able(d, who, s)} for who, row in rows.items()}


def test_all_sections_are_read(tiny):
    assert len(tiny.problem.days) == 7
    assert [person.id for person in tiny.problem.clinicians] == ["A", "B"]
    assert len(tiny.problem.wishes) == 3
    assert len(tiny.problem.absences) == 1
    assert tiny.unsupported == ()


def test_a_line_that_makes_no_sense_is_named(tmp_path):
    with pytest.raises(InvalidProblem, match=r"tiny\.txt:3"):
        read(tmp_path, "SECTION_HORIZON\n7\nseven\n")


def test_audit_own_count_and_published_checker_agree_on_random_rosters(tiny, tmp_path):
    rng = Random(1)
    judge = published.checker("check_curtois") if published.has_checker("check_curtois") else None
    lawful = 0
    for _ in range(100):
        roster = random_roster(rng)
        plan = plan_of(tiny, roster)
        own, judged = tiny.cost(plan), audit(tiny.problem, plan)

        # Contracts that are short of minutes are paid for, so that every problem has a plan.
        broken = {breach.rule for breach in judged.breaches} - {"coverage", "wishes"}
        assert (own is None) == bool(broken)
        assert own is None or (judged.lawful and judged.cost == own)
        lawful += not broken
        if judge is not None:
            given = judge.parse_instance(tmp_path / "tiny.txt")
            verdict = judge.evaluate(given, roster)
            assert (verdict["total"] if verdict["feasible"] else None) == own
    assert 2 < lawful < 98


def test_the_optimum_is_that_of_all_rosters(tmp_path):
    short = read(tmp_path, TEXT.format(most=1000) + COVER)
    rows = {who: [dict(row) for row in _rows(who)] for who in "AB"}
    costs = (short.cost(plan_of(short, {"A": a, "B": b})) for a, b in product(rows["A"], rows["B"]))
    best = min(cost for cost in costs if cost is not None)

    outcome = solve(short.problem, seconds=20)

    assert outcome.cost == best == outcome.bound == short.cost(outcome.plan)


def _rows(who):
    """Give the rows of one employee with at most two shifts."""
    cells = [(day, shift) for day in range(7) for shift in "EL" if able(day, who, shift)]
    return [{}, *({d: s} for d, s in cells), *({d: s, e: t} for (d, s) in cells for (e, t) in cells if d < e)]


def test_what_is_claimed_of_a_published_instance_is_true(tmp_path):
    path = published.instance("curtois", "Instance1.txt")
    instance = read_curtois(path)

    outcome = solve(instance.problem, seconds=4)

    own = instance.cost(outcome.plan)
    verdict = published.judged(tmp_path, "check_curtois", path, instance.solution(outcome.plan))
    assert outcome.bound <= 607 <= outcome.cost
    assert (verdict["total"] if verdict["feasible"] else None) == own
    assert own in (None, outcome.cost)
