"""Hours, sessions, nights and weekends stay within the limits of each clinician's own contract."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem, Strength, WorkLimit
from solver.rule_parts.working_days import Days, Work, fixed_minutes, minutes_of, names_of, spans, working_days_of
from solver.terms import Facts, Present, Term, Weighted, Works
from solver.text import N_, Fact, Message, say

SPANS = {"minutes_per_week": 7, "minutes_per_day": 1}
"""Days that a limit holds for, where it does not hold for all planned days together."""
NAMES = ("minutes", *SPANS, "sessions", "nights", "weekends")


class Sum(NamedTuple):
    """What a limit counts: terms, and what fixed duties add."""

    terms: Weighted
    fixed: int


class WorkLimits(Rule):
    """Counts of work that occupies a clinician lie between the ends of the limits in the contract.

    Fixed duties in the planned weeks count.  More than the high end is never planned.  Less than the low end is paid
    for, since the empty plan must be lawful; with ``lows_block`` it is forbidden all the same.
    """

    id = "work_limits"
    title = N_("Hours, sessions, nights and weekends stay within the limits of each contract")
    why = N_("A contract that is kept on paper only costs the clinician in the end.")
    source = N_("Contract")
    params = {"lows_block": 0, "minute_cost": 10}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "lows_block": N_("Less than the contract asks for is forbidden (1) or paid for (0)"),
        "minute_cost": N_("Cost of each minute beyond a limit, where that is not forbidden"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each end of each limit, for each week or day where the limit says so."""
        facts, work = working_days_of(problem), Work(problem, scope)
        for name in NAMES:
            for who, limits in facts.limits.get(name, {}).items():
                for number, limit in enumerate(limits):
                    if limit.low or who in scope.stints:
                        for days in spans(problem, SPANS.get(name, len(problem.days))):
                            found = _sum(work, who, limit, days)
                            yield from self._ends((who, name, number, days[0]), limit, found)

    def _ends(self, subject: tuple[object, ...], limit: WorkLimit, found: Sum) -> Iterator[Bound]:
        in_minutes = limit.name.startswith("minutes")
        price = self.number("minute_cost") if in_minutes else self.weight
        if limit.high is not None and found.terms:
            cost = price if in_minutes and self.strength is not Strength.BLOCK else None
            yield Bound((*subject, "high"), found.terms, high=max(0, limit.high - found.fixed), cost=cost)
        if limit.low is not None and limit.low > found.fixed:
            cost = None if self.number("lows_block") and self.strength is Strength.BLOCK else price
            yield Bound((*subject, "low"), found.terms, low=limit.low - found.fixed, cost=cost)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, what is counted, how much there is and the limit."""
        who, name, number, on, end = bound.subject
        person = problem.clinician[str(who)]
        limit = working_days_of(problem).limits[str(name)][person.id][int(str(number))]
        edge = (limit.low if end == "low" else limit.high) or 0
        count = edge + facts.total(bound.terms) - ((bound.low if end == "low" else bound.high) or 0)
        values: dict[str, Fact] = {"clinician": person.name, "count": count, "limit": edge}
        if limit.kind and name in ("sessions", "nights"):
            return say(KIND_TEXTS[str(end)], values, kind=limit.kind)
        dated: dict[str, Fact] = {"date": date.fromisoformat(str(on))} if name in SPANS else {}
        return say(TEXTS[str(name), str(end)], {**values, **dated})


def _sum(work: Work, who: str, limit: WorkLimit, days: tuple[date, ...]) -> Sum:
    names, mine = names_of(limit), work.days(who)
    within: Days = {on: mine[on] for on in days if on in mine}
    duties = work.facts.duties_of(who, names)
    match limit.name:
        case "sessions":
            return _sessions(work, who, limit, within)
        case "nights":
            found = [work.present(who, within[on], names) for on in within if on not in duties]
            return Sum(tuple((1, term) for term in found if term), sum(on in duties for on in days))
        case "weekends":
            return _weekends(work, who, days, within)
        case _:
            return Sum(_minutes(who, within), fixed_minutes(duties, days))


def _minutes(who: str, days: Days) -> Weighted:
    found: list[tuple[int, Works]] = []
    for stints in days.values():
        for minutes in dict.fromkeys(minutes_of(stint) for stint in stints):
            found.append((minutes, Works(who, tuple(s for s in stints if minutes_of(s) == minutes))))
    return tuple(found)


def _sessions(work: Work, who: str, limit: WorkLimit, days: Days) -> Sum:
    """Count seats of the kind or, without a kind, what counts as a session."""
    names = names_of(limit)
    terms: list[tuple[int, Term]] = []
    for stints in days.values():
        terms += work.count(who, [s for s in stints if limit.kind or s.counts], names)
    planned = set(work.facts.problem.days)
    duties = [d for on, own in work.facts.duties_of(who, names).items() for d in own if on in planned]
    return Sum(tuple(terms), sum(bool(limit.kind) or duty.counts_as_session for duty in duties))


def _weekends(work: Work, who: str, days: tuple[date, ...], within: Days) -> Sum:
    duties = work.facts.duties_of(who)
    terms: list[tuple[int, Term]] = []
    fixed = 0
    for pair in zip(days[5::7], days[6::7], strict=True):
        stints = [stint for on in pair for stint in within.get(on, ())]
        if any(on in duties for on in pair):
            fixed += 1
        elif stints:
            terms.append((1, Present(who, tuple(stints))))
    return Sum(tuple(terms), fixed)


TEXTS = {
    ("minutes", "high"): N_(
        "%(clinician)s would work more than the contract allows: %(count)d minutes (at most %(limit)d)."
    ),
    ("minutes", "low"): N_(
        "%(clinician)s would work less than the contract asks for: %(count)d minutes (at least %(limit)d)."
    ),
    ("minutes_per_week", "high"): N_(
        "%(clinician)s would work more in the week of %(date)s than the contract allows: %(count)d minutes"
        " (at most %(limit)d)."
    ),
    ("minutes_per_week", "low"): N_(
        "%(clinician)s would work less in the week of %(date)s than the contract asks for: %(count)d minutes"
        " (at least %(limit)d)."
    ),
    ("minutes_per_day", "high"): N_(
        "%(clinician)s would work more on %(date)s than the contract allows: %(count)d minutes (at most %(limit)d)."
    ),
    ("minutes_per_day", "low"): N_(
        "%(clinician)s would work less on %(date)s than the contract asks for: %(count)d minutes (at least %(limit)d)."
    ),
    ("sessions", "high"): N_(
        "%(clinician)s would have more sessions than the contract allows: %(count)d (at most %(limit)d)."
    ),
    ("sessions", "low"): N_(
        "%(clinician)s would have fewer sessions than the contract asks for: %(count)d (at least %(limit)d)."
    ),
    ("nights", "high"): N_(
        "%(clinician)s would have more nights than the contract allows: %(count)d (at most %(limit)d)."
    ),
    ("nights", "low"): N_(
        "%(clinician)s would have fewer nights than the contract asks for: %(count)d (at least %(limit)d)."
    ),
    ("weekends", "high"): N_(
        "%(clinician)s would work on more weekends than the contract allows: %(count)d (at most %(limit)d)."
    ),
    ("weekends", "low"): N_(
        "%(clinician)s would work on fewer weekends than the contract asks for: %(count)d (at least %(limit)d)."
    ),
}
KIND_TEXTS = {
    "high": N_(
        "%(clinician)s would have “%(kind)s” more often than the contract allows: %(count)d (at most %(limit)d)."
    ),
    "low": N_(
        "%(clinician)s would have “%(kind)s” less often than the contract asks for: %(count)d (at least %(limit)d)."
    ),
}
