"""Edits of drafts: each names the revision it saw, is one step of undo, and is judged at once.

A draft may break rules, even blocking ones; they are shown, and publishing refuses them.  What is past or pinned is
not edited.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from scheduler.errors import Conflict, InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.models import Clinician, DraftEdit, Roster, RosterVersion, Seat, SessionPin
from scheduler.queries.findings import Findings, findings_to_json
from scheduler.queries.session_states import SessionState
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.draft_desk import NO_PLACE, Desk, Touched, open_desk, touched_from_json
from scheduler.services.draft_rooms import room_for
from scheduler.services.placements import place
from scheduler.services.rosters import new_draft
from scheduler.text import N_, say
from solver.outcome import Outcome
from solver.problem import Held, Option, Problem

NOT_ON_ROSTER = N_("This clinician neither works at one of the roster's sites nor is enrolled in its agreements.")
TEAM_INCOMPLETE = N_(
    "Choose someone for each seat of “%(session)s”: a session is held with its whole team or not at all."
)
IS_HELD = N_("“%(session)s” is already held. Move it instead.")
NOTHING_TO_UNDO = N_("There is nothing to undo.")
NOTHING_TO_REDO = N_("There is nothing to do again.")
OTHER_ROSTER = N_("The result belongs to another roster.")


def move_session(
    *,
    actor: Scope,
    version_id: int,
    revision: int,
    session_id: int,
    on: date,
    half_day: str,
    room_id: int | None = None,
) -> RosterVersion:
    """Hold a session at another half-day or in another room, with the same team.

    Parameters
    ----------
    room_id
        None: the present room if it is free then, else another that fits.

    Raises
    ------
    NotFound, NotAllowed
        As for all edits: the draft is not there for the actor, or not the actor's to change.
    Conflict
        When the draft has changed meanwhile, or the session is pinned or past.
    InvalidInput
        When it is not held, or cannot be held there.
    """
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    session = desk.session(session_id)
    held = desk.held(session_id)
    desk.check_free(session_id)
    option = desk.option(session_id, on, half_day)
    room = room_for(desk, session, option, room_id)
    return _hold(desk, "session_moved", session_id, _state(option, room, dict(held.team)))


def place_session(
    *,
    actor: Scope,
    version_id: int,
    revision: int,
    session_id: int,
    on: date,
    half_day: str,
    team: Mapping[int, int],
    room_id: int | None = None,
) -> RosterVersion:
    """Hold a session that was not held.

    Parameters
    ----------
    team
        Clinician id by seat id, for every seat of the session.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for ``move_session``.
    InvalidInput
        When it is held already, cannot be held there, or a seat stays empty.
    """
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    session = desk.session(session_id)
    if session_id in desk.states:
        raise InvalidInput(say(IS_HELD, session=desk.title(session_id)))
    if set(team) != {seat.id for seat in session.seats}:
        raise InvalidInput(say(TEAM_INCOMPLETE, session=desk.title(session_id)))
    for clinician_id in set(team.values()):
        _check_on_roster(desk, clinician_id)
    option = desk.option(session_id, on, half_day)
    room = room_for(desk, session, option, room_id)
    return _hold(desk, "session_placed", session_id, _state(option, room, team))


def remove_session(*, actor: Scope, version_id: int, revision: int, session_id: int) -> RosterVersion:
    """Do not hold a session: it becomes a gap.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    desk.session(session_id)
    desk.held(session_id)
    desk.check_free(session_id)
    return _hold(desk, "session_removed", session_id, None)


unassign = remove_session
"""A session that loses one of its team is not held whole, and so not held at all."""


def assign_seat(*, actor: Scope, version_id: int, revision: int, seat_id: int, clinician_id: int) -> RosterVersion:
    """Give a seat of a held session to a clinician.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for ``move_session``.
    InvalidInput
        When the session is not held, or the clinician has nothing to do with the roster.
    """
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    session_id = _session_of(desk, seat_id)
    held = desk.held(session_id)
    desk.check_free(session_id, seat_id=seat_id)
    _check_on_roster(desk, clinician_id)
    team = {**dict(held.team), seat_id: clinician_id}
    return _hold(desk, "seat_assigned", session_id, replace(held, team=tuple(sorted(team.items()))))


def pin_session(
    *, actor: Scope, version_id: int, revision: int, session_id: int, seat_id: int | None = None
) -> RosterVersion:
    """Pin a session's half-day and room, or the clinician of one of its seats.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    _check_seat(desk, session_id, seat_id)
    held = desk.held(session_id)
    desk.check_not_past(held, session_id)
    touched = desk.touched(session_id)
    return desk.edit("pinned", session_id, Touched(held, touched.pins | {seat_id}))


def unpin_session(
    *, actor: Scope, version_id: int, revision: int, session_id: int, seat_id: int | None = None
) -> RosterVersion:
    """Take a pin away.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    _check_seat(desk, session_id, seat_id)
    touched = desk.touched(session_id)
    return desk.edit("unpinned", session_id, Touched(touched.held, touched.pins - {seat_id}))


def undo(*, actor: Scope, version_id: int, revision: int) -> RosterVersion:
    """Take the last edit back; whoever made it.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    done = [step for step in desk.version.edits if not step.is_undone]
    if not done:
        raise InvalidInput(NOTHING_TO_UNDO)
    return _step(desk, done[-1], is_undone=True)


def redo(*, actor: Scope, version_id: int, revision: int) -> RosterVersion:
    """Do again the edit that was taken back last.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    undone = [step for step in desk.version.edits if step.is_undone]
    if not undone:
        raise InvalidInput(NOTHING_TO_REDO)
    return _step(desk, undone[0], is_undone=False)


def accept_outcome(
    *,
    actor: Scope | None,
    roster_id: int,
    base_version_id: int | None,
    problem: Problem,
    outcome: Outcome,
) -> RosterVersion:
    """Make a draft of what a solve gave, based on the published version, with the pins of the version it began from.

    Parameters
    ----------
    actor
        Who asked for the solve; None when the app did.  Whether the actor may is asked where a solve is requested.
    problem
        The question that was solved: it holds the clock times.

    Raises
    ------
    NotFound
        When there is no such roster, or no such version of it.
    Conflict
        When the outcome names sessions, seats or people that are no longer there.
    """
    roster = db.session.get(Roster, roster_id)
    base = db.session.get(RosterVersion, base_version_id) if base_version_id is not None else None
    if roster is None or (base is not None and base.roster_id != roster_id):
        raise NotFound()
    draft = new_draft(roster=roster, actor=actor)
    people = _ids_by_code(problem)
    for held in outcome.plan.held:
        place(draft, int(held.session), _state_of_held(problem, held, people))
    kept = {int(held.session) for held in outcome.plan.held}
    for pin in base.pins if base is not None else []:
        if pin.session_id in kept:
            draft.pins.append(SessionPin(session_id=pin.session_id, seat_id=pin.seat_id))
    draft.findings = findings_to_json(
        Findings(
            cost=outcome.cost,
            bound=outcome.bound,
            status=outcome.status.value,
            rule_costs=outcome.rule_costs,
            breaches=outcome.breaches,
            gaps=outcome.gaps,
            notes=outcome.yielded_pins,
        )
    )
    db.session.flush()
    journal.record(
        actor=actor,
        deed="roster_version.solved",
        subject="roster_version",
        subject_id=draft.id,
        organisation_ids={line.site.organisation_id for line in roster.site_weeks},
        facts={"roster_id": roster_id, "number": draft.number, "cost": outcome.cost, "engine": outcome.engine},
    )
    return draft


def _hold(desk: Desk, deed: str, session_id: int, state: SessionState | None) -> RosterVersion:
    pins = desk.touched(session_id).pins if state is not None else frozenset()
    return desk.edit(deed, session_id, Touched(state, pins))


def _state(option: Option, room_id: int | None, team: Mapping[int, int]) -> SessionState:
    return SessionState(
        on=option.on,
        half_day=option.half_day.value,
        start_at=option.start_at,
        end_at=option.end_at,
        room_id=room_id,
        team=tuple(sorted(team.items())),
    )


def _step(desk: Desk, step: DraftEdit, *, is_undone: bool) -> RosterVersion:
    wanted = {int(i): touched_from_json(kept) for i, kept in (step.before if is_undone else step.after).items()}
    for session_id, touched in wanted.items():
        for state in (desk.states.get(session_id), touched.held):
            desk.check_not_past(state, session_id)
    for session_id, touched in wanted.items():
        desk.write(session_id, touched)
    step.is_undone = is_undone
    return desk.finish("undone" if is_undone else "redone", wanted)


def _session_of(desk: Desk, seat_id: int) -> int:
    seat = db.session.get(Seat, seat_id)
    if seat is None:
        raise NotFound()
    return desk.session(seat.session_id).id


def _check_seat(desk: Desk, session_id: int, seat_id: int | None) -> None:
    session = desk.session(session_id)
    if seat_id is not None and seat_id not in {seat.id for seat in session.seats}:
        raise NotFound()


def _check_on_roster(desk: Desk, clinician_id: int) -> None:
    code = db.session.scalar(select(Clinician.code).where(Clinician.id == clinician_id))
    if code not in desk.problem.clinician:
        raise InvalidInput(NOT_ON_ROSTER)


def _ids_by_code(problem: Problem) -> dict[str, int]:
    rows = db.session.execute(select(Clinician.code, Clinician.id).where(Clinician.code.in_(problem.clinician)))
    return dict(rows.all())


def _state_of_held(problem: Problem, held: Held, people: Mapping[str, int]) -> SessionState:
    session = problem.session[held.session]
    option = next((o for o in session.options if (o.on, o.half_day) == (held.on, held.half_day)), None)
    if option is None:
        raise Conflict(say(NO_PLACE, session=session.title, date=held.on))
    return _state(
        option,
        int(held.room) if held.room is not None else None,
        {int(seat): people[clinician] for seat, clinician in held.team},
    )
