"""The judgement of a version by the facts of today, without writing it down."""

from dataclasses import replace
from datetime import timedelta

from scheduler import clock
from scheduler.models import RosterVersion
from scheduler.queries.findings import Findings, findings_of
from scheduler.queries.problem import build_problem, plan_of
from solver.audit import audit


def findings_today(version: RosterVersion) -> Findings:
    """Give what the rules say about a version today: leave, papers and rules may have changed since it was kept.

    What is over, superseded or discarded is not judged again.  Bound, notes and explained gaps are those kept.
    """
    kept = findings_of(version.findings)
    roster = version.roster
    is_over = roster.first_on + timedelta(weeks=roster.weeks) <= clock.today()
    if is_over or version.state not in ("draft", "published"):
        return kept
    found = audit(build_problem(roster.id, version.id, for_solving=False), plan_of(version))
    return replace(kept, cost=found.cost, rule_costs=found.rule_costs, breaches=found.breaches)
