"""Each week has a rest of a day and a night."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, FixedDuty, Problem, Strength
from solver.rule_parts.once import once
from solver.rule_parts.working_days import working_days_of
from solver.rule_parts.working_time import EMPLOYED
from solver.terms import Facts, Present
from solver.text import N_, Fact, Message, say

DAY = timedelta(days=1)
MORNING = timedelta(hours=8)


class Week(NamedTuple):
    """A week from Monday to Monday by the clock of one place, and until when its rest can be seen to last."""

    on: date
    start_at: datetime
    end_at: datetime
    known_until: datetime


class WeeklyRest(Rule):
    """In each week begins a rest of so many hours without work that occupies the clinician; it may run past Sunday.

    Fixed duties count.  Of the day after the planned weeks nothing is known: there, rest lasts until the morning.
    Where fixed duties alone leave no such rest, nothing is forbidden.  In some countries a longer rest is asked for as
    a warning.
    """

    id = "weekly_rest"
    title = N_("Thirty-five hours of rest in one piece each week")
    why = N_("Eleven hours a day restore a night's sleep; only a free day restores the week.")
    source = N_("Directive 2003/88/EC art. 5; LU Code du travail")
    source_ids = ("WTD-WEEKREST", "LU-WT")
    applies_to = EMPLOYED
    params = {"rest_hours": 35, "wanted_hours": 0, "wanted_hours_LU": 44}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "rest_hours": N_("Rest in one piece each week, in hours"),
        "wanted_hours": N_("Longer rest whose lack is warned of, in hours (0: none)"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each week in which no piece of time is free of all that may be planned."""
        duties = working_days_of(problem).duties
        known: dict[object, list[frozenset[Stint]]] = {}
        for who, stints in scope.stints.items():
            person = problem.clinician[who]
            country = problem.site[person.home_site].country
            fixed = [duty for own in duties.get(who, {}).values() for duty in own]
            advice = not self.applies_to.person(problem, person)
            hours, wanted = self.number("rest_hours", country), self.number("wanted_hours", country)
            soft = self.weight if self.strength is Strength.BLOCK else None
            for length, cost in ((hours, None), *(((wanted, soft),) if wanted > hours else ())):
                for week in _weeks(problem, person):
                    alike = (week, length, stints, who if fixed else "")
                    if alike not in known:
                        known[alike] = _windows(week, stints, fixed, timedelta(hours=length))
                    windows = known[alike]
                    if windows:
                        terms = tuple((1, Present(who, tuple(sorted(w, key=_order)))) for w in windows)
                        subject = (who, week.on, length)
                        yield Bound(subject, terms, high=len(terms) - 1, cost=cost, advice=advice)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the week and the hours."""
        who, on, length = bound.subject
        values: dict[str, Fact] = {"date": date.fromisoformat(str(on)), "hours": int(str(length))}
        return say(NO_REST, values, clinician=problem.clinician[str(who)].name)


def _weeks(problem: Problem, person: Clinician) -> list[Week]:
    zone = problem.site[person.home_site].zone
    known: dict[str, list[Week]] = once(problem, "weeks_by_zone", lambda _: {})
    if zone not in known:
        mondays = [
            datetime.combine(on, datetime.min.time(), ZoneInfo(zone))
            for on in (*problem.days[::7], problem.days[-1] + DAY)
        ]
        last = mondays[-1] + MORNING
        known[zone] = [Week(a.date(), a, b, last) for a, b in pairwise(mondays)]
    return known[zone]


def _windows(
    week: Week, stints: tuple[Stint, ...], fixed: list[FixedDuty], length: timedelta
) -> list[frozenset[Stint]]:
    """Give what would fill each piece of time in which the rest could lie; nothing where it surely has a place.

    A rest that is free can begin as early as the week or the end of some work.
    """
    near = [s for s in stints if s.end_at > week.start_at and s.start_at < week.end_at + length]
    works: list[Stint | FixedDuty] = [*near, *fixed]
    if _has_rest(week, works, length):
        return []
    ends = (work.end_at for work in works if week.start_at <= work.end_at < week.end_at)
    found: dict[frozenset[Stint], None] = {}
    for start in sorted({week.start_at, *ends}, reverse=True):
        end = start + length
        if end <= week.known_until and not any(duty.start_at < end and start < duty.end_at for duty in fixed):
            within = frozenset(s for s in near if s.start_at < end and start < s.end_at)
            if not within:
                return []
            found[within] = None
    return [one for one in found if not any(other < one for other in found)]


def _has_rest(week: Week, works: list[Stint | FixedDuty], length: timedelta) -> bool:
    """Tell whether the rest has a place even if all of this is worked."""
    free = week.start_at
    for work in sorted(works, key=lambda w: w.start_at):
        if work.start_at >= free + length:
            break
        free = max(free, work.end_at)
    return free < week.end_at and free + length <= week.known_until


def _order(stint: Stint) -> tuple[datetime, int]:
    return stint.start_at, stint.index


NO_REST = N_("%(clinician)s would have no rest of %(hours)d h in one piece in the week of %(date)s.")
