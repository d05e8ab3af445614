"""Nobody operates on the morning after a night."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from solver.bounds import Bound, Scope
from solver.demand import Stint
from solver.problem import Clinician, Problem
from solver.rule_parts.spells import SpellRule, follow, has_nights, works_of
from solver.rule_parts.working_days import Work, is_night
from solver.terms import Facts, Present, Term
from solver.text import N_, Message

THEATRE = frozenset({"theatre", "joint_theatre"})


class RestBeforeTheatre(SpellRule):
    """No theatre list begins within so many hours after a night on site or, if set so, on call at home.

    It holds for everyone, whatever the contract.
    """

    id = "rest_before_theatre"
    title = N_("No theatre list on the morning after a night")
    why = N_("The patient on the table did not choose a surgeon who has been up all night.")
    source = N_("Good practice")
    params = {"rest_hours": 5, "nights_at_home": 0}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "rest_hours": N_("Hours after a night without a theatre list"),
        "nights_at_home": N_("Nights on call at home count (1) or not (0)"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each night and list that follows too soon."""
        at_home = bool(self.number("nights_at_home"))
        if has_nights(problem, on_site=not at_home):
            rest, work = timedelta(hours=self.number("rest_hours")), Work(problem, scope)
            for person, pieces in works_of(problem, scope):
                watches = (*scope.watches.get(person.id, ()), *scope.demand.duties.get(person.id, ()))
                at_ease = [watch for watch in watches if at_home and not watch.exclusive]
                nights = [piece for piece in (*pieces, *at_ease) if is_night(problem, piece)]
                lists = [piece for piece in pieces if work.facts.kinds_of(piece) & THEATRE and piece not in nights]
                found = follow(nights, lists, rest)
                yield from self.forbidden(problem, person, found, _meant(problem, work, person))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day of the list and the hours."""
        return self.said(TOO_SOON, problem, bound, facts, limit=self.number("rest_hours"), of_last=True)


def _meant(problem: Problem, work: Work, person: Clinician) -> Callable[[Stint], Term | None]:
    """Give what makes a stint a night, which is any work there, or a list, which is work of this kind."""

    def term(stint: Stint) -> Term | None:
        if is_night(problem, stint):
            return Present(person.id, (stint,))
        return work.present(person.id, (stint,), THEATRE)

    return term


TOO_SOON = N_("%(clinician)s would have a theatre list on %(date)s less than %(limit)d h after a night.")
