"""The records that state the facts of a planning question.  Times are aware UTC instants, intervals half-open."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from solver.text import Fact

if TYPE_CHECKING:
    from solver.problem import Problem

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
    """A place with an address: country (ISO 3166 alpha-2), IANA zone, and its days without planned work.

    Parameters
    ----------
    languages
        ISO 639-1 codes of the languages spoken with patients and staff; empty: not recorded.
    access_zones
        Organised cross-border access zones (ZOAST) that the site belongs to.
    neutral
        Whether all teams take turns there: to work there is no change of site.
    """

    id: str
    name: str
    country: str
    organisation: str
    zone: str = "Europe/Brussels"
    holidays: frozenset[date] = frozenset()
    closed_on: frozenset[date] = frozenset()
    languages: frozenset[str] = frozenset()
    access_zones: frozenset[str] = frozenset()
    neutral: bool = False


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
class WorkLimit:
    """A limit that holds for one clinician; both ends are included, None leaves one open.

    Parameters
    ----------
    name
        What is limited, over all planned weeks unless the name says otherwise: ``minutes``, ``minutes_per_week``
        and ``minutes_per_day`` (of exclusive work), ``sessions`` (of the kind given), ``nights`` (exclusive),
        ``weekends`` (with work on either day), ``days_in_a_row``, ``nights_in_a_row``, ``days_off_in_a_row``,
        ``booked_minutes_per_day`` (of all sessions taken on a day, those that share its hours included: cases),
        ``organisations`` (worked for, those of fixed duties included).
    kind
        Kind of session that a limit on ``sessions``, ``nights`` or ``nights_in_a_row`` counts; empty: all.
    on
        The one day that a limit on ``booked_minutes_per_day`` holds for; None: each day without a limit of its own.
    """

    name: str
    low: int | None = None
    high: int | None = None
    kind: str = ""
    on: date | None = None


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
    languages
        ISO 639-1 codes; empty: not recorded.
    certificates
        Other dated papers, by kind: ``a1`` (which social security law applies).
    opt_out_hours
        Hours a week by which a signed consent raises the longest average week; 0: none signed.
    limits
        Limits of this person's own contract.
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
    languages: frozenset[str] = frozenset()
    certificates: tuple[Paper, ...] = ()
    opt_out_hours: int = 0
    limits: tuple[WorkLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """What an agreement covers: a specialty and, where set, kinds and numbers of sessions a week."""

    specialty: str
    kinds: frozenset[str] = frozenset()
    min_per_week: int | None = None
    max_per_week: int | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A clinician may work under an agreement in [valid_from, valid_until).

    ``contract`` is the contract status at the host, where there is one beside the home contract.
    """

    clinician: str
    valid_from: date
    valid_until: date
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A cooperation agreement between organisations, in force in [valid_from, valid_until).

    ``evaluated_on`` is the date of the latest yearly evaluation; None: not recorded.
    """

    id: str
    title: str
    organisations: frozenset[str]
    valid_from: date
    valid_until: date
    lines: tuple[AgreementLine, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    evaluated_on: date | None = None

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
    line
        Name of the round-the-clock duty line that the session is a part of; empty: none.
    line_choice
        1 for the base line, 2 and 3 for those called next; 0 outside lines.
    unheld_cost
        Cost when it is not held, instead of the weight by priority.
    held_cost
        Cost when it is held: staff beyond what is needed.
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
    line: str = ""
    line_choice: int = 0
    unheld_cost: int | None = None
    held_cost: int = 0


@dataclass(frozen=True, slots=True)
class Absence:
    """A clinician cannot work in [start_at, end_at).  ``kind`` is ``leave`` or ``unavailable``."""

    clinician: str
    start_at: datetime
    end_at: datetime
    kind: str = "leave"


@dataclass(frozen=True, slots=True)
class FixedDuty:
    """A duty outside this question (elsewhere, or before it) that people cannot be in twice.

    ``kind`` is the kind of session; empty: not recorded.
    """

    clinician: str
    site: str
    on: date
    start_at: datetime
    end_at: datetime
    exclusive: bool = True
    counts_as_session: bool = True
    kind: str = ""


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
class Wish:
    """What a clinician asks for on one day: to do a kind of session (``wanted``) or not to.

    ``kind`` may be empty: any work at all.  ``weight`` is the cost of not hearing the wish, in units of the goal.
    """

    clinician: str
    on: date
    kind: str = ""
    wanted: bool = True
    weight: int = 1


@dataclass(frozen=True, slots=True)
class PastWeek:
    """What a clinician did in one earlier week, at all employers.

    Parameters
    ----------
    first_on
        The Monday.
    minutes
        Working time by country (ISO 3166 alpha-2).
    visits
        Days of visits by country.
    nights, weekends, early_starts
        Duties by night, weekends with work on either day, and journeys that began early.
    """

    clinician: str
    first_on: date
    minutes: tuple[tuple[str, int], ...] = ()
    visits: tuple[tuple[str, int], ...] = ()
    nights: int = 0
    weekends: int = 0
    early_starts: int = 0


@dataclass(frozen=True, slots=True)
class HomeMinimum:
    """So many clinicians of a specialty stay at the home organisation of a site at each working half-day."""

    site: str
    specialty: str
    clinicians: int


@dataclass(frozen=True, slots=True)
class Succession:
    """On the day after work named ``before`` nobody does work named ``after``.

    Both name a kind of session, or a half-day.
    """

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A clinician who operated at a site should hold a consultation there in [from_on, until_on)."""

    clinician: str
    site: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Suitability:
    """How well a clinician suits work of a specialty at a site.

    ``cost`` is what each seat taken there costs, in units of the goal; None: the clinician has no privilege there.
    """

    clinician: str
    site: str
    specialty: str
    cost: int | None = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """From ``low`` to ``high`` sessions are held at one half-day, ends included; an empty set means all.

    ``kinds`` and ``sites`` choose the sessions that count; ``high`` None leaves the number open.
    """

    on: date
    half_day: HalfDay
    sites: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    low: int = 0
    high: int | None = None


@dataclass(frozen=True, slots=True)
class LastSite:
    """What it costs, in units of the goal, that a clinician's planned work ends at a site.

    From there the weeks after begin.  Work at sites that no such fact of the clinician names is passed over, and
    whoever does not work at all ends nowhere.
    """

    clinician: str
    site: str
    cost: int


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes between two sites, the same both ways; ``estimated`` when nobody has confirmed them."""

    one: str
    other: str
    minutes: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Whom and what a rule concerns; an empty set means all.

    Parameters
    ----------
    contracts, not_contracts
        Contract statuses of the clinician.
    countries, organisations
        Of the clinician's home site.
    sites, kinds
        Where the session takes place, and its kind.
    """

    contracts: frozenset[str] = frozenset()
    not_contracts: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def person(self, problem: "Problem", clinician: Clinician) -> bool:
        """Tell whether the rule concerns this clinician."""
        home = problem.site[clinician.home_site]
        return (
            (not self.contracts or clinician.contract in self.contracts)
            and clinician.contract not in self.not_contracts
            and (not self.countries or home.country in self.countries)
            and (not self.organisations or home.organisation in self.organisations)
        )

    def place(self, site: str, kind: str) -> bool:
        """Tell whether the rule concerns sessions of this kind at this site."""
        return (not self.sites or site in self.sites) and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What a hospital changed about a rule: None keeps the rule's own value.

    ``applies_to`` limits the change to some people and sessions; for all others the rule stays as it is.
    """

    rule: str
    strength: Strength | None = None
    weight: int | None = None
    params: tuple[tuple[str, Fact], ...] = ()
    applies_to: AppliesTo | None = None
