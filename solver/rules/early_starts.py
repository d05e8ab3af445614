"""Early journeys are shared fairly among those who travel."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from solver.bounds import Bound, Scope
from solver.demand import Stint, demand_of
from solver.problem import Clinician, FixedDuty, PastWeek, Problem
from solver.rule_parts.once import once
from solver.rule_parts.staircase import FairRule
from solver.text import N_


class EarlyStarts(FairRule):
    """Whoever has left for another site early more often than the team pays for each further time.

    A journey begins the minutes of travel before the work, by the clock of the home site; it is early before
    ``before_hour`` o'clock.
    """

    id = "early_starts"
    title = N_("Early journeys are shared fairly")
    why = N_("Someone has to leave before six for the first list abroad; it should not always be the same person.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 5
    unit = N_("full-time early journey ahead of the team")
    params = {"before_hour": 7, "most_units": 4, "past_weeks": 8}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "before_hour": N_("Hour before which a journey begins early"),
        "most_units": N_("Units that one early journey costs at most"),
        "past_weeks": N_("Weeks before whose early journeys count"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give for each member of a team one bound for each number of early journeys at which the price rises."""
        hours, limit = once(problem, "leaving_hours", _leaving_hours), self.number("before_hour")
        if any(hour < limit for mine in hours.values() for hour in mine.values()):
            yield from super().bounds(problem, scope)

    def piece(self, problem: Problem, person: Clinician, stint: Stint) -> date | None:
        """Give the day of work that is reached by an early journey."""
        hour = once(problem, "leaving_hours", _leaving_hours)[person.home_site].get(stint)
        return stint.on if hour is not None and hour < self.number("before_hour") else None

    def piece_of_duty(self, problem: Problem, person: Clinician, duty: FixedDuty) -> date | None:
        """Give the day of a duty that is reached by an early journey."""
        if not duty.exclusive or duty.site == person.home_site:
            return None
        return duty.on if _leaving_hour(problem, person.home_site, duty) < self.number("before_hour") else None

    def pieces_of_week(self, week: PastWeek) -> int:
        """Give the early journeys."""
        return week.early_starts


def _leaving_hours(problem: Problem) -> dict[str, dict[Stint, int]]:
    """Give by home site the hours at which journeys to work elsewhere begin."""
    homes = dict.fromkeys(person.home_site for person in problem.clinicians)
    stints = [stint for stint in demand_of(problem).stints if stint.exclusive]
    known: dict[tuple[datetime, int, str], int] = {}

    def hour(home: str, stint: Stint) -> int:
        key = stint.start_at, problem.travel_minutes(home, stint.site), problem.site[home].zone
        if key not in known:
            known[key] = _leaving_hour(problem, home, stint)
        return known[key]

    return {home: {stint: hour(home, stint) for stint in stints if stint.site != home} for home in homes}


def _leaving_hour(problem: Problem, home: str, work: Stint | FixedDuty) -> int:
    leaves_at = work.start_at - timedelta(minutes=problem.travel_minutes(home, work.site))
    return leaves_at.astimezone(ZoneInfo(problem.site[home].zone)).hour
