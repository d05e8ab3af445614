"""No session in a country without liability cover there on the date."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Ask, Rule
from solver.problem import Problem
from solver.text import N_, Message, say


class InsuranceRule(Rule):
    """No session without professional liability cover for the country, valid on the date."""

    id = "insurance"
    title = N_("Professional liability insurance covers the country on the date")
    why = N_("A hospital's policy covers its own salaried staff only; a visitor without cover stands alone.")
    source = N_("CSP L1142-2; Directive 2011/24/EU art. 4(2)(d)")
    source_ids = ("CRED-INS",)
    on = ("clinician", "country", "day")
    of_person = ("insurances",)

    def turns(self, problem: Problem) -> Iterator[date]:
        """Papers begin and end."""
        return (
            on for who in problem.clinicians for paper in who.insurances for on in (paper.valid_from, paper.valid_until)
        )

    def may(self, ask: Ask) -> Message | None:
        """Refuse a date that no insurance for the site's country covers."""
        country, on, person = ask.site.country, ask.option.on, ask.clinician
        if any(paper.covers(country, on) for paper in person.insurances):
            return None
        return say(MISSING, clinician=person.name, country=country, date=on)


MISSING = N_("The insurance of %(clinician)s does not cover %(country)s on %(date)s.")
