"""Where people worked before the planned weeks."""

from collections.abc import Collection

from solver.demand import Demand
from solver.problem import Clinician, Problem


def last_site_before(problem: Problem, demand: Demand, person: Clinician, sites: Collection[str]) -> str:
    """Give the site of the latest fixed duty before the planned weeks at one of these sites; empty: none."""
    past = [d for d in demand.duties.get(person.id, ()) if d.on < problem.first_on and d.site in sites]
    return max(past, key=lambda duty: duty.start_at).site if past else ""
