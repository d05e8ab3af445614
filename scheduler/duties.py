"""The frozen records that everything downstream reads: feeds, pages, figures, exports."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SitePlace:
    """A site as shown to people: names, country, IANA zone, coordinates in degrees."""

    id: int
    code: str
    name: str
    town: str
    country: str
    timezone: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone else in the team of a duty's session."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One clinician in one seat of the published roster: who, where, when, as what.

    Parameters
    ----------
    uid, sequence, revised_at
        The seat's iCalendar identity.  ``revised_at`` moves whenever a fact shown in a feed changes.
    kind
        Session kind, or ``postop_cover`` for a cover seat; ``is_exclusive`` is False for such a seat.
    specialty
        English name of the session's specialty, the key of its translation.
    """

    uid: str
    sequence: int
    revised_at: datetime
    seat_id: int
    session_id: int
    clinician_id: int
    clinician_name: str
    role: str
    kind: str
    specialty: str
    site: SitePlace
    room: str | None
    agreement: str | None
    on_date: date
    half_day: str
    start_at: datetime
    end_at: datetime
    is_exclusive: bool
    is_visit: bool
    colleagues: tuple[Colleague, ...] = ()
