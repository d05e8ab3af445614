"""What the pages about calendars show beside subscriptions: one duty, and where a session is to be seen."""

from dataclasses import dataclass

from sqlalchemy import select

from scheduler.duties import Duty
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import ClinicalSession, PublishedDuty, RosterVersion, Seat
from scheduler.queries.discretion import seen_sessions
from scheduler.queries.duties import duties_of_clinician
from scheduler.queries.roster_access import find_roster
from scheduler.queries.week import WeekDuty, as_seen_from_home, home_site_name
from scheduler.scope import Scope


@dataclass(frozen=True, slots=True)
class SessionAddress:
    """Where a session stands in the published version of its roster."""

    roster_id: int
    number: int
    session_id: int


@dataclass(frozen=True, slots=True)
class DutyPage:
    """A published duty as read by whoever has it, or by others who see its session.

    Parameters
    ----------
    seen
        The duty with its team and the way to it from the clinician's home site.
    session
        Its session in the roster; None when the reader does not see that.
    """

    seen: WeekDuty
    home_site: str
    is_own: bool
    session: SessionAddress | None

    @property
    def duty(self) -> Duty:
        """The duty itself."""
        return self.seen.duty


def load_duty_page(scope: Scope, seat_id: int) -> DutyPage:
    """Load the published duty in a seat.

    Raises
    ------
    NotFound
        When nobody holds the seat, or the account neither has the duty nor sees its session.
    """
    row = db.session.get(PublishedDuty, seat_id)
    if row is None:
        raise NotFound()
    is_own = row.clinician_id == scope.clinician_id
    session = _address(scope, row.session_id)
    if not is_own and session is None:
        raise NotFound()
    duties = duties_of_clinician(row.clinician_id, row.start_at, row.end_at)
    duty = next(one for one in duties if one.seat_id == seat_id)
    return DutyPage(as_seen_from_home(duty), home_site_name(row.clinician_id), is_own, session)


def find_session(scope: Scope, session_id: int) -> SessionAddress:
    """Find a session in the published version of its roster.

    Raises
    ------
    NotFound
        When there is no such session for this account, or its roster was never published.
    """
    found = _address(scope, session_id)
    if found is None:
        raise NotFound()
    return found


def session_of_seat(seat_id: int) -> int:
    """Give the id of a seat's session.

    Raises
    ------
    NotFound
        When there is no such seat.
    """
    session_id = db.session.scalar(select(Seat.session_id).where(Seat.id == seat_id))
    if session_id is None:
        raise NotFound()
    return session_id


def _address(scope: Scope, session_id: int) -> SessionAddress | None:
    roster_id = db.session.scalar(select(ClinicalSession.roster_id).where(ClinicalSession.id == session_id))
    if roster_id is None:
        return None
    try:
        _, reach = find_roster(scope, roster_id)
    except NotFound:
        return None
    number = db.session.scalar(
        select(RosterVersion.number).where(RosterVersion.roster_id == roster_id, RosterVersion.state == "published")
    )
    if number is None or session_id not in seen_sessions(scope, reach, roster_id):
        return None
    return SessionAddress(roster_id, number, session_id)
