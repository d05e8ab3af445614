"""How much of a plan is a person's working time: work that occupies the person, and ways between places of work.

Two sites on one day cost the way between them; a site away from home costs the ways there and back, less the usual
way to work.  With both on one day, one way home falls away at each.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

from solver.bounds import AppliesTo, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, FixedDuty, Problem, Strength
from solver.rule_parts.once import once
from solver.rule_parts.working_days import by_day, minutes_of, monday, working_days_of
from solver.terms import Present, Works
from solver.text import N_

WEEK = timedelta(days=7)
EMPLOYED = AppliesTo(not_contracts=frozenset({"self-employed"}))
"""Working time is limited for whoever is employed; others are advised."""


class Time(NamedTuple):
    """Minutes of work: terms for what may be planned, what fixed duties take, and the most that both can come to.

    The most is that of plans in which nobody is in two places at once.
    """

    terms: tuple[tuple[int, Works | Present], ...]
    fixed: int
    most: int


Weeks = dict[date, Time]
"""Working time by Monday."""

MOST_KNOWN = 20_000
"""So many days are kept in mind."""


class TimeRule(Rule):
    """A rule about working time, with the settings of how ways count."""

    applies_to = EMPLOYED
    params = {"commute_minutes": 30, "count_ways": 1, "minute_cost": 10}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "commute_minutes": N_("Usual way to work, in minutes; more than that counts as working time"),
        "count_ways": N_("Ways between places of work count as working time (1: yes, 0: no)"),
        "minute_cost": N_("Cost of each minute beyond a limit, where that is not forbidden"),
    }

    def cost(self, *, blocks: bool = True) -> int | None:
        """Give the cost of a minute beyond a limit; None where it is forbidden."""
        return None if blocks and self.strength is Strength.BLOCK else self.number("minute_cost")

    def weeks(self, problem: Problem, scope: Scope) -> Iterator[tuple[Clinician, Weeks]]:
        """Give for each clinician the working time of each week with work; rules that count alike share it."""
        name = f"weeks {self.number('commute_minutes')} {self.number('count_ways')}"
        known: dict[str, tuple[tuple[Stint, ...], Weeks]] = once(problem, name, lambda _: {})
        for who, stints in scope.stints.items():
            person = problem.clinician[who]
            if who not in known or known[who][0] is not stints:
                weeks: dict[date, list[Time]] = {}
                for on, time in self.days(problem, person, stints):
                    weeks.setdefault(monday(on), []).append(time)
                known[who] = stints, {first: _added(times) for first, times in weeks.items()}
            yield person, known[who][1]

    def days(self, problem: Problem, person: Clinician, stints: Iterable[Stint]) -> Iterator[tuple[date, Time]]:
        """Give the working time of each day with work, or with a fixed duty."""
        duties, planned = working_days_of(problem).duties.get(person.id, {}), by_day(stints)
        for on in sorted({*planned, *duties}):
            yield on, self._day(problem, person, planned.get(on, ()), duties.get(on, ()))

    def _day(self, problem: Problem, person: Clinician, stints: tuple[Stint, ...], duties: Sequence[FixedDuty]) -> Time:
        """Give the working time of a day; people of one site with the same choices, and no duties, share the work."""
        if duties:
            return self._worked_out(problem, person, stints, duties)
        name = f"days {self.number('commute_minutes')} {self.number('count_ways')}"
        known: dict[tuple[str, tuple[Stint, ...]], Time] = once(problem, name, lambda _: {})
        key = person.home_site, stints
        if key not in known:
            if len(known) > MOST_KNOWN:
                known.clear()
            known[key] = self._worked_out(problem, person, stints, duties)
        time = known[key]
        terms = tuple((n, type(term)(person.id, term.stints)) for n, term in time.terms)
        return Time(terms, time.fixed, time.most)

    def _worked_out(
        self, problem: Problem, person: Clinician, stints: tuple[Stint, ...], duties: Iterable[FixedDuty]
    ) -> Time:
        lengths: dict[int, list[Stint]] = {}
        places: dict[str, list[Stint]] = {}
        for stint in stints:
            lengths.setdefault(minutes_of(stint), []).append(stint)
            places.setdefault(stint.site, []).append(stint)
        terms: list[tuple[int, Works | Present]] = [(n, Works(person.id, tuple(own))) for n, own in lengths.items()]
        fixed = sum(minutes_of(duty) for duty in duties)
        work = Time(tuple(terms), fixed, fixed + _busiest(problem, stints))
        if not self.number("count_ways"):
            return work
        taken = dict.fromkeys(duty.site for duty in duties)
        return _added((work, self._ways(problem, person, places, taken)))

    def _ways(
        self, problem: Problem, person: Clinician, places: dict[str, list[Stint]], taken: dict[str, None]
    ) -> Time:
        """Give the ways of a day; where a fixed duty is, the clinician is in any case."""
        sites = [*taken, *(site for site in places if site not in taken)]
        commute = self.number("commute_minutes")
        excess = {site: max(0, problem.travel_minutes(person.home_site, site) - commute) for site in sites}
        terms: list[tuple[int, Present]] = []
        fixed = most = 0
        for site in sites:
            if site in taken:
                fixed += 2 * excess[site]
            elif excess[site]:
                terms.append((2 * excess[site], Present(person.id, tuple(places[site]))))
                most += 2 * excess[site]
        for one, other in combinations(sites, 2):
            minutes = problem.travel_minutes(one, other) - excess[one] - excess[other]
            if other in taken:
                fixed += minutes
                continue
            most += max(0, minutes)
            if one in taken:
                terms.append((minutes, Present(person.id, tuple(places[other]))))
            else:
                terms += _both(minutes, person.id, tuple(places[one]), tuple(places[other]))
        return Time(tuple(term for term in terms if term[0]), fixed, fixed + most)


def _both(amount: int, who: str, one: tuple[Stint, ...], other: tuple[Stint, ...]) -> Iterator[tuple[int, Present]]:
    """Give terms that add an amount where the clinician is present at both: a + b - (a or b)."""
    yield amount, Present(who, one)
    yield amount, Present(who, other)
    yield -amount, Present(who, one + other)


def _busiest(problem: Problem, stints: tuple[Stint, ...]) -> int:
    """Give the most minutes of some of these stints, given in order of start, of which no two overlap."""
    known: dict[tuple[Stint, ...], int] = once(problem, "busiest", lambda _: {})
    found = known.get(stints)
    if found is None:
        if len(known) > MOST_KNOWN:
            known.clear()
        best = [0] * (len(stints) + 1)
        for i in range(len(stints) - 1, -1, -1):
            after = next((j for j in range(i + 1, len(stints)) if stints[j].start_at >= stints[i].end_at), len(stints))
            best[i] = max(best[i + 1], minutes_of(stints[i]) + best[after])
        found = known[stints] = best[0]
    return found


def _added(times: Iterable[Time]) -> Time:
    kept = list(times)
    terms = tuple(term for time in kept for term in time.terms)
    return Time(terms, sum(time.fixed for time in kept), sum(time.most for time in kept))
