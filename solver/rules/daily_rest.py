"""Between two working days lies the daily rest."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from solver.bounds import AppliesTo, Ask, Bound, ClashRule, Scope, clash_bound, close_pairs
from solver.demand import Stint, demand_of
from solver.problem import Clinician, FixedDuty, Problem
from solver.terms import Facts, Present
from solver.text import N_, Message, say

Spell = tuple[datetime, datetime]


class DailyRest(ClashRule):
    """Between the work of two days lies the daily rest, door to door where the contract says that travel counts.

    Self-employed clinicians are advised, not bound.  A spell is the time from the first start to the last end of
    one day.
    """

    id = "daily_rest"
    title = N_("Eleven hours of rest between two working days, twelve after a long spell in Belgium")
    why = N_("Travel home after an evening list eats the rest: where travel counts, rest is door to door.")
    source = "Directive 2003/88/EC art. 3; Belgian law of 12 Dec 2010 art. 5 par. 2; LU Code du travail; CSP R6152-27"
    source_ids = ("WTD-REST-11", "BE-REST-12", "FR-REST-11", "LU-WT", "WTD-TRAVEL")
    applies_to = AppliesTo(not_contracts=frozenset({"self-employed"}))
    params = {  # noqa: RUF012 - a mapping that is only read
        "rest_hours": 11,
        "rest_hours_LU": 11,
        "long_spell_hours": 0,
        "long_spell_hours_BE": 12,
        "long_spell_rest_hours": 11,
        "long_spell_rest_hours_BE": 12,
    }
    on = ("clinician", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with fixed duties can be refused."""
        return clinician.id in demand_of(problem).duties and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse an exclusive seat that leaves too little rest from or before a fixed duty of another day."""
        stint, person = ask.stint, ask.clinician
        if not stint.exclusive:
            return None
        for duty in demand_of(ask.problem).duties.get(person.id, ()):
            first, later = (duty, stint) if duty.start_at <= stint.start_at else (stint, duty)
            if not duty.exclusive or first.on == later.on or later.start_at < first.end_at:
                continue
            rest = _rest(ask.problem, person, first, later)
            need = self._need(ask.problem, person, first.end_at - first.start_at)
            if rest < need:
                hours = int(need.total_seconds()) // 3600
                return say(TOO_SHORT, clinician=person.name, date=later.on, hours=hours, rest=_minutes(rest))
        return None

    def reach(self, problem: Problem) -> timedelta:
        """The longest rest and the longest way home and out again."""
        hours = max(self.number(name) for name in self.params if "rest_hours" in name)
        return timedelta(hours=hours, minutes=2 * max((t.minutes for t in problem.travel), default=0))

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each pair, or each long spell and later stint, with too little rest between."""
        reach = self.reach(problem)
        for who, stints in scope.stints.items():
            person = problem.clinician[who]
            advice = not self.applies_to.person(problem, person)
            for first, later in close_pairs(stints, reach):
                if first.on == later.on or later.start_at < first.end_at:
                    continue
                rest = _rest(problem, person, first, later)
                if rest < self._need(problem, person, timedelta()):
                    bound = clash_bound(who, first, later)
                    yield Bound(bound.subject, bound.terms, high=1, advice=advice)
                else:
                    yield from self._after_long_spells(problem, person, stints, (first, later), advice)

    def _after_long_spells(
        self, problem: Problem, person: Clinician, stints: tuple[Stint, ...], pair: tuple[Stint, Stint], advice: bool
    ) -> Iterator[Bound]:
        last, later = pair
        rest = _rest(problem, person, last, later)
        for first in stints:
            if first.on != last.on or first.start_at > last.start_at or first.end_at > last.end_at:
                continue
            if rest < self._need(problem, person, last.end_at - first.start_at):
                members = (last, later) if first is last else (first, last, later)
                terms = tuple((1, Present(person.id, (stint,))) for stint in members)
                yield Bound((person.id, *members), terms, high=len(members) - 1, advice=advice)

    def _need(self, problem: Problem, person: Clinician, spell: timedelta) -> timedelta:
        country = problem.site[person.home_site].country
        long = self.number("long_spell_hours", country)
        usual = timedelta(hours=self.number("rest_hours", country))
        if not long or spell < timedelta(hours=long):
            return usual
        return max(usual, timedelta(hours=self.number("long_spell_rest_hours", country)))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day, the hours needed and the minutes left."""
        person = problem.clinician[str(bound.subject[0])]
        stints = [part for part in bound.subject if isinstance(part, Stint)]
        *_, last, later = stints
        spell = last.end_at - stints[0].start_at if len(stints) > 2 else last.end_at - last.start_at
        hours = int(self._need(problem, person, spell).total_seconds()) // 3600
        rest = _minutes(_rest(problem, person, last, later))
        return say(TOO_SHORT, clinician=person.name, date=later.on, hours=hours, rest=rest)


def _rest(problem: Problem, person: Clinician, first: Stint | FixedDuty, later: Stint | FixedDuty) -> timedelta:
    rest = later.start_at - first.end_at
    if person.travel_counts:
        ways = [problem.travel_minutes(person.home_site, work.site) for work in (first, later)]
        rest -= timedelta(minutes=sum(ways))
    return rest


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60


TOO_SHORT = N_("%(clinician)s would start on %(date)s after %(rest)d minutes of rest; %(hours)d hours are the least.")
