"""Reads the rules as an organisation has set them: its own choices beside what the rules say by themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import Organisation, RuleChoice, Site
from scheduler.scope import Scope
from scheduler.terms_text import CONTRACT_TEXTS, SESSION_KIND_TEXTS
from solver.bounds import Rule
from solver.problem import MOST_WEIGHT, Strength
from solver.rule_parts.scoped import varies_by
from solver.rules import RULES

EDITORS = ("coordinator", "administrator")
"""Access roles that may set the rules of their own organisation."""

COUNTS = Strength.BLOCK.value
"""The strength of a goal that is not switched off."""
MOST = MOST_WEIGHT
"""The highest weight and the highest value of a parameter."""


@dataclass(frozen=True, slots=True)
class ParamRow:
    """A parameter of a rule: its name, its label (to be translated), the country it is for, and its values."""

    name: str
    label: str
    country: str
    own: int
    chosen: int | None


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception: the codes it is about, by what they name, and what it changes."""

    id: int
    concerns: dict[str, tuple[str, ...]]
    strength: str | None
    weight: int | None
    params: tuple[ParamRow, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule or goal as one organisation has set it; texts are to be translated.

    ``strength`` and ``weight`` are those in force; ``own_strength`` and ``own_weight`` the rule's own;
    ``strengths`` those that may be chosen, ``varies_by`` what an exception may name (none: no exception is possible).
    """

    id: str
    title: str
    why: str
    source: str
    unit: str
    is_goal: bool
    can_change: bool
    strengths: tuple[str, ...]
    varies_by: tuple[str, ...]
    strength: str
    own_strength: str
    weight: int
    own_weight: int
    params: tuple[ParamRow, ...]
    exceptions: tuple[ExceptionRow, ...]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one organisation, in the order of the registry."""

    organisation_id: int
    organisation: str
    can_edit: bool
    site_names: dict[str, str]
    rules: tuple[RuleRow, ...]
    goals: tuple[RuleRow, ...]

    def find(self, rule_id: str) -> RuleRow:
        """Give one of the rules.

        Raises
        ------
        NotFound
            When there is no such rule.
        """
        for row in (*self.rules, *self.goals):
            if row.id == rule_id:
                return row
        raise NotFound()


@dataclass(frozen=True, slots=True)
class Places:
    """What an exception may name: pairs of code and text (sites), and codes of contracts and kinds of session."""

    contracts: tuple[str, ...]
    kinds: tuple[str, ...]
    sites: tuple[tuple[str, str], ...]


def list_organisations(scope: Scope) -> list[tuple[int, str]]:
    """Give the organisations whose rules are in sight: the own ones first, then partners."""
    rows = db.session.scalars(
        select(Organisation).where(Organisation.id.in_(scope.visible_organisation_ids)).order_by(Organisation.name)
    )
    return [(row.id, row.name) for row in sorted(rows, key=lambda row: row.id not in scope.organisation_ids)]


def load_rule_book(scope: Scope, organisation_id: int) -> RuleBook:
    """Give the rules as an organisation has set them.

    Raises
    ------
    NotFound
        When the organisation is not in sight.
    """
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or organisation.id not in scope.visible_organisation_ids:
        raise NotFound()
    choices: dict[str, list[RuleChoice]] = {}
    for row in db.session.scalars(
        select(RuleChoice).where(RuleChoice.organisation_id == organisation.id).order_by(RuleChoice.id)
    ):
        choices.setdefault(row.rule, []).append(row)
    rows = [_row(rule, choices.get(rule.id, ())) for rule in RULES]
    return RuleBook(
        organisation_id=organisation.id,
        organisation=organisation.name,
        can_edit=scope.role_in(organisation.id) in EDITORS,
        site_names=dict(exception_places(organisation.id).sites),
        rules=tuple(row for row in rows if not row.is_goal),
        goals=tuple(row for row in rows if row.is_goal),
    )


def exception_fields(rule: type[Rule]) -> tuple[str, ...]:
    """Give what an exception to a rule may name; a rule that adds up the work of all places knows contracts alone."""
    can = varies_by(rule)
    return tuple(name for name in ("contracts", "kinds", "sites") if name in can)


def exception_places(organisation_id: int) -> Places:
    """Give what an exception of an organisation may name."""
    sites = db.session.scalars(select(Site).where(Site.organisation_id == organisation_id).order_by(Site.name))
    return Places(tuple(CONTRACT_TEXTS), tuple(SESSION_KIND_TEXTS), tuple((site.code, site.name) for site in sites))


def _row(rule: type[Rule], choices: Iterable[RuleChoice]) -> RuleRow:
    general = next((choice for choice in choices if not choice.applies_to), None)
    exceptions = tuple(
        ExceptionRow(
            id=choice.id,
            concerns={name: tuple(codes) for name, codes in choice.concerns.items()},
            strength=choice.strength,
            weight=choice.weight,
            params=_params(rule, choice),
        )
        for choice in choices
        if choice.applies_to
    )
    strength = general.strength if general is not None and general.strength is not None else str(rule.strength)
    weight = general.weight if general is not None and general.weight is not None else rule.weight
    return RuleRow(
        id=rule.id,
        title=rule.title,
        why=rule.why,
        source=rule.source,
        unit=rule.unit,
        is_goal=rule.is_goal,
        can_change=rule.can_change,
        strengths=_strengths(rule),
        varies_by=exception_fields(rule),
        strength=strength,
        own_strength=str(rule.strength),
        weight=weight,
        own_weight=rule.weight,
        params=_params(rule, general),
        exceptions=exceptions,
        is_changed=general is not None or bool(exceptions),
    )


def _strengths(rule: type[Rule]) -> tuple[str, ...]:
    if rule.is_goal:
        return COUNTS, Strength.OFF.value
    if not rule.can_change:
        return (str(rule.strength),)
    return tuple(code.value for code in Strength if rule.may_block or code is not Strength.BLOCK)


def _params(rule: type[Rule], choice: RuleChoice | None) -> tuple[ParamRow, ...]:
    chosen = choice.params if choice is not None else {}
    found = []
    for name, own in rule.params.items():
        base, country = (name[:-3], name[-2:]) if name[-3:-2] == "_" and name[-2:].isupper() else (name, "")
        value = chosen.get(name)
        found.append(
            ParamRow(
                name, rule.labels.get(base, base), country, int(float(str(own))), None if value is None else int(value)
            )
        )
    return tuple(found)
