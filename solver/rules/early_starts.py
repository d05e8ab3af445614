"""Early journeys are shared fairly among those who travel."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from solver.demand import Stint
from solver.once import once
from solver.problem import Clinician, FixedDuty, PastWeek, Problem
from solver.staircase import FairRule
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

    def piece(self, problem: Problem, person: Clinician, stint: Stint) -> date | None:
        """Give the day of work that is reached by an early journey."""
        return stint.on if stint.exclusive and self._is_early(problem, person, stint) else None

    def piece_of_duty(self, problem: Problem, person: Clinician, duty: FixedDuty) -> date | None:
        """Give the day of a duty that is reached by an early journey."""
        return duty.on if duty.exclusive and self._is_early(problem, person, duty) else None

    def pieces_of_week(self, week: PastWeek) -> int:
        """Give the early journeys."""
        return week.early_starts

    def _is_early(self, problem: Problem, person: Clinician, work: Stint | FixedDuty) -> bool:
        if work.site == person.home_site:
            return False
        known = once(problem, "leaving_hours", _nothing_yet)
        key = person.home_site, work
        if key not in known:
            known[key] = _leaving_hour(problem, *key)
        return known[key] < self.number("before_hour")


def _nothing_yet(problem: Problem) -> dict[tuple[str, Stint | FixedDuty], int]:
    """Give the hours at which journeys from a home site to some work begin, as far as they have been asked for."""
    del problem
    return {}


def _leaving_hour(problem: Problem, home: str, work: Stint | FixedDuty) -> int:
    leaves_at = work.start_at - timedelta(minutes=problem.travel_minutes(home, work.site))
    return leaves_at.astimezone(ZoneInfo(problem.site[home].zone)).hour
