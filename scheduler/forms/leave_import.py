"""The forms to bring leave along in a calendar file: the file, and then which of its days to enter."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, SelectField
from wtforms.validators import ValidationError

from scheduler.forms import choices
from scheduler.i18n import term
from scheduler.imports.records import Days
from scheduler.models import LEAVE_KINDS


class CalendarFileForm(FlaskForm):
    """Whose leave it is, and the file."""

    clinician_id = SelectField(_("Who"), coerce=int)
    file = FileField(_("Calendar file (.ics)"), validators=[FileRequired(_("Choose a file."))])

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = tuple(people)
        self.clinician_id.choices = choices(people)


class DaysField(Field):
    """Stretches of days, each written as its first and last day: 2026-12-21/2026-12-23."""

    data: tuple[Days, ...]

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what came back; nothing but days is taken."""
        try:
            self.data = tuple(_days(value) for value in valuelist)
        except (ValueError, OverflowError):
            self.data = ()
            raise ValidationError(_("These days cannot be read. Read the file once more.")) from None


class ChosenDaysForm(FlaskForm):
    """Which days to enter as leave of which kind, and whose."""

    clinician_id = SelectField(_("Who"), coerce=int)
    kind = SelectField(_("Kind of leave"))
    days = DaysField(_("Days"), default=())

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinician_id.choices = choices(people)
        self.kind.choices = choices((code, term(code, "leave_kind")) for code in LEAVE_KINDS)


def written_days(days: Days) -> str:
    """Give days as the form sends them back."""
    return f"{days.start_on.isoformat()}/{days.last_on.isoformat()}"


def _days(value: str) -> Days:
    first, _slash, last = value.partition("/")
    return Days(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
