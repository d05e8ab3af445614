"""Whoever works abroad has a certificate of the social security law that applies."""

from solver.bounds import Ask, Rule
from solver.problem import Clinician, Problem, Strength
from solver.rule_parts.once import once
from solver.text import N_, Message, say

KIND = "a1"
"""Kind of the certificate among a clinician's papers."""


class A1Certificate(Rule):
    """An A1 certificate that names the country is valid on the date of a session abroad.

    Asked of the people of organisations that record these certificates for anybody: where none is recorded at all,
    nothing is known.
    """

    id = "a1_certificate"
    title = N_("An A1 certificate is on file for work abroad")
    why = N_("Without it two countries may ask for contributions, and years later both do.")
    source = N_("Regulation (EC) 883/2004 art. 11, 13; Regulation (EC) 987/2009 art. 19")
    source_ids = ("SOC-A1",)
    strength = Strength.WARN
    on = ("clinician", "site", "day")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people whose organisation records certificates can be refused."""
        recording = once(problem, "a1_certificate", _recording)
        return problem.organisation_of(clinician.id) in recording and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a date abroad that no certificate covers."""
        person, country, on = ask.clinician, ask.site.country, ask.option.on
        if not ask.problem.is_abroad(person.id, ask.site.id):
            return None
        if any(paper.kind == KIND and paper.covers(country, on) for paper in person.certificates):
            return None
        return say(MISSING, clinician=person.name, country=country, date=on)


def _recording(problem: Problem) -> frozenset[str]:
    return frozenset(
        problem.organisation_of(person.id)
        for person in problem.clinicians
        if any(paper.kind == KIND for paper in person.certificates)
    )


MISSING = N_("%(clinician)s has no A1 certificate for %(country)s on %(date)s.")
