"""What the organisations of a roster chose about the rules, made into one setting for each rule."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import Roster, RuleChoice
from solver.problem import RuleSetting, Strength
from solver.rules import RULES

STRICTEST = (Strength.BLOCK, Strength.WARN, Strength.INFO, Strength.OFF)


def rule_settings(roster: Roster) -> tuple[RuleSetting, ...]:
    """Give the settings that hold in a roster.

    Where its organisations differ, the strictest strength and the highest weight hold; an organisation that chose
    nothing keeps the rule's own strength.  Of a parameter, the value of the organisation named first holds.
    """
    organisations = sorted({line.site.organisation_id for line in roster.site_weeks})
    choices: dict[str, list[RuleChoice]] = {}
    for row in db.session.scalars(
        select(RuleChoice).where(RuleChoice.organisation_id.in_(organisations)).order_by(RuleChoice.organisation_id)
    ):
        choices.setdefault(row.rule, []).append(row)
    own = {rule.id: rule.strength for rule in RULES}
    return tuple(
        _merged(rule, rows, own[rule], everyone=len(rows) == len(organisations))
        for rule, rows in sorted(choices.items())
        if rule in own
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
