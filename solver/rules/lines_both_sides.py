"""Neighbours do not lack their duty line on the same night."""

from collections.abc import Iterable, Iterator
from datetime import date

from solver.bounds import Bound, Rule, Scope
from solver.demand import demand_of
from solver.problem import HalfDay, Problem, Strength
from solver.rule_parts.once import once
from solver.terms import Facts, HeldAt
from solver.text import N_, Message, say

Guard = tuple[str, date, HalfDay]
"""What is guarded, and when."""


class LinesBothSides(Rule):
    """Of the lines at several sites that guard together, so many are held at each half-day.

    The places of one line guard together, whichever is called first; and so do the base lines of one agreement.
    Where only one side has a line at a half-day, nothing is said.
    """

    id = "lines_both_sides"
    title = N_("Two neighbours do not lack their duty line at the same time")
    why = N_("Each counts on the other as second choice; when both lack a crew, nobody comes.")
    source = N_("Framework agreement France-Belgium on emergency care, convention of 20 March 2007")
    source_ids = ("AMU-BASE",)
    strength = Strength.WARN
    may_block = False
    params = {"lines": 1}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "lines": N_("Lines held at least by the neighbours together"),
    }

    def is_joint(self, problem: Problem) -> bool:
        """The neighbour's line counts."""
        return bool(once(problem, "guards", _guards))

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each half-day at which two sites or more have a line of one guard."""
        for guard, places in once(problem, "guards", _guards).items():
            if any(self.applies_to.place(site, kind) for site, kind in _places(problem, places)):
                yield Bound(guard, tuple((1, place) for place in places), low=self.number("lines"))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the sites and the day."""
        places = [term for _, term in bound.terms if isinstance(term, HeldAt)]
        sites = [problem.site[site].name for site, _ in _places(problem, places)]
        return say(BOTH_LACK, one=sites[0], other=sites[-1], date=date.fromisoformat(str(bound.subject[1])))


def _guards(problem: Problem) -> dict[Guard, tuple[HeldAt, ...]]:
    """Give the places of lines by what they guard together, where that is at several sites."""
    found: dict[Guard, list[HeldAt]] = {}
    for group in demand_of(problem).groups:
        session = group.first
        for number, option in enumerate(session.options if session.line else ()):
            names = [f"line {session.line}"]
            if session.agreement is not None and session.line_choice <= 1:
                names.append(f"agreement {session.agreement}")
            for name in names:
                found.setdefault((name, option.on, option.half_day), []).append(HeldAt(group.index, number))
    several = {tuple(places): guard for guard, places in found.items() if len(_places(problem, places)) > 1}
    return {guard: places for places, guard in several.items()}


def _places(problem: Problem, places: Iterable[HeldAt]) -> list[tuple[str, str]]:
    """Give the sites of lines, with the kind of the first one there."""
    sessions = [demand_of(problem).groups[place.group].first for place in places]
    return list({session.site: session.kind for session in reversed(sessions)}.items())[::-1]


BOTH_LACK = N_("%(one)s and %(other)s both lack their duty line at the same time on %(date)s.")
