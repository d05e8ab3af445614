"""The shift scheduling instances of Curtois and Qu: nurses, shifts, contracts, requests, and cover by day and shift.

Source
------
Curtois, T. and Qu, R. (2014), Computational results on new staff scheduling benchmark instances.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from math import gcd
from pathlib import Path

from solver.benchmark.settings import only
from solver.plan import Plan
from solver.problem import (
    Absence,
    Clinician,
    HalfDay,
    InvalidProblem,
    Option,
    Problem,
    RuleSetting,
    Seat,
    Session,
    Site,
    Strength,
    Succession,
    Wish,
    WorkLimit,
)

MONDAY = date(2024, 1, 1)
"""Day 0, which every instance says is a Monday."""

WARD, NURSE = "ward", "nurse"
FIRST_HOUR = 6
"""When shifts start.  The files give no clock times; shifts of a day overlap and shifts of two days do not."""

MINUTE_COST = 100
"""Price of each minute that someone works less than the least: no cover or request outweighs a shift of them.

So there is a plan from the start, as for any hospital, and the rule that nobody works less is kept in the end.
"""

Roster = dict[str, dict[int, str]]
"""By employee and day, the shift."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A kind of shift: its length, and the shifts that may not follow on the next day."""

    id: str
    minutes: int
    never_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Employee:
    """A contract.  ``most_shifts`` leaves out shifts of which any number may be worked."""

    id: str
    most_shifts: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_in_a_row: int
    least_in_a_row: int
    least_off_in_a_row: int
    most_weekends: int


@dataclass(frozen=True, slots=True)
class Cover:
    """How many are needed on a shift of a day, and what each one less or more costs."""

    day: int
    shift: str
    need: int
    under: int
    over: int


@dataclass(frozen=True, slots=True)
class Request:
    """A wish for or against a shift on a day."""

    employee: str
    day: int
    shift: str
    weight: int
    wanted: bool


@dataclass(slots=True)
class Sections:
    """What an instance's file says."""

    horizon: int = 0
    shifts: dict[str, Shift] = field(default_factory=dict)
    staff: dict[str, Employee] = field(default_factory=dict)
    days_off: dict[str, frozenset[int]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    cover: list[Cover] = field(default_factory=list)

    def take(self, section: str, cells: list[str]) -> None:
        """Take in one line of a section.

        Raises
        ------
        ValueError
            When the section is not known or a number is none.
        """
        match section:
            case "SECTION_HORIZON":
                self.horizon = int(cells[0])
            case "SECTION_SHIFTS":
                never = frozenset(filter(None, cells[2].split("|"))) if len(cells) > 2 else frozenset()
                self.shifts[cells[0]] = Shift(cells[0], int(cells[1]), never)
            case "SECTION_STAFF":
                most = {k: int(v) for k, v in (part.split("=") for part in cells[1].split("|") if part)}
                self.staff[cells[0]] = Employee(cells[0], most, *(int(cell) for cell in cells[2:8]))
            case "SECTION_DAYS_OFF":
                self.days_off[cells[0]] = frozenset(int(cell) for cell in cells[1:] if cell)
            case "SECTION_SHIFT_ON_REQUESTS" | "SECTION_SHIFT_OFF_REQUESTS":
                wanted = section.endswith("ON_REQUESTS")
                self.requests.append(Request(cells[0], int(cells[1]), cells[2], int(cells[3]), wanted))
            case "SECTION_COVER":
                self.cover.append(Cover(int(cells[0]), cells[1], *(int(cell) for cell in cells[2:5])))
            case _:
                raise ValueError(f"line outside a known section: {','.join(cells)}")

    def most_of(self, employee: Employee, shift: str) -> int | None:
        """Give how often an employee may work a shift; None: as often as wished."""
        return employee.most_shifts.get(shift, 0) if employee.most_shifts else None


@dataclass(frozen=True)
class CurtoisInstance:
    """An instance, read and mapped; see ``solver.benchmark.Instance``."""

    name: str
    sections: Sections
    problem: Problem
    unsupported: tuple[str, ...]
    offset: int = 0

    @cached_property
    def _shift_of(self) -> dict[str, tuple[int, str]]:
        return {s.id: ((s.options[0].on - MONDAY).days, s.kind) for s in self.problem.sessions}

    def roster(self, plan: Plan) -> Roster:
        """Give the plan by employee and day."""
        found: Roster = {employee: {} for employee in self.sections.staff}
        for held in plan.held:
            day, shift = self._shift_of[held.session]
            for _, who in held.team:
                found[who][day] = shift
        return found

    def solution(self, plan: Plan) -> dict[str, dict[str, str]]:
        """Give the roster in the checker's JSON form: by employee, the shift of each day worked."""
        roster = self.roster(plan)
        return {who: {str(day): row[day] for day in sorted(row)} for who, row in roster.items()}

    def cost(self, plan: Plan) -> int | None:
        """Give the instance's own cost; None when the roster breaks one of its hard rules."""
        roster = self.roster(plan)
        if any(_breaks(self.sections, employee, roster[who]) for who, employee in self.sections.staff.items()):
            return None
        return _penalties(self.sections, roster)


def read_curtois(path: Path) -> CurtoisInstance:
    """Read and map an instance.

    Raises
    ------
    InvalidProblem
        When the file is none of this format.
    """
    sections = _read(path)
    return CurtoisInstance(path.stem, sections, _problem(path.stem, sections), tuple(_unsupported(sections)))


def _read(path: Path) -> Sections:
    sections, section = Sections(), ""
    for number, raw in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        line = raw.strip()
        if line.startswith("SECTION_"):
            section = line
        elif line and not line.startswith("#"):
            try:
                sections.take(section, [cell.strip() for cell in line.split(",")])
            except (ValueError, IndexError, TypeError) as error:
                raise InvalidProblem(f"{path.name}:{number}", str(error)) from error
    return sections


def _unsupported(sections: Sections) -> Iterator[str]:
    if sections.horizon % 7:
        yield "The horizon ends within a week: runs of days that touch its end are held to their least length."


# The mapping


def _problem(name: str, sections: Sections) -> Problem:
    people = tuple(_clinician(sections, employee) for employee in sections.staff.values())
    return Problem(
        first_on=MONDAY,
        weeks=-(-sections.horizon // 7),
        sites=(Site(WARD, WARD, "GB", WARD, zone="UTC"),),
        rooms=(),
        clinicians=people,
        sessions=tuple(_sessions(sections)),
        absences=tuple(_absences(sections)),
        wishes=tuple(
            Wish(r.employee, _on(r.day), kind=r.shift, wanted=r.wanted, weight=r.weight) for r in sections.requests
        ),
        successions=tuple(
            Succession(s.id, later) for s in sections.shifts.values() for later in sorted(s.never_before)
        ),
        settings=only(SETTINGS),
        title=name,
    )


SETTINGS = (
    RuleSetting("coverage"),
    RuleSetting("wishes", weight=1),
    RuleSetting("work_limits", strength=Strength.BLOCK, params=(("minute_cost", MINUTE_COST),)),
    RuleSetting("days_in_a_row", strength=Strength.BLOCK),
    RuleSetting("successions", strength=Strength.BLOCK),
)


def _clinician(sections: Sections, employee: Employee) -> Clinician:
    # Sums of minutes are multiples of this step: limits between two of them are as well said by the one inside.
    step = gcd(*(shift.minutes for shift in sections.shifts.values()))
    least, most = -(-employee.least_minutes // step) * step, employee.most_minutes // step * step
    limits = [
        WorkLimit("minutes", least, most),
        WorkLimit("days_in_a_row", employee.least_in_a_row, employee.most_in_a_row),
        WorkLimit("days_off_in_a_row", employee.least_off_in_a_row),
        WorkLimit("weekends", high=employee.most_weekends),
    ]
    mine = {shift: sections.most_of(employee, shift) for shift in sections.shifts}
    limits += [WorkLimit("sessions", high=high, kind=shift) for shift, high in mine.items() if high]
    return Clinician(
        id=employee.id,
        name=employee.id,
        home_site=WARD,
        specialties=frozenset(shift for shift, high in mine.items() if high != 0),
        roles=frozenset({NURSE}),
        limits=tuple(limits),
    )


def _sessions(sections: Sections) -> Iterator[Session]:
    """Give for each day and shift the sessions needed, and one more for everyone else who could work it."""
    cover = {(c.day, c.shift): c for c in sections.cover}
    for day in range(sections.horizon):
        for number, shift in enumerate(sections.shifts.values()):
            needed = cover.get((day, shift.id), Cover(day, shift.id, 0, 0, 0))
            option = _option(day, number, shift)
            for n in range(needed.need):
                yield _session(f"{day}-{shift.id}-{n + 1}", shift, option, unheld_cost=needed.under)
            for n in range(needed.need, _could_work(sections, day, shift.id)):
                yield _session(f"{day}-{shift.id}-{n + 1}", shift, option, held_cost=needed.over)


def _session(id: str, shift: Shift, option: Option, *, unheld_cost: int = 0, held_cost: int = 0) -> Session:
    return Session(
        id=id,
        title=id,
        group=shift.id,
        site=WARD,
        kind=shift.id,
        options=(option,),
        seats=(Seat("nurse", NURSE, (shift.id,)),),
        unheld_cost=unheld_cost,
        held_cost=held_cost,
    )


def _could_work(sections: Sections, day: int, shift: str) -> int:
    return sum(
        sections.most_of(employee, shift) != 0 and day not in sections.days_off.get(employee.id, ())
        for employee in sections.staff.values()
    )


def _option(day: int, number: int, shift: Shift) -> Option:
    start = _midnight(day) + timedelta(hours=FIRST_HOUR, minutes=number)
    return Option(_on(day), HalfDay.MORNING, start, start + timedelta(minutes=shift.minutes))


def _absences(sections: Sections) -> Iterator[Absence]:
    for who, days in sections.days_off.items():
        for day in sorted(days):
            # Not the whole next night: whoever is off may still come from a shift that began the day before.
            start = _midnight(day) + timedelta(hours=FIRST_HOUR)
            yield Absence(who, start, start + timedelta(minutes=len(sections.shifts)))


def _on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def _midnight(day: int) -> datetime:
    return datetime.combine(_on(day), time(), UTC)


# The instance's own count, from its file and a roster alone


def _breaks(sections: Sections, employee: Employee, row: dict[int, str]) -> bool:
    """Tell whether an employee's row breaks a hard rule."""
    counts = {shift: sum(worked == shift for worked in row.values()) for shift in sections.shifts}
    minutes = sum(sections.shifts[shift].minutes for shift in row.values())
    weekends = sum(sat in row or sat + 1 in row for sat in range(5, sections.horizon, 7))
    most = ((n, sections.most_of(employee, shift)) for shift, n in counts.items())
    return (
        not employee.least_minutes <= minutes <= employee.most_minutes
        or weekends > employee.most_weekends
        or any(limit is not None and n > limit for n, limit in most)
        or any(day in row for day in sections.days_off.get(employee.id, ()))
        or any(row.get(day + 1) in sections.shifts[shift].never_before for day, shift in row.items())
        or any(_wrong_run(sections, employee, *run) for run in _runs(sections.horizon, row))
    )


def _runs(horizon: int, row: Iterable[int]) -> Iterator[tuple[bool, int, int]]:
    """Give the runs of days worked and of days off: which of both, first day, day after the last."""
    worked = set(row)
    for working, days in groupby(range(horizon), key=lambda day: day in worked):
        run = list(days)
        yield working, run[0], run[-1] + 1


def _wrong_run(sections: Sections, employee: Employee, working: bool, start: int, end: int) -> bool:
    least = employee.least_in_a_row if working else employee.least_off_in_a_row
    inside = start > 0 and end < sections.horizon
    return (working and end - start > employee.most_in_a_row) or (inside and end - start < least)


def _penalties(sections: Sections, roster: Roster) -> int:
    total = sum(r.weight for r in sections.requests if (roster[r.employee].get(r.day) == r.shift) != r.wanted)
    for cover in sections.cover:
        staffed = sum(row.get(cover.day) == cover.shift for row in roster.values())
        total += max(0, cover.need - staffed) * cover.under + max(0, staffed - cover.need) * cover.over
    return total
