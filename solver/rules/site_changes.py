"""People stay at one site."""

from collections.abc import Collection, Iterator

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, Problem, Strength
from solver.rule_parts.last_sites import last_site_before
from solver.terms import Changes, Labels
from solver.text import N_


class SiteChanges(Rule):
    """Each time that someone's work moves to another site than that of the work before counts.

    Days off in between, and work at sites where all teams take turns, do not matter.  The first planned work is
    compared with the latest fixed duty before the planned weeks, if there is one.
    """

    id = "site_changes"
    title = N_("People stay at one site from day to day")
    why = N_("Each change of site costs a hand-over and knowledge of the patients.")
    source = N_("Practice of the house")
    is_goal = True
    strength = Strength.OFF
    weight = 20
    unit = N_("change of site")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician who could change."""
        sites = {site.id for site in problem.sites if not site.neutral}
        for person in problem.clinicians:
            if self.applies_to.person(problem, person):
                labels = site_labels(scope, person, sites)
                start = last_site_before(problem, scope.demand, person, sites)
                if labels:
                    yield Bound((person.id,), ((1, Changes(person.id, labels, start)),), high=0)


def site_labels(scope: Scope, person: Clinician, sites: Collection[str]) -> Labels:
    """Give a clinician's work at some sites by site, in order of the site's id."""
    found: dict[str, list[Stint]] = {}
    for stint in (*scope.stints.get(person.id, ()), *scope.watches.get(person.id, ())):
        if stint.site in sites:
            found.setdefault(stint.site, []).append(stint)
    return tuple((site, tuple(found[site])) for site in sorted(found))
