"""Both hospitals lie in one access zone."""

from solver.bounds import Ask, Rule
from solver.problem import Clinician, Problem, Strength
from solver.text import N_, Message, say


class AccessZone(Rule):
    """Where the zones of both sites are recorded, a visitor's home site and the host abroad share one.

    No roster can change it, so by default it is shown and not paid for.
    """

    id = "access_zone"
    title = N_("Both hospitals lie in one cross-border access zone")
    why = N_("Inside a zone patients are followed up on either side without asking their fund first.")
    source = N_("Framework agreement France-Belgium of 30 Sept 2005: organised access zones (ZOAST)")
    source_ids = ("CONV-ZONE",)
    strength = Strength.INFO
    on = ("clinician", "site")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people whose home site's zones are recorded can be refused."""
        return bool(problem.site[clinician.home_site].access_zones) and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a visit abroad outside the zones of the home site."""
        home = ask.problem.site[ask.clinician.home_site]
        if home.country == ask.site.country or not home.access_zones or not ask.site.access_zones:
            return None
        if home.access_zones & ask.site.access_zones:
            return None
        return say(NO_ZONE, one=home.name, other=ask.site.name)


NO_ZONE = N_("%(one)s and %(other)s lie in no common access zone.")
