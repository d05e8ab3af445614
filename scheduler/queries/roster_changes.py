"""What changes for whom from one version of a roster to another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, Room, RosterVersion
from scheduler.queries.discretion import seen_sessions
from scheduler.queries.roster_access import find_version_by_id
from scheduler.queries.session_states import SessionState, home_organisations, load_sessions, states_of
from scheduler.scope import Scope

KINDS = ("new", "removed", "moved", "room", "role", "team")
"""How a duty may change: it comes, it goes, its time, its room or one's own roles change, only colleagues change."""


@dataclass(frozen=True, slots=True)
class SideState:
    """A person's part in a session in one of two versions: when, where, as what, with whom.

    Parameters
    ----------
    roles
        What the person does while the session lasts; empty for whoever only covers afterwards.
    cover
        From when to when, by the clock of the site, the person covers afterwards; None for whoever does not.
    """

    on: date
    half_day: str
    start_at: datetime
    end_at: datetime
    room_name: str | None
    roles: tuple[str, ...]
    cover: tuple[datetime, datetime] | None
    colleagues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for one person about one session; ``before`` or ``after`` is None when there is no part in it.

    Parameters
    ----------
    kind
        One of ``KINDS``: the weightiest change.
    organisation_ids
        Who hosts the session and who sends the person.
    """

    clinician_id: int
    clinician_name: str
    session_id: int
    session_kind: str
    specialty: str
    site_name: str
    timezone: str
    agreement_id: int | None
    kind: str
    before: SideState | None
    after: SideState | None
    organisation_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How much changes in sessions that the reader does not see, at one site, and for whom."""

    site_name: str
    count: int
    clinician_ids: frozenset[int]


def differences(scope: Scope, version_id: int, against: int | None = None) -> tuple[Change, ...]:
    """Give what changes for whom, by name and then by time, in sessions that the account sees.  As ``all_changes``."""
    return all_changes(scope, version_id, against)[0]


def all_changes(
    scope: Scope, version_id: int, against: int | None = None
) -> tuple[tuple[Change, ...], tuple[Elsewhere, ...]]:
    """Give what changes for whom, by name and then by time, and how much changes that the account does not see.

    Parameters
    ----------
    against
        Id of the version to compare with.  None: the published version for a draft, else the one it was based on;
        where there is none, everything is new.

    Raises
    ------
    NotFound
        When one of the versions does not exist for this account, or is of another roster.
    """
    version, reach = find_version_by_id(scope, version_id)
    if against is None:
        other_id = usual_other(version)
    else:
        other, _ = find_version_by_id(scope, against)
        if other.roster_id != version.roster_id:
            raise NotFound()
        other_id = other.id
    seen = seen_sessions(scope, reach, version.roster_id)
    changes = changes_between(other_id, version.id)
    return tuple(c for c in changes if c.session_id in seen), _elsewhere(c for c in changes if c.session_id not in seen)


def _elsewhere(changes: Iterable[Change]) -> tuple[Elsewhere, ...]:
    by_site: dict[str, list[Change]] = {}
    for change in changes:
        by_site.setdefault(change.site_name, []).append(change)
    return tuple(
        Elsewhere(name, len({c.session_id for c in found}), frozenset(c.clinician_id for c in found))
        for name, found in sorted(by_site.items())
    )


def usual_other(version: RosterVersion) -> int | None:
    """Give the id of the version with which this one is compared unless another is named."""
    if version.state != "draft":
        return version.based_on_id
    return db.session.scalar(
        select(RosterVersion.id).where(RosterVersion.roster_id == version.roster_id, RosterVersion.state == "published")
    )


def changes_between(before_id: int | None, after_id: int) -> tuple[Change, ...]:
    """Give what changes for whom between two versions of a roster, by name and then by time."""
    before, after = states_of(before_id), states_of(after_id)
    touched = [i for i in sorted(before.keys() | after.keys()) if before.get(i) != after.get(i)]
    people = {who for i in touched for s in (before.get(i), after.get(i)) if s for who in s.clinician_ids}
    names = _Names(touched, people)
    found = [
        change
        for session_id in touched
        for clinician_id in sorted(people)
        for change in [names.change(session_id, clinician_id, before.get(session_id), after.get(session_id))]
        if change is not None
    ]
    return tuple(sorted(found, key=_order))


def kind_of_change(clinician_id: int, before: SessionState | None, after: SessionState | None) -> str | None:
    """Give the weightiest change of a person's part in a session, as far as seats tell; None when there is none."""
    was = before is not None and clinician_id in before.clinician_ids
    will = after is not None and clinician_id in after.clinician_ids
    if not was or not will or before is None or after is None:
        return "new" if will else "removed" if was else None
    if before.place[:4] != after.place[:4]:
        return "moved"
    if before.room_id != after.room_id:
        return "room"
    return "team" if before.team != after.team else None


class _Names:
    """What turns ids into a change that people can read."""

    def __init__(self, session_ids: list[int], clinician_ids: set[int]) -> None:
        self._sessions: Mapping[int, ClinicalSession] = load_sessions(session_ids)
        self._demands = {seat.id: seat.demand for s in self._sessions.values() for seat in s.seats}
        self._homes = home_organisations(clinician_ids)
        self._people = dict(
            db.session.execute(select(Clinician.id, Clinician.name).where(Clinician.id.in_(clinician_ids))).all()
        )
        sites = {s.template.site_id for s in self._sessions.values()}
        self._rooms = dict(db.session.execute(select(Room.id, Room.name).where(Room.site_id.in_(sites))).all())

    def change(
        self, session_id: int, clinician_id: int, before: SessionState | None, after: SessionState | None
    ) -> Change | None:
        """Give the change of a person's part in a session, or None."""
        kind = kind_of_change(clinician_id, before, after)
        if kind is None:
            return None
        template = self._sessions[session_id].template
        was, will = (self._side(clinician_id, state, template.site.timezone) for state in (before, after))
        if kind == "team" and was and will and (was.roles, was.cover) != (will.roles, will.cover):
            kind = "role"
        return Change(
            clinician_id=clinician_id,
            clinician_name=self._people[clinician_id],
            session_id=session_id,
            session_kind=template.kind,
            specialty=template.specialty,
            site_name=template.site.name,
            timezone=template.site.timezone,
            agreement_id=template.agreement_id,
            kind=kind,
            before=was,
            after=will,
            organisation_ids=frozenset((template.site.organisation_id, self._homes[clinician_id])),
        )

    def _side(self, clinician_id: int, state: SessionState | None, timezone: str) -> SideState | None:
        if state is None or clinician_id not in state.clinician_ids:
            return None
        colleagues = sorted(self._people[who] for who in state.clinician_ids - {clinician_id})
        demands = [self._demands[seat_id] for seat_id in state.seats_of(clinician_id)]
        hours = max((demand.cover_hours for demand in demands if demand.cover_hours is not None), default=None)
        return SideState(
            on=state.on,
            half_day=state.half_day,
            start_at=state.start_at,
            end_at=state.end_at,
            room_name=self._rooms.get(state.room_id) if state.room_id is not None else None,
            roles=tuple(demand.role.code for demand in demands if demand.cover_hours is None),
            cover=_local_interval(state.end_at, hours, timezone) if hours is not None else None,
            colleagues=tuple(colleagues),
        )


def _local_interval(start_at: datetime, hours: int, timezone: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(timezone)
    return start_at.astimezone(zone), (start_at + timedelta(hours=hours)).astimezone(zone)


def _order(change: Change) -> tuple[str, int, datetime, int]:
    start_at = min(side.start_at for side in (change.before, change.after) if side is not None)
    return (change.clinician_name, change.clinician_id, start_at, change.session_id)
