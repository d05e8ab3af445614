"""Sets the rules of an organisation: strength, weight and parameters, in general and for exceptions."""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from scheduler.errors import InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import Organisation, RosterSiteWeek, RosterVersion, RuleChoice, Site
from scheduler.queries.rule_choices import EDITORS, exception_fields, exception_places
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.judging import judge_version
from scheduler.text import N_
from solver.bounds import Rule
from solver.problem import MOST_WEIGHT, Strength
from solver.rules import RULES

NOT_YOURS = N_("The rules of a hospital are set by its coordinators and administrators.")
FIXED = N_("This rule cannot be weakened, because nobody can be in two places at once.")
NEVER_BLOCKS = N_("This rule can warn but not block, because even a roster without sessions may break it.")
NO_STRENGTH = N_("Choose one of the strengths.")
TOO_MUCH = N_("Enter a whole number from 0 to 1,000,000.")
NO_PARAM = N_("This rule has no such value.")
ABOUT_NOTHING = N_("Choose at least one contract, site or kind of session that the exception is about.")
UNKNOWN_PLACE = N_("An exception names contracts, kinds of session and sites of the own hospital.")
EVERYWHERE = N_("This rule adds up the work of all places: an exception to it names contracts alone.")
TWICE = N_("There is an exception for exactly these already. Change that one.")


def set_rule(
    *,
    actor: Scope,
    organisation_id: int,
    rule_id: str,
    strength: str | None,
    weight: int | None,
    params: Mapping[str, int],
    concerns: Mapping[str, Iterable[str]] | None = None,
    choice_id: int | None = None,
) -> RuleChoice | None:
    """Set a rule for an organisation; drafts of its rosters are judged again.

    Parameters
    ----------
    strength, weight
        None leaves the rule's own; so does a parameter that is left out.
    concerns
        None for the choice that holds in general; else what an exception is about: codes by ``contracts``, ``sites``
        or ``kinds``.
    choice_id
        The exception that is changed; None for a new one.

    Returns
    -------
    RuleChoice | None
        None when nothing differs from the rule's own values any more.

    Raises
    ------
    NotFound, NotAllowed
        When the actor does not see the organisation or the rule, or may not set its rules.
    InvalidInput
        With problems by field: strength, weight, a parameter, or concerns.
    """
    rule = _rule(actor, organisation_id, rule_id)
    _check(rule, strength, weight, params)
    applies_to = "" if concerns is None else _canonical(rule, organisation_id, concerns)
    choice = _choice(organisation_id, rule_id, applies_to, choice_id)
    is_plain = concerns is None and strength in (None, str(rule.strength)) and weight in (None, rule.weight)
    params = {name: value for name, value in params.items() if value != rule.params[name] or concerns is not None}
    if is_plain and not params:
        if choice.id is not None:
            db.session.delete(choice)
        kept = None
    else:
        choice.strength, choice.weight, choice.params = strength, weight, dict(params)
        choice.applies_to = applies_to
        db.session.add(choice)
        kept = choice
    db.session.flush()
    facts = {"rule": rule_id, "strength": strength, "weight": weight, "params": dict(params), "applies_to": applies_to}
    _tell(actor, "rule.set", organisation_id, facts)
    return kept


def remove_exception(*, actor: Scope, organisation_id: int, rule_id: str, choice_id: int) -> None:
    """Take an exception back.

    Raises
    ------
    NotFound, NotAllowed
        When the actor does not see it, or may not set the organisation's rules.
    """
    _rule(actor, organisation_id, rule_id)
    choice = _exception(organisation_id, rule_id, choice_id)
    db.session.delete(choice)
    db.session.flush()
    _tell(actor, "rule.exception_removed", organisation_id, {"rule": rule_id, "applies_to": choice.applies_to})


def _rule(actor: Scope, organisation_id: int, rule_id: str) -> type[Rule]:
    rule = next((rule for rule in RULES if rule.id == rule_id), None)
    if rule is None or organisation_id not in actor.visible_organisation_ids:
        raise NotFound()
    if db.session.get(Organisation, organisation_id) is None:
        raise NotFound()
    if actor.role_in(organisation_id) not in EDITORS:
        raise NotAllowed(NOT_YOURS)
    return rule


def _check(rule: type[Rule], strength: str | None, weight: int | None, params: Mapping[str, int]) -> None:
    problems = {}
    if strength is not None and strength not in set(Strength):
        problems["strength"] = NO_STRENGTH
    elif strength not in (None, str(rule.strength)) and not (rule.can_change or rule.is_goal):
        problems["strength"] = FIXED
    elif strength == Strength.BLOCK and not (rule.may_block or rule.is_goal):
        problems["strength"] = NEVER_BLOCKS
    if weight is not None and not 0 <= weight <= MOST_WEIGHT:
        problems["weight"] = TOO_MUCH
    for name, value in params.items():
        if name not in rule.params:
            problems[name] = NO_PARAM
        elif not 0 <= value <= MOST_WEIGHT:
            problems[name] = TOO_MUCH
    if problems:
        raise InvalidInput(next(iter(problems.values())), problems)


def _canonical(rule: type[Rule], organisation_id: int, concerns: Mapping[str, Iterable[str]]) -> str:
    places = exception_places(organisation_id)
    known = {
        "contracts": set(places.contracts),
        "kinds": set(places.kinds),
        "sites": {code for code, _ in places.sites},
    }
    named = {name: sorted(set(codes)) for name, codes in concerns.items()}
    named = {name: codes for name, codes in sorted(named.items()) if codes}
    if not named:
        raise InvalidInput(ABOUT_NOTHING, {"contracts": ABOUT_NOTHING})
    possible = exception_fields(rule)
    if not possible:
        raise InvalidInput(FIXED, {"strength": FIXED})
    for name, codes in named.items():
        if name in known and name not in possible:
            raise InvalidInput(EVERYWHERE, {name: EVERYWHERE})
        if not known.get(name, set()).issuperset(codes):
            raise InvalidInput(UNKNOWN_PLACE, {name: UNKNOWN_PLACE})
    return json.dumps(named, sort_keys=True)


def _choice(organisation_id: int, rule_id: str, applies_to: str, choice_id: int | None) -> RuleChoice:
    same = db.session.scalar(
        select(RuleChoice).where(
            RuleChoice.organisation_id == organisation_id,
            RuleChoice.rule == rule_id,
            RuleChoice.applies_to == applies_to,
        )
    )
    if not applies_to:
        return same or RuleChoice(organisation_id=organisation_id, rule=rule_id)
    if same is not None and same.id != choice_id:
        raise InvalidInput(TWICE, {"contracts": TWICE})
    if choice_id is not None:
        return _exception(organisation_id, rule_id, choice_id)
    return RuleChoice(organisation_id=organisation_id, rule=rule_id)


def _exception(organisation_id: int, rule_id: str, choice_id: int) -> RuleChoice:
    choice = db.session.get(RuleChoice, choice_id)
    if choice is None or (choice.organisation_id, choice.rule) != (organisation_id, rule_id) or not choice.applies_to:
        raise NotFound()
    return choice


def _tell(actor: Scope, deed: str, organisation_id: int, facts: Mapping[str, object]) -> None:
    """Tell the journal, and have the drafts judged again that the rules of this organisation concern."""
    journal.record(actor=actor, deed=deed, subject="rule_choice", organisation_ids=[organisation_id], facts=facts)
    drafts = db.session.scalars(
        select(RosterVersion)
        .where(
            RosterVersion.state == "draft",
            RosterVersion.roster_id.in_(
                select(RosterSiteWeek.roster_id)
                .join(Site, Site.id == RosterSiteWeek.site_id)
                .where(Site.organisation_id == organisation_id)
            ),
        )
        .order_by(RosterVersion.id)
    )
    for draft in drafts.all():
        judge_version(draft)
    db.session.flush()
