"""The physician scheduling instances of the MiniZinc Challenge 2021 as problems of the product.

A station is a site, a department an organisation, a skill a specialty, a shift a half-day.  What was worked before the
first day is a fixed duty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import combinations
from math import gcd
from pathlib import Path

from solver.benchmark.physician_file import (
    BARRED,
    LONGEST_STRETCH,
    OFF,
    Cell,
    Person,
    PhysicianFile,
    read_file,
    total_cost,
)
from solver.benchmark.settings import only
from solver.plan import Plan
from solver.problem import (
    MOST_WEIGHT,
    Absence,
    AppliesTo,
    Clinician,
    FixedDuty,
    HalfDay,
    InvalidProblem,
    LastSite,
    Option,
    Problem,
    Quota,
    RuleSetting,
    Seat,
    Session,
    Site,
    Strength,
    Succession,
    Suitability,
    Travel,
    WorkLimit,
)

MONDAY = date(2024, 1, 1)
"""Day 1: weekly hours count in blocks of seven days from there."""

HALF_DAYS = (HalfDay.MORNING, HalfDay.NIGHT, HalfDay.MIDDAY, HalfDay.AFTERNOON, HalfDay.EVENING)
"""By shift, which the half-day stands for.  The files give lengths but no clock times: all shifts start alike."""

STARTS_AT = timedelta(hours=8)
LONG_BEFORE = 28
"""Days before the first on which a station was worked last, where the file does not say when."""

PHYSICIAN = "physician"
UNBOUND = "unbound"
"""Contract of people who come from no department, for whom a day off is no further one."""


@dataclass(frozen=True)
class PhysicianInstance:
    """An instance, read and mapped; see ``solver.benchmark.Instance``."""

    name: str
    file: PhysicianFile
    problem: Problem
    unsupported: tuple[str, ...]
    offset: int = 0

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """The station and skill of each session."""
        return {s.id: (_number(s.site), _number(s.kind)) for s in self.problem.sessions}

    def rows(self, plan: Plan) -> list[list[Cell]]:
        """Give the plan by person and day."""
        found = {person.name: [OFF] * self.file.days for person in self.problem.clinicians}
        for held in plan.held:
            station, skill = self._places[held.session]
            for _, who in held.team:
                name = self.problem.clinician[who].name
                found[name][(held.on - MONDAY).days] = (HALF_DAYS.index(held.half_day) + 1, station, skill)
        return list(found.values())

    def solution(self, plan: Plan) -> dict[str, list[list[int]]]:
        """Give the checker's three tables by person and day."""
        rows = self.rows(plan)
        names = ("assignShift", "assignStation", "assignSkill")
        return {name: [[cell[i] for cell in row] for row in rows] for i, name in enumerate(names)}

    def cost(self, plan: Plan) -> int | None:
        """Give the instance's own cost; None when the roster breaks one of its hard rules."""
        return total_cost(self.file, self.rows(plan))


def read_physician(path: Path) -> PhysicianInstance:
    """Read and map an instance.

    Raises
    ------
    InvalidProblem
        When the file is none of this format.
    """
    file = read_file(path)
    if len(file.shifts) > len(HALF_DAYS):
        raise InvalidProblem(path.name, f"has more than {len(HALF_DAYS)} shifts")
    return PhysicianInstance(path.stem, file, _problem(path.stem, file), tuple(_unsupported(file)))


def _unsupported(file: PhysicianFile) -> Iterator[str]:
    if file.days > 7 and file.days % 7:
        yield "The weekly hours of the last, incomplete week are limited too."
    if file.nights and file.days % 7:
        yield "A night on the last day, within a week, has to be the second of two."
    if any(person.preferences[0, 0] for person in file.people):
        yield "What a day off costs is left out."
    for person in file.people:
        shift = person.last_shift
        after = file.never_after[shift]
        is_free = after.issuperset(file.shifts) or not (after or shift in file.nights)
        if shift and not person.days_before and not is_free:
            yield f"{person.name} worked on the day before the first, which counts as one of the days in a row."


# The mapping


def _site(station: int) -> str:
    return f"station-{station}"


def _skill(number: int) -> str:
    return f"skill-{number}"


def _person(person: Person) -> str:
    return f"person-{person.number}"


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])


def _on(day: int) -> date:
    return MONDAY + timedelta(days=day - 1)


def _problem(name: str, file: PhysicianFile) -> Problem:
    dear = _dearest(file)
    return Problem(
        first_on=MONDAY,
        weeks=-(-file.days // 7),
        sites=tuple(
            Site(_site(s), _site(s), "AT", f"department-{file.department[s]}", "UTC", neutral=file.is_common[s])
            for s in file.stations
        ),
        rooms=(),
        clinicians=tuple(_clinician(file, person) for person in file.people),
        sessions=tuple(_sessions(file, dear)),
        travel=tuple(Travel(_site(one), _site(other), 0) for one, other in combinations(file.stations, 2)),
        absences=tuple(
            Absence(_person(person), _start(day), _start(day) + timedelta(hours=1))
            for person in file.people
            for day in sorted(person.days_off)
        ),
        fixed_duties=tuple(duty for person in file.people for duty in _history(file, person)),
        successions=tuple(
            Succession(HALF_DAYS[before - 1].value, HALF_DAYS[after - 1].value)
            for before in file.shifts
            for after in file.shifts
            if after in file.never_after[before]
        ),
        suitabilities=tuple(suitability for person in file.people for suitability in _suitabilities(person)),
        quotas=tuple(_quotas(file)),
        last_sites=tuple(
            LastSite(_person(person), _site(s), file.department[s])
            for person in file.people
            for s in file.stations
            if person.at_risk and not file.is_common[s]
        ),
        settings=only(_settings(file, dear)),
        title=name,
    )


def _dearest(file: PhysicianFile) -> int:
    """Give a price of a gap that no saving outweighs: more than all that a roster can cost.

    It is a multiple of what all costs are multiples of, so that this still holds of all of them.
    """
    seats = sum(file.demand.values())
    shifts = seats * (BARRED * file.preference_weight + file.change_weight)
    people = len(file.people) * (file.person_weight + file.risk_weight * max(file.department))
    unit = gcd(file.person_weight, file.preference_weight, file.risk_weight, file.change_weight) or 1
    return min(MOST_WEIGHT, shifts + people + unit) // unit * unit


def _settings(file: PhysicianFile, dear: int) -> Iterator[RuleSetting]:
    yield RuleSetting("coverage")
    yield RuleSetting("privileges", strength=Strength.BLOCK)
    yield RuleSetting("max_sessions", strength=Strength.BLOCK)
    yield RuleSetting("work_limits", strength=Strength.BLOCK, params=(("lows_block", 1),))
    yield RuleSetting("days_in_a_row", strength=Strength.BLOCK, params=(("first_day_counts", 1),))
    yield RuleSetting("successions", strength=Strength.BLOCK)
    yield RuleSetting("quotas", strength=Strength.BLOCK, weight=dear)
    yield RuleSetting("suitability", weight=file.preference_weight)
    yield RuleSetting("last_site", weight=file.risk_weight)
    for rule, weight in (("few_people", file.person_weight), ("site_changes", file.change_weight)):
        yield RuleSetting(rule, strength=Strength.WARN, weight=weight)
    counts = ("days_off_count", int(not _has_day_off(file)))
    yield RuleSetting("few_organisations", strength=Strength.BLOCK, params=(counts,))
    if counts[1]:
        unbound = AppliesTo(contracts=frozenset({UNBOUND}))
        yield RuleSetting("few_organisations", params=(("days_off_count", 0),), applies_to=unbound)


def _has_day_off(file: PhysicianFile) -> bool:
    """Tell whether everyone has a day off in any roster, which counts as a department of its own."""
    worked = {day for _, _, day, _ in file.demand}
    return file.days > LONGEST_STRETCH or len(worked) < file.days


def _clinician(file: PhysicianFile, person: Person) -> Clinician:
    home = person.last_station or file.stations[0]
    return Clinician(
        id=_person(person),
        name=person.name,
        home_site=_site(home),
        specialties=frozenset(_skill(q) for _, q in person.preferences if q),
        roles=frozenset({PHYSICIAN}),
        contract="employee" if person.last_station else UNBOUND,
        max_sessions_per_week=7,
        max_sessions_per_day=1,
        max_days_abroad_per_week=7,
        limits=tuple(_limits(file, person)),
    )


def _limits(file: PhysicianFile, person: Person) -> Iterator[WorkLimit]:
    if file.days > LONGEST_STRETCH:
        yield WorkLimit("days_in_a_row", high=LONGEST_STRETCH)
        yield WorkLimit("minutes_per_week", high=60 * person.hours_a_week)
    for night in sorted(file.nights):
        yield WorkLimit("nights_in_a_row", low=2, high=2, kind=HALF_DAYS[night - 1].value)
    if person.must_work:
        yield WorkLimit("sessions", low=1)
    yield WorkLimit("organisations", high=1 if _has_day_off(file) or not person.last_station else 2)


def _history(file: PhysicianFile, person: Person) -> Iterator[FixedDuty]:
    """Give what was worked before: the last station, for days in a row where the file counts them, and the shift."""
    if not person.last_station:
        return
    decides = bool(file.never_after[person.last_shift]) or person.last_shift in file.nights
    worked = range(min(person.days_before, LONGEST_STRETCH))
    ages = [n + 1 for n in worked] or [1 if decides else LONG_BEFORE]
    for age in ages:
        shift = person.last_shift if age == 1 else 0
        kind = HALF_DAYS[shift - 1].value if shift else ""
        start = _start(1 - age)
        yield FixedDuty(
            _person(person), _site(person.last_station), start.date(), start, start + timedelta(hours=1), kind=kind
        )


def _suitabilities(person: Person) -> Iterator[Suitability]:
    for (station, skill), liking in person.preferences.items():
        if station and skill and liking:
            cost = liking if liking < BARRED else None
            yield Suitability(_person(person), _site(station), _skill(skill), cost)


def _sessions(file: PhysicianFile, dear: int) -> Iterator[Session]:
    for (station, shift, day, skill), count in file.demand.items():
        shifts: tuple[int, ...] = (shift,)
        if file.shared(station) and shift <= 2:
            shifts = tuple(n for n in (1, 2) if n in file.shifts) if shift == 1 else ()
        for n in range(count if shifts else 0):
            yield Session(
                id=f"{_site(station)}/{shift}/{day}/{skill}/{n + 1}",
                title=f"{_site(station)}, {_skill(skill)}",
                group=_skill(skill),
                site=_site(station),
                kind=_skill(skill),
                options=tuple(_option(file, day, number) for number in shifts),
                seats=(Seat("physician", PHYSICIAN, (_skill(skill),)),),
                unheld_cost=dear,
            )


def _option(file: PhysicianFile, day: int, shift: int) -> Option:
    start = _start(day)
    return Option(_on(day), HALF_DAYS[shift - 1], start, start + timedelta(hours=file.hours[shift]))


def _start(day: int) -> datetime:
    return datetime.combine(_on(day), time(), UTC) + STARTS_AT


def _quotas(file: PhysicianFile) -> Iterator[Quota]:
    for day, department, skills, count in file.group_demand:
        sites = {_site(s) for s in file.stations if file.department[s] == department and file.shared(s)}
        if sites and skills:
            kinds = frozenset(_skill(skill) for skill in skills)
            yield Quota(_on(day), HALF_DAYS[1], frozenset(sites), kinds, low=count, high=count)
