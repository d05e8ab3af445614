"""The form in which a hospital sets one rule, in general or for an exception."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.forms import choices
from scheduler.i18n import term
from scheduler.queries.rule_choices import COUNTS, MOST, ExceptionRow, ParamRow, Places, RuleRow

OWN = "own"
"""Stands for: as the rule says by itself."""
_RANGE = NumberRange(0, MOST, _("Enter a whole number from 0 to 1,000,000."))


class RuleForm(FlaskForm):
    """Strength, weight and parameters; parameters become fields named ``param_<name>``."""

    strength = SelectField(_("Strength"))
    weight = IntegerField(_("Weight"), validators=[Optional(), _RANGE])

    @property
    def chosen_strength(self) -> str | None:
        """The strength, or None for the rule's own."""
        return None if self.strength.data in (None, OWN) else str(self.strength.data)

    @property
    def chosen_params(self) -> dict[str, int]:
        """The parameters that were filled in."""
        found = {name: field.data for name, field in self._fields.items() if name.startswith("param_")}
        return {name.removeprefix("param_"): value for name, value in found.items() if value is not None}

    @property
    def param_fields(self) -> list[IntegerField]:
        """The fields of the parameters, in the order of the rule."""
        return [field for name, field in self._fields.items() if name.startswith("param_")]


class TickField(SelectMultipleField):
    """Several of a few choices, one check box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ExceptionForm(RuleForm):
    """The same for some contracts, kinds of session or sites alone."""

    contracts = TickField(_("Contracts"))
    kinds = TickField(_("Kinds of session"))
    sites = TickField(_("Sites"))

    @property
    def concerns(self) -> dict[str, list[str]]:
        """What the exception is about."""
        return {"contracts": self.contracts.data, "kinds": self.kinds.data, "sites": self.sites.data}


def rule_form(row: RuleRow, **kwargs: Any) -> RuleForm:
    """Give the form for what holds in general, filled in with what is chosen."""
    form = _with_params(RuleForm, row.params)(**{**_values(row.strength, row.weight, row.params), **kwargs})
    _offer_strengths(form, row)
    return form


def exception_form(row: RuleRow, places: Places, chosen: ExceptionRow | None, **kwargs: Any) -> ExceptionForm:
    """Give the form for an exception, filled in with what it changes; what it leaves open is as in general."""
    strength = chosen.strength if chosen is not None else None
    params = chosen.params if chosen is not None else tuple(replace(param, chosen=None) for param in row.params)
    values: dict[str, Any] = {"strength": strength or row.strength, "weight": chosen.weight if chosen else None}
    values |= {f"param_{param.name}": param.chosen for param in params}
    values |= {name: list(codes) for name, codes in (chosen.concerns if chosen else {}).items()}
    form = _with_params(ExceptionForm, params)(**{**values, **kwargs})
    form.contracts.choices = choices((code, term(code, "contract")) for code in places.contracts)
    form.kinds.choices = choices((code, term(code, "session_kind")) for code in places.kinds)
    form.sites.choices = choices(places.sites)
    _offer_strengths(form, row)
    return form


def _with_params(kind: type[Any], params: Sequence[ParamRow]) -> type[Any]:
    """Give a form with one field for each parameter."""
    fields = {f"param_{param.name}": IntegerField(_label(param), validators=[Optional(), _RANGE]) for param in params}
    return type(f"{kind.__name__}WithParams", (kind,), fields)


def _label(param: ParamRow) -> str:
    label: str = _(param.label)
    return f"{label} ({term(param.country, 'country')})" if param.country else label


def _values(strength: str, weight: int, params: Sequence[ParamRow]) -> dict[str, Any]:
    values: dict[str, Any] = {"strength": strength, "weight": weight}
    for param in params:
        values[f"param_{param.name}"] = param.own if param.chosen is None else param.chosen
    return values


def _offer_strengths(form: RuleForm, row: RuleRow) -> None:
    texts = {COUNTS: _("Counts"), "off": _("Does not count")} if row.is_goal else {}
    form.strength.choices = choices((code, str(texts.get(code, term(code, "strength")))) for code in row.strengths)
