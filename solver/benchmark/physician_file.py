"""The physician scheduling instances of the MiniZinc Challenge 2021, as read and counted from their files alone.

Indexes start at 1 and 0 means nothing: no shift, no station, no skill.

Source
------
MiniZinc Challenge 2021, problem physician-scheduling (MIT licence).
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from solver.problem import InvalidProblem

BARRED = 4
"""A preference from here on means that the person may not work there."""

LONGEST_STRETCH = 6
"""Days in a row, at most."""

Cell = tuple[int, int, int]
"""Shift, station and skill of one person's day; all 0 on a day off."""

OFF: Cell = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Person:
    """A physician, with what is known of the days before.

    Parameters
    ----------
    preferences
        By station and skill; below ``BARRED`` a cost, else a prohibition.
    must_work
        Whether at least one day has to be worked.
    at_risk
        Whether the department of the last station costs.
    """

    number: int
    name: str
    preferences: Mapping[tuple[int, int], int]
    must_work: bool
    at_risk: bool
    hours_a_week: int
    days_off: frozenset[int]
    days_before: int
    last_station: int
    last_shift: int


@dataclass(frozen=True, slots=True)
class PhysicianFile:
    """What an instance's file says.

    Parameters
    ----------
    department, is_common
        By station; station 0 is none.
    hours
        By shift; shift 0 is a day off.
    never_after
        By shift, what may not follow on the next day.
    nights
        Shifts that come in pairs of days.
    demand
        Numbers above zero by station, shift, day and skill.
    group_demand
        By day: department, skills, and how many of the second shift at its stations that are not common.
    """

    days: int
    department: tuple[int, ...]
    is_common: tuple[bool, ...]
    hours: tuple[int, ...]
    never_after: tuple[frozenset[int], ...]
    nights: frozenset[int]
    skills: int
    demand: Mapping[tuple[int, int, int, int], int]
    group_demand: tuple[tuple[int, int, frozenset[int], int], ...]
    people: tuple[Person, ...]
    person_weight: int
    preference_weight: int
    risk_weight: int
    change_weight: int

    @property
    def stations(self) -> range:
        """Numbers of the stations."""
        return range(1, len(self.department))

    @property
    def shifts(self) -> range:
        """Numbers of the shifts."""
        return range(1, len(self.hours))

    def shared(self, station: int) -> bool:
        """Tell whether the first two shifts serve one demand, which is given for the first."""
        return not self.is_common[station]


def read_file(path: Path) -> PhysicianFile:
    """Read an instance.

    Raises
    ------
    InvalidProblem
        When the file is none of this format.
    """
    try:
        return _file(_items(path.read_text(encoding="utf-8")))
    except (KeyError, IndexError, ValueError, SyntaxError, TypeError) as error:
        raise InvalidProblem(path.name, f"is no physician scheduling instance ({error!r})") from error


def _items(text: str) -> dict[str, Any]:
    """Give the values by name; sets and arrays are lists, arrays of several dimensions are flat."""
    found: dict[str, Any] = {}
    for part in re.sub(r"%[^\n]*", "", text).split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if equals:
            if value.startswith("array"):
                value = value[value.index("[") : value.rindex("]") + 1]
            value = re.sub(r"\btrue\b", "True", re.sub(r"\bfalse\b", "False", value))
            value = re.sub(r"(\d+)\s*\.\.\s*(\d+)", _counted, value)
            found[name] = ast.literal_eval(value.replace("{", "[").replace("}", "]"))
    return found


def _counted(match: re.Match[str]) -> str:
    return ", ".join(str(n) for n in range(int(match[1]), int(match[2]) + 1))


def _file(items: Mapping[str, Any]) -> PhysicianFile:
    stations, shifts, skills = (range(items[name] + 1) for name in ("numStations", "numShifts", "numSkills"))
    days = range(1, items["numDays"] + 1)
    places = [(s, t, k, q) for s in stations for t in shifts for k in days for q in skills]
    demand = dict(zip(places, items["demand"], strict=True))
    groups = [
        (k, department, frozenset(own))
        for department, own in zip(items["subDepartment"], items["subSkills"], strict=True)
        for k in days
    ]
    return PhysicianFile(
        days=len(days),
        department=tuple(items["stationDepartment"]),
        is_common=tuple(items["stationCommon"]),
        hours=tuple(items["shiftLength"]),
        never_after=tuple(frozenset(after) for after in items["forbiddenSequences"]),
        nights=frozenset(items["indexNight"]),
        skills=len(skills) - 1,
        demand={place: n for place, n in demand.items() if n and 0 not in place},
        group_demand=tuple((*group, n) for group, n in zip(groups, items["subDemand"], strict=True)),
        people=tuple(_people(items, [(s, q) for s in stations for q in skills])),
        person_weight=items["persWeight"],
        preference_weight=items["preferenceWeight"],
        risk_weight=items["riskWeight"],
        change_weight=items["stationWeight"],
    )


def _people(items: Mapping[str, Any], places: list[tuple[int, int]]) -> Iterator[Person]:
    flat = items["stationPrefs"]
    for i in range(items["numPers"]):
        own = flat[i * len(places) : (i + 1) * len(places)]
        yield Person(
            number=i + 1,
            name=items["personName"][i],
            preferences=dict(zip(places, own, strict=True)),
            must_work=items["persRequireWork"][i],
            at_risk=items["persRisk"][i],
            hours_a_week=items["maxHoursWeek"][i],
            days_off=frozenset(items["forbiddenDays"][i]),
            days_before=items["histConsecutiveWorkDays"][i],
            last_station=items["histLastStationWorked"][i],
            last_shift=items["histShiftLastDay"][i],
        )


# The instance's own count


def total_cost(file: PhysicianFile, rows: list[list[Cell]]) -> int | None:
    """Give the cost of a roster by person and day; None when it breaks a hard rule."""
    if any(_breaks(file, person, row) for person, row in zip(file.people, rows, strict=True)):
        return None
    if not _is_covered(file, rows):
        return None
    return sum(_personal_cost(file, person, row) for person, row in zip(file.people, rows, strict=True))


def _breaks(file: PhysicianFile, person: Person, row: list[Cell]) -> bool:
    shifts = [person.last_shift, *(shift for shift, _, _ in row)]
    work = [shift > 0 for shift in shifts[1:]]
    return (
        any(person.preferences[station, skill] >= BARRED for _, station, skill in row)
        or any(work[day - 1] for day in person.days_off if day <= file.days)
        or any(later in file.never_after[before] for before, later in pairwise(shifts))
        or any(_lone_night(file, shifts, day) for day in range(1, file.days))
        or _works_too_long(file, person, work)
        or any(sum(file.hours[s] for s in week) > person.hours_a_week for week in _weeks(shifts[1:]))
        or (person.must_work and not any(work))
        or len({file.department[person.last_station]} | {file.department[s] for _, s, _ in row}) > 2
    )


def _lone_night(file: PhysicianFile, shifts: list[int], day: int) -> bool:
    """Tell whether a night has no equal neighbour, or two of them."""
    shift = shifts[day]
    return shift in file.nights and (shifts[day - 1] == shift) + (shifts[day + 1] == shift) != 1


def _works_too_long(file: PhysicianFile, person: Person, work: list[bool]) -> bool:
    week = LONGEST_STRETCH + 1
    first = max(week - person.days_before, 1)
    return file.days >= week and (all(work[:first]) or any(all(work[k : k + week]) for k in range(1, file.days - 6)))


def _weeks(shifts: list[int]) -> Iterator[list[int]]:
    """Give the whole weeks; what is left of one at the end has no limit."""
    return (shifts[7 * w : 7 * w + 7] for w in range(len(shifts) // 7))


def _is_covered(file: PhysicianFile, rows: list[list[Cell]]) -> bool:
    """Tell whether every demand is met exactly."""
    there: Counter[tuple[int, int, int, int]] = Counter()
    groups: Counter[tuple[int, int, int]] = Counter()
    for row in rows:
        for day, (shift, station, skill) in enumerate(row, 1):
            if shift:
                there[station, 1 if shift == 2 and file.shared(station) else shift, day, skill] += 1
            if shift == 2 and file.shared(station):
                groups[day, file.department[station], skill] += 1
    asked = {place: n for place, n in file.demand.items() if place[1] != 2 or not file.shared(place[0])}
    return +there == +Counter(asked) and all(
        sum(groups[day, department, skill] for skill in skills) == n for day, department, skills, n in file.group_demand
    )


def _personal_cost(file: PhysicianFile, person: Person, row: list[Cell]) -> int:
    last = 0 if file.is_common[person.last_station] else person.last_station
    changes = 0
    for _, station, _ in row:
        if not file.is_common[station]:
            changes += last not in (0, station)
            last = station
    liking = sum(person.preferences[station, skill] for _, station, skill in row)
    cost = file.preference_weight * liking + file.change_weight * changes
    if any(shift for shift, _, _ in row):
        cost += file.person_weight + file.risk_weight * person.at_risk * file.department[last]
    return cost
