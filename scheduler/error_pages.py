"""Turns errors into pages that say what happened and what to do next."""

import logging
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from scheduler.errors import AppError, Conflict, TooMany
from scheduler.extensions import rollback
from scheduler.i18n import translate
from scheduler.security import is_fragment_request
from scheduler.text import N_, Message

_BOARD = re.compile(r"/rosters/\d+/versions/\d+(?=/)")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What an error page says: what happened, and what to do next."""

    heading: str
    advice: str


TEXTS = {
    400: ErrorText(
        N_("This request could not be understood"),
        N_("The form may have been open for too long. Go back, load the page again and send it once more."),
    ),
    401: ErrorText(N_("Please sign in"), N_("You were signed out. Sign in and try again.")),
    403: ErrorText(
        N_("You may not do this"),
        N_("Your account has another role. Ask the administrator of your hospital if you need this."),
    ),
    404: ErrorText(
        N_("This page was not found"),
        N_("The address may be wrong, or it belongs to a hospital that you do not work with."),
    ),
    405: ErrorText(N_("This request could not be understood"), N_("Go back and use the buttons of the page.")),
    409: ErrorText(
        N_("This has changed meanwhile"),
        N_("What you saw has changed in the meantime. Go back, load the page again and look at the new state."),
    ),
    413: ErrorText(N_("This is too large"), N_("What you sent has more than 2 megabytes. Send less at once.")),
    422: ErrorText(N_("This could not be accepted"), N_("Go back, correct what is named here and send it again.")),
    429: ErrorText(N_("Please wait a while"), N_("There were too many tries. Wait a few minutes and try again.")),
    500: ErrorText(
        N_("Something went wrong"),
        N_("It is our fault, not yours. Nothing was changed. Try again in a few minutes."),
    ),
    503: ErrorText(
        N_("Passerelle is busy"),
        N_("The database does not answer at the moment. Nothing was changed. Try again in a minute."),
    ),
}


def init_app(app: APIFlask) -> None:
    """Have errors shown as pages."""
    app.register_error_handler(AppError, _show_ours)
    app.register_error_handler(CSRFError, _show_missing_token)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(StaleDataError, _show_stale)
    app.register_error_handler(OperationalError, _show_busy)


def render_error(status: int, said: Message | str = "", problems: list[str] | None = None) -> Response:
    """Give the page, or for a script the fragment, of an error."""
    rollback()
    text = TEXTS.get(status) or TEXTS[400 if status < 500 else 500]
    template = "errors/fragment.html" if is_fragment_request() else "errors/error.html"
    try:
        sentence = translate(said) if said else ""
        body = render_template(
            template, status=status, text=text, sentence=sentence, problems=problems or [], **_ways_back(status)
        )
    except Exception:  # noqa: BLE001  (whatever broke the page may break the error page too)
        _log.exception("The error page could not be rendered.")
        body = render_template("errors/bare.html", heading=text.heading, advice=text.advice)
    return make_response(body, status)


def _ways_back(status: int) -> dict[str, str]:
    """Give where what has changed can be looked at anew: the board of the version, or the page before this one."""
    if status != Conflict.status:
        return {}
    board = _BOARD.match(request.path)
    if board:
        return {"board": board[0]}
    before = urlsplit(request.referrer or "")
    return {"before": before._replace(scheme="", netloc="").geturl()} if before.netloc == request.host else {}


def _show_ours(error: AppError) -> Response:
    problems = [translate(sentence) for sentence in getattr(error, "problems", {}).values()]
    response = render_error(error.status, error.said if error.message else "", problems)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _show_missing_token(_error: CSRFError) -> Response:
    return render_error(400)


def _show_http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = render_error(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _show_stale(_error: StaleDataError) -> Response:
    return render_error(Conflict.status)


def _show_busy(error: OperationalError) -> Response:
    _log.error("The database does not answer: %s", error.orig)
    response = render_error(503)
    response.headers["Retry-After"] = "60"
    return response
