"""Turns what a solve gave into a draft."""

from collections.abc import Mapping

from sqlalchemy import select

from scheduler.errors import Conflict, NotFound
from scheduler.extensions import db
from scheduler.models import Clinician, Roster, RosterVersion, SessionPin
from scheduler.queries.findings import Findings, findings_to_json
from scheduler.queries.session_states import SessionState
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.draft_desk import NO_PLACE
from scheduler.services.placements import place, state_at
from scheduler.services.rosters import new_draft
from scheduler.text import say
from solver.outcome import Outcome
from solver.problem import Held, Problem


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
