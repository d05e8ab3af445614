"""The frozen facts of one planning question.  Checked when built; times are aware UTC instants, intervals half-open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from solver.text import Fact

FORMAT = 1
"""Number of the JSON format of Problem and Outcome; raised whenever an old file would be read wrongly."""


class HalfDay(StrEnum):
    """The columns of a day, in the order of the clock."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Side(StrEnum):
    """Who may take a seat: someone of another organisation, of the host organisation, or either."""

    VISITOR = "visitor"
    HOST = "host"
    ANY = "any"


class Strength(StrEnum):
    """How binding a rule is: never broken, paid for dearly, only shown, or not applied."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"
    OFF = "off"


class InvalidProblem(ValueError):
    """A problem contradicts itself.

    Attributes
    ----------
    path
        Where the wrong value stands, e.g. ``sessions[3].options[0].start_at``.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Site:
    """A place with an address: country (ISO 3166 alpha-2), IANA zone, and its days without planned work."""

    id: str
    name: str
    country: str
    organisation: str
    zone: str = "Europe/Brussels"
    holidays: frozenset[date] = frozenset()
    closed_on: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a site.  ``open_at`` lists the half-days it can be used; None means always."""

    id: str
    name: str
    site: str
    kind: str
    equipment: frozenset[str] = frozenset()
    open_at: frozenset[tuple[date, HalfDay]] | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A dated right: registration in one country, or insurance valid in several.  [valid_from, valid_until)."""

    countries: frozenset[str]
    valid_from: date
    valid_until: date
    kind: str = "registration"

    def covers(self, country: str, on: date) -> bool:
        """Tell whether the paper is valid in this country on this date."""
        return country in self.countries and self.valid_from <= on < self.valid_until


@dataclass(frozen=True, slots=True)
class Clinician:
    """A person who can be rostered.

    Parameters
    ----------
    home_site
        Site of the home organisation; whoever works for another organisation is a visitor there.
    contract
        Contract status, e.g. ``employee``, ``self-employed``, ``praticien hospitalier``.
    share
        Full-time share from 0 to 1; fair shares are weighted with it.
    travel_counts
        Whether rest is measured door to door (travel home included).
    past_visits
        Days abroad in the weeks before, for fairness carried over.
    """

    id: str
    name: str
    home_site: str
    specialties: frozenset[str]
    roles: frozenset[str]
    contract: str = "employee"
    share: float = 1.0
    registrations: tuple[Paper, ...] = ()
    insurances: tuple[Paper, ...] = ()
    max_sessions_per_week: int = 10
    max_sessions_per_day: int = 2
    max_days_abroad_per_week: int = 5
    travel_counts: bool = False
    past_visits: int = 0


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """What an agreement covers: a specialty and, where set, kinds and numbers of sessions a week."""

    specialty: str
    kinds: frozenset[str] = frozenset()
    min_per_week: int | None = None
    max_per_week: int | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A clinician may work under an agreement in [valid_from, valid_until)."""

    clinician: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Agreement:
    """A cooperation agreement between organisations, in force in [valid_from, valid_until)."""

    id: str
    title: str
    organisations: frozenset[str]
    valid_from: date
    valid_until: date
    lines: tuple[AgreementLine, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()

    def in_force(self, on: date) -> bool:
        """Tell whether the agreement is in force on this date."""
        return self.valid_from <= on < self.valid_until


@dataclass(frozen=True, slots=True)
class Option:
    """One half-day at which a session may be held, with its real interval [start_at, end_at) in UTC."""

    on: date
    half_day: HalfDay
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """One place in a session's team.

    Parameters
    ----------
    specialties
        Any of these fits.
    exclusive
        False for post-operative cover: it does not occupy the person.
    cover_hours
        None: the seat lasts as long as the session.  A number: it lasts from the session's end for so many hours.
    """

    id: str
    role: str
    specialties: tuple[str, ...]
    side: Side = Side.ANY
    exclusive: bool = True
    cover_hours: int | None = None

    def interval(self, option: Option) -> tuple[datetime, datetime]:
        """Give the interval that the seat takes when its session is held at this option."""
        if self.cover_hours is None:
            return option.start_at, option.end_at
        return option.end_at, option.end_at + timedelta(hours=self.cover_hours)


@dataclass(frozen=True, slots=True)
class Session:
    """One dated stretch of clinical work that is held whole or not at all.

    Parameters
    ----------
    group
        Name of the template it comes from; sessions of a group that are alike in all else are interchangeable.
    options
        Half-days at which it may be held: one for a fixed session, none when all of them are past.
    priority
        0 optional; 1 mandatory; 2, 3 more so.
    """

    id: str
    title: str
    group: str
    site: str
    kind: str
    options: tuple[Option, ...]
    seats: tuple[Seat, ...]
    agreement: str | None = None
    room_kind: str | None = None
    equipment: frozenset[str] = frozenset()
    priority: int = 1
    counts_as_session: bool = True


@dataclass(frozen=True, slots=True)
class Absence:
    """A clinician cannot work in [start_at, end_at).  ``kind`` is ``leave`` or ``unavailable``."""

    clinician: str
    start_at: datetime
    end_at: datetime
    kind: str = "leave"


@dataclass(frozen=True, slots=True)
class FixedDuty:
    """A duty outside this question (elsewhere, or before it) that people cannot be in twice."""

    clinician: str
    site: str
    on: date
    start_at: datetime
    end_at: datetime
    exclusive: bool = True
    counts_as_session: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """A session as held: half-day, room and team.

    Parameters
    ----------
    room
        None where the session needs none, or as long as rooms are not named yet.
    team
        Pairs of seat id and clinician id, one for each seat of the session.
    """

    session: str
    on: date
    half_day: HalfDay
    room: str | None
    team: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """What the solver may not change about a session.  None leaves a part open.

    A pin on a half-day, a room or the clinician of a seat.  A pin that meets a filter yields and is reported.
    ``history`` marks days already past.
    """

    session: str
    on: date | None = None
    half_day: HalfDay | None = None
    room: str | None = None
    seat: str | None = None
    clinician: str | None = None
    history: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """A clinician usually visits this site on this ISO weekday (1 to 7)."""

    clinician: str
    site: str
    weekday: int


@dataclass(frozen=True, slots=True)
class Preference:
    """How much a clinician likes (positive) or dislikes (negative) to work at a half-day; -3 to 3."""

    clinician: str
    on: date
    half_day: HalfDay
    liking: int


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes between two sites, the same both ways; ``estimated`` when nobody has confirmed them."""

    one: str
    other: str
    minutes: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What a hospital changed about a rule: None keeps the rule's own value."""

    rule: str
    strength: Strength | None = None
    weight: int | None = None
    params: tuple[tuple[str, Fact], ...] = ()


@dataclass(frozen=True)
class Problem:
    """All facts of one planning question: whole ISO weeks and a set of sites.

    Parameters
    ----------
    first_on
        A Monday.
    weeks
        Number of ISO weeks planned.
    published
        The published plan for the same weeks, from which stability is measured.

    Raises
    ------
    InvalidProblem
        When ids repeat, references lead nowhere, or an interval is empty or lies outside the weeks.
    """

    first_on: date
    weeks: int
    sites: tuple[Site, ...]
    rooms: tuple[Room, ...]
    clinicians: tuple[Clinician, ...]
    sessions: tuple[Session, ...]
    agreements: tuple[Agreement, ...] = ()
    travel: tuple[Travel, ...] = ()
    travel_margin_minutes: int = 10
    absences: tuple[Absence, ...] = ()
    fixed_duties: tuple[FixedDuty, ...] = ()
    pins: tuple[Pin, ...] = ()
    published: tuple[Held, ...] = ()
    habits: tuple[Habit, ...] = ()
    preferences: tuple[Preference, ...] = ()
    settings: tuple[RuleSetting, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse facts that contradict one another."""
        _check(self)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """All days of the planned weeks, in order."""
        return tuple(self.first_on + timedelta(days=n) for n in range(7 * self.weeks))

    @cached_property
    def site(self) -> dict[str, Site]:
        """Sites by id."""
        return {s.id: s for s in self.sites}

    @cached_property
    def room(self) -> dict[str, Room]:
        """Rooms by id."""
        return {r.id: r for r in self.rooms}

    @cached_property
    def clinician(self) -> dict[str, Clinician]:
        """Clinicians by id."""
        return {c.id: c for c in self.clinicians}

    @cached_property
    def session(self) -> dict[str, Session]:
        """Sessions by id."""
        return {s.id: s for s in self.sessions}

    @cached_property
    def agreement(self) -> dict[str, Agreement]:
        """Agreements by id."""
        return {a.id: a for a in self.agreements}

    @cached_property
    def setting(self) -> dict[str, RuleSetting]:
        """Rule settings by rule id."""
        return {s.rule: s for s in self.settings}

    @cached_property
    def _minutes(self) -> dict[tuple[str, str], int]:
        both = {(t.one, t.other): t.minutes for t in self.travel}
        return both | {(b, a): m for (a, b), m in both.items()}

    def travel_minutes(self, one: str, other: str) -> int:
        """Give the minutes between two sites without margin; 0 for the same site."""
        return 0 if one == other else self._minutes[one, other]

    def organisation_of(self, clinician: str) -> str:
        """Give the home organisation of a clinician."""
        return self.site[self.clinician[clinician].home_site].organisation

    def is_visitor(self, clinician: str, site: str) -> bool:
        """Tell whether the clinician works outside the home organisation at this site."""
        return self.organisation_of(clinician) != self.site[site].organisation

    def is_abroad(self, clinician: str, site: str) -> bool:
        """Tell whether the site lies in another country than the clinician's home site."""
        return self.site[self.clinician[clinician].home_site].country != self.site[site].country


MOST_WEEKS = 104
MOST_COVER_HOURS = 336
MOST_MINUTES = 100_000
MOST_COUNT = 10_000
MOST_WEIGHT = 1_000_000


def _check(problem: Problem) -> None:
    if problem.first_on.isoweekday() != 1:
        raise InvalidProblem("first_on", "must be a Monday")
    if not 1900 <= problem.first_on.year <= 9000:
        raise InvalidProblem("first_on", "must lie between the years 1900 and 9000")
    _within("weeks", problem.weeks, 1, MOST_WEEKS)
    _within("travel_margin_minutes", problem.travel_margin_minutes, 0, MOST_MINUTES)
    sites = _unique("sites", (s.id for s in problem.sites))
    rooms = _unique("rooms", (r.id for r in problem.rooms))
    clinicians = _unique("clinicians", (c.id for c in problem.clinicians))
    agreements = _unique("agreements", (a.id for a in problem.agreements))
    _unique("sessions", (s.id for s in problem.sessions))
    for i, site in enumerate(problem.sites):
        _check_zone(f"sites[{i}].zone", site.zone)
    for i, room in enumerate(problem.rooms):
        _known(f"rooms[{i}].site", room.site, sites)
    for i, person in enumerate(problem.clinicians):
        _known(f"clinicians[{i}].home_site", person.home_site, sites)
        _check_clinician(f"clinicians[{i}]", person)
    for i, agreement in enumerate(problem.agreements):
        _check_agreement(f"agreements[{i}]", agreement, clinicians)
    for i, session in enumerate(problem.sessions):
        _check_session(problem, f"sessions[{i}]", session, sites, agreements)
    for name in ("absences", "fixed_duties"):
        for i, spell in enumerate(getattr(problem, name)):
            _known(f"{name}[{i}].clinician", spell.clinician, clinicians)
            _interval(f"{name}[{i}]", spell.start_at, spell.end_at)
    for i, duty in enumerate(problem.fixed_duties):
        _known(f"fixed_duties[{i}].site", duty.site, sites)
    for i, habit in enumerate(problem.habits):
        _known(f"habits[{i}].clinician", habit.clinician, clinicians)
        _within(f"habits[{i}].weekday", habit.weekday, 1, 7)
    for i, preference in enumerate(problem.preferences):
        _known(f"preferences[{i}].clinician", preference.clinician, clinicians)
        _within(f"preferences[{i}].liking", preference.liking, -3, 3)
    for i, setting in enumerate(problem.settings):
        if setting.weight is not None:
            _within(f"settings[{i}].weight", setting.weight, 0, MOST_WEIGHT)
    _once("settings", "rule", (setting.rule for setting in problem.settings))
    _check_held(problem, rooms, clinicians)
    _check_travel(problem, sites)


def _check_zone(path: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise InvalidProblem(path, f"{zone!r} is not an IANA time zone") from None


def _check_clinician(path: str, person: Clinician) -> None:
    if not 0 < person.share <= 1:
        raise InvalidProblem(f"{path}.share", "must be above 0 and at most 1")
    for name in ("max_sessions_per_week", "max_sessions_per_day", "max_days_abroad_per_week", "past_visits"):
        _within(f"{path}.{name}", getattr(person, name), 0, MOST_COUNT)
    for name in ("registrations", "insurances"):
        for i, paper in enumerate(getattr(person, name)):
            _dated(f"{path}.{name}[{i}]", paper)


def _check_agreement(path: str, agreement: Agreement, clinicians: set[str]) -> None:
    _dated(path, agreement)
    for i, line in enumerate(agreement.lines):
        least, most = line.min_per_week or 0, line.max_per_week
        _within(f"{path}.lines[{i}].min_per_week", least, 0, MOST_COUNT)
        if most is not None:
            _within(f"{path}.lines[{i}].max_per_week", most, least, MOST_COUNT)
    for i, enrolment in enumerate(agreement.enrolments):
        _known(f"{path}.enrolments[{i}].clinician", enrolment.clinician, clinicians)
        _dated(f"{path}.enrolments[{i}]", enrolment)


def _check_held(problem: Problem, rooms: set[str], clinicians: set[str]) -> None:
    """Check what names seats of sessions: what is published, and pins."""
    seats = {session.id: {seat.id for seat in session.seats} for session in problem.sessions}
    sessions = set(seats)
    for i, held in enumerate(problem.published):
        path = f"published[{i}]"
        _known(f"{path}.session", held.session, sessions)
        if held.room is not None:
            _known(f"{path}.room", held.room, rooms)
        for j, (seat, who) in enumerate(held.team):
            _known(f"{path}.team[{j}][0]", seat, seats[held.session])
            _known(f"{path}.team[{j}][1]", who, clinicians)
    _once("published", "session", (held.session for held in problem.published))
    for i, pin in enumerate(problem.pins):
        _known(f"pins[{i}].session", pin.session, sessions)
        if pin.room is not None:
            _known(f"pins[{i}].room", pin.room, rooms)
        if pin.seat is not None:
            _known(f"pins[{i}].seat", pin.seat, seats[pin.session])
        if pin.clinician is not None:
            _known(f"pins[{i}].clinician", pin.clinician, clinicians)


def _check_session(problem: Problem, path: str, session: Session, sites: set[str], agreements: set[str]) -> None:
    _known(f"{path}.site", session.site, sites)
    if session.agreement is not None:
        _known(f"{path}.agreement", session.agreement, agreements)
    if not session.seats:
        raise InvalidProblem(f"{path}.seats", "a session needs at least one seat")
    _unique(f"{path}.seats", (seat.id for seat in session.seats))
    _within(f"{path}.priority", session.priority, 0, 3)
    for i, seat in enumerate(session.seats):
        if seat.cover_hours is not None:
            _within(f"{path}.seats[{i}].cover_hours", seat.cover_hours, 1, MOST_COVER_HOURS)
    seen = set()
    for i, option in enumerate(session.options):
        _interval(f"{path}.options[{i}]", option.start_at, option.end_at)
        if not problem.first_on <= option.on < problem.first_on + timedelta(weeks=problem.weeks):
            raise InvalidProblem(f"{path}.options[{i}].on", "lies outside the planned weeks")
        if abs(option.start_at.date() - option.on) > timedelta(days=1):
            raise InvalidProblem(f"{path}.options[{i}].start_at", "lies more than a day away from on")
        if (option.on, option.half_day) in seen:
            raise InvalidProblem(f"{path}.options[{i}]", "this half-day is listed twice")
        seen.add((option.on, option.half_day))


def _check_travel(problem: Problem, sites: set[str]) -> None:
    known: set[frozenset[str]] = set()
    for i, line in enumerate(problem.travel):
        _known(f"travel[{i}].one", line.one, sites)
        _known(f"travel[{i}].other", line.other, sites)
        _within(f"travel[{i}].minutes", line.minutes, 0, MOST_MINUTES)
        pair = frozenset((line.one, line.other))
        if pair in known:
            raise InvalidProblem(f"travel[{i}]", f"the way between {line.one} and {line.other} is listed twice")
        known.add(pair)
    ids = [s.id for s in problem.sites]
    for i, one in enumerate(ids):
        for other in ids[i + 1 :]:
            if frozenset((one, other)) not in known:
                raise InvalidProblem("travel", f"no travel time between {one} and {other}")


def _unique(path: str, ids: Iterable[str]) -> set[str]:
    return _once(path, "id", ids)


def _once(path: str, field: str, names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            raise InvalidProblem(f"{path}[{i}].{field}", f"{name!r} is used twice")
        seen.add(name)
    return seen


def _within(path: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidProblem(path, f"must lie between {least} and {most}")


def _dated(path: str, record: Paper | Agreement | Enrolment) -> None:
    if record.valid_from >= record.valid_until:
        raise InvalidProblem(f"{path}.valid_until", "must come after valid_from")


def _known(path: str, name: str, known: set[str]) -> None:
    if name not in known:
        raise InvalidProblem(path, f"{name!r} is not known")


def _interval(path: str, start: datetime, end: datetime) -> None:
    if start.tzinfo is None or end.tzinfo is None:
        raise InvalidProblem(f"{path}.start_at", "instants must carry a time zone")
    if start >= end:
        raise InvalidProblem(f"{path}.end_at", "must come after start_at")
