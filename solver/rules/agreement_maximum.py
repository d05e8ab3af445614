"""No more sessions under an agreement than it allows."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem
from solver.rule_parts.volumes import Volume, counting, line_of, past, volumes
from solver.terms import Facts
from solver.text import N_, Message, say


class AgreementMaximum(Rule):
    """Under each line of an agreement, no more sessions a week are held than its maximum.

    Sessions count that name the agreement, by their kind and the specialty of a seat that a visitor may take.  What
    has been held beyond the maximum lies in the past: then no more are added.
    """

    id = "agreement_maximum"
    title = N_("No more sessions under an agreement than it allows")
    why = N_("Insurers and authorities agreed to a volume; what goes beyond it nobody has agreed to pay.")
    source = N_("Volumes of the cooperation agreements")
    source_ids = ("CONV-VALID",)

    def is_joint(self, problem: Problem) -> bool:
        """All sessions of the week count."""
        return bool(volumes(problem))

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each line with a maximum and week."""
        for volume, terms in counting(problem, scope):
            most = line_of(problem, volume).max_per_week
            if most is not None and terms:
                yield Bound(volume, terms, high=max(most, past(problem, volume)))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the agreement, the specialty, the week and the numbers."""
        volume = Volume(*bound.subject)  # type: ignore[arg-type]
        specialty, agreement = line_of(problem, volume).specialty, problem.agreement[volume.agreement]
        names = {"agreement": agreement.title, "specialty": specialty}
        return say(TOO_MANY, names, date=volume.monday, count=facts.total(bound.terms), limit=bound.high or 0)


TOO_MANY = N_(
    "Too many sessions of %(specialty)s under the agreement “%(agreement)s” in the week of %(date)s: %(count)d"
    " (at most %(limit)d)."
)
