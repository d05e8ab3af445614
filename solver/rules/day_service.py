"""Visits take place during the day service of the host."""

from solver.bounds import Ask, Rule
from solver.demand import Stint, demand_of
from solver.problem import Clinician, HalfDay, Problem, Strength
from solver.rule_parts.lines import lines_of
from solver.rule_parts.once import once
from solver.text import N_, Message, say

SATURDAY, SUNDAY = 6, 7
"""ISO numbers of weekdays."""


class DayService(Rule):
    """No visiting session at night, on Saturday after the morning, on Sunday or on a holiday of the host.

    Duty lines are what is planned then, and are left alone.  ``in_force`` is 1 in countries with such a rule.
    """

    id = "day_service"
    title = N_("Visits take place during the day service")
    why = N_("Nights, Saturday afternoons, Sundays and holidays belong to the doctors on duty, not to booked patients.")
    source = "Arrêté du 30 avril 2003, art. 1-2"
    source_ids = ("FR-DAY-SERVICE",)
    strength = Strength.WARN
    params = {"in_force": 0, "in_force_FR": 1}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "in_force": N_("Applies in the country of the host (1) or not (0)"),
    }
    on = ("clinician", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only where something is planned outside the day service can anyone be refused."""
        own = problem.organisation_of(clinician.id)
        sites = {stint.site for stint in once(problem, "day_service", _outside)}
        odd = any(self._rules(problem, site) and problem.site[site].organisation != own for site in sites)
        return odd and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a visitor's exclusive seat outside the day service."""
        outside = ask.stint in once(ask.problem, "day_service", _outside)
        if not outside or not ask.is_visitor or not self._rules(ask.problem, ask.site.id):
            return None
        return say(OUTSIDE, clinician=ask.clinician.name, site=ask.site.name, date=ask.stint.on)

    def _rules(self, problem: Problem, site: str) -> bool:
        return self.number("in_force", problem.site[site].country) > 0


def _outside(problem: Problem) -> frozenset[Stint]:
    """Give the occupying stints, those of duty lines left out, that lie outside the day service."""
    return frozenset(
        stint
        for stint in demand_of(problem).stints
        if stint.exclusive and _is_outside(problem, stint) and stint not in lines_of(problem).stints
    )


def _is_outside(problem: Problem, stint: Stint) -> bool:
    weekday = stint.on.isoweekday()
    late = weekday == SATURDAY and stint.half_day is not HalfDay.MORNING
    holiday = stint.on in problem.site[stint.site].holidays
    return late or weekday == SUNDAY or holiday or stint.half_day is HalfDay.NIGHT


OUTSIDE = N_("%(clinician)s would visit %(site)s outside the day service on %(date)s.")
