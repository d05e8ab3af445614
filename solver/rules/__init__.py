"""The rules, in the order in which they are shown and reasons are given."""

from solver.bounds import Rule
from solver.problem import MOST_WEIGHT, InvalidProblem, Problem
from solver.rules.agreement_in_force import AgreementInForce
from solver.rules.booked_minutes import BookedMinutes
from solver.rules.continuity import Continuity
from solver.rules.coverage import Coverage
from solver.rules.daily_rest import DailyRest
from solver.rules.days_in_a_row import DaysInARow
from solver.rules.days_opened import DaysOpened
from solver.rules.fair_share import FairShare
from solver.rules.few_organisations import FewOrganisations
from solver.rules.few_people import FewPeople
from solver.rules.holidays_both_sides import HolidaysBothSides
from solver.rules.insurance import InsuranceRule
from solver.rules.last_site import LastSiteRule
from solver.rules.leave import LeaveRule
from solver.rules.max_sessions import MaxSessions
from solver.rules.no_overlap import NoOverlap
from solver.rules.one_team_a_day import OneTeamADay
from solver.rules.pinned import Pinned
from solver.rules.preferences import Preferences
from solver.rules.privileges import Privileges
from solver.rules.quotas import Quotas
from solver.rules.registration import RegistrationRule
from solver.rules.role_and_specialty import RoleAndSpecialty
from solver.rules.room_fit import RoomFit
from solver.rules.site_changes import SiteChanges
from solver.rules.stability import Stability
from solver.rules.successions import SuccessionsRule
from solver.rules.suitability import SuitabilityRule
from solver.rules.theatre_team import TheatreTeam
from solver.rules.travel_time import TravelTime
from solver.rules.trips import Trips
from solver.rules.waiting import Waiting
from solver.rules.whole_session import WholeSession
from solver.rules.wishes import Wishes
from solver.rules.work_limits import WorkLimits

RULES: tuple[type[Rule], ...] = (
    WholeSession,
    RoleAndSpecialty,
    RegistrationRule,
    InsuranceRule,
    Privileges,
    AgreementInForce,
    HolidaysBothSides,
    LeaveRule,
    NoOverlap,
    TravelTime,
    DailyRest,
    MaxSessions,
    WorkLimits,
    DaysInARow,
    SuccessionsRule,
    BookedMinutes,
    FewOrganisations,
    RoomFit,
    Quotas,
    TheatreTeam,
    Pinned,
    Coverage,
    Stability,
    FairShare,
    Trips,
    Continuity,
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


def active_rules(problem: Problem) -> tuple[Rule, ...]:
    """Give the rules that apply to a problem, with what its hospitals changed about them.

    Raises
    ------
    InvalidProblem
        When a setting names no rule, or gives a rule a value that it does not have or that is no number.
    """
    _check_settings(problem)
    rules = (rule(problem.setting.get(rule.id)) for rule in RULES)
    return tuple(rule for rule in rules if rule.is_on)


def _check_settings(problem: Problem) -> None:
    known = {rule.id: rule for rule in RULES}
    for i, setting in enumerate(problem.settings):
        if setting.rule not in known:
            raise InvalidProblem(f"settings[{i}].rule", f"{setting.rule!r} is not known")
        own = known[setting.rule].params
        for j, (name, value) in enumerate(setting.params):
            # A limit for a country is named limit_XX.
            if name not in own and name[:-3] not in own:
                raise InvalidProblem(f"settings[{i}].params[{j}][0]", f"{name!r} is not known")
            if not isinstance(value, int | float) or not 0 <= value <= MOST_WEIGHT:
                raise InvalidProblem(f"settings[{i}].params[{j}][1]", f"must be a number from 0 to {MOST_WEIGHT}")
