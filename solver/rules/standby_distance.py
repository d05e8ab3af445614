"""Whoever is on call from home lives near enough to come."""

from solver.bounds import Ask, Rule
from solver.problem import Clinician, Problem, Strength
from solver.rule_parts.lines import lines_of
from solver.text import N_, Message, say


class StandbyDistance(Rule):
    """The site of a line on call is no further from the home site than the response time."""

    id = "standby_distance"
    title = N_("Whoever is on call from home can be there within the response time")
    why = N_("Stand-by an hour away helps nobody, and a short response time makes it working time.")
    source = N_("CJEU C-518/15 Matzak, C-344/19, C-580/19")
    source_ids = ("WTD-STANDBY",)
    strength = Strength.WARN
    params = {"response_minutes": 30}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "response_minutes": N_("Time to answer a call in person, in minutes"),
    }
    on = ("clinician", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people who live too far from some line on call can be refused."""
        home, limit = clinician.home_site, self.number("response_minutes")
        far = any(problem.travel_minutes(home, site) > limit for site in lines_of(problem).call_sites)
        return far and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a line on call further from the home site than the response time."""
        minutes = ask.problem.travel_minutes(ask.clinician.home_site, ask.site.id)
        limit = self.number("response_minutes")
        if ask.stint not in lines_of(ask.problem).calls or minutes <= limit:
            return None
        names = {"clinician": ask.clinician.name, "site": ask.site.name}
        return say(TOO_FAR, names, date=ask.option.on, minutes=minutes, limit=limit)


TOO_FAR = N_(
    "%(clinician)s is on call for %(site)s on %(date)s at %(minutes)d minutes' distance, more than the response time"
    " of %(limit)d minutes."
)
