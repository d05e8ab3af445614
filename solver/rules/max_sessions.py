"""Nobody works more sessions than the contract allows."""

from collections.abc import Iterator
from datetime import date, timedelta

from solver.bounds import Bound, Rule, Scope
from solver.demand import Demand, Stint
from solver.problem import Clinician, Problem
from solver.terms import Facts, Present, Term, Weighted, Works
from solver.text import N_, Message, say


class MaxSessions(Rule):
    """Sessions a day, sessions a week and days abroad a week stay within the contract, fixed duties included."""

    id = "max_sessions"
    title = N_("Sessions a day and a week, and days abroad, stay within the contract")
    why = N_("The sessions of all sites add up in one person's week.")
    source = N_("CSP R6152-27, R6152-407 (half-days a week); contract")
    source_ids = ("FR-10HD",)

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give for each clinician one bound a day and two a week."""
        for who, stints in scope.stints.items():
            person = problem.clinician[who]
            days: dict[date, list[Stint]] = {}
            for stint in stints:
                days.setdefault(stint.on, []).append(stint)
            for on, found in days.items():
                counted = tuple(stint for stint in found if stint.counts)
                limit = person.max_sessions_per_day - _duties(scope.demand, who, on)
                yield from _bound((who, "day", on), ((1, Works(who, counted)),), limit)
            weeks: dict[date, dict[date, list[Stint]]] = {}
            for on, found in days.items():
                weeks.setdefault(_monday(on), {})[on] = found
            for monday in sorted(weeks):
                yield from _week(problem, scope, person, monday, weeks[monday])

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the number planned and the limit."""
        who, span, first_on = bound.subject
        person = problem.clinician[str(who)]
        text, limit = {
            "day": (TOO_MANY_A_DAY, person.max_sessions_per_day),
            "week": (TOO_MANY_A_WEEK, person.max_sessions_per_week),
        }.get(str(span), (TOO_MANY_ABROAD, person.max_days_abroad_per_week))
        count = limit + facts.total(bound.terms) - (bound.high or 0)
        on = date.fromisoformat(str(first_on))
        return say(text, clinician=person.name, date=on, count=count, limit=limit)


def _week(
    problem: Problem, scope: Scope, person: Clinician, monday: date, days: dict[date, list[Stint]]
) -> Iterator[Bound]:
    who = person.id
    duties = [duty for duty in scope.demand.duties.get(who, ()) if _monday(duty.on) == monday]
    counted = tuple((1, Works(who, tuple(s for s in found if s.counts))) for found in days.values())
    limit = person.max_sessions_per_week - sum(duty.counts_as_session for duty in duties)
    yield from _bound((who, "week", monday), counted, limit)
    gone = {duty.on for duty in duties if problem.is_abroad(who, duty.site)}
    abroad = tuple(
        (1, Present(who, tuple(s for s in found if problem.is_abroad(who, s.site))))
        for on, found in days.items()
        if on not in gone
    )
    yield from _bound((who, "abroad", monday), abroad, person.max_days_abroad_per_week - len(gone))


def _bound(subject: tuple[object, ...], terms: Weighted, limit: int) -> Iterator[Bound]:
    kept = tuple((amount, term) for amount, term in terms if _stints(term))
    if kept:
        yield Bound(subject, kept, high=max(0, limit))


def _stints(term: Term) -> tuple[Stint, ...]:
    return term.stints if isinstance(term, Works | Present) else ()


def _duties(demand: Demand, who: str, on: date) -> int:
    return sum(duty.counts_as_session for duty in demand.duties.get(who, ()) if duty.on == on)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


TOO_MANY_A_DAY = N_(
    "%(clinician)s would have more sessions on %(date)s than the contract allows: %(count)d (at most %(limit)d a day)."
)
TOO_MANY_A_WEEK = N_(
    "%(clinician)s would have more sessions in the week of %(date)s than the contract allows: %(count)d"
    " (at most %(limit)d)."
)
TOO_MANY_ABROAD = N_(
    "%(clinician)s would be abroad on more days in the week of %(date)s than the contract allows: %(count)d"
    " (at most %(limit)d)."
)
