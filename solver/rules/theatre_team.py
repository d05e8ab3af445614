"""The team of a joint list: different people in its seats, and cover by someone who stays."""

from collections.abc import Iterator
from itertools import combinations

from solver.bounds import Ask, Bound, Rule, Scope, clash_bound
from solver.demand import Post, Stint, demand_of
from solver.problem import Clinician, Problem
from solver.terms import Assigned, Facts
from solver.text import N_, Message, say


class TheatreTeam(Rule):
    """Exclusive seats of a session go to different people, and whoever covers works at no other site meanwhile.

    The cover seat may be the counterpart's: cover does not occupy a person, but keeps them at the site.
    """

    id = "theatre_team"
    title = N_("A joint list has its whole team, and a colleague on cover who stays at the site")
    why = N_("After a visitor's list a named host colleague answers until discharge, nights and weekends included.")
    source = "CSP R6123-201; LEGIARTI000046879548"
    source_ids = ("CLIN-POSTOP",)
    can_change = False
    on = ("clinician", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with fixed duties can be refused."""
        return clinician.id in demand_of(problem).duties and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse cover during a fixed duty elsewhere, and work elsewhere during fixed cover."""
        stint = ask.stint
        for duty in demand_of(ask.problem).duties.get(ask.clinician.id, ()):
            both_exclusive = stint.exclusive and duty.exclusive
            if duty.site == stint.site or both_exclusive:
                continue
            if duty.start_at < stint.end_at and stint.start_at < duty.end_at:
                site = ask.problem.site[duty.site].name
                return say(ON_DUTY, clinician=ask.clinician.name, site=site, date=duty.on)
        return None

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each person and team with several seats, and for each cover that meets work elsewhere."""
        yield from _different_people(scope)
        for who, watches in scope.watches.items():
            for watch in watches:
                for stint in scope.stints.get(who, ()):
                    if _meet(watch, stint):
                        yield clash_bound(who, watch, stint)
            for one, other in combinations(watches, 2):
                if _meet(one, other):
                    yield clash_bound(who, one, other)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, and the sessions with their days."""
        titles = [problem.session[s].title for _, term in bound.terms for s in facts.sessions(term)]
        clinician = problem.clinician[str(bound.subject[0])].name
        if len(bound.subject) == 2:
            return say(TWO_SEATS, clinician=clinician, session=titles[0])
        watch, later = (part for part in bound.subject if isinstance(part, Stint))
        names = {"one": titles[0], "other": titles[-1], "site": problem.site[later.site].name}
        on_call = any(problem.session[s].line for _, term in bound.terms[:1] for s in facts.sessions(term))
        return say(ON_CALL if on_call else AWAY, names, clinician=clinician, one_on=watch.on, other_on=later.on)


def _different_people(scope: Scope) -> Iterator[Bound]:
    groups = scope.demand.groups
    found: dict[tuple[str, int, int], list[int]] = {}
    for who, post, option in scope.placings:
        seats = groups[post.group].seats
        if len(seats) > 1 and seats[post.seat].exclusive:
            found.setdefault((who, post.group, option), []).append(post.seat)
    for (who, group, option), mine in found.items():
        if len(mine) > 1:
            terms = tuple((1, Assigned(who, Post(group, seat), option)) for seat in mine)
            yield Bound((who, (group, option)), terms, high=1)


def _meet(one: Stint, other: Stint) -> bool:
    return one.site != other.site and one.start_at < other.end_at and other.start_at < one.end_at


ON_DUTY = N_("%(clinician)s is on duty or on cover at %(site)s during this time (%(date)s).")
TWO_SEATS = N_("%(clinician)s would take two seats in the team of “%(session)s”.")
ON_CALL = N_(
    "%(clinician)s is on call for “%(one)s” of %(one_on)s and would be at %(site)s for “%(other)s” on %(other_on)s."
)
AWAY = N_(
    "%(clinician)s covers after “%(one)s” of %(one_on)s and would be at %(site)s for “%(other)s” on %(other_on)s."
)
