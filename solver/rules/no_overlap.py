"""Nobody is in two places at once."""

from collections.abc import Iterator

from solver.bounds import Ask, Bound, ClashRule, Scope
from solver.demand import Stint, demand_of
from solver.problem import Clinician, Problem
from solver.terms import Facts, Works
from solver.text import N_, Message, hours, say


class NoOverlap(ClashRule):
    """Nobody takes two exclusive seats, or a seat and a fixed duty, at the same time."""

    id = "no_overlap"
    title = N_("Nobody is in two sessions at once")
    why = N_("Real clock times decide: a meeting at midday overlaps a theatre list that runs until one o'clock.")
    source = N_("Clock times of sessions and duties")
    can_change = False
    on = ("clinician", "stint")
    personal = False

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with fixed duties can be refused."""
        return clinician.id in demand_of(problem).duties and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse an exclusive seat that overlaps an exclusive fixed duty."""
        stint = ask.stint
        if not stint.exclusive:
            return None
        for duty in demand_of(ask.problem).duties.get(ask.clinician.id, ()):
            if duty.exclusive and duty.start_at < stint.end_at and stint.start_at < duty.end_at:
                site = ask.problem.site[duty.site].name
                return say(ON_DUTY, clinician=ask.clinician.name, site=site, date=duty.on)
        return None

    def alone(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each stint by itself."""
        for who, stints in scope.stints.items():
            for stint in stints:
                yield Bound((who, stint, stint), ((1, Works(who, (stint,))),), high=1)

    def clash(self, problem: Problem, clinician: Clinician, first: Stint, later: Stint) -> bool:
        """Two stints exclude each other when their intervals overlap."""
        return later.start_at < first.end_at

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person and the sessions that overlap, with the hours of each."""
        sessions = [s for _, term in bound.terms for s in facts.sessions(term)]
        one, other = (problem.session[s].title for s in (sessions[0], sessions[-1]))
        first, later = (part for part in bound.subject if isinstance(part, Stint))
        clinician = problem.clinician[str(bound.subject[0])].name
        if sessions[0] == sessions[-1]:
            return say(TWO_SEATS, clinician=clinician, session=one)
        where, other_where = _where(problem, first), _where(problem, later)
        if (one, where) == (other, other_where):
            return say(TWICE_ALIKE, clinician=clinician, session=one, where=where, date=first.on)
        names = {"one": one, "one_where": where, "other": other, "other_where": other_where}
        return say(TWICE, names, clinician=clinician, date=first.on)


def _where(problem: Problem, stint: Stint) -> str:
    site = problem.site[stint.site]
    return f"{site.name}, {hours(stint.start_at, stint.end_at, site.zone)}"


ON_DUTY = N_("%(clinician)s is on duty at %(site)s at that time on %(date)s.")
TWICE = N_(
    "%(clinician)s would be in two sessions at once on %(date)s: “%(one)s” (%(one_where)s) and “%(other)s”"
    " (%(other_where)s)."
)
TWO_SEATS = N_("%(clinician)s would take two seats in the team of “%(session)s”.")
TWICE_ALIKE = N_("%(clinician)s would be in “%(session)s” twice at the same time on %(date)s (%(where)s).")
