"""One planning question.  Checked when built; times are aware UTC instants, intervals half-open."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from solver.facts import (
    FORMAT,
    Absence,
    Agreement,
    AgreementLine,
    AppliesTo,
    Clinician,
    Enrolment,
    FixedDuty,
    FollowUp,
    Habit,
    HalfDay,
    Held,
    HomeMinimum,
    InvalidProblem,
    LastSite,
    Option,
    Paper,
    PastWeek,
    Pin,
    Preference,
    Quota,
    Room,
    RuleSetting,
    Seat,
    Session,
    Side,
    Site,
    Strength,
    Succession,
    Suitability,
    Travel,
    Wish,
    WorkLimit,
)
from solver.problem_checks import MOST_WEIGHT, check

__all__ = [
    "FORMAT",
    "MOST_WEIGHT",
    "Absence",
    "Agreement",
    "AgreementLine",
    "AppliesTo",
    "Clinician",
    "Enrolment",
    "FixedDuty",
    "FollowUp",
    "Habit",
    "HalfDay",
    "Held",
    "HomeMinimum",
    "InvalidProblem",
    "LastSite",
    "Option",
    "Paper",
    "PastWeek",
    "Pin",
    "Preference",
    "Problem",
    "Quota",
    "Room",
    "RuleSetting",
    "Seat",
    "Session",
    "Side",
    "Site",
    "Strength",
    "Succession",
    "Suitability",
    "Travel",
    "Wish",
    "WorkLimit",
]


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
    today
        The day of the question, from which notice periods count; None: no notice is looked at.

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
    today: date | None = None
    wishes: tuple[Wish, ...] = ()
    past_weeks: tuple[PastWeek, ...] = ()
    home_minimums: tuple[HomeMinimum, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    successions: tuple[Succession, ...] = ()
    suitabilities: tuple[Suitability, ...] = ()
    quotas: tuple[Quota, ...] = ()
    last_sites: tuple[LastSite, ...] = ()

    def __post_init__(self) -> None:
        """Refuse facts that contradict one another."""
        check(self)

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
        """Rule settings that hold for all, by rule id."""
        return {s.rule: s for s in self.settings if s.applies_to is None}

    @cached_property
    def suitability(self) -> dict[tuple[str, str, str], int | None]:
        """What suits whom: cost by clinician, site and specialty; None where there is no privilege."""
        return {(s.clinician, s.site, s.specialty): s.cost for s in self.suitabilities}

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
