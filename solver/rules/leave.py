"""Nobody is planned while absent."""

from solver.bounds import Ask, Rule
from solver.demand import demand_of
from solver.problem import Clinician, Problem
from solver.text import N_, Message, say


class LeaveRule(Rule):
    """Nobody takes a seat, post-operative cover included, during an absence."""

    id = "leave"
    title = N_("Nobody is planned during leave")
    why = N_("Leave is a right, and a plan that forgets it fails on the day.")
    source = N_("Absences as recorded; Directive 2003/88/EC art. 7")
    can_change = False
    on = ("clinician", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with absences can be refused."""
        return clinician.id in demand_of(problem).absences and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a seat whose interval meets an absence; both are half-open."""
        stint = ask.stint
        for absence in demand_of(ask.problem).absences.get(ask.clinician.id, ()):
            if absence.start_at < stint.end_at and stint.start_at < absence.end_at:
                return say(ABSENT, clinician=ask.clinician.name, date=stint.on)
        return None


ABSENT = N_("%(clinician)s is absent during this duty of %(date)s.")
