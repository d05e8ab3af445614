"""What the organisations of a roster chose about the rules, made into one setting for each rule."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import Organisation, Roster, RuleChoice
from solver.problem import AppliesTo, RuleSetting, Strength
from solver.rules import RULES

STRICTEST = (Strength.BLOCK, Strength.WARN, Strength.INFO, Strength.OFF)


def rule_settings(roster: Roster) -> tuple[RuleSetting, ...]:
    """Give the settings that hold in a roster.

    Where its organisations differ, the strictest strength and the highest weight hold; an organisation that chose
    nothing keeps the rule's own strength.  Of a parameter, the value of the organisation named first holds.
    An exception holds for the organisation's own people, or at the sites that it names.
    """
    organisations = sorted({line.site.organisation_id for line in roster.site_weeks})
    choices: dict[str, list[RuleChoice]] = {}
    exceptions: list[tuple[RuleChoice, str]] = []
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
    own = {rule.id: rule.strength for rule in RULES}
    general = (
        _merged(rule, rows, own[rule], everyone=len(rows) == len(organisations))
        for rule, rows in sorted(choices.items())
        if rule in own
    )
    return (*general, *(_exception(row, code) for row, code in exceptions if row.rule in own))


def _exception(row: RuleChoice, organisation: str) -> RuleSetting:
    concerns = {name: frozenset(codes) for name, codes in row.concerns.items()}
    own = frozenset() if "sites" in concerns else frozenset({organisation})
    return RuleSetting(
        rule=row.rule,
        strength=Strength(row.strength) if row.strength is not None else None,
        weight=row.weight,
        params=tuple(sorted(row.params.items())),
        applies_to=AppliesTo(organisations=own, **concerns),
    )


def _merged(rule: str, rows: Iterable[RuleChoice], own: Strength, *, everyone: bool) -> RuleSetting:
    rows = list(rows)
    strengths = [Strength(row.strength) if row.strength is not None else own for row in rows]
    if not everyone:
        strengths.append(own)
    strength = min(strengths, key=STRICTEST.index)
    params: dict[str, Any] = {}
    for row in reversed(rows):
        params.update(row.params)
    return RuleSetting(
        rule=rule,
        strength=None if strength is own else strength,
        weight=max((row.weight for row in rows if row.weight is not None), default=None),
        params=tuple(sorted(params.items())),
    )
