"""Nobody works for more organisations than the contract allows."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, Problem
from solver.terms import Facts, Present, Works
from solver.text import N_, Message, say


class FewOrganisations(Rule):
    """A limit on ``organisations`` counts those of fixed duties and those of planned work, each once.

    With ``days_off_count`` a free day counts like one more organisation, if anyone can be planned on that day.
    """

    id = "few_organisations"
    title = N_("Nobody works for more organisations than the contract allows")
    why = N_("Each further house means other people, other systems and other ways of working.")
    source = N_("Contract")
    params = {"days_off_count": 0}  # noqa: RUF012 - a mapping that is only read
    labels = {"days_off_count": N_("A day off counts like one more organisation (1: yes, 0: no)")}  # noqa: RUF012

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give bounds for each clinician with such a limit."""
        for person in problem.clinicians:
            limit = limit_of(person)
            if limit is not None and self.applies_to.person(problem, person):
                yield from self._limited(problem, scope, person, limit)

    def _limited(self, problem: Problem, scope: Scope, person: Clinician, limit: int) -> Iterator[Bound]:
        known = _known(problem, scope, person)
        new = _places(problem, scope, person, known)
        left = max(0, limit - len(known))
        terms = tuple((1, Present(person.id, stints)) for stints in new.values())
        if left == 0:
            # One bound a stint says the same, and shuts these places before anything is searched.
            for stint in (stint for stints in new.values() for stint in stints):
                yield Bound((person.id, stint), ((1, Works(person.id, (stint,))),), high=0)
        elif not self.number("days_off_count"):
            yield Bound((person.id,), terms, high=left)
        else:
            days: dict[date, list[Stint]] = {on: [] for on in _days(problem)}
            for stint in (*scope.stints.get(person.id, ()), *scope.watches.get(person.id, ())):
                days[stint.on].append(stint)
            for on, there in days.items():
                yield Bound((person.id, on), (*terms, (-1, Present(person.id, tuple(there)))), high=left - 1)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person and the limit."""
        person = problem.clinician[str(bound.subject[0])]
        return say(TOO_MANY, clinician=person.name, limit=limit_of(person) or 0)


def limit_of(person: Clinician) -> int | None:
    """Give the most organisations that someone may work for; None without a limit."""
    return min((x.high for x in person.limits if x.name == "organisations" and x.high is not None), default=None)


def _known(problem: Problem, scope: Scope, person: Clinician) -> frozenset[str]:
    return frozenset(problem.site[duty.site].organisation for duty in scope.demand.duties.get(person.id, ()))


def _places(problem: Problem, scope: Scope, person: Clinician, known: frozenset[str]) -> dict[str, tuple[Stint, ...]]:
    """Give the work at each organisation that is not known yet."""
    found: dict[str, list[Stint]] = {}
    for stint in (*scope.stints.get(person.id, ()), *scope.watches.get(person.id, ())):
        organisation = problem.site[stint.site].organisation
        if organisation not in known:
            found.setdefault(organisation, []).append(stint)
    return {organisation: tuple(stints) for organisation, stints in found.items()}


def _days(problem: Problem) -> tuple[date, ...]:
    """Give the days on which any session could be held."""
    return tuple(sorted({option.on for session in problem.sessions for option in session.options}))


TOO_MANY = N_("%(clinician)s would work for more organisations than the contract allows (at most %(limit)d).")
