"""What is published is not changed at the last moment."""

from collections.abc import Iterator
from datetime import timedelta

from solver.bounds import Bound, Rule, Scope
from solver.demand import Post
from solver.problem import Problem, Strength
from solver.terms import Assigned, Facts
from solver.text import N_, Message, say


class Notice(Rule):
    """Nobody loses a published duty, to another time or person, with less notice than so many days.

    Days count from the day of the question to the published day.  Without a day of the question nothing is said.
    """

    id = "notice"
    title = N_("Published duties are changed with enough notice only")
    why = N_("A list that moves a few days before loses its patients' preparation and people's arrangements.")
    source = N_("Notice agreed between the hospitals; CSP D6124-91, D6124-92 (anaesthetic consultation days before)")
    source_ids = ("CLIN-ANAES",)
    strength = Strength.WARN
    may_block = False
    unit = N_("seat changed at short notice")
    params = {"notice_days": 14}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "notice_days": N_("Notice in days"),
    }

    def is_joint(self, problem: Problem) -> bool:
        """Whoever loses a seat is not among those who take it."""
        return problem.today is not None and bool(problem.published)

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each person published at an option within the notice."""
        if problem.today is None:
            return
        until = problem.today + timedelta(days=self.number("notice_days"))
        near: dict[Assigned, int] = {}
        for held in problem.published:
            group = scope.demand.group_of[held.session]
            option = scope.demand.options[group.index].get((held.on, held.half_day))
            if option is not None and problem.today <= held.on < until and self._regards(problem, held.session):
                for seat, who in held.team:
                    number = scope.demand.seat_of.get((held.session, seat))
                    if number is not None and who in problem.clinician:
                        placing = Assigned(who, Post(group.index, number), option)
                        near[placing] = near.get(placing, 0) + 1
        for placing, count in near.items():
            yield Bound(tuple(placing), ((1, placing),), low=count)

    def _regards(self, problem: Problem, session: str) -> bool:
        return self.applies_to.place(problem.session[session].site, problem.session[session].kind)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the session, its day and how near it is."""
        _, term = bound.terms[0]
        assert isinstance(term, Assigned)  # noqa: S101
        session = facts.demand.groups[term.post.group].first
        on = session.options[term.option].on
        names = {"clinician": problem.clinician[term.clinician].name, "session": session.title}
        days = (on - problem.today).days if problem.today else 0
        return say(TOO_LATE, names, date=on, days=days, limit=self.number("notice_days"))


TOO_LATE = N_(
    "%(clinician)s would lose the published duty “%(session)s” of %(date)s at too short notice (days left: %(days)d;"
    " notice: %(limit)d days)."
)
