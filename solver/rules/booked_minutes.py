"""The sessions booked with one person on a day fit into the minutes that the day has."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Ask, Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, Problem
from solver.terms import Facts, Present, Weighted, Works
from solver.text import N_, Message, say

LIMIT = "booked_minutes_per_day"


class BookedMinutes(Rule):
    """Sessions without an hour of their own, such as the cases of a list, are booked until the day is full.

    The minutes of a day without any booking count as used up: that says no more than the limit does, and binds
    the minutes to the question whether the day is used at all.
    """

    id = "booked_minutes"
    title = N_("What is booked with a person on a day fits into that day's minutes")
    why = N_("A list that is booked beyond its hours ends in overtime or in a patient sent home.")
    source = N_("Hours of theatres and surgeons as recorded")
    on = ("clinician", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with such a limit can be refused."""
        return any(limit.name == LIMIT for limit in clinician.limits) and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a session that is longer than its day."""
        limit, minutes = _limit(ask.clinician, ask.stint.on), _minutes(ask.stint)
        if limit is None or minutes <= limit:
            return None
        names = {"clinician": ask.clinician.name, "session": ask.session.title}
        return say(TOO_LONG, names, date=ask.stint.on, minutes=minutes, limit=limit)

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each person with a limit and each day."""
        for person in problem.clinicians:
            if self.regards(problem, person):
                yield from _days(person, (*scope.stints.get(person.id, ()), *scope.watches.get(person.id, ())))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the minutes booked and the limit."""
        who, on = bound.subject
        person, day = problem.clinician[str(who)], date.fromisoformat(str(on))
        limit = _limit(person, day) or 0
        minutes = limit + facts.total(bound.terms)
        return say(TOO_MUCH, clinician=person.name, date=day, minutes=minutes, limit=limit)


def _days(person: Clinician, stints: tuple[Stint, ...]) -> Iterator[Bound]:
    days: dict[date, list[Stint]] = {}
    for stint in stints:
        days.setdefault(stint.on, []).append(stint)
    for on, there in days.items():
        limit = _limit(person, on)
        if limit is not None:
            used = Present(person.id, tuple(there))
            yield Bound((person.id, on), (*_booked(person, there), (-limit, used)), high=0)


def _booked(person: Clinician, stints: list[Stint]) -> Weighted:
    alike: dict[int, list[Stint]] = {}
    for stint in stints:
        alike.setdefault(_minutes(stint), []).append(stint)
    return tuple((minutes, Works(person.id, tuple(same))) for minutes, same in alike.items())


def _limit(person: Clinician, on: date) -> int | None:
    """Give the limit of a day: the one that names it, or the one for all days."""
    own = [limit.high for limit in person.limits if limit.name == LIMIT and limit.on == on]
    usual = [limit.high for limit in person.limits if limit.name == LIMIT and limit.on is None]
    return min((high for high in own or usual if high is not None), default=None)


def _minutes(stint: Stint) -> int:
    return int((stint.end_at - stint.start_at).total_seconds()) // 60


TOO_LONG = N_(
    "“%(session)s” takes %(minutes)d minutes, and %(clinician)s has %(limit)d minutes to be booked on %(date)s."
)
TOO_MUCH = N_(
    "%(clinician)s would be booked beyond the day on %(date)s (minutes booked: %(minutes)d; minutes there are:"
    " %(limit)d)."
)
