"""Gives and takes back the keys to a draft, and publishes it: everything downstream changes here and nowhere else."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import Approval, Organisation, RosterVersion
from scheduler.queries.approvals import needed_organisations
from scheduler.queries.discretion import Discretion, discretion_of
from scheduler.queries.problem_sessions import session_title
from scheduler.queries.session_states import SessionState, changed_seats, is_past, load_sessions, states_of
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.cancelled import remember_cancelled
from scheduler.services.draft_desk import open_draft
from scheduler.services.feeds import mark_stale
from scheduler.services.judging import judge_version
from scheduler.services.published_duties import changed_sessions, replace_duties, touched_by
from scheduler.services.revisions import revise
from scheduler.services.rosters import lock_roster, published_version
from scheduler.text import N_, say
from solver.problem import Strength

NOT_YOUR_KEY = N_("Only a coordinator of this hospital can approve for it.")
NOT_INVOLVED = N_("Only a coordinator of one of the hospitals involved can publish.")
NO_KEY_NEEDED = N_("Nothing changes for %(organisation)s, so its approval is not needed.")
OUTDATED = N_(
    "Another version was published since this draft was made. Start a new draft and make the changes there again."
)
KEYS_MISSING = N_("%(organisation)s has not approved this draft yet.")
UNCHANGED = N_("Nothing changes: there is nothing to publish.")
BLOCKED = N_("Rules that block publishing are broken. Change what is marked, then publish.")
REASON_MISSING = N_("This draft has warnings. Give the reason why it is published all the same.")
HISTORY = N_("“%(session)s” has begun meanwhile and this draft changes it. Start a new draft: it keeps what is past.")
REASON_LENGTH = 500
REASON_TOO_LONG = N_("Give the reason in at most %(length)d characters.")


def approve(*, actor: Scope, version_id: int, revision: int, organisation_id: int) -> RosterVersion:
    """Give an organisation's key to a draft as it is at this revision.

    Raises
    ------
    NotFound
        When there is no such version for the actor.
    NotAllowed
        When the actor is no coordinator of the organisation.
    Conflict
        When it is no draft any more, or has changed meanwhile.
    InvalidInput
        When nothing changes for the organisation.
    """
    version, reach = open_draft(actor=actor, version_id=version_id, revision=revision)
    organisation = _own_organisation(actor, organisation_id)
    if organisation_id not in needed_organisations(version):
        raise InvalidInput(say(NO_KEY_NEEDED, organisation=organisation.name))
    if organisation_id not in {approval.organisation_id for approval in version.approvals}:
        version.approvals.append(
            Approval(organisation=organisation, account_id=actor.account_id, approved_at=clock.now())
        )
        readers = reach.owner_ids | {organisation_id}
        _tell(actor, "approved", version, readers, {"organisation_id": organisation_id})
    return version


def withdraw_approval(*, actor: Scope, version_id: int, revision: int, organisation_id: int) -> RosterVersion:
    """Take an organisation's key back.  Raises as ``approve`` does."""
    version, reach = open_draft(actor=actor, version_id=version_id, revision=revision)
    _own_organisation(actor, organisation_id)
    kept = [approval for approval in version.approvals if approval.organisation_id != organisation_id]
    if len(kept) != len(version.approvals):
        version.approvals = kept
        readers = reach.owner_ids | {organisation_id}
        _tell(actor, "approval_withdrawn", version, readers, {"organisation_id": organisation_id})
    return version


def publish(*, actor: Scope, version_id: int, revision: int, reason: str = "") -> RosterVersion:
    """Make a draft the version that everyone sees.

    The draft is judged once more by the facts of today.  Revisions, published duties and the state of the version
    before change in the same transaction, and only where something differs; feeds are told, and made anew afterwards.

    Parameters
    ----------
    reason
        Why it is published although it has warnings; the journal keeps it.

    Raises
    ------
    NotFound
        When there is no such version for the actor.
    NotAllowed
        When the actor coordinates none of the hospitals involved.
    Conflict
        When it is no draft any more, has changed meanwhile, is not based on the published version, changes what is
        past, lacks a key, or would put someone in two places.
    InvalidInput
        When nothing changes, it breaks a blocking rule, or has warnings and no reason is given.
    """
    version, reach = open_draft(actor=actor, version_id=version_id, revision=revision)
    lock_roster(version.roster_id)
    needed = needed_organisations(version)
    if not actor.organisations_as("coordinator") & (reach.owner_ids | needed):
        raise NotAllowed(NOT_INVOLVED)
    published = published_version(version.roster_id)
    if version.based_on_id != (published.id if published is not None else None):
        raise Conflict(OUTDATED)
    before, after = states_of(version.based_on_id), states_of(version.id)
    discretion = discretion_of(actor, reach, version.roster_id)
    if before == after:
        raise InvalidInput(UNCHANGED)
    if published is not None:
        _check_history(before, after, discretion)
    _check_findings(version, reason.strip(), discretion)
    _check_keys(version, needed)
    now = clock.now()
    _make_current(actor, version, published, reason=reason.strip(), at=now)
    replace_duties(version, before, after)
    revise(before, after, at=now)
    remember_cancelled(version.roster_id, before, after, at=now)
    mark_stale(touched_by(before, after))
    facts = {"from_id": version.based_on_id, "session_ids": changed_sessions(before, after), "reason": version.reason}
    _tell(actor, "published", version, reach.owner_ids | needed, facts)
    return version


def _make_current(
    actor: Scope, version: RosterVersion, published: RosterVersion | None, *, reason: str, at: datetime
) -> None:
    if published is not None:
        published.state = "superseded"
        db.session.flush()
    version.state = "published"
    version.published_at = at
    version.published_by_id = actor.account_id
    version.reason = reason
    db.session.flush()


def _check_history(
    before: Mapping[int, SessionState], after: Mapping[int, SessionState], discretion: Discretion
) -> None:
    now, changed = clock.now(), changed_sessions(before, after)
    sessions = load_sessions(changed)
    for session_id in changed:
        was, will, session = before.get(session_id), after.get(session_id), sessions[session_id]
        cover_hours: dict[int | None, int | None] = {seat.id: seat.demand.cover_hours for seat in session.seats}
        hours = [cover_hours.get(seat_id) for seat_id in changed_seats(was, will)]
        states = [state for state in (was, will) if state is not None]
        if any(is_past(own, state.start_at, state.end_at, now) for own in hours for state in states):
            raise Conflict(discretion.message(say(HISTORY, session=session_title(session.template))))


def _check_findings(version: RosterVersion, reason: str, discretion: Discretion) -> None:
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(
            say(REASON_TOO_LONG, length=REASON_LENGTH), {"reason": say(REASON_TOO_LONG, length=REASON_LENGTH)}
        )
    findings = judge_version(version)
    blocking = findings.of_strength(Strength.BLOCK)
    if blocking:
        told = [discretion.said(breach) for breach in blocking if discretion.tells(breach)]
        raise InvalidInput(BLOCKED, {f"breach-{i}": message for i, message in enumerate(told)})
    if findings.of_strength(Strength.WARN) and not reason:
        raise InvalidInput(REASON_MISSING, {"reason": REASON_MISSING})


def _check_keys(version: RosterVersion, needed: frozenset[int]) -> None:
    given = {approval.organisation_id for approval in version.approvals}
    missing = db.session.scalars(
        select(Organisation).where(Organisation.id.in_(needed - given)).order_by(Organisation.name)
    ).all()
    if missing:
        raise Conflict(say(KEYS_MISSING, organisation=missing[0].name))


def _own_organisation(actor: Scope, organisation_id: int) -> Organisation:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or organisation_id not in actor.visible_organisation_ids:
        raise NotFound()
    if actor.role_in(organisation_id) != "coordinator":
        raise NotAllowed(NOT_YOUR_KEY)
    return organisation


def _tell(actor: Scope, deed: str, version: RosterVersion, readers: Iterable[int], facts: Mapping[str, object]) -> None:
    db.session.flush()
    journal.record(
        actor=actor,
        deed=f"roster_version.{deed}",
        subject="roster_version",
        subject_id=version.id,
        organisation_ids=readers,
        facts={"roster_id": version.roster_id, "number": version.number, **facts},
    )
