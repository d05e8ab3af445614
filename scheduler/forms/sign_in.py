"""The forms of signing in and out and of choosing a language."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):
    """Login and password."""

    login = StringField(
        _("Login"),
        [InputRequired(_("Enter your login.")), Length(max=80, message=_("A login has at most 80 characters."))],
    )
    password = PasswordField(
        _("Password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=256, message=_("A password has at most 256 characters.")),
        ],
    )
    next = HiddenField()
