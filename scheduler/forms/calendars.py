"""The forms of the page where one subscribes to calendars."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import Length

from scheduler.forms import choices
from scheduler.i18n import LANGUAGE_NAMES
from scheduler.services.feeds import LABEL_LENGTH


class SubscribeForm(FlaskForm):
    """Whose duties to show, and how."""

    clinician = SelectField(_("Clinician"), coerce=int)
    label = StringField(
        _("What is it for?"),
        [Length(max=LABEL_LENGTH, message=_("Please keep it under 60 characters."))],
    )
    language = SelectField(_("Language of the entries"), choices=choices(LANGUAGE_NAMES.items()))
    is_private = BooleanField(_("Show only that I am busy, not where or with whom"))

    newest = IntegerField(default=0)

    def offer(self, clinicians: Sequence[tuple[int, str]]) -> None:
        """Set whose duties may be chosen, as pairs of id and name."""
        self.clinician.choices = choices(clinicians)
