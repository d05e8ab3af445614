"""Signing in and out, and the choice of language."""

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from config import LANGUAGES, Config
from scheduler import i18n, security
from scheduler.errors import InvalidInput, TooMany
from scheduler.extensions import reading, transaction
from scheduler.forms.sign_in import SignInForm
from scheduler.security import PUBLIC, access, local_path_or
from scheduler.services import accounts, throttle

blueprint = Blueprint("sign_in", __name__)
_LANGUAGE_KEPT = 365 * 24 * 60 * 60
"""How long a browser keeps its choice of language, in seconds."""


@blueprint.get("/sign-in")
@access(PUBLIC)
def show() -> ResponseReturnValue:
    """Ask for login and password."""
    target = local_path_or(request.args.get("next"), "")
    if current_user.is_authenticated:
        return redirect(target or "/", code=303)
    return _page(SignInForm(formdata=None, data={"next": target}))


@blueprint.post("/sign-in")
@access(PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Sign in and go on to where the person wanted to go."""
    form = SignInForm()
    if not form.validate():
        return _page(form, 422)
    try:
        secret = _sign_in(form.login.data, form.password.data)
    except TooMany as error:
        form.form_errors.append(i18n.translate(error.said))
        return _page(form, error.status, {"Retry-After": str(error.retry_after)})
    except InvalidInput as error:
        form.form_errors.append(i18n.translate(error.said))
        return _page(form, error.status)
    security.keep_sign_in(secret)
    return redirect(local_path_or(form.next.data, "/"), code=303)


@blueprint.post("/sign-out")
@access(PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    if security.current_secret():
        accounts.sign_out(security.current_secret())
    security.drop_sign_in()
    flash(_("You are signed out."))
    return redirect(url_for("sign_in.show"), code=303)


@blueprint.post("/language")
@access(PUBLIC)
def choose_language() -> ResponseReturnValue:
    """Show pages in another language, from now on and in this browser."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise InvalidInput(_("This language is not offered."))
    if current_user.is_authenticated:
        accounts.change_language(account_id=current_user.id, language=language)
    response = make_response(redirect(local_path_or(request.form.get("next"), "/"), code=303))
    response.set_cookie(
        i18n.COOKIE, language, max_age=_LANGUAGE_KEPT, secure=_config().is_https, httponly=True, samesite="Lax"
    )
    return response


def _sign_in(login: str, password: str) -> str:
    """Give the secret for the browser's cookie.

    The try is counted, whatever comes of it, before the password is looked at; no transaction that keeps writers
    waiting is open while that takes its time.
    """
    with transaction():
        attempt_id = throttle.note_try(login, request.remote_addr or "")
    with reading():
        account = accounts.find_by_password(login, password, demonstration_allowed=not _config().is_https)
        security.rollback()
    if account is None:
        raise InvalidInput(_("This login and password do not belong together."))
    throttle.note_success(attempt_id)
    return accounts.open_sign_in(account, password).secret


def _page(form: SignInForm, status: int = 200, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    return make_response(render_template("sign_in/sign_in.html", form=form), status, headers or {})


def _config() -> Config:
    config: Config = current_app.config["PASSERELLE"]
    return config
