"""What people's limits, fixed duties and days hold, worked out once for each problem, and terms about it.

Names stand for kinds of sessions and for half-days alike; no names at all stand for any work.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from solver.bounds import Scope
from solver.demand import Stint, demand_of
from solver.problem import FixedDuty, HalfDay, Problem, WorkLimit
from solver.terms import AnyOf, Assigned, Present, Term, Weighted, Works

NIGHT = frozenset({HalfDay.NIGHT.value})
SMALL_HOURS = 5
"""The hours from midnight on that make work night work."""
LEAST_SMALL_HOURS = timedelta(hours=3)
"""So much of them makes a fixed duty a night."""

Piece = Stint | FixedDuty
Names = frozenset[str]
ANY: Names = frozenset()
Days = dict[date, tuple[Stint, ...]]


class WorkingDays:
    """Facts about work that follow from the problem alone.

    Attributes
    ----------
    limits
        By name of limit and clinician.
    duties
        By clinician and day, the fixed duties that occupy the person.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.limits: dict[str, dict[str, list[WorkLimit]]] = {}
        for person in problem.clinicians:
            for limit in person.limits:
                self.limits.setdefault(limit.name, {}).setdefault(person.id, []).append(limit)
        self.duties: dict[str, dict[date, list[FixedDuty]]] = {}
        for duty in problem.fixed_duties:
            if duty.exclusive:
                self.duties.setdefault(duty.clinician, {}).setdefault(duty.on, []).append(duty)

    @cached_property
    def kinds(self) -> dict[Stint, Names]:
        """The kinds of the sessions at each stint."""
        found: dict[Stint, set[str]] = {}
        for group in demand_of(self.problem).groups:
            for stint in {stint for stints in group.stints for stint in stints}:
                found.setdefault(stint, set()).add(group.first.kind)
        return {stint: frozenset(kinds) for stint, kinds in found.items()}

    def kinds_of(self, work: Piece) -> Names:
        """Give the kinds that a piece of work has or may have."""
        return self.kinds[work] if isinstance(work, Stint) else frozenset({work.kind})

    def duties_of(self, who: str, names: Names = ANY) -> dict[date, list[FixedDuty]]:
        """Give the fixed duties of a clinician that have one of these names, by day."""
        own = self.duties.get(who, {})
        if not names:
            return own
        named = {on: [duty for duty in duties if self._is_named(duty, names)] for on, duties in own.items()}
        return {on: duties for on, duties in named.items() if duties}

    def _is_named(self, duty: FixedDuty, names: Names) -> bool:
        return duty.kind in names or (HalfDay.NIGHT.value in names and is_night(self.problem, duty))


def working_days_of(problem: Problem) -> WorkingDays:
    """Give what a problem says about work, worked out once for each problem."""
    found = problem.__dict__.get("_working_days")
    if not isinstance(found, WorkingDays):
        found = problem.__dict__["_working_days"] = WorkingDays(problem)
    return found


class Work:
    """What a scope may hold of people's work, as terms.

    A stint that sessions of several kinds share is counted by the seats there.
    """

    def __init__(self, problem: Problem, scope: Scope) -> None:
        self.facts = working_days_of(problem)
        self.scope = scope

    def days(self, who: str) -> Days:
        """Give what may occupy a clinician, by day."""
        return by_day(self.scope.stints.get(who, ()))

    def present(self, who: str, stints: Iterable[Stint], names: Names = ANY) -> Term | None:
        """Give the term that the clinician does work of these names at any of these stints; None if that cannot be."""
        pure, mixed = self._split(who, stints, names)
        if mixed:
            return AnyOf((*((Present(who, pure),) if pure else ()), *mixed))
        return Present(who, pure) if pure else None

    def count(self, who: str, stints: Iterable[Stint], names: Names = ANY) -> Weighted:
        """Give the terms that count the seats of these names that the clinician takes at these stints."""
        pure, mixed = self._split(who, stints, names)
        return (*(((1, Works(who, pure)),) if pure else ()), *((1, one) for one in mixed))

    def _split(self, who: str, stints: Iterable[Stint], names: Names) -> tuple[tuple[Stint, ...], list[Assigned]]:
        """Give the stints where all work has one of these names, and the placings at stints where some has."""
        if not names:
            return tuple(stints), []
        pure: list[Stint] = []
        mixed: list[Assigned] = []
        for stint in stints:
            kinds = self.facts.kinds[stint]
            if stint.half_day.value in names or kinds <= names:
                pure.append(stint)
            elif kinds & names:
                groups = self.scope.demand.groups
                mixed += [p for p in self._placings.get((who, stint), ()) if groups[p.post.group].first.kind in names]
        return tuple(pure), mixed

    @cached_property
    def _placings(self) -> dict[tuple[str, Stint], list[Assigned]]:
        found: dict[tuple[str, Stint], list[Assigned]] = {}
        for placing in self.scope.placings:
            stint = self.scope.demand.groups[placing.post.group].stints[placing.post.seat][placing.option]
            found.setdefault((placing.clinician, stint), []).append(placing)
        return found


def names_of(limit: WorkLimit) -> Names:
    """Give the names that a limit counts."""
    if limit.kind:
        return frozenset({limit.kind})
    return NIGHT if limit.name.startswith("nights") else ANY


def by_day(stints: Iterable[Stint]) -> Days:
    """Give stints by day, days in the order met."""
    found: dict[date, list[Stint]] = {}
    for stint in stints:
        found.setdefault(stint.on, []).append(stint)
    return {on: tuple(there) for on, there in found.items()}


def in_order(works: Iterable[Piece]) -> list[Piece]:
    """Give pieces of work in order of start."""
    return sorted(works, key=lambda work: work.start_at)


def monday(on: date) -> date:
    """Give the Monday of a day's week."""
    return on - timedelta(days=on.weekday())


def minutes_of(work: Stint | FixedDuty) -> int:
    """Give the length of a stretch of work in whole minutes."""
    return int((work.end_at - work.start_at).total_seconds()) // 60


def is_night(problem: Problem, work: Stint | FixedDuty) -> bool:
    """Tell whether work is night work: a stint by its half-day, a fixed duty by the clock where it takes place."""
    if isinstance(work, Stint):
        return work.half_day is HalfDay.NIGHT
    zone = ZoneInfo(problem.site[work.site].zone)
    start = datetime.combine(work.start_at.astimezone(zone).date(), datetime.min.time(), zone)
    midnights = (start, start + timedelta(days=1))
    small = timedelta(hours=SMALL_HOURS)
    return any(min(work.end_at, m + small) - max(work.start_at, m) >= LEAST_SMALL_HOURS for m in midnights)


def spans(problem: Problem, length: int) -> Iterable[tuple[date, ...]]:
    """Give the planned days in pieces of so many days."""
    return (problem.days[i : i + length] for i in range(0, len(problem.days), length))


def fixed_minutes(duties: Mapping[date, list[FixedDuty]], days: Iterable[date]) -> int:
    """Give the minutes of fixed duties on these days."""
    return sum(minutes_of(duty) for on in days for duty in duties.get(on, ()))
