"""What the organisations of a roster chose about the rules, made into one setting for each rule."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import Organisation, Roster, RuleChoice
from solver.bounds import Rule
from solver.problem import AppliesTo, RuleSetting, Strength
from solver.rule_parts.scoped import varies_by
from solver.rules import RULES

STRICTEST = (Strength.BLOCK, Strength.WARN, Strength.INFO, Strength.OFF)


def rule_settings(roster: Roster) -> tuple[RuleSetting, ...]:
    """Give the settings that hold in a roster.

    Where its organisations differ, the strictest strength and the highest weight hold; an organisation that chose
    nothing keeps the rule's own.  Values hold for the people of the organisation that chose them; of a rule that
    cannot be told apart by people, those of the organisation named first hold for all.  An exception holds for the
    organisation's own people, or at the sites that it names, and leaves other values as its organisation chose them.
    """
    organisations = sorted({line.site.organisation_id for line in roster.site_weeks})
    choices: dict[str, list[RuleChoice]] = {}
    exceptions: list[tuple[RuleChoice, str]] = []
    chosen: dict[tuple[str, str], dict[str, Any]] = {}
    for row, code in db.session.execute(
        select(RuleChoice, Organisation.code)
        .join(Organisation, Organisation.id == RuleChoice.organisation_id)
        .where(RuleChoice.organisation_id.in_(organisations))
        .order_by(RuleChoice.organisation_id, RuleChoice.id)
    ):
        if row.applies_to:
            exceptions.append((row, code))
        else:
            choices.setdefault(row.rule, []).append(row)
            chosen[row.rule, code] = row.params
    rules = {rule.id: rule for rule in RULES}
    apart = {name for name, rule in rules.items() if "organisations" in varies_by(rule) and len(organisations) > 1}
    general = (
        _merged(rules[name], rows, everyone=len(rows) == len(organisations), with_params=name not in apart)
        for name, rows in sorted(choices.items())
        if name in rules
    )
    own = (
        RuleSetting(rule=name, params=_pairs(params), applies_to=AppliesTo(organisations=frozenset({code})))
        for (name, code), params in sorted(chosen.items())
        if name in apart and params
    )
    other = (_exception(row, code, chosen.get((row.rule, code), {})) for row, code in exceptions if row.rule in rules)
    return (*general, *own, *other)


def _pairs(params: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(params.items()))


def _exception(row: RuleChoice, organisation: str, otherwise: Mapping[str, Any]) -> RuleSetting:
    concerns = {name: frozenset(codes) for name, codes in row.concerns.items()}
    own = frozenset() if "sites" in concerns else frozenset({organisation})
    return RuleSetting(
        rule=row.rule,
        strength=Strength(row.strength) if row.strength is not None else None,
        weight=row.weight,
        params=_pairs({**otherwise, **row.params}),
        applies_to=AppliesTo(organisations=own, **concerns),
    )


def _merged(rule: type[Rule], rows: Iterable[RuleChoice], *, everyone: bool, with_params: bool) -> RuleSetting:
    rows = list(rows)
    strengths = [Strength(row.strength) if row.strength is not None else rule.strength for row in rows]
    weights = [row.weight if row.weight is not None else rule.weight for row in rows]
    if not everyone:
        strengths.append(rule.strength)
        weights.append(rule.weight)
    strength, weight = min(strengths, key=STRICTEST.index), max(weights)
    params: dict[str, Any] = {}
    for row in reversed(rows if with_params else []):
        params.update(row.params)
    return RuleSetting(
        rule=rule.id,
        strength=None if strength is rule.strength else strength,
        weight=None if weight == rule.weight else weight,
        params=_pairs(params),
    )
