"""Rule settings of public instances: a few rules of the product apply, all others do not."""

from collections.abc import Iterable

from solver.facts import RuleSetting, Strength
from solver.rules import RULES


def only(settings: Iterable[RuleSetting], kept: Iterable[str] = ()) -> tuple[RuleSetting, ...]:
    """Give these settings and switch off every rule that they do not name, but those kept as they are."""
    given = tuple(settings)
    named = {setting.rule for setting in given} | set(kept)
    off = (RuleSetting(rule.id, strength=Strength.OFF) for rule in RULES if rule.id not in named)
    return (*given, *off)
