"""Whoever works at night works eight hours a day on average."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import HalfDay, Problem, Strength
from solver.rule_parts.working_days import by_day, is_night, minutes_of, monday, working_days_of
from solver.rule_parts.working_time import EMPLOYED
from solver.terms import Facts, Works
from solver.text import N_, Message, say


class NightWork(Rule):
    """The hours of the nights of one week are no more than so many for each day of it that is not weekly rest."""

    id = "night_work"
    title = N_("Nights come to eight hours a day on average")
    why = N_("Nights on end are the surest way to errors at five in the morning.")
    source = N_("Directive 2003/88/EC art. 2, 8")
    source_ids = ("WTD-NIGHT",)
    strength = Strength.WARN
    applies_to = EMPLOYED
    params = {"hours": 8, "days": 6, "minute_cost": 10}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "hours": N_("Hours of night work for each day of a week"),
        "days": N_("Days of a week that are not weekly rest"),
        "minute_cost": N_("Cost of each minute beyond a limit, where that is not forbidden"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician and week with too many hours of nights within reach."""
        if not any(stint.half_day is HalfDay.NIGHT and stint.exclusive for stint in scope.demand.stints):
            return
        most = 60 * self.number("hours") * self.number("days")
        cost = None if self.strength is Strength.BLOCK else self.number("minute_cost")
        for who, stints in scope.stints.items():
            advice = not self.applies_to.person(problem, problem.clinician[who])
            weeks: dict[date, list[Stint]] = {}
            for stint in stints:
                if stint.half_day is HalfDay.NIGHT:
                    weeks.setdefault(monday(stint.on), []).append(stint)
            for first, nights in weeks.items():
                fixed = _fixed(problem, who, first)
                longest = sum(max(minutes_of(night) for night in own) for own in by_day(nights).values())
                if fixed + longest > most:
                    terms = tuple((minutes_of(night), Works(who, (night,))) for night in nights)
                    yield Bound((who, first), terms, high=max(0, most - fixed), cost=cost, advice=advice)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the week, the hours and the limit."""
        who, on = bound.subject
        limit = self.number("hours") * self.number("days")
        minutes = 60 * limit + facts.total(bound.terms) - (bound.high or 0)
        values = {"hours": minutes // 60, "minutes": minutes % 60, "limit": limit}
        return say(TOO_MANY, values, clinician=problem.clinician[str(who)].name, date=date.fromisoformat(str(on)))


def _fixed(problem: Problem, who: str, first: date) -> int:
    duties = working_days_of(problem).duties.get(who, {})
    own = [duty for on, found in duties.items() if monday(on) == first for duty in found]
    return sum(minutes_of(duty) for duty in own if is_night(problem, duty))


TOO_MANY = N_(
    "%(clinician)s would have %(hours)d h %(minutes)d min of night work in the week of %(date)s (at most %(limit)d h)."
)
