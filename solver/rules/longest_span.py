"""A day's work, or a night's, spans a number of hours at most."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from solver.bounds import Bound, Scope
from solver.problem import Problem, Strength
from solver.rule_parts.spells import SpellRule, works_of
from solver.rule_parts.working_days import Piece, is_night
from solver.rule_parts.working_time import EMPLOYED
from solver.terms import Facts
from solver.text import N_, Message


class LongestSpan(SpellRule):
    """From the first start to the last end of one day's work lie so many hours at most, and of one night's too.

    The country where the work takes place decides.
    """

    id = "longest_span"
    title = N_("A day's work spans fourteen hours at most in France, and so does a night's")
    why = N_("An early list and an evening consultation make a long day, however free the hours between.")
    source = "Arrêté du 30 avril 2003, art. 1-2"
    source_ids = ("FR-DAY-SERVICE",)
    strength = Strength.WARN
    applies_to = EMPLOYED
    params = {"hours": 0, "hours_FR": 14}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "hours": N_("Longest span of one day's or one night's work, in hours (0: no limit)"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each piece of work, or two of one day or night, that span too many hours."""
        limits = {site.id: timedelta(hours=self.number("hours", site.country)) for site in problem.sites}
        if any(limits.values()):
            for person, works in works_of(problem, scope):
                yield from self.forbidden(problem, person, _too_wide(problem, works, limits))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day, the hours and the limit."""
        country = problem.site[self.pieces(bound, facts)[0].site].country
        return self.said(TOO_WIDE, problem, bound, facts, limit=self.number("hours", country))


def _too_wide(problem: Problem, works: Sequence[Piece], limits: dict[str, timedelta]) -> Iterator[tuple[Piece, ...]]:
    spans: dict[tuple[date, bool], list[Piece]] = {}
    for work in works:
        if limits[work.site]:
            spans.setdefault((work.on, is_night(problem, work)), []).append(work)
    for pieces in spans.values():
        for i, first in enumerate(pieces):
            if first.end_at - first.start_at > limits[first.site]:
                yield (first,)
                continue
            for last in pieces[i + 1 :]:
                if (
                    last.end_at - first.start_at > limits[first.site]
                    and last.end_at - last.start_at <= limits[last.site]
                ):
                    yield first, last


TOO_WIDE = N_("The work of %(clinician)s on %(date)s would span %(hours)d h %(minutes)d min (at most %(limit)d h).")
