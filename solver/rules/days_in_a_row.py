"""Days of work, nights and days off come in stretches as the contract says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from solver.bounds import Bound, Rule, Scope, Stretch
from solver.problem import Problem, WorkLimit
from solver.rule_parts.working_days import Work, names_of, working_days_of
from solver.terms import Facts, Term
from solver.text import N_, Fact, Message, say

NAMES = ("days_in_a_row", "nights_in_a_row", "days_off_in_a_row")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one person: what may be planned, as a term that is 1 or 0, and what fixed duties take."""

    first_on: date
    last_on: date
    terms: Mapping[date, Term]
    taken: Mapping[date, object]

    def bound(self, subject: tuple[object, ...], days: dict[date, int], high: int) -> Bound | None:
        """Bound a sum of signed days; None when it cannot be exceeded, or the empty plan would not keep it."""
        terms = tuple(
            (amount, self.terms[on]) for on, amount in days.items() if on in self.terms and on not in self.taken
        )
        left = high - sum(amount for on, amount in days.items() if on in self.taken)
        if left < 0 or sum(amount for amount, _ in terms if amount > 0) <= left:
            return None
        return Bound(subject, terms, high=left)


class DaysInARow(Rule):
    """Stretches of days, nights and days off are as long as the limits of each clinician say.

    Fixed duties count, also those before the first and after the last planned day.  A least length is not asked of
    stretches that touch either end of the planned weeks, where it is not known how long they are; with
    ``first_day_counts``, fixed duties say all that came before the first day.  Without fixed duties in the way, the
    empty plan keeps the rule; too long a time off is paid for and never forbidden.
    """

    id = "days_in_a_row"
    title = N_("Stretches of work, nights and days off are as long as the contract says")
    why = N_("Too many days or nights in a row tire, and a single day off is no rest.")
    source = N_("Contract")
    params = {"first_day_counts": 0}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "first_day_counts": N_("A stretch that begins on the first planned day began there (1), or may be older (0)"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give bounds over windows of days for each clinician with such a limit."""
        facts, work = working_days_of(problem), Work(problem, scope)
        for name in NAMES:
            for who, limits in facts.limits.get(name, {}).items():
                for number, limit in enumerate(limits):
                    if who not in scope.stints and (limit.high is None or name != NAMES[2]):
                        continue
                    calendar = _calendar(problem, work, who, limit)
                    ends = (limit.low or 0, limit.high)
                    for bound in self._stretches(calendar, (who, name, number), ends, is_off=name == NAMES[2]):
                        if bound is not None:
                            yield bound

    def _stretches(
        self, calendar: Calendar, subject: tuple[object, ...], ends: tuple[int, int | None], *, is_off: bool
    ) -> Iterator[Bound | None]:
        low, high = ends
        if high is not None:
            yield from self._too_long_off(calendar, subject, high) if is_off else _too_long(calendar, subject, high)
        if low > 1:
            first = calendar.first_on if self.number("first_day_counts") else calendar.first_on + timedelta(days=1)
            yield from _short_rest(calendar, subject, low) if is_off else _short_work(calendar, subject, low, first)

    def _too_long_off(self, calendar: Calendar, subject: tuple[object, ...], high: int) -> Iterator[Bound | None]:
        """At least one day of work lies in each window of one day more."""
        for start in _days(calendar.first_on, calendar.last_on - timedelta(days=high)):
            window = [start + timedelta(days=n) for n in range(high + 1)]
            if not any(on in calendar.taken for on in window):
                terms = tuple((1, calendar.terms[on]) for on in window if on in calendar.terms)
                yield Bound((*subject, "high", start), terms, low=1, cost=self.weight)

    def stretches(self, problem: Problem) -> Iterator[Stretch]:
        """Give the stretches of those without fixed duties, with which stretches would have to be joined."""
        facts = working_days_of(problem)
        rows, rests = (facts.limits.get(name, {}) for name in (NAMES[0], NAMES[2]))
        for who in dict.fromkeys((*rows, *rests)):
            if not (
                facts.duties.get(who)
                or self.number("first_day_counts")
                or any(x.kind for own in (rows, rests) for x in own.get(who, ()))
            ):
                most = min((limit.high for limit in rows.get(who, ()) if limit.high is not None), default=None)
                least, least_off = (max((x.low or 1 for x in own.get(who, ())), default=1) for own in (rows, rests))
                yield Stretch(who, most, least, least_off)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the first day of the stretch and the limit."""
        who, name, number, end, on, *_ = bound.subject
        person = problem.clinician[str(who)]
        limits = working_days_of(problem).limits[str(name)][person.id]
        limit = limits[int(str(number))]
        count = (limit.low if end == "low" else limit.high) or 0
        values: dict[str, Fact] = {"clinician": person.name, "date": date.fromisoformat(str(on)), "limit": count}
        if limit.kind and name != NAMES[2]:
            return say(KIND_TEXTS[str(end)], values, kind=limit.kind)
        return say(TEXTS[str(name), str(end)], values)


def _calendar(problem: Problem, work: Work, who: str, limit: WorkLimit) -> Calendar:
    names = names_of(limit)
    found = {on: work.present(who, stints, names) for on, stints in work.days(who).items()}
    terms = {on: term for on, term in found.items() if term is not None}
    return Calendar(problem.days[0], problem.days[-1], terms, work.facts.duties_of(who, names))


def _days(first_on: date, last_on: date) -> Iterator[date]:
    return (first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1))


def _too_long(calendar: Calendar, subject: tuple[object, ...], high: int) -> Iterator[Bound | None]:
    """Of each window of one day more than the limit, a day is free."""
    for start in _days(calendar.first_on - timedelta(days=high), calendar.last_on):
        window = {start + timedelta(days=n): 1 for n in range(high + 1)}
        yield calendar.bound((*subject, "high", start), window, high)


def _short_work(calendar: Calendar, subject: tuple[object, ...], low: int, first: date) -> Iterator[Bound | None]:
    """Work that begins on a day goes on for so many: w(d) - w(d-1) <= w(d+k)."""
    for start in _days(first, calendar.last_on):
        for ahead in range(1, low):
            later = start + timedelta(days=ahead)
            if later <= calendar.last_on:
                days = {start: 1, start - timedelta(days=1): -1, later: -1}
                yield calendar.bound((*subject, "low", start, ahead), days, 0)


def _short_rest(calendar: Calendar, subject: tuple[object, ...], low: int) -> Iterator[Bound | None]:
    """Rest that begins on a day goes on for so many: w(d-1) - w(d) + w(d+k) <= 1."""
    for start in _days(calendar.first_on - timedelta(days=low), calendar.last_on):
        for ahead in range(1, low):
            later = start + timedelta(days=ahead)
            if calendar.first_on <= later <= calendar.last_on:
                days = {start - timedelta(days=1): 1, start: -1, later: 1}
                yield calendar.bound((*subject, "low", start, ahead), days, 1)
            if later in calendar.taken:
                break  # a fixed duty ends the rest in any case


TEXTS = {
    ("days_in_a_row", "high"): N_("%(clinician)s would work more than %(limit)d days in a row from %(date)s."),
    ("days_in_a_row", "low"): N_("%(clinician)s would work fewer than %(limit)d days in a row from %(date)s."),
    ("nights_in_a_row", "high"): N_("%(clinician)s would work more than %(limit)d nights in a row from %(date)s."),
    ("nights_in_a_row", "low"): N_("%(clinician)s would work fewer than %(limit)d nights in a row from %(date)s."),
    ("days_off_in_a_row", "high"): N_(
        "%(clinician)s would be off for more than %(limit)d days in a row from %(date)s."
    ),
    ("days_off_in_a_row", "low"): N_(
        "%(clinician)s would be off for fewer than %(limit)d days in a row from %(date)s."
    ),
}
KIND_TEXTS = {
    "high": N_("%(clinician)s would have “%(kind)s” on more than %(limit)d days in a row from %(date)s."),
    "low": N_("%(clinician)s would have “%(kind)s” on fewer than %(limit)d days in a row from %(date)s."),
}
