"""A declaration of temporary service is for occasional visits."""

from collections.abc import Iterator
from datetime import date, timedelta

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, Problem, Strength
from solver.rule_parts.once import once
from solver.terms import Facts, Present
from solver.text import N_, Message, say

WINDOW = timedelta(weeks=13)
"""Stretch of time over which visits are counted."""

FULL = "registration"
"""Kind of paper that any number of visits may rest on."""


class RegularVisits(Rule):
    """In 13 weeks, so many days of visits to a country at most rest on a declaration alone.

    Weeks are counted back from the last planned one, so that a visit counts once; earlier weeks count as recorded.
    A day on which a full registration is valid does not count.
    """

    id = "regular_visits"
    title = N_("Regular visits rest on a full registration, not on a declaration")
    why = N_("Who comes every week no longer serves occasionally, and the declaration no longer protects.")
    source = N_("Directive 2005/36/EC art. 5(2); CSP R4112-9")
    source_ids = ("CRED-REGULAR",)
    strength = Strength.WARN
    params = {"visits": 4}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "visits": N_("Days of visits in 13 weeks that are still occasional"),
    }
    unit = N_("day of visiting beyond what is occasional")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician with a declaration, country and window."""
        for who, countries in once(problem, "declared", _declared).items():
            person = problem.clinician[who]
            if who in scope.stints and self.applies_to.person(problem, person):
                for country in countries:
                    yield from self._of_country(problem, scope, person, country)

    def _of_country(self, problem: Problem, scope: Scope, person: Clinician, country: str) -> Iterator[Bound]:
        days: dict[date, list[Stint]] = {}
        for stint in scope.stints.get(person.id, ()):
            if problem.site[stint.site].country == country and _only_declared(person, country, stint.on):
                days.setdefault(stint.on, []).append(stint)
        for first_on, until in _windows(problem):
            gone = {
                duty.on
                for duty in scope.demand.duties.get(person.id, ())
                if duty.exclusive and problem.site[duty.site].country == country
                if max(first_on, problem.first_on) <= duty.on < until and _only_declared(person, country, duty.on)
            }
            free = [on for on in days if first_on <= on < until and on not in gone]
            before = len(gone) + _past(problem, person, country, first_on)
            high = max(0, self.number("visits") - before)
            if len(free) > high:
                terms = tuple((1, Present(person.id, tuple(days[on]))) for on in free)
                yield Bound((person.id, country, before), terms, high=high)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the country, the days of visits and how many are occasional."""
        who, country, before = bound.subject
        count = int(str(before)) + facts.total(bound.terms)
        names = {"clinician": problem.clinician[str(who)].name, "country": str(country)}
        return say(TOO_REGULAR, names, count=count, limit=self.number("visits"))


def _declared(problem: Problem) -> dict[str, list[str]]:
    """Give the foreign countries for which clinicians have declarations."""
    found: dict[str, list[str]] = {}
    for person in problem.clinicians:
        countries = {c for paper in person.registrations if paper.kind != FULL for c in paper.countries}
        abroad = sorted(countries - {problem.site[person.home_site].country})
        if abroad:
            found[person.id] = abroad
    return found


def _only_declared(person: Clinician, country: str, on: date) -> bool:
    kinds = {paper.kind for paper in person.registrations if paper.covers(country, on)}
    return bool(kinds) and FULL not in kinds


def _windows(problem: Problem) -> Iterator[tuple[date, date]]:
    until = problem.first_on + timedelta(weeks=problem.weeks)
    while until > problem.first_on:
        yield until - WINDOW, until
        until -= WINDOW


def _past(problem: Problem, person: Clinician, country: str, first_on: date) -> int:
    return sum(
        count
        for week in problem.past_weeks
        if week.clinician == person.id and week.first_on >= first_on
        for where, count in week.visits
        if where == country
    )


TOO_REGULAR = N_(
    "%(clinician)s would visit %(country)s on more days in 13 weeks than a declaration of temporary service is for:"
    " %(count)d (at most %(limit)d)."
)
