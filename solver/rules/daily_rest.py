"""Between two working days lies the daily rest."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from solver.bounds import AppliesTo, Ask, Bound, Rule, Scope, clash_bound, close_pairs
from solver.demand import Stint, demand_of
from solver.problem import Clinician, FixedDuty, Problem
from solver.terms import Facts, Present
from solver.text import N_, Message, say


class DailyRest(Rule):
    """Between the work of two days lies the daily rest, door to door where the contract says that travel counts.

    Self-employed clinicians are advised, not bound.  A spell is the time from the first start to the last end of
    one day.
    """

    id = "daily_rest"
    title = N_("Eleven hours of rest between two working days, twelve after a long spell in Belgium")
    why = N_("Travel home after an evening list eats the rest: where travel counts, rest is door to door.")
    source = "Directive 2003/88/EC art. 3; Belgian law of 12 Dec 2010 art. 5 par. 2; LU Code du travail; CSP R6152-27"
    source_ids = ("WTD-REST-11", "BE-REST-12", "FR-REST-11", "LU-WT", "WTD-TRAVEL")
    by_place = True
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
            need = self._needs(ask.problem, person).after(first.end_at - first.start_at)
            if rest < need:
                hours = int(need.total_seconds()) // 3600
                return say(TOO_SHORT, _span(rest), clinician=person.name, date=later.on, hours=hours)
        return None

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each pair, or each long spell and later stint, with too little rest between."""
        ways = timedelta(minutes=2 * max((t.minutes for t in problem.travel), default=0))
        for who, stints in scope.stints.items():
            person = problem.clinician[who]
            advice = not self.applies_to.person(problem, person)
            needs = self._needs(problem, person)
            for first, later in close_pairs(stints, needs.most + ways):
                if first.on == later.on or later.start_at < first.end_at:
                    continue
                rest = _rest(problem, person, first, later)
                if rest < needs.usual:
                    bound = clash_bound(who, first, later)
                    yield Bound(bound.subject, bound.terms, high=1, advice=advice)
                elif rest < needs.most:
                    for spell in _spells(stints, first):
                        if rest < needs.after(first.end_at - spell[0].start_at):
                            yield _after_spell(who, spell, later, advice=advice)

    def _needs(self, problem: Problem, person: Clinician) -> "_Needs":
        country = problem.site[person.home_site].country
        names = ("rest_hours", "long_spell_hours", "long_spell_rest_hours")
        return _Needs(*(timedelta(hours=self.number(name, country)) for name in names))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day, the hours needed and the rest that is left."""
        person = problem.clinician[str(bound.subject[0])]
        stints = [part for part in bound.subject if isinstance(part, Stint)]
        *_, last, later = stints
        spell = last.end_at - stints[0].start_at if len(stints) > 2 else last.end_at - last.start_at
        hours = int(self._needs(problem, person).after(spell).total_seconds()) // 3600
        rest = _span(_rest(problem, person, last, later))
        return say(TOO_SHORT, rest, clinician=person.name, date=later.on, hours=hours)


class _Needs(NamedTuple):
    """The rest one person needs: usually, and after a spell that is long; 0 for a spell means never long."""

    usual: timedelta
    spell: timedelta
    long: timedelta

    @property
    def most(self) -> timedelta:
        return max(self.usual, self.long) if self.spell else self.usual

    def after(self, spell: timedelta) -> timedelta:
        return self.most if self.spell and spell >= self.spell else self.usual


def _spells(stints: tuple[Stint, ...], last: Stint) -> Iterator[tuple[Stint, ...]]:
    """Give the spells of a day that end with this stint: alone, or begun by another."""
    for first in stints:
        if first is last:
            yield (last,)
        elif first.on == last.on and first.start_at <= last.start_at and first.end_at <= last.end_at:
            yield first, last


def _after_spell(who: str, spell: tuple[Stint, ...], later: Stint, *, advice: bool) -> Bound:
    members = (*spell, later)
    terms = tuple((1, Present(who, (stint,))) for stint in members)
    return Bound((who, *members), terms, high=len(members) - 1, advice=advice)


def _rest(problem: Problem, person: Clinician, first: Stint | FixedDuty, later: Stint | FixedDuty) -> timedelta:
    rest = later.start_at - first.end_at
    if person.travel_counts:
        ways = [problem.travel_minutes(person.home_site, work.site) for work in (first, later)]
        rest -= timedelta(minutes=sum(ways))
    return rest


def _span(rest: timedelta) -> dict[str, int]:
    """Give hours and minutes of a rest; the ways can take more than all of it."""
    hours, minutes = divmod(max(0, int(rest.total_seconds()) // 60), 60)
    return {"rest_hours": hours, "rest_minutes": minutes}


TOO_SHORT = N_(
    "%(clinician)s would start on %(date)s after too short a rest: %(rest_hours)d h %(rest_minutes)d min instead of"
    " at least %(hours)d h."
)
