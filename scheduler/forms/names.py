"""The form that gives something another name."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from scheduler import i18n
from scheduler.errors import Conflict, InvalidInput


class NameForm(FlaskForm):
    """Another name; ``known`` is the one that the page showed, so that two people do not undo each other's work."""

    name = StringField(_("New name"))
    known = HiddenField()

    @classmethod
    def showing(cls, present: str, *, mark: str) -> "NameForm":
        """Give the form with a name as it is now; ``mark`` tells it from the other forms of its page."""
        form = cls(formdata=None, name=present, known=present)
        form.place(mark)
        return form

    def place(self, mark: str) -> None:
        """Give the field an id that no other form of the page has."""
        self.name.id = self.name.label.field_id = f"{mark}-name"

    def tell(self, error: InvalidInput | Conflict, *, present: str) -> None:
        """Put what is wrong beside the field; whoever then sends it once more has seen the present name."""
        self.name.errors = [i18n.translate(error.said)]
        self.known.data = present
