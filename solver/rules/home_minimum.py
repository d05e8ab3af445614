"""Enough clinicians stay at home."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint, demand_of
from solver.problem import Clinician, HomeMinimum, Problem, Site
from solver.rule_parts.once import once
from solver.terms import Facts, Present
from solver.text import N_, Message, say

WORKING = {"morning": (time(8), time(12)), "afternoon": (time(13, 30), time(17, 30))}
"""The half-days on which a home service works, Monday to Friday, and when by its own clock."""

FRIDAY = 5
"""ISO number of the last working weekday."""


class HomeMinimumRule(Rule):
    """Nobody goes away when too few of the specialty would be left at home, absences and fixed duties counted.

    A team is everyone of the organisation with the specialty.  Away is who works, or has a fixed duty, for another
    organisation at any time of the half-day.  Where absences alone leave too few, nobody goes; staying is enough.
    Days before the day of the question are past and not asked about.

    A minimum recorded for an organisation and a specialty goes before ``people_at_home``, which holds for each other
    specialty in which an agreement lets people of the organisation visit.
    """

    id = "home_minimum"
    title = N_("The home service keeps its minimum while colleagues are away")
    why = N_("A cooperation that empties the consultations at home loses its friends there.")
    source = N_("Minimum of the home service as recorded by the hospital")
    source_ids = ("HOME-PROTECT",)
    params = {"people_at_home": 0}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "people_at_home": N_("Clinicians who stay at home in each specialty that sends visitors (0: only as recorded)"),
    }

    def is_joint(self, problem: Problem) -> bool:
        """Colleagues who are away count."""
        return bool(self.minimums(problem))

    def minimums(self, problem: Problem) -> tuple[HomeMinimum, ...]:
        """Give the minimums that are recorded, then those that hold because a specialty sends visitors."""
        return _minimums(problem, self.number("people_at_home"))

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each minimum and working half-day at which somebody may go away."""
        number = self.number("people_at_home")
        for minimum, guards in once(problem, f"home_minimums_{number}", lambda facts: _guards(facts, number)):
            for guard in guards:
                terms = tuple(
                    (1, Present(who, there))
                    for who in guard.free
                    for there in [_away(problem, scope.stints.get(who, ()), who, guard)]
                    if there
                )
                if len(terms) > guard.high:
                    yield Bound((minimum, guard), terms, high=guard.high)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the site, the specialty, the day and the numbers."""
        minimum, guard = bound.subject
        assert isinstance(minimum, HomeMinimum)  # noqa: S101
        assert isinstance(guard, _Guard)  # noqa: S101
        names = {"site": problem.site[minimum.site].name, "specialty": minimum.specialty}
        left = len(guard.free) - facts.total(bound.terms)
        return say(TOO_FEW, names, date=guard.on, count=left, limit=minimum.clinicians)


class _Guard(NamedTuple):
    """One half-day of a minimum: who of the team is there, and how many of them may go."""

    on: date
    start_at: datetime
    end_at: datetime
    free: tuple[str, ...]
    high: int


def _minimums(problem: Problem, number: int) -> tuple[HomeMinimum, ...]:
    recorded = {(problem.site[one.site].organisation, one.specialty) for one in problem.home_minimums}
    more: dict[tuple[str, str], HomeMinimum] = {}
    for agreement in problem.agreements if number else ():
        visiting = {line.specialty for line in agreement.lines}
        for enrolment in agreement.enrolments:
            person = problem.clinician[enrolment.clinician]
            organisation = problem.organisation_of(person.id)
            for specialty in sorted(visiting & person.specialties):
                if (organisation, specialty) not in recorded:
                    implied = HomeMinimum(person.home_site, specialty, number)
                    more.setdefault((organisation, specialty), implied)
    return (*problem.home_minimums, *more.values())


def _guards(problem: Problem, number: int) -> tuple[tuple[HomeMinimum, tuple[_Guard, ...]], ...]:
    return tuple((one, tuple(_guards_of(problem, one))) for one in _minimums(problem, number))


def _guards_of(problem: Problem, minimum: HomeMinimum) -> Iterator[_Guard]:
    site = problem.site[minimum.site]
    team = [
        person
        for person in problem.clinicians
        if minimum.specialty in person.specialties and problem.organisation_of(person.id) == site.organisation
    ]
    for on in problem.days:
        if problem.today is not None and on < problem.today:
            continue
        if on.isoweekday() <= FRIDAY and on not in site.holidays and on not in site.closed_on:
            for start, end in (_clock(site, on, spell) for spell in WORKING.values()):
                free = tuple(person.id for person in team if _is_free(problem, person, start, end))
                yield _Guard(on, start, end, free, max(0, len(free) - minimum.clinicians))


def _clock(site: Site, on: date, spell: tuple[time, time]) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(on, clock, ZoneInfo(site.zone)) for clock in spell)
    return start, end


def _is_free(problem: Problem, person: Clinician, start: datetime, end: datetime) -> bool:
    """Tell whether somebody is neither absent nor on a fixed duty for another organisation."""
    demand = demand_of(problem)
    absent = any(a.start_at < end and start < a.end_at for a in demand.absences.get(person.id, ()))
    return not absent and not any(
        duty.start_at < end and start < duty.end_at and duty.exclusive and problem.is_visitor(person.id, duty.site)
        for duty in demand.duties.get(person.id, ())
    )


def _away(problem: Problem, stints: tuple[Stint, ...], who: str, guard: _Guard) -> tuple[Stint, ...]:
    return tuple(
        stint
        for stint in stints
        if stint.start_at < guard.end_at and guard.start_at < stint.end_at and problem.is_visitor(who, stint.site)
    )


TOO_FEW = N_(
    "Too few clinicians of %(specialty)s would stay at %(site)s at a half-day of %(date)s: %(count)d (at least"
    " %(limit)d)."
)
