"""Forms of rosters: a new one, a move, a change of person, a solve, publishing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from scheduler.errors import InvalidInput
from scheduler.forms import choices
from scheduler.text import N_

MOST_WEEKS = 12
"""Longest roster in weeks."""
SHORTEST_SOLVE, LONGEST_SOLVE = 5, 600
"""Seconds that a solve may be given."""


class RosterForm(FlaskForm):
    """A new roster: its name, its weeks and its sites."""

    title = StringField(
        _("Name"),
        validators=[
            InputRequired(_("Give the roster a name.")),
            Length(max=120, message=_("Use at most 120 characters.")),
        ],
    )
    first_on = DateField(_("First Monday"), validators=[InputRequired(_("Enter the Monday on which it starts."))])
    weeks = IntegerField(
        _("Number of weeks"),
        default=1,
        validators=[
            InputRequired(_("Enter the number of weeks.")),
            NumberRange(1, MOST_WEEKS, _("A roster covers 1 to %(most)s weeks.", most=MOST_WEEKS)),
        ],
    )
    site_ids = SelectMultipleField(_("Sites"), coerce=int, validators=[InputRequired(_("Choose at least one site."))])

    def __init__(self, *args: Any, sites: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site_ids.choices = choices(sites)

    def validate_first_on(self, field: DateField) -> None:
        """Refuse a start that is no Monday, and name the Monday of that week."""
        if field.data is not None and field.data.isoweekday() != 1:
            monday: date = field.data - timedelta(days=field.data.isoweekday() - 1)
            raise ValidationError(
                _("This is not a Monday. The Monday of that week is %(date)s.", date=monday.isoformat())
            )


class DraftForm(FlaskForm):
    """Whatever changes a draft names the revision that was seen; ``by`` is the board to come back to."""

    revision = IntegerField(validators=[InputRequired()])
    by = HiddenField(default="rooms")


@dataclass(frozen=True, slots=True)
class ChosenPlace:
    """A half-day, and a room or none."""

    on: date
    half_day: str
    room_id: int | None


class MoveForm(DraftForm):
    """Where a session goes: date, half-day and room in one value, as ``2026-11-25|afternoon|12``."""

    place = StringField()

    def chosen(self) -> ChosenPlace:
        """Give the place.

        Raises
        ------
        InvalidInput
            When none was chosen.
        """
        day, _half, rest = (self.place.data or "").partition("|")
        half_day, _bar, room = rest.partition("|")
        try:
            return ChosenPlace(date.fromisoformat(day), half_day, int(room) if room else None)
        except ValueError as error:
            raise InvalidInput(N_("Choose a place.")) from error


class PlaceForm(MoveForm):
    """Where a session is held after all, and by whom: one field ``seat-<id>`` for each seat."""

    def team(self) -> dict[int, int]:
        """Give clinician id by seat id, of the seats for which someone was chosen."""
        pairs = (
            (name.removeprefix("seat-"), value) for name, value in request.form.items() if name.startswith("seat-")
        )
        return {int(seat): int(who) for seat, who in pairs if seat.isdecimal() and who.isdecimal()}


class SeatForm(DraftForm):
    """Who takes a seat."""

    seat_id = IntegerField()
    clinician_id = IntegerField()


class PinForm(DraftForm):
    """What is pinned: the session, or one seat of it."""

    seat_id = IntegerField(validators=[Optional()])


class KeyForm(FlaskForm):
    """Whose key is given or taken back, to which revision."""

    organisation_id = IntegerField(validators=[InputRequired()])
    revision = IntegerField(validators=[InputRequired()])


MODES = {
    "everything": _("Everything that is not pinned"),
    "fewest_changes": _("As little as possible of what is published"),
    "fill_gaps": _("Only the gaps: what is held stays as it is"),
    "keep_share": _("Part of what is published: keep at least a share of it"),
}
"""What a solve may change, by ``solver.searching.replanning.Replanning``."""


class SolveForm(FlaskForm):
    """From which version to start, what may change, and how long to look for a better plan.

    ``modes`` are the codes to choose from: without a published version some make no sense.
    """

    base = SelectField(_("Start from"), coerce=int)
    mode = RadioField(_("What may change?"), default="everything")
    keep_percent = IntegerField(
        _("Share to keep, in percent"),
        default=80,
        validators=[Optional(), NumberRange(0, 100, _("Keep 0 to 100 percent."))],
    )
    seconds = IntegerField(
        _("Time limit in seconds"),
        validators=[
            InputRequired(_("Enter a time limit.")),
            NumberRange(
                SHORTEST_SOLVE,
                LONGEST_SOLVE,
                _("Give it %(least)s to %(most)s seconds.", least=SHORTEST_SOLVE, most=LONGEST_SOLVE),
            ),
        ],
    )

    def __init__(self, *args: Any, versions: Sequence[tuple[int, str]], modes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base.choices = choices(versions)
        self.mode.choices = [(mode, MODES[mode]) for mode in modes]

    def validate_keep_percent(self, field: IntegerField) -> None:
        """Ask for the share where one is to be kept."""
        if self.mode.data == "keep_share" and field.data is None:
            raise ValidationError(_("Enter the share to keep."))


class ContrastForm(FlaskForm):
    """Who is to be in which seat, and on which day; no day: on any."""

    seat_id = IntegerField(validators=[InputRequired()])
    clinician_id = IntegerField(validators=[InputRequired()])
    on = DateField(validators=[Optional()])


class TradeOffForm(FlaskForm):
    """Two goals to weigh against each other."""

    one = SelectField(_("One goal"))
    other = SelectField(_("The other goal"))

    def __init__(self, *args: Any, goals: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.one.choices = self.other.choices = choices(goals)

    def validate_other(self, field: SelectField) -> None:
        """Ask for two goals, not for one twice."""
        if field.data == self.one.data:
            raise ValidationError(_("Choose two different goals."))


class PublishForm(FlaskForm):
    """The revision that was reviewed, and why it is published in spite of warnings."""

    revision = IntegerField(validators=[InputRequired()])
    reason = TextAreaField(
        _("Why publish in spite of the warnings?"),
        validators=[Length(max=500, message=_("Use at most 500 characters."))],
    )
