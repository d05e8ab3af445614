"""A clinician works where the site has granted the privilege."""

from solver.bounds import Ask, Rule
from solver.problem import Clinician, Problem
from solver.text import N_, Message, say


class Privileges(Rule):
    """Nobody takes a seat at a site for a specialty in which the site has recorded that there is no privilege."""

    id = "privileges"
    title = N_("A clinician works where the site grants the privilege")
    why = N_("A specialist may do at one site what another site has not granted.")
    source = N_("Clinical privileges as recorded by the sites")
    on = ("clinician", "site", "seat")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Nobody is refused where nothing is recorded."""
        return bool(problem.suitabilities) and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a seat when none of its specialties that the person practises is granted at the site."""
        practised = [s for s in ask.seat.specialties if s in ask.clinician.specialties]
        granted = (
            ask.problem.suitability.get((ask.clinician.id, ask.session.site, s), 0) is not None for s in practised
        )
        if not practised or any(granted):
            return None
        return say(NO_PRIVILEGE, clinician=ask.clinician.name, site=ask.site.name, specialty=", ".join(practised))


NO_PRIVILEGE = N_("%(clinician)s has no privilege for %(specialty)s at %(site)s.")
