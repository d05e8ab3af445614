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
    is_cancelled
        The duty was published once and is held no more.
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
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class SessionFact:
    """One session of the published roster with its whole team.

    Parameters
    ----------
    uid, sequence, revised_at
        The session's iCalendar identity.  ``revised_at`` moves whenever a fact shown in a feed changes.
    specialty
        English name, the key of its translation.
    team
        Everyone who has a seat, in the order of the seats.
    is_cancelled
        The session was published once and is held no more.
    """

    uid: str
    sequence: int
    revised_at: datetime
    session_id: int
    kind: str
    specialty: str
    site: SitePlace
    room: str | None
    agreement: str | None
    on_date: date
    half_day: str
    start_at: datetime
    end_at: datetime
    team: tuple[Colleague, ...] = ()
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class LeaveFact:
    """A clinician is away on all days of [start_on, end_on), for no reason that a feed would tell."""

    uid: str
    sequence: int
    revised_at: datetime
    leave_id: int
    clinician_id: int
    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True)
class TravelBlock:
    """The time on the road from one site to another that belongs to a duty.

    Parameters
    ----------
    part
        ``out`` leads from home to the duty, ``on`` from another site to it, ``back`` from it to home.
    minutes
        Time needed; [start_at, end_at) is shorter where another duty leaves less.
    is_estimated
        Nobody has measured or entered the minutes.
    """

    duty_uid: str
    seat_id: int
    part: str
    from_place: SitePlace
    to_place: SitePlace
    start_at: datetime
    end_at: datetime
    minutes: int
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """The one thing whose events a feed shows: a clinician, a site, a room; with what decides who may subscribe.

    Parameters
    ----------
    kind
        The id of the feed.
    name
        As shown; parts that are specialties are given in English, the key of their translation.
    timezone
        IANA zone of the calendar as a whole.
    organisation_ids
        Whose it is: home of a clinician, owner of a site or room, both parties of an agreement.  Empty: nobody's,
        and each organisation sees its own part.
    clinician_ids
        The clinician, or those enrolled in the agreement today.
    is_in_force
        False for an agreement that does not hold today.
    """

    kind: str
    id: int
    name: str
    timezone: str
    organisation_ids: frozenset[int] = frozenset()
    clinician_ids: frozenset[int] = frozenset()
    is_in_force: bool = True
