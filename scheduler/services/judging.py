"""Has a version judged by the rules, and keeps what they find."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import Clinician, RosterVersion
from scheduler.queries.findings import Findings, findings_of, findings_to_json
from scheduler.queries.problem import build_problem, plan_of
from scheduler.queries.session_states import SessionState
from solver.audit import audit
from solver.explain import explain_gaps
from solver.outcome import Gap
from solver.plan import Plan
from solver.problem import HalfDay, Held, Problem, Strength

EDITED = "edited"
"""Status of findings that come from an audit alone."""


def judge_version(version: RosterVersion) -> Findings:
    """Judge a version as it stands in the database by the facts of today, and keep the findings with it.

    Its plan is the one that was judged last: only facts have changed.  What a solver said about it stays: the pins
    that were let go, and the bound as long as the plan costs the same and no blocking rule is broken.
    """
    db.session.flush()
    problem = build_problem(version.roster_id, version.id, for_solving=False)
    kept, findings = findings_of(version.findings), judge(problem, plan_of(version))
    findings = replace(findings, notes=kept.notes)
    if kept.status and kept.cost == findings.cost and not findings.of_strength(Strength.BLOCK):
        findings = replace(findings, status=kept.status, bound=kept.bound)
    version.findings = findings_to_json(findings)
    return findings


def judge(problem: Problem, plan: Plan) -> Findings:
    """Judge a plan by the rules, and explain what it does not hold."""
    judgement = audit(problem, plan)
    return Findings(
        cost=judgement.cost,
        status=EDITED,
        rule_costs=judgement.rule_costs,
        breaches=judgement.breaches,
        gaps=explained_gaps(problem, plan),
    )


def explained_gaps(problem: Problem, plan: Plan) -> tuple[Gap, ...]:
    """Explain what a plan does not hold, by the half-days that are still to come."""
    if all(session.id in plan.by_session for session in problem.sessions):
        return ()
    return explain_gaps(to_come(problem, plan), plan)


def to_come(problem: Problem, plan: Plan) -> Problem:
    """Give the problem without past half-days, but for what the plan holds there."""
    now = clock.now()
    sessions = tuple(
        session
        if all(option.start_at > now for option in session.options)
        else replace(
            session,
            options=tuple(
                option
                for option in session.options
                if option.start_at > now or _is_at(plan.by_session.get(session.id), option.on, option.half_day)
            ),
        )
        for session in problem.sessions
    )
    return problem if sessions == problem.sessions else replace(problem, sessions=sessions)


def _is_at(held: Held | None, on: object, half_day: HalfDay) -> bool:
    return held is not None and (held.on, held.half_day) == (on, half_day)


def plan_of_states(states: Mapping[int, SessionState]) -> Plan:
    """Give the plan that these states mean."""
    codes = _codes(who for state in states.values() for who in state.clinician_ids)
    return Plan(
        tuple(
            Held(
                session=str(session_id),
                on=state.on,
                half_day=HalfDay(state.half_day),
                room=str(state.room_id) if state.room_id is not None else None,
                team=tuple((str(seat_id), codes[who]) for seat_id, who in state.team),
            )
            for session_id, state in states.items()
        )
    )


def _codes(ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(select(Clinician.id, Clinician.code).where(Clinician.id.in_(set(ids))))
    return dict(rows.all())
