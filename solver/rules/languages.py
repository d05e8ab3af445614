"""A visitor speaks a language of the host site."""

from solver.bounds import Ask, Rule
from solver.problem import Clinician, Problem, Strength
from solver.text import N_, Message, say


class Languages(Rule):
    """Where the languages of the visitor and of the host are recorded, they have one in common."""

    id = "languages"
    title = N_("A visitor speaks a language of the host site")
    why = N_("Consent, the briefing in theatre and the call at night need words that both sides understand.")
    source = N_("CSP L4112-7; Directive 2005/36/EC art. 53")
    source_ids = ("CRED-LANG",)
    strength = Strength.WARN
    on = ("clinician", "site")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people whose languages are recorded, and are foreign to some site, can be refused."""
        foreign = any(site.languages and clinician.languages.isdisjoint(site.languages) for site in problem.sites)
        return bool(clinician.languages) and foreign and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a visitor who shares no language with the site."""
        spoken, wanted = ask.clinician.languages, ask.site.languages
        if not ask.is_visitor or not spoken or not wanted or spoken & wanted:
            return None
        return say(FOREIGN, clinician=ask.clinician.name, site=ask.site.name, languages=", ".join(sorted(wanted)))


FOREIGN = N_("%(clinician)s speaks none of the languages of %(site)s (%(languages)s).")
