"""The tables of Passerelle, one file per area."""

from scheduler.models.accounts import ACCESS_ROLES, AccessGrant, Account, SignIn, SignInAttempt
from scheduler.models.agreements import AgreementEnrolment, AgreementLine, CooperationAgreement
from scheduler.models.availability import LEAVE_KINDS, ClinicianPreference, Leave, Unavailability
from scheduler.models.calendars import CancelledSession, EventBytes, FeedBytes, FeedSubscription
from scheduler.models.clinicians import (
    Affiliation,
    ClinicalRole,
    Clinician,
    Insurance,
    Registration,
    Specialty,
)
from scheduler.models.journal import JournalEntry
from scheduler.models.organisations import (
    Holiday,
    Organisation,
    Programme,
    Room,
    RoomClosure,
    RoomOpening,
    Site,
    SiteClosure,
    TravelTime,
    Zone,
)
from scheduler.models.policies import RuleChoice
from scheduler.models.rosters import (
    Approval,
    Assignment,
    DraftEdit,
    Placement,
    PublishedDuty,
    Roster,
    RosterSiteWeek,
    RosterVersion,
    SessionPin,
)
from scheduler.models.session_plans import (
    HALF_DAYS,
    ClinicalSession,
    Demand,
    HalfDayTimes,
    Seat,
    SessionTemplate,
    TemplateHalfDay,
)
from scheduler.models.solve_runs import SolveRun
from scheduler.models.triggers import refusal_of

__all__ = [
    "ACCESS_ROLES",
    "HALF_DAYS",
    "LEAVE_KINDS",
    "AccessGrant",
    "Account",
    "Affiliation",
    "AgreementEnrolment",
    "AgreementLine",
    "Approval",
    "Assignment",
    "CancelledSession",
    "ClinicalRole",
    "ClinicalSession",
    "Clinician",
    "ClinicianPreference",
    "CooperationAgreement",
    "Demand",
    "DraftEdit",
    "EventBytes",
    "FeedBytes",
    "FeedSubscription",
    "HalfDayTimes",
    "Holiday",
    "Insurance",
    "JournalEntry",
    "Leave",
    "Organisation",
    "Placement",
    "Programme",
    "PublishedDuty",
    "Registration",
    "Room",
    "RoomClosure",
    "RoomOpening",
    "Roster",
    "RosterSiteWeek",
    "RosterVersion",
    "RuleChoice",
    "Seat",
    "SessionPin",
    "SessionTemplate",
    "SignIn",
    "SignInAttempt",
    "Site",
    "SiteClosure",
    "SolveRun",
    "Specialty",
    "TemplateHalfDay",
    "TravelTime",
    "Unavailability",
    "Zone",
    "refusal_of",
]
