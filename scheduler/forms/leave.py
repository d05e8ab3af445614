"""The form to enter leave; people name the first and the last day, both away."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import InputRequired, ValidationError

from scheduler.forms import choices
from scheduler.i18n import term
from scheduler.models import LEAVE_KINDS

LONGEST = timedelta(days=366)
"""A longer leave is more likely a slip of the keyboard."""


class LeaveForm(FlaskForm):
    """Who is away, why, and from which day to which."""

    clinician_id = SelectField(_("Who"), coerce=int)
    kind = SelectField(_("Kind of leave"))
    first_on = DateField(_("First day away"), validators=[InputRequired(_("Enter the first day away."))])
    last_on = DateField(_("Last day away"), validators=[InputRequired(_("Enter the last day away."))])
    is_confirmed = BooleanField(_("Save although these sessions lose someone"))

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = tuple(people)
        self.clinician_id.choices = choices(people)
        self.kind.choices = choices((code, term(code, "leave_kind")) for code in LEAVE_KINDS)

    def validate_last_on(self, field: DateField) -> None:
        """Refuse a leave that ends before it begins, or takes longer than a year."""
        if self.first_on.data is None or field.data is None:
            return
        if field.data < self.first_on.data:
            raise ValidationError(_("The last day away is before the first day. Correct one of them."))
        if field.data - self.first_on.data > LONGEST:
            raise ValidationError(_("This is more than a year. Enter the leave in parts if it is meant."))
