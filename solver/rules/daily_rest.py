"""Between two working days lies the daily rest."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, takewhile
from operator import attrgetter
from typing import NamedTuple

from solver.bounds import AppliesTo, Ask, Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, FixedDuty, Problem
from solver.rule_parts.once import once
from solver.rule_parts.working_days import Piece, in_order, working_days_of
from solver.terms import Facts, Present
from solver.text import N_, Message, say

DAY = timedelta(days=1)


class DailyRest(Rule):
    """Between the work of two days lies the daily rest, door to door where the contract says that travel counts.

    Self-employed clinicians are advised, not bound.  A spell is the time from the first start to the last end of
    one day, fixed duties included.
    """

    id = "daily_rest"
    title = N_("Eleven hours of rest between two working days, more after a long spell")
    why = N_("Travel home after an evening list eats the rest: where travel counts, rest is door to door.")
    source = N_(
        "Directive 2003/88/EC art. 3; Belgian law of 12 Dec 2010 art. 5 par. 2; LU Code du travail; CSP R6152-27"
    )
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
        "equal_rest_hours": 0,
        "equal_rest_hours_FR": 13,
    }
    labels = {  # noqa: RUF012 - a mapping that is only read
        "rest_hours": N_("Rest between two days, in hours"),
        "long_spell_hours": N_("A spell is long from so many hours on (0: never)"),
        "long_spell_rest_hours": N_("Rest after a long spell, in hours"),
        "equal_rest_hours": N_("After a spell of more hours, the rest is as long as the spell (0: never)"),
    }
    on = ("clinician", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with fixed duties can be refused."""
        return clinician.id in working_days_of(problem).duties and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse an exclusive seat that leaves too little rest from or before a fixed duty of another day."""
        stint, person = ask.stint, ask.clinician
        if not stint.exclusive:
            return None
        duties = [d for own in working_days_of(ask.problem).duties[person.id].values() for d in own]
        works = in_order((stint, *duties))
        for spell in self._too_short(ask.problem, person, works):
            if [work for work in spell if isinstance(work, Stint)] == [stint]:
                return self._said(ask.problem, person, spell)
        return None

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each pair, or each long spell and later stint, with too little rest between."""
        fixed = working_days_of(problem).duties
        for who, stints in scope.stints.items():
            person = problem.clinician[who]
            advice = not self.applies_to.person(problem, person)
            duties = [d for own in fixed.get(who, {}).values() for d in own]
            works = in_order((*stints, *duties)) if duties else stints
            for spell in self._too_short(problem, person, works):
                terms = tuple((1, Present(who, (work,))) for work in spell if isinstance(work, Stint))
                if len(terms) > 1:
                    yield Bound((who, *spell), terms, high=len(terms) - 1, advice=advice)

    def _too_short(self, problem: Problem, person: Clinician, works: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
        """Give each spell with the work that follows too soon: what begins the spell, what ends it, and the work."""
        needs = self._needs(problem, person)
        ways = once(problem, "longest_ways", _longest_ways) if person.travel_counts else timedelta()
        days: dict[date, list[Piece]] = {}
        for work in works:
            days.setdefault(work.on, []).append(work)
        following = 0
        for on, run in groupby(works, attrgetter("on")):
            own = list(run)
            following += len(own)
            end = max(work.end_at for work in own)
            longest = needs.after(end - days[on][0].start_at) + ways
            if following < len(works) and works[following].start_at < end + longest:
                for last in own:
                    yield from _close(problem, person, needs, last, days[on], works[following:])

    def _needs(self, problem: Problem, person: Clinician) -> "_Needs":
        country = problem.site[person.home_site].country
        names = ("rest_hours", "long_spell_hours", "long_spell_rest_hours", "equal_rest_hours")
        return _Needs(*(timedelta(hours=self.number(name, country)) for name in names))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day, the hours needed and the rest that is left."""
        spell = tuple(part for part in bound.subject if isinstance(part, Stint | FixedDuty))
        return self._said(problem, problem.clinician[str(bound.subject[0])], spell)

    def _said(self, problem: Problem, person: Clinician, spell: tuple[Piece, ...]) -> Message:
        *_, last, later = spell
        need = self._needs(problem, person).after(last.end_at - spell[0 if len(spell) > 2 else -2].start_at)
        rest = _span(_rest(problem, person, last, later))
        values = {"hours": int(need.total_seconds()) // 3600, "need_minutes": int(need.total_seconds()) // 60 % 60}
        if values["need_minutes"]:
            return say(TOO_SHORT_BY_MINUTES, rest | values, clinician=person.name, date=later.on)
        return say(TOO_SHORT, rest, clinician=person.name, date=later.on, hours=values["hours"])


class _Needs(NamedTuple):
    """The rest one person needs: usually, and after a spell that is long; 0 for a spell means never long.

    ``equal`` is the length from which a spell asks for a rest as long as itself, up to a day.
    """

    usual: timedelta
    spell: timedelta
    long: timedelta
    equal: timedelta

    def after(self, spell: timedelta) -> timedelta:
        need = max(self.usual, self.long) if self.spell and spell >= self.spell else self.usual
        return max(need, min(spell, DAY)) if self.equal and spell > self.equal else need


def _close(
    problem: Problem, person: Clinician, needs: _Needs, last: Piece, day: list[Piece], works: Sequence[Piece]
) -> Iterator[tuple[Piece, ...]]:
    """Give the spells of a day that end with a piece of work, each with work of other days that follows too soon."""
    ways = once(problem, "longest_ways", _longest_ways) if person.travel_counts else timedelta()
    home = once(problem, "ways_home", _ways_home)[person.home_site]
    begins = [w for w in day if w.start_at <= last.start_at and w.end_at <= last.end_at]
    most = needs.after(last.end_at - begins[0].start_at)
    reach = last.end_at + most + ways
    rested_at = last.end_at + home[last.site] if person.travel_counts else last.end_at
    for later in takewhile(lambda work: work.start_at < reach, works):
        if later.on != last.on and later.start_at >= last.end_at:
            rest = later.start_at - rested_at
            if person.travel_counts:
                rest -= home[later.site]
            if rest < needs.usual:
                yield last, later
            elif rest < most:
                spells = [w for w in begins if rest < needs.after(last.end_at - w.start_at)]
                yield from ((last, later) if w is last else (w, last, later) for w in spells)


def _ways_home(problem: Problem) -> dict[str, dict[str, timedelta]]:
    """Give the way between each home site and each site."""
    homes = dict.fromkeys(person.home_site for person in problem.clinicians)
    return {
        home: {site.id: timedelta(minutes=problem.travel_minutes(home, site.id)) for site in problem.sites}
        for home in homes
    }


def _longest_ways(problem: Problem) -> timedelta:
    return timedelta(minutes=2 * max((t.minutes for t in problem.travel), default=0))


def _rest(problem: Problem, person: Clinician, first: Piece, later: Piece) -> timedelta:
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
TOO_SHORT_BY_MINUTES = N_(
    "%(clinician)s would start on %(date)s after too short a rest: %(rest_hours)d h %(rest_minutes)d min instead of"
    " at least %(hours)d h %(need_minutes)d min, which is as long as the spell of work before."
)
