"""A cooperation is evaluated every year."""

from datetime import date

from solver.bounds import Ask, Rule
from solver.demand import demand_of
from solver.problem import Agreement, Clinician, Problem, Strength
from solver.rule_parts.once import once
from solver.text import N_, Message, say


class AgreementEvaluation(Rule):
    """On the date of a visit, the latest evaluation of its agreement is no older than a year.

    A session that names no agreement is judged by those of the two organisations under which the visitor is
    enrolled; one that is evaluated is enough.  Where no evaluation is recorded, nothing is said.
    """

    id = "agreement_evaluation"
    title = N_("The agreement has been evaluated within a year")
    why = N_("The joint commission expects the report every year, and it is what keeps an agreement alive.")
    source = N_("Framework agreement France-Belgium of 30 Sept 2005, implementing arrangement")
    source_ids = ("CONV-EVAL",)
    strength = Strength.WARN
    params = {"months": 12}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "months": N_("Age of the latest evaluation at most, in months"),
    }
    on = ("clinician", "site", "agreement", "day")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only where an evaluation grows old within the planned weeks can anyone be refused."""
        name = f"evaluations_grow_old {self.number('months')}"
        old = once(problem, name, lambda p: any(self._is_old(agreement, p.days[-1]) for agreement in p.agreements))
        return old and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a visitor when each agreement that the visit rests on was evaluated too long ago."""
        if not ask.is_visitor:
            return None
        on = ask.option.on
        resting = _agreements(ask)
        if not resting or not all(self._is_old(agreement, on) for agreement in resting):
            return None
        latest = max(agreement.evaluated_on or on for agreement in resting)
        return say(TOO_OLD, agreement=resting[0].title, evaluated=latest, date=on)

    def _is_old(self, agreement: Agreement, on: date) -> bool:
        evaluated = agreement.evaluated_on
        if evaluated is None:
            return False
        years, month = divmod(evaluated.year * 12 + evaluated.month - 1 + self.number("months"), 12)
        return (on.year, on.month, on.day) > (years, month + 1, evaluated.day)


def _agreements(ask: Ask) -> list[Agreement]:
    if ask.session.agreement is not None:
        return [ask.problem.agreement[ask.session.agreement]]
    parties = frozenset((ask.site.organisation, ask.problem.organisation_of(ask.clinician.id)))
    return [
        agreement
        for agreement in demand_of(ask.problem).agreements.get(parties, ())
        if agreement.in_force(ask.option.on) and any(e.clinician == ask.clinician.id for e in agreement.enrolments)
    ]


TOO_OLD = N_("The agreement “%(agreement)s” was last evaluated on %(evaluated)s, more than a year before %(date)s.")
