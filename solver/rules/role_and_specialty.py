"""A seat asks for a clinical role, a specialty and a side."""

from collections.abc import Iterable

from solver.bounds import Ask, Rule
from solver.demand import demand_of
from solver.problem import Problem, Seat, Side
from solver.text import N_, Message, say


class RoleAndSpecialty(Rule):
    """A seat goes to someone with its clinical role, one of its specialties, and from its side."""

    id = "role_and_specialty"
    title = N_("A seat goes to someone with its role and specialty, from its side")
    why = N_("The agreement names who brings what: the visitor's skill and the host's colleague beside it.")
    source = N_("Roles and specialties as recorded for the clinician and the session")
    source_ids = ("CLIN-RCP",)
    can_change = False
    on = ("clinician", "site", "seat")
    of_person = ("roles", "specialties", "home_site")

    def able(self, problem: Problem, seat: Seat) -> Iterable[str]:
        """Only people with the role and one of the specialties could."""
        skilled = demand_of(problem).skilled
        return [who for specialty in seat.specialties for who in skilled.get((seat.role, specialty), ())]

    def may(self, ask: Ask) -> Message | None:
        """Refuse a missing role, a missing specialty and the wrong side."""
        person, seat = ask.clinician, ask.seat
        if seat.role not in person.roles:
            return say(NO_ROLE, clinician=person.name, role=seat.role)
        if person.specialties.isdisjoint(seat.specialties):
            return say(NO_SPECIALTY, clinician=person.name, specialty=", ".join(seat.specialties))
        if seat.side is Side.VISITOR and not ask.is_visitor:
            return say(NOT_A_VISITOR, clinician=person.name, site=ask.site.name)
        if seat.side is Side.HOST and ask.is_visitor:
            return say(NOT_THE_HOST, clinician=person.name, site=ask.site.name)
        return None


NO_ROLE = N_("%(clinician)s does not have the role “%(role)s”.")
NO_SPECIALTY = N_("%(clinician)s does not practise %(specialty)s.")
NOT_A_VISITOR = N_("%(clinician)s belongs to %(site)s, and this seat is for a visitor.")
NOT_THE_HOST = N_("%(clinician)s is a visitor at %(site)s, and this seat is for the host's own staff.")
