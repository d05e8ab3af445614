"""Between two sites there is time to travel."""

from datetime import datetime, timedelta

from solver.bounds import Ask, Bound, ClashRule
from solver.demand import Stint, demand_of
from solver.problem import Clinician, Problem
from solver.terms import Facts
from solver.text import N_, Message, say


class TravelTime(ClashRule):
    """Between exclusive work at two sites lie at least the minutes of travel and the margin."""

    id = "travel_time"
    title = N_("There is time to travel between two sites")
    why = N_("A list that starts before its surgeon can arrive starts late, every time.")
    source = N_("Travel times between sites and the margin, as recorded for each pair")
    source_ids = ("TIME-TRAVEL",)
    on = ("clinician", "stint")
    personal = False

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with fixed duties can be refused."""
        return clinician.id in demand_of(problem).duties and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse an exclusive seat too close to an exclusive fixed duty elsewhere."""
        stint = ask.stint
        if not stint.exclusive:
            return None
        for duty in demand_of(ask.problem).duties.get(ask.clinician.id, ()):
            need = _need(ask.problem, duty.site, stint.site)
            earlier, later = sorted(((duty.start_at, duty.end_at), (stint.start_at, stint.end_at)))
            if duty.exclusive and duty.site != stint.site and _too_close(earlier[1], later[0], need):
                facts = _sites(ask.problem, duty.site, stint.site)
                minutes = int(need.total_seconds()) // 60
                return say(TOO_CLOSE, facts, clinician=ask.clinician.name, date=stint.on, minutes=minutes)
        return None

    def reach(self, problem: Problem) -> timedelta:
        """The longest travel and the margin."""
        longest = max((t.minutes for t in problem.travel), default=0)
        return timedelta(minutes=longest + problem.travel_margin_minutes)

    def clash(self, problem: Problem, clinician: Clinician, first: Stint, later: Stint) -> bool:
        """Two stints exclude each other when the gap between them is too short for the way."""
        if first.site == later.site:
            return False
        return _too_close(first.end_at, later.start_at, _need(problem, first.site, later.site))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the sites and the minutes needed."""
        first, later = (part for part in bound.subject if isinstance(part, Stint))
        minutes = int(_need(problem, first.site, later.site).total_seconds()) // 60
        clinician = problem.clinician[str(bound.subject[0])].name
        sites = _sites(problem, first.site, later.site)
        return say(TOO_CLOSE, sites, clinician=clinician, date=later.on, minutes=minutes)


def _need(problem: Problem, one: str, other: str) -> timedelta:
    return timedelta(minutes=problem.travel_minutes(one, other) + problem.travel_margin_minutes)


def _too_close(end: datetime, start: datetime, need: timedelta) -> bool:
    return timedelta() <= start - end < need


def _sites(problem: Problem, one: str, other: str) -> dict[str, str]:
    return {"one": problem.site[one].name, "other": problem.site[other].name}


TOO_CLOSE = N_("%(clinician)s needs %(minutes)d minutes between %(one)s and %(other)s on %(date)s, margin included.")
