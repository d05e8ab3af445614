"""The form in which one subscribes to a calendar."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import Length

from scheduler.feeds.variants import OPTIONS, Variant
from scheduler.forms import choices
from scheduler.i18n import LANGUAGE_NAMES
from scheduler.services.feeds import LABEL_LENGTH


class SubscribeForm(FlaskForm):
    """Which calendar, through which organisation, and in which dress.

    All options are there, whether the calendar offers them or not: the service says what does not fit.
    """

    feed = HiddenField()
    subject = IntegerField(default=0)
    through = IntegerField(default=0)
    newest = IntegerField(default=0)

    label = StringField(
        _("What is it for?"),
        [Length(max=LABEL_LENGTH, message=_("Please keep it under 60 characters."))],
    )
    language = SelectField(_("Language of the entries"), choices=choices(LANGUAGE_NAMES.items()))
    busy = BooleanField(_("Show only when, not where or with whom"))
    travel = BooleanField(_("Show the way there and back"))
    leave = BooleanField(_("Show leave"))
    cancelled = BooleanField(_("Show what was cancelled for 14 days more"))

    def variant(self) -> Variant:
        """Give the dress that was chosen."""
        return Variant.of(self.language.data, ",".join(option for option in OPTIONS if self[option].data))
