from random import Random

import pytest

from solver.audit import audit
from solver.benchmark.physician import HALF_DAYS, MONDAY, read_physician
from solver.plan import Plan
from solver.problem import Held, InvalidProblem
from solver.search import solve
from tests.solver.benchmark import published

DEPARTMENTS = (0, 1, 1, 2, 2)
COMMON = (True, True, False, False, False)
HOURS = (0, 7, 24)
SKILLS = 2
OFF = (0, 0, 0)


def text_of(value):
    """Give a value as the format writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, set):
        return "{" + ", ".join(map(str, sorted(value))) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(text_of, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def written(folder, **values):
    """Write an instance; what is not named is small and harmless."""
    days, people = values["numDays"], values["numPers"]
    stations = len(DEPARTMENTS) - 1
    whole = {
        "numDepartments": 2,
        "numStations": stations,
        "stationDepartment": DEPARTMENTS,
        "stationCommon": COMMON,
        "numShifts": len(HOURS) - 1,
        "indexNight": set(),
        "shiftLength": HOURS,
        "forbiddenSequences": [set(), set(), {1, 2}],
        "preferenceWeight": 5,
        "riskWeight": 10,
        "persWeight": 50,
        "stationWeight": 500,
        "numSkills": SKILLS,
        "numSubsum": 2,
        "subDepartment": [1, 2],
        "subSkills": [{1, 2}, {1}],
        "subDemand": [0] * (2 * days),
        "demand": [0] * ((stations + 1) * len(HOURS) * days * (SKILLS + 1)),
        "personName": [f"Dr{i}" for i in range(people)],
        "stationPrefs": [0] * (people * (stations + 1) * (SKILLS + 1)),
        "persRequireWork": [False] * people,
        "persRisk": [False] * people,
        "maxHoursWeek": [50] * people,
        "forbiddenDays": [set()] * people,
        "histConsecutiveWorkDays": [0] * people,
        "histLastStationWorked": [2] * people,
        "histShiftLastDay": [0] * people,
        **values,
    }
    path = folder / "tiny.dzn"
    path.write_text("% a comment\n" + "".join(f"{name}={text_of(value)};\n" for name, value in whole.items()))
    return path


def demand_of(rows, days):
    """Give the demand, and that of groups, which a roster meets exactly."""
    demand = {}
    groups = {}
    for row in rows:
        for day, (shift, station, skill) in enumerate(row):
            if shift:
                asked = shift if COMMON[station] else 1
                demand[station, asked, day, skill] = demand.get((station, asked, day, skill), 0) + 1
                if shift == 2 and not COMMON[station]:
                    department = DEPARTMENTS[station]
                    group = 0 if department == 1 else 1
                    if department == 1 or skill == 1:
                        groups[group, day] = groups.get((group, day), 0) + 1
    flat = [
        demand.get((s, t, d, q), 0)
        for s in range(len(DEPARTMENTS))
        for t in range(len(HOURS))
        for d in range(days)
        for q in range(SKILLS + 1)
    ]
    return flat, [groups.get((g, d), 0) for g in range(2) for d in range(days)]


def random_row(rng, days):
    home = rng.choice((2, 3))
    stations = rng.choice(((home,), (home,), (1, home), (1, 2, 3, 4)))
    share = rng.choice((0.3, 0.7, 0.95))
    return [
        (rng.choice((1, 1, 1, 1, 2)), rng.choice(stations), rng.randint(1, SKILLS)) if rng.random() < share else OFF
        for _ in range(days)
    ]


def random_case(rng, folder):
    """Give a random roster and an instance whose demand it meets; other hard rules it may break."""
    days, people = rng.choice((3, 3, 4, 7, 8)), 2
    rows = [random_row(rng, days) for _ in range(people)]
    demand, groups = demand_of(rows, days)
    strict = rng.random() < 0.4
    before = [rng.choice((0, 0, 1, 5)) for _ in range(people)]
    values = {
        "demand": demand,
        "subDemand": groups,
        "indexNight": rng.choice((set(), set(), {2} if strict else set())),
        "stationPrefs": [
            value
            for _ in range(people)
            for station in range(len(DEPARTMENTS))
            for skill in range(SKILLS + 1)
            for value in [rng.choice((0, 1, 2, 3, 3, 4 if strict else 3)) if station and skill else 0]
        ],
        "forbiddenSequences": rng.choice(([set(), set(), {1, 2}], [set(), {2}, {1}])),
        "persRequireWork": [rng.random() < 0.5 for _ in range(people)],
        "persRisk": [rng.random() < 0.5 for _ in range(people)],
        "maxHoursWeek": [rng.choice((37, 50, 90)) for _ in range(people)],
        "forbiddenDays": [{rng.randint(1, days)} if rng.random() < 0.2 * strict else set() for _ in range(people)],
        "histConsecutiveWorkDays": before,
        "histLastStationWorked": [rng.choice((1, 2, 3)) if n else rng.choice((0, 2, 3)) for n in before],
        "histShiftLastDay": [rng.choice((1, 2)) if n else 0 for n in before],
    }
    return rows, written(folder, numDays=days, numPers=people, **values)


def plan_of(instance, rows):
    """Give the plan of a roster for which there are enough sessions."""
    free = {}
    for session in instance.problem.sessions:
        for option in session.options:
            key = (option.on - MONDAY).days, option.half_day, session.site, session.kind
            free.setdefault(key, []).append(session)
    held, taken = [], set()
    for person, row in zip(instance.problem.clinicians, rows, strict=True):
        for day, (shift, station, skill) in enumerate(row):
            if shift:
                half_day = HALF_DAYS[shift - 1]
                fitting = free[day, half_day, f"station-{station}", f"skill-{skill}"]
                session = next(s for s in fitting if s.id not in taken)
                taken.add(session.id)
                on = session.options[0].on
                held.append(Held(session.id, on, half_day, None, ((session.seats[0].id, person.id),)))
    return Plan(tuple(held))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_audit_own_count_and_published_checker_agree_on_random_rosters(tmp_path):
    rng = Random(1)
    judge = published.checker("check_physician") if published.has_checker("check_physician") else None
    lawful = 0
    for _ in range(60):
        rows, path = random_case(rng, tmp_path)
        instance = read_physician(path)
        plan = plan_of(instance, rows)
        own, judged = instance.cost(plan), audit(instance.problem, plan)
        if not instance.unsupported:
            assert (own is not None) == judged.lawful
            assert own is None or judged.cost == own + instance.offset
            lawful += judged.lawful
        if judge is not None:
            verdict = judge.evaluate(judge.parse_dzn(path), instance.solution(plan))
            assert (verdict["total"] if verdict["feasible"] else None) == own
    assert 4 < lawful < 56


def test_a_file_of_another_format_is_refused(tmp_path):
    path = tmp_path / "other.dzn"
    path.write_text("numDays=3;\n")

    with pytest.raises(InvalidProblem, match="no physician scheduling instance"):
        read_physician(path)


def test_what_the_rules_cannot_say_is_named(tmp_path):
    days, people = 8, 1
    path = written(
        tmp_path,
        numDays=days,
        numPers=people,
        histShiftLastDay=[2],
        forbiddenSequences=[set(), set(), {1}],
    )

    unsupported = read_physician(path).unsupported

    assert [text.split(",")[0] for text in unsupported] == [
        "The weekly hours of the last",
        "Dr0 worked on the day before the first",
    ]


def test_the_cheapest_roster_stays_at_one_station_with_few_people(tmp_path):
    days, people = 3, 3
    demand, groups = demand_of([[(1, 3, 1)] * days, [(1, 2, 1), (2, 2, 1), OFF]], days)
    path = written(
        tmp_path, numDays=days, numPers=people, demand=demand, subDemand=groups, histLastStationWorked=[3, 2, 2]
    )
    instance = read_physician(path)

    outcome = solve(instance.problem, seconds=20)

    assert outcome.cost == outcome.bound == instance.cost(outcome.plan) == 100
    assert instance.rows(outcome.plan)[0] == [(1, 3, 1)] * days


def test_what_is_claimed_of_a_published_instance_is_true(tmp_path):
    path = published.instance("physician", "instance03_0.34.dzn")
    instance = read_physician(path)

    outcome = solve(instance.problem, seconds=6)

    own = instance.cost(outcome.plan)
    verdict = published.judged(tmp_path, "check_physician", path, instance.solution(outcome.plan))
    assert outcome.bound <= 1505 <= outcome.cost
    assert (verdict["total"] if verdict["feasible"] else None) == own
    assert own in (None, outcome.cost)
