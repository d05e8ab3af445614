"""Some work may not follow other work on the next day."""

from collections.abc import Iterator
from datetime import date, timedelta

from solver.bounds import Ask, Bound, Rule, Scope
from solver.problem import Clinician, Problem
from solver.rule_parts.working_days import Names, Work, working_days_of
from solver.terms import Facts
from solver.text import N_, Message, say

DAY = timedelta(days=1)


class SuccessionsRule(Rule):
    """Nobody does on one day what may not follow the work of the day before, fixed duties included."""

    id = "successions"
    title = N_("Work that may not follow other work on the next day does not")
    why = N_("An early list after a late duty is a list without sleep.")
    source = N_("Practice of the house")
    on = ("clinician", "kind", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with fixed duties can be refused."""
        asked = problem.successions and clinician.id in working_days_of(problem).duties
        return bool(asked) and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse an exclusive seat on the day after or before a fixed duty with which it makes a forbidden pair."""
        stint, who = ask.stint, ask.clinician.id
        own = frozenset({ask.session.kind, stint.half_day.value})
        facts = working_days_of(ask.problem)
        for pair in ask.problem.successions if stint.exclusive else ():
            before, after = (
                facts.duties_of(who, frozenset({pair.before})),
                facts.duties_of(who, frozenset({pair.after})),
            )
            if pair.after in own and stint.on - DAY in before:
                return _said(ask.clinician, pair.before, pair.after, stint.on)
            if pair.before in own and stint.on + DAY in after:
                return _said(ask.clinician, pair.before, pair.after, stint.on + DAY)
        return None

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give for each clinician, day and work of that day one bound with all that may not follow it."""
        work, followers = Work(problem, scope), _followers(problem)
        for who in scope.stints if followers else ():
            if self.applies_to.person(problem, problem.clinician[who]):
                days = work.days(who)
                for on, stints in days.items():
                    for before, after in followers.items() if on + DAY in days else ():
                        first = work.present(who, stints, frozenset({before}))
                        later = first and work.present(who, days[on + DAY], after)
                        if first and later:
                            yield Bound((who, before, on + DAY), ((1, first), (1, later)), high=1)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the work of both days and the second day."""
        who, before, on = bound.subject
        after = _followers(problem)[str(before)]
        held = [facts.placed[s][0] for s in facts.sessions(bound.terms[1][1])]
        names = [name for h in held for name in (problem.session[h.session].kind, h.half_day.value)]
        named = next((name for name in names if name in after), sorted(after)[0])
        return _said(problem.clinician[str(who)], str(before), named, date.fromisoformat(str(on)))


def _followers(problem: Problem) -> dict[str, Names]:
    """Give by work what may not follow it."""
    found: dict[str, set[str]] = {}
    for pair in problem.successions:
        found.setdefault(pair.before, set()).add(pair.after)
    return {before: frozenset(after) for before, after in found.items()}


def _said(person: Clinician, before: str, after: str, on: date) -> Message:
    return say(FOLLOWS, clinician=person.name, before=before, after=after, date=on)


FOLLOWS = N_("%(clinician)s would have “%(after)s” on %(date)s, right after “%(before)s” on the day before.")
