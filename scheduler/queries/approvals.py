"""Whose keys a draft needs, and which it has."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.extensions import db
from scheduler.models import Account, Approval, Organisation, RosterVersion
from scheduler.queries.roster_changes import usual_other
from scheduler.queries.session_states import SessionState, home_organisations, load_sessions, states_of
from scheduler.scope import Scope


@dataclass(frozen=True, slots=True)
class ApprovalState:
    """An organisation's key to a draft.

    Parameters
    ----------
    needed
        Whether it sends or hosts a duty that the draft changes.
    given_by
        Name of the account that approved; empty when nobody did.
    can_give
        Whether the asker may give the key, or take it back when it is given.
    """

    organisation_id: int
    name: str
    needed: bool
    given_by: str
    given_at: datetime | None
    can_give: bool


def approval_states(scope: Scope, version: RosterVersion) -> tuple[ApprovalState, ...]:
    """Give the keys that a draft needs or has, by name; none for other versions."""
    if version.state != "draft":
        return ()
    needed = needed_organisations(version)
    given = {
        approval.organisation_id: (approval, name)
        for approval, name in db.session.execute(
            select(Approval, Account.name)
            .join(Account, Account.id == Approval.account_id)
            .where(Approval.version_id == version.id)
            .options(joinedload(Approval.organisation))
        )
    }
    organisations = db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(needed | given.keys()))
        .order_by(Organisation.name, Organisation.id)
    )
    found = []
    for organisation in organisations:
        approval, name = given.get(organisation.id, (None, ""))
        found.append(
            ApprovalState(
                organisation_id=organisation.id,
                name=organisation.name,
                needed=organisation.id in needed,
                given_by=name,
                given_at=approval.approved_at if approval is not None else None,
                can_give=scope.role_in(organisation.id) == "coordinator",
            )
        )
    return tuple(found)


def needed_organisations(version: RosterVersion) -> frozenset[int]:
    """Give the organisations that send or host a duty in which a draft differs from the published version."""
    return organisations_of(states_of(usual_other(version)), states_of(version.id))


def organisations_of(before: dict[int, SessionState], after: dict[int, SessionState]) -> frozenset[int]:
    """Give the organisations that send or host a duty that is not the same before and after.

    Who keeps a seat while a colleague changes is not touched; whose session moves is.
    """
    touched = {i for i in before.keys() | after.keys() if before.get(i) != after.get(i)}
    people = {who for i in touched for who in changed_people(before.get(i), after.get(i))}
    hosts = {s.template.site.organisation_id for s in load_sessions(touched).values()}
    return frozenset(hosts | set(home_organisations(people).values()))


def changed_people(before: SessionState | None, after: SessionState | None) -> frozenset[int]:
    """Give those whose own duty in a session changes: all when it moves, else whoever comes, goes or swaps seats."""
    if before is None or after is None or before.place != after.place:
        return frozenset(who for s in (before, after) if s is not None for who in s.clinician_ids)
    return frozenset(who for _, who in set(before.team) ^ set(after.team))
