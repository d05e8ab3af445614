"""No session in a country without a right to practise there on the date."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Ask, Rule
from solver.problem import Problem
from solver.text import N_, Message, say


class RegistrationRule(Rule):
    """No session without a registration or declaration for the country, valid on the date."""

    id = "registration"
    title = N_("The right to practise in the country is on file and valid on the date")
    why = N_("Working without it is unlawful for the clinician and leaves the hospital without cover.")
    source = N_("Directive 2005/36/EC art. 5-7; CSP L4112-1, L4112-7; RGD 14 Jan 2013 art. 1")
    source_ids = ("CRED-ANY", "CRED-FR-DECL", "CRED-FR-REG", "CRED-BE-REG", "CRED-BE-DECL", "CRED-LU-DECL")
    on = ("clinician", "country", "day")
    of_person = ("registrations",)

    def turns(self, problem: Problem) -> Iterator[date]:
        """Papers begin and end."""
        return (
            on
            for who in problem.clinicians
            for paper in who.registrations
            for on in (paper.valid_from, paper.valid_until)
        )

    def may(self, ask: Ask) -> Message | None:
        """Refuse a date that no registration for the site's country covers."""
        country, on, person = ask.site.country, ask.option.on, ask.clinician
        if any(paper.covers(country, on) for paper in person.registrations):
            return None
        ends = [p.valid_until for p in person.registrations if country in p.countries and p.valid_until <= on]
        if ends:
            return say(LAPSED, clinician=person.name, country=country, date=on, until=max(ends))
        return say(MISSING, clinician=person.name, country=country, date=on)


LAPSED = N_(
    "%(clinician)s has no registration for %(country)s on %(date)s: the last one was valid until %(until)s, "
    "that day not included."
)
MISSING = N_("%(clinician)s has no registration for %(country)s on %(date)s.")
