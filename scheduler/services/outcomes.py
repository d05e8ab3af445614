"""Turns what a solve gave into a draft."""

from collections.abc import Mapping

from sqlalchemy import select

from scheduler.errors import Conflict, NotFound
from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, Room, Roster, RosterVersion, Seat, SessionPin
from scheduler.queries.findings import Findings, findings_to_json
from scheduler.queries.session_states import SessionState
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.draft_desk import NO_PLACE
from scheduler.services.placements import place, state_at
from scheduler.services.rosters import new_draft
from scheduler.text import N_, say
from solver.outcome import Outcome
from solver.plan import Plan
from solver.problem import Held, Pin, Problem

GONE = N_("Sessions or people of this solve are no longer there. Solve again.")


def accept_outcome(
    *,
    actor: Scope | None,
    roster_id: int,
    base_version_id: int | None,
    published_version_id: int | None,
    problem: Problem,
    outcome: Outcome,
) -> RosterVersion:
    """Make a draft of what a solve gave, with those pins of the version it began from that it kept.

    Parameters
    ----------
    actor
        Who asked for the solve; None when the app did.  Whether the actor may is asked where a solve is requested.
    published_version_id
        What was published when the solve was asked for: the draft is based on it, so that it is out of date when
        another version was published meanwhile.
    problem
        The question that was solved: it holds the clock times, and what was pinned.

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
    people = _ids_by_code(problem)
    _check_there(roster_id, problem, outcome.plan, people)
    draft = new_draft(roster=roster, actor=actor)
    draft.based_on = db.session.get(RosterVersion, published_version_id) if published_version_id is not None else None
    for held in outcome.plan.held:
        place(draft, int(held.session), _state_of_held(problem, held, people))
    kept = _kept_pins(problem, outcome.plan)
    for pin in base.pins if base is not None else []:
        if (str(pin.session_id), str(pin.seat_id) if pin.seat_id is not None else None) in kept:
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


def _check_there(roster_id: int, problem: Problem, plan: Plan, people: Mapping[str, int]) -> None:
    """Refuse a plan of sessions, seats, rooms or people that were not asked about, or are there no more."""
    seats = select(Seat.session_id, Seat.id).join(Seat.session).where(ClinicalSession.roster_id == roster_id)
    known = {(str(session_id), str(seat_id)) for session_id, seat_id in db.session.execute(seats)}
    rooms = {str(room_id) for room_id in db.session.scalars(select(Room.id))} | {None}
    for held in plan.held:
        taken = {(held.session, seat) for seat, _ in held.team}
        is_there = held.session in problem.session and held.room in rooms and taken <= known
        if not is_there or any(clinician not in people for _, clinician in held.team):
            raise Conflict(GONE)


def _kept_pins(problem: Problem, plan: Plan) -> set[tuple[str, str | None]]:
    """Give as session and seat (None: half-day and room) the pins of a question that did not yield in a plan."""
    return {(pin.session, pin.seat) for pin in problem.pins if _is_kept(pin, plan.by_session.get(pin.session))}


def _is_kept(pin: Pin, held: Held | None) -> bool:
    if held is None:
        return False
    if pin.seat is not None:
        return dict(held.team).get(pin.seat) == pin.clinician
    return (held.on, held.half_day, held.room) == (pin.on, pin.half_day, pin.room)


def _ids_by_code(problem: Problem) -> dict[str, int]:
    rows = db.session.execute(select(Clinician.code, Clinician.id).where(Clinician.code.in_(problem.clinician)))
    return dict(rows.all())


def _state_of_held(problem: Problem, held: Held, people: Mapping[str, int]) -> SessionState:
    session = problem.session[held.session]
    option = next((o for o in session.options if (o.on, o.half_day) == (held.on, held.half_day)), None)
    if option is None:
        raise Conflict(say(NO_PLACE, session=session.title, date=held.on))
    return state_at(
        option,
        int(held.room) if held.room is not None else None,
        {int(seat): people[clinician] for seat, clinician in held.team},
    )
