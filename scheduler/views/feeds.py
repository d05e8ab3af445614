"""Serves feeds to calendar programs: no sign-in, no cookie, no redirect; the address is the secret."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import Headers
from werkzeug.http import is_resource_modified

from config import LANGUAGES
from scheduler import clock
from scheduler.errors import NotFound
from scheduler.extensions import write_later
from scheduler.feeds.addresses import AGENT_LENGTH
from scheduler.i18n import gettext_for
from scheduler.queries.served_feeds import ServedFeed, find_served_feed, load_bytes
from scheduler.redaction import redact_logs
from scheduler.security import PUBLIC, access
from scheduler.services.feed_bytes import Rendered, basis_now, keeping, render
from scheduler.services.feed_fetches import FetchLog

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

blueprint = Blueprint("feeds", __name__)

OFFER_GZIP = True
"""Set to False should a calendar program turn up that asks for gzip and cannot read it."""

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Unchanged(Response):
    """A 304 that keeps its date, which Werkzeug drops: some calendar programs know no ETag."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers["Last-Modified"] = self.headers["Last-Modified"]
        return headers


@blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    redact_logs()
    state.app.extensions["feed_fetches"] = FetchLog()


def fetch_log() -> FetchLog:
    """Give the fetches of this process that are not written down yet."""
    log: FetchLog = current_app.extensions["feed_fetches"]
    return log


@blueprint.route("/cal/<token>/<slug>.ics", methods=["GET"], provide_automatic_options=False)
@access(PUBLIC)
def show(token: str, slug: str) -> Response:
    """Answer with stored bytes, or that nothing changed, by the rules of RFC 9110 section 13."""
    now = clock.now()
    try:
        served = find_served_feed(token, now)
    except NotFound:
        return _no_such_feed()
    rendered = _rendered_anew(served, now)
    _note_fetch(served.subscription_id, now)
    return _answer(served, rendered)


def _rendered_anew(served: ServedFeed, now: datetime) -> Rendered | None:
    """Make the bytes anew if the stored ones no longer hold, and have them stored once the request is answered."""
    if served.is_fresh(basis_now(), now):
        return None
    rendered = render(served.key, etag=served.etag, modified_at=served.modified_at)
    write_later(keeping(served, rendered))
    return rendered


def _answer(served: ServedFeed, rendered: Rendered | None) -> Response:
    gzipped = _wants_gzip()
    etag = (rendered or served).etag + ("-gz" if gzipped else "")
    modified_at = (rendered or served).modified_at or EPOCH
    if not is_resource_modified(request.environ, etag=etag, last_modified=modified_at):
        return _with_validators(_Unchanged(status=304, mimetype="text/calendar"), etag, modified_at)
    if rendered:
        body = rendered.gzipped if gzipped else rendered.body
    else:
        body = load_bytes(served.bytes_id, gzipped=gzipped)
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="roster.ics"'
    if gzipped:
        response.headers["Content-Encoding"] = "gzip"
    return _with_validators(response, etag, modified_at)


def _with_validators(response: Response, etag: str, modified_at: datetime) -> Response:
    response.headers.update(HEADERS)
    response.set_etag(etag)
    response.last_modified = modified_at
    response.vary.add("Accept-Encoding")
    return response


def _wants_gzip() -> bool:
    accepted = request.accept_encodings
    return OFFER_GZIP and accepted.quality("gzip") > 0 and accepted.quality("gzip") >= accepted.quality("identity")


def _note_fetch(subscription_id: int, now: datetime) -> None:
    log = fetch_log()
    log.note(subscription_id, at=now, agent=(request.user_agent.string or "")[:AGENT_LENGTH])
    for statement in log.take_due(now):
        write_later(statement)


@blueprint.route("/cal/", defaults={"slug": ""}, methods=["GET"], strict_slashes=False, provide_automatic_options=False)
@blueprint.route("/cal/<path:slug>", methods=["GET"], provide_automatic_options=False)
@access(PUBLIC)
def show_malformed(slug: str) -> Response:
    """Answer an address that is none of a feed as if it were unknown."""
    return _no_such_feed()


def _no_such_feed() -> Response:
    """Answer alike for unknown, revoked and malformed tokens; no page, so no cookie."""
    language = request.accept_languages.best_match(list(LANGUAGES), default="en") or "en"
    sentence = gettext_for(language)("There is no calendar at this address.")
    response = Response(sentence + "\n", status=404, content_type="text/plain; charset=utf-8")
    response.headers.update(HEADERS)
    response.vary.add("Accept-Language")
    return response
