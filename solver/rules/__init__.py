"""The rules, in the order in which they are shown and reasons are given."""

import re

from solver.bounds import Rule
from solver.problem import MOST_WEIGHT, AppliesTo, InvalidProblem, Problem, RuleSetting
from solver.rule_parts.scoped import PEOPLE, PLACES, as_set, varies_by
from solver.rules.a1_certificate import A1Certificate
from solver.rules.access_zone import AccessZone
from solver.rules.agreement_evaluation import AgreementEvaluation
from solver.rules.agreement_in_force import AgreementInForce
from solver.rules.agreement_maximum import AgreementMaximum
from solver.rules.agreement_target import AgreementTarget
from solver.rules.average_week import AverageWeek
from solver.rules.booked_minutes import BookedMinutes
from solver.rules.breaks import Breaks
from solver.rules.carpool import Carpool
from solver.rules.continuity import Continuity
from solver.rules.coverage import Coverage
from solver.rules.daily_rest import DailyRest
from solver.rules.day_service import DayService
from solver.rules.days_in_a_row import DaysInARow
from solver.rules.days_opened import DaysOpened
from solver.rules.duty_lines import DutyLines
from solver.rules.early_starts import EarlyStarts
from solver.rules.fair_nights import FairNights
from solver.rules.fair_share import FairShare
from solver.rules.fair_weekends import FairWeekends
from solver.rules.few_organisations import FewOrganisations
from solver.rules.few_people import FewPeople
from solver.rules.follow_up import FollowUpRule
from solver.rules.holidays_both_sides import HolidaysBothSides
from solver.rules.home_minimum import HomeMinimumRule
from solver.rules.insurance import InsuranceRule
from solver.rules.keep_share import KeepShare
from solver.rules.languages import Languages
from solver.rules.last_case import LastCase
from solver.rules.last_site import LastSiteRule
from solver.rules.leave import LeaveRule
from solver.rules.line_handover import LineHandover
from solver.rules.lines_both_sides import LinesBothSides
from solver.rules.longest_day import LongestDay
from solver.rules.longest_span import LongestSpan
from solver.rules.longest_spell import LongestSpell
from solver.rules.longest_week import LongestWeek
from solver.rules.max_sessions import MaxSessions
from solver.rules.mdt_specialties import MdtSpecialties
from solver.rules.night_work import NightWork
from solver.rules.no_overlap import NoOverlap
from solver.rules.notice import Notice
from solver.rules.one_team_a_day import OneTeamADay
from solver.rules.pinned import Pinned
from solver.rules.preferences import Preferences
from solver.rules.privileges import Privileges
from solver.rules.quotas import Quotas
from solver.rules.registration import RegistrationRule
from solver.rules.regular_visits import RegularVisits
from solver.rules.residence_share import ResidenceShare
from solver.rules.rest_after_night import RestAfterNight
from solver.rules.rest_before_theatre import RestBeforeTheatre
from solver.rules.role_and_specialty import RoleAndSpecialty
from solver.rules.room_fit import RoomFit
from solver.rules.site_changes import SiteChanges
from solver.rules.social_status import SocialStatus
from solver.rules.stability import Stability
from solver.rules.standby_distance import StandbyDistance
from solver.rules.successions import SuccessionsRule
from solver.rules.suitability import SuitabilityRule
from solver.rules.theatre_team import TheatreTeam
from solver.rules.travel_time import TravelTime
from solver.rules.trips import Trips
from solver.rules.waiting import Waiting
from solver.rules.weekly_rest import WeeklyRest
from solver.rules.whole_session import WholeSession
from solver.rules.wishes import Wishes
from solver.rules.work_limits import WorkLimits

RULES: tuple[type[Rule], ...] = (
    WholeSession,
    RoleAndSpecialty,
    RegistrationRule,
    RegularVisits,
    InsuranceRule,
    A1Certificate,
    SocialStatus,
    ResidenceShare,
    Languages,
    Privileges,
    AgreementInForce,
    AgreementMaximum,
    AgreementEvaluation,
    AccessZone,
    HolidaysBothSides,
    DayService,
    LeaveRule,
    NoOverlap,
    TravelTime,
    DailyRest,
    RestAfterNight,
    RestBeforeTheatre,
    WeeklyRest,
    AverageWeek,
    LongestWeek,
    LongestDay,
    LongestSpell,
    LongestSpan,
    Breaks,
    NightWork,
    MaxSessions,
    HomeMinimumRule,
    WorkLimits,
    DaysInARow,
    SuccessionsRule,
    BookedMinutes,
    FewOrganisations,
    RoomFit,
    Quotas,
    TheatreTeam,
    LastCase,
    MdtSpecialties,
    DutyLines,
    StandbyDistance,
    LinesBothSides,
    Pinned,
    Notice,
    KeepShare,
    Coverage,
    AgreementTarget,
    Stability,
    FairShare,
    FairNights,
    FairWeekends,
    EarlyStarts,
    LineHandover,
    Trips,
    Carpool,
    Continuity,
    FollowUpRule,
    Preferences,
    Wishes,
    Waiting,
    DaysOpened,
    OneTeamADay,
    SuitabilityRule,
    SiteChanges,
    LastSiteRule,
    FewPeople,
)


_OF_A_COUNTRY = re.compile("_[A-Z]{2}$")
"""How the name of a limit for one country ends."""


def active_rules(problem: Problem) -> tuple[Rule, ...]:
    """Give the rules that apply to a problem, with what its hospitals changed about them.

    A rule that is set otherwise for some people or places comes once for each way in which it is set.

    Raises
    ------
    InvalidProblem
        When a setting names no rule, gives a rule a value that it does not have or that is no whole number, or sets a
        rule otherwise for what it cannot tell apart.
    """
    _check_settings(problem)
    settings: dict[str, list[RuleSetting]] = {}
    for setting in problem.settings:
        settings.setdefault(setting.rule, []).append(setting)
    rules = (one for rule in RULES for one in as_set(problem, rule, settings.get(rule.id, ())))
    return tuple(rule for rule in rules if rule.is_on)


def _check_settings(problem: Problem) -> None:
    known = {rule.id: rule for rule in RULES}
    for i, setting in enumerate(problem.settings):
        if setting.rule not in known:
            raise InvalidProblem(f"settings[{i}].rule", f"{setting.rule!r} is not known")
        own = known[setting.rule].params
        for j, (name, value) in enumerate(setting.params):
            if name not in own and _OF_A_COUNTRY.sub("", name) not in own:
                raise InvalidProblem(f"settings[{i}].params[{j}][0]", f"{name!r} is not known")
            if type(value) is not int or not 0 <= value <= MOST_WEIGHT:
                raise InvalidProblem(f"settings[{i}].params[{j}][1]", f"must be a whole number from 0 to {MOST_WEIGHT}")
        _check_applies_to(f"settings[{i}].applies_to", known[setting.rule], setting.applies_to)


def _check_applies_to(path: str, rule: type[Rule], applies_to: AppliesTo | None) -> None:
    if applies_to is not None:
        can = varies_by(rule)
        if not can:
            raise InvalidProblem(path, f"{rule.id} cannot be changed")
        for name in (*PEOPLE, *PLACES):
            if getattr(applies_to, name) and name not in can:
                raise InvalidProblem(f"{path}.{name}", f"{rule.id} adds up the work of all places")
