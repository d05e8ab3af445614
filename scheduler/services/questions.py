"""Puts questions about a version to the solver, which looks into them in the background."""

import json
from datetime import date

from sqlalchemy import select

from scheduler import clock
from scheduler.answers import Asked, RemediesAsked, TradeOffAsked, asked_to_json, kind_of
from scheduler.errors import Conflict, InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.models import Clinician, RosterVersion, SolveRun
from scheduler.queries.discretion import seen_sessions
from scheduler.queries.problem import build_problem, plan_of
from scheduler.queries.roster_access import Reach, check_can_edit, find_version_by_id
from scheduler.queries.roster_people import known_clinicians
from scheduler.queries.session_states import load_sessions, states_of
from scheduler.queue import send_after_commit
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.judging import to_come
from scheduler.services.solve_runs import ACTIVE
from scheduler.text import N_
from solver.case import case_of
from solver.explaining.contrast import Wanted
from solver.problem import Problem
from solver.problem_json import plan_to_json, problem_to_json

MOST_ACTIVE = 3
"""Questions about one roster that wait or are looked into at the same time."""
SECONDS = 10.0
"""Time for the answer about a session."""
SECONDS_TRADE_OFF = 30.0
"""Time for a trade-off, which takes several solves."""

TOO_MANY = N_("Three questions about this roster are being looked into already. Wait for one, or stop one.")
IS_HELD = N_("This session is held.")
NOT_OFFERED = N_("The session's pattern does not offer this day.")
TWO_GOALS = N_("Choose two different goals that are in force.")


def ask_remedies(*, actor: Scope, version_id: int, session_id: int) -> SolveRun:
    """Ask what would have to change so that a session that is not held can be.

    Raises
    ------
    NotFound, NotAllowed
        When the actor does not see the version or the session, or may not change it.
    Conflict
        When the session is held, or too many questions are being looked into.
    """
    version, reach = _find(actor, version_id, session_id)
    if session_id in states_of(version.id):
        raise Conflict(IS_HELD)
    return _ask(actor, version, reach, RemediesAsked(str(session_id)), SECONDS)


def ask_contrast(
    *, actor: Scope, version_id: int, session_id: int, seat_id: int, clinician_id: int, on: date | None
) -> SolveRun:
    """Ask what it would cost to have a clinician in a seat, on a day or on any.

    Raises
    ------
    NotFound, NotAllowed
        When the actor does not see the version, the session, the seat or the clinician, or may not change it.
    InvalidInput
        When the session's pattern does not offer the day.
    Conflict
        When too many questions are being looked into.
    """
    version, reach = _find(actor, version_id, session_id)
    session = load_sessions([session_id])[session_id]
    clinician = db.session.get(Clinician, clinician_id)
    if clinician is None or clinician.id not in known_clinicians(actor, [session.template]):
        raise NotFound()
    if seat_id not in {seat.id for seat in session.seats}:
        raise NotFound()
    wanted = Wanted(clinician.code, on=on, session=str(session_id), seat=str(seat_id))
    return _ask(actor, version, reach, wanted, SECONDS)


def ask_trade_off(*, actor: Scope, version_id: int, one: str, other: str) -> SolveRun:
    """Ask what one goal gains when another gives way; both by the ids of their rules.

    Raises
    ------
    NotFound, NotAllowed
        When the actor does not see the version, or may not change it.
    InvalidInput
        When these are not two goals in force.
    Conflict
        When too many questions are being looked into.
    """
    version, reach = _find(actor, version_id)
    return _ask(actor, version, reach, TradeOffAsked(one, other), SECONDS_TRADE_OFF)


def _find(actor: Scope, version_id: int, session_id: int | None = None) -> tuple[RosterVersion, Reach]:
    version, reach = find_version_by_id(actor, version_id)
    if session_id is not None and session_id not in seen_sessions(actor, reach, version.roster_id):
        raise NotFound()
    check_can_edit(reach)
    return version, reach


def _ask(actor: Scope, version: RosterVersion, reach: Reach, asked: Asked, seconds: float) -> SolveRun:
    """Write a question down as things are now; give the run that looks into the same one already, if there is one."""
    active = _active(version.roster_id)
    kind, facts = kind_of(asked), asked_to_json(asked)
    for known in active:
        if (known.base_version_id, known.kind, known.asked) == (version.id, kind, facts):
            return known
    if len(active) >= MOST_ACTIVE:
        raise Conflict(TOO_MANY)
    plan = plan_of(version)
    problem = to_come(build_problem(version.roster_id, version.id, for_solving=False), plan)
    _check(problem, asked)
    run = SolveRun(
        roster_id=version.roster_id,
        base_version_id=version.id,
        kind=kind,
        asked=facts,
        problem=json.dumps(problem_to_json(problem), ensure_ascii=False),
        checkpoint=json.dumps(plan_to_json(plan)),
        seconds=seconds,
        requested_by_id=actor.account_id,
        requested_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    journal.record(
        actor=actor,
        deed="question.asked",
        subject="solve_run",
        subject_id=run.id,
        organisation_ids=reach.owner_ids,
        facts={"roster_id": version.roster_id, "kind": kind, "version_id": version.id},
    )
    send_after_commit(run.id)
    return run


def _check(problem: Problem, asked: Asked) -> None:
    """Refuse a question that the problem has no answer to."""
    if isinstance(asked, Wanted):
        offered = {option.on for option in problem.session[asked.session].options}
        if asked.on is not None and asked.on not in offered:
            raise InvalidInput(NOT_OFFERED)
    elif isinstance(asked, TradeOffAsked):
        goals = {rule.id for rule in case_of(problem).rules if rule.is_goal}
        if asked.one == asked.other or not {asked.one, asked.other} <= goals:
            raise InvalidInput(TWO_GOALS)


def _active(roster_id: int) -> list[SolveRun]:
    return list(
        db.session.scalars(
            select(SolveRun).where(SolveRun.roster_id == roster_id, SolveRun.kind != "plan", SolveRun.state.in_(ACTIVE))
        )
    )
