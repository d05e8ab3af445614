"""Work across organisations takes place under an agreement in force."""

from collections.abc import Iterable, Iterator
from datetime import date

from solver.bounds import Ask, Rule
from solver.demand import demand_of
from solver.problem import Agreement, Clinician, Problem
from solver.rule_parts.once import once
from solver.text import N_, Message, say


class AgreementInForce(Rule):
    """A session's agreement is in force, and a visitor is enrolled in one that covers the work."""

    id = "agreement_in_force"
    title = N_("Work across organisations takes place under an agreement in force")
    why = N_("Without it neither the insurers nor the authorities of the two countries stand behind the visit.")
    source = N_(
        "Framework agreement France-Belgium of 30 Sept 2005; territorial framework convention France-Luxembourg"
    )
    source_ids = ("CONV-VALID", "CONV-FRLU")
    on = ("clinician", "site", "kind", "agreement", "specialties", "day")

    def turns(self, problem: Problem) -> Iterator[date]:
        """Agreements and enrolments begin and end."""
        for agreement in problem.agreements:
            yield from (agreement.valid_from, agreement.valid_until)
            for enrolment in agreement.enrolments:
                yield from (enrolment.valid_from, enrolment.valid_until)

    def traits(self, problem: Problem, clinician: Clinician) -> object:
        """Give the organisation and the enrolments of a clinician."""
        enrolled: dict[str, list[object]] = once(problem, "enrolments_by_person", _by_person)
        return problem.organisation_of(clinician.id), tuple(enrolled.get(clinician.id, ()))

    def shortlist(self, ask: Ask) -> Iterable[str]:
        """People of the site's organisation, and whoever is enrolled in an agreement of it."""
        return once(ask.problem, "known_at_organisations", _known_there).get(ask.site.organisation, ())

    def may(self, ask: Ask) -> Message | None:
        """Refuse dates outside the session's agreement, and visitors whom none covers."""
        on, named = ask.option.on, ask.session.agreement
        if named is not None and not ask.problem.agreement[named].in_force(on):
            return say(NOT_IN_FORCE, agreement=ask.problem.agreement[named].title, date=on)
        if not ask.is_visitor:
            return None
        parties = frozenset((ask.site.organisation, ask.problem.organisation_of(ask.clinician.id)))
        between = demand_of(ask.problem).agreements.get(parties, ())
        covering = [agreement for agreement in between if _covers(ask, agreement)]
        if not covering:
            return say(NO_AGREEMENT, clinician=ask.clinician.name, site=ask.site.name, date=on)
        if not any(_enrolled(ask, a) for a in covering):
            return say(NOT_ENROLLED, clinician=ask.clinician.name, site=ask.site.name, date=on)
        return None


def _by_person(problem: Problem) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for (agreement, who), terms in demand_of(problem).enrolled.items():
        found.setdefault(who, []).append((agreement, tuple((term.valid_from, term.valid_until) for term in terms)))
    return found


def _known_there(problem: Problem) -> dict[str, list[str]]:
    """Give by organisation its people and those of others who are enrolled in its agreements."""
    found: dict[str, dict[str, None]] = {}
    for person in problem.clinicians:
        found.setdefault(problem.organisation_of(person.id), {})[person.id] = None
    for agreement in problem.agreements:
        enrolled = dict.fromkeys(enrolment.clinician for enrolment in agreement.enrolments)
        for organisation in agreement.organisations:
            found.setdefault(organisation, {}).update(enrolled)
    return {organisation: list(people) for organisation, people in found.items()}


def _covers(ask: Ask, agreement: Agreement) -> bool:
    return agreement.in_force(ask.option.on) and any(
        line.specialty in ask.seat.specialties and (not line.kinds or ask.session.kind in line.kinds)
        for line in agreement.lines
    )


def _enrolled(ask: Ask, agreement: Agreement) -> bool:
    terms = demand_of(ask.problem).enrolled.get((agreement.id, ask.clinician.id), ())
    return any(term.valid_from <= ask.option.on < term.valid_until for term in terms)


NOT_IN_FORCE = N_("The agreement “%(agreement)s” is not in force on %(date)s.")
NO_AGREEMENT = N_("No agreement in force on %(date)s covers this work of %(clinician)s at %(site)s.")
NOT_ENROLLED = N_("%(clinician)s is not enrolled in an agreement for %(site)s on %(date)s.")
