"""Nobody is self-employed in one country and employed in the other without knowing what it means."""

from datetime import date

from solver.bounds import Ask, Rule
from solver.problem import Clinician, Enrolment, Problem, Strength
from solver.rule_parts.once import once
from solver.text import N_, Message, say

SELF_EMPLOYED = "self-employed"


class SocialStatus(Rule):
    """The contract at the host abroad and the one at home are both employed or both self-employed.

    Asked where the contract at the host is recorded with the enrolment.
    """

    id = "social_status"
    title = N_("Nobody is self-employed on one side and employed on the other")
    why = N_("The employed part, if not marginal, draws all activity under its country's social security.")
    source = N_("Regulation (EC) 883/2004 art. 13(3); Regulation (EC) 987/2009 art. 14(5b)")
    source_ids = ("SOC-MIX",)
    strength = Strength.WARN
    on = ("clinician", "site", "day")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with a mixed status in some enrolment can be refused."""
        return clinician.id in once(problem, "social_status", _mixed) and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a date abroad at a host where the status differs from that at home."""
        person, host = ask.clinician, ask.site.organisation
        if not ask.problem.is_abroad(person.id, ask.site.id):
            return None
        for organisations, enrolment in once(ask.problem, "social_status", _mixed)[person.id]:
            if host in organisations and _valid(enrolment, ask.option.on):
                facts = {"home_contract": person.contract, "host_contract": enrolment.contract}
                return say(MIXED, facts, clinician=person.name, site=ask.site.name)
        return None


def _mixed(problem: Problem) -> dict[str, list[tuple[frozenset[str], Enrolment]]]:
    """Give by clinician the enrolments with another status than at home, and the parties of their agreements."""
    found: dict[str, list[tuple[frozenset[str], Enrolment]]] = {}
    for agreement in problem.agreements:
        for enrolment in agreement.enrolments:
            home = problem.clinician[enrolment.clinician].contract
            if enrolment.contract and (enrolment.contract == SELF_EMPLOYED) != (home == SELF_EMPLOYED):
                found.setdefault(enrolment.clinician, []).append((agreement.organisations, enrolment))
    return found


def _valid(enrolment: Enrolment, on: date) -> bool:
    return enrolment.valid_from <= on < enrolment.valid_until


MIXED = N_(
    "%(clinician)s is “%(home_contract)s” at home and “%(host_contract)s” at %(site)s: all activity may fall under"
    " one country's social security."
)
