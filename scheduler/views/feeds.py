"""Serves feeds to calendar programs: no sign-in, no cookie, no redirect; the address is the secret.

These programs ask all day long, and mostly for what they have.  So this stands in front of the pages and answers by
itself: one select tells whether an address works, and the bytes were made before.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from apiflask import APIFlask
from flask import current_app
from werkzeug.wsgi import ClosingIterator

from config import Config
from scheduler import clock
from scheduler.extensions import LateWrite
from scheduler.feeds.addresses import AGENT_LENGTH, PUBLIC, is_feed_path, place_in
from scheduler.feeds.allowance import Allowance
from scheduler.feeds.negotiation import Validators, wants_gzip
from scheduler.queries.feed_lookup import Served
from scheduler.queries.feeds import token_hash
from scheduler.redaction import redact, redact_logs
from scheduler.services.feed_fetches import WRITING, FetchLog
from scheduler.services.feed_files import ADDRESS, FeedFiles, file_name
from scheduler.services.feed_source import FeedSource
from scheduler.views.feed_answers import METHODS, Answer, Answers, Asked, language_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OFFER_GZIP = True
"""Set to False should a calendar program turn up that asks for gzip and cannot read it."""
LAST_PATIENCE = 2.0
"""Seconds that a process which ends waits for the database."""
TRIES = 3
"""How often bytes are looked for that others replace just then."""

log = logging.getLogger(__name__)


def init_app(app: APIFlask) -> None:
    """Have feeds served in front of the app's pages."""
    redact_logs()
    server = FeedServer(app, app.wsgi_app)
    app.extensions["feed_server"] = server
    app.wsgi_app = server  # type: ignore[method-assign]


def fetch_log() -> FetchLog:
    """Give the fetches of this process that are not written down yet."""
    server: FeedServer = current_app.extensions["feed_server"]
    return server.log


class FeedServer:
    """Answers what is asked below ``/cal/``, and hands all else on."""

    def __init__(self, app: APIFlask, pages: "WSGIApplication") -> None:
        config: Config = app.config["PASSERELLE"]
        self._pages = pages
        self._answers = Answers(config)
        self._allowance = Allowance(config.feed_fetches_per_hour)
        self._files = FeedFiles(config.feed_files) if config.feed_files else None
        self._source = FeedSource(app)
        self.log = FetchLog()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if not is_feed_path(environ.get("PATH_INFO", "")):
            return self._pages(environ, start_response)
        asked, late = Asked.of(environ), list[LateWrite]()
        try:
            answer = self._answer(asked, late)
        except Exception:
            log.exception("A calendar could not be served.")
            answer = self._answers.busy(language_of(asked.accept_language))
        start_response(answer.status, answer.headers)
        body = [] if asked.method == "HEAD" else [answer.body]
        return ClosingIterator(body, partial(self._write, late)) if late else body

    def write_due(self) -> None:
        """Write down the fetches that have waited long enough; for a clock beside the requests."""
        rows = self.log.take_due(clock.now())
        if rows:
            self._write([LateWrite(WRITING, rows)])

    def flush(self) -> None:
        """Write down all fetches; for the end of the process."""
        self._source.write([LateWrite(WRITING, self.log.take_all())], patience=LAST_PATIENCE)

    def _write(self, late: list[LateWrite]) -> None:
        """Write what waited for the answer; fetches that find the database busy wait for the next time."""
        if not self._source.write(late):
            for write in late:
                if write.statement is WRITING:
                    self.log.put_back(write.rows or ())

    def _answer(self, asked: Asked, late: list[LateWrite]) -> Answer:
        language = language_of(asked.accept_language)
        if asked.method not in METHODS:
            return self._answers.wrong_method(language)
        now = clock.now()
        for _ in range(TRIES):
            served = self._find(asked, now)
            if served is None:
                return self._answers.not_found(language)
            if not served.is_fresh:
                served = self._source.renewed(served, now)
            if served.modified_at is None:
                break
            answer = self._answer_from(served, served.modified_at, asked, now=now)
            if answer is not None:
                self._note(served, asked, late, now=now)
                return answer
        return self._answers.busy(language)

    def _find(self, asked: Asked, now: datetime) -> Served | None:
        place, name = place_in(asked.path)
        if place == PUBLIC:
            return self._source.find_public(name, parse_qs(asked.query).get("lang", [""])[0], now)
        return self._source.find(place, now)

    def _answer_from(self, served: Served, modified_at: datetime, asked: Asked, *, now: datetime) -> Answer | None:
        """Answer by the rules of RFC 9110 section 13; None if the bytes were replaced just now."""
        is_open = not served.subscription_id
        validators = Validators(served.etag, modified_at, OFFER_GZIP and wants_gzip(asked.accept_encoding))
        if validators.are_known(if_none_match=asked.if_none_match, if_modified_since=asked.if_modified_since):
            return self._answers.unchanged(validators, is_open=is_open)
        if asked.method == "GET" and not is_open:
            wait = self._allowance.wait(served.subscription_id, now)
            if wait:
                return self._answers.too_often(language_of(asked.accept_language), wait)
        if self._files and asked.takes_files:
            return self._from_file(self._files, served, validators, is_open=is_open)
        body = self._source.load(served, gzipped=validators.is_gzipped)
        return None if body is None else self._answers.calendar(validators, body, is_open=is_open)

    def _from_file(self, files: FeedFiles, served: Served, validators: Validators, *, is_open: bool) -> Answer | None:
        """Send the reader to a file, which is written when it is first asked for."""
        name = file_name(served.bytes_id, served.etag, gzipped=validators.is_gzipped)
        if not files.has(name):
            body = self._source.load(served, gzipped=validators.is_gzipped)
            if body is None:
                return None
            files.put(name, body, validators.modified_at)
        return self._answers.elsewhere(validators, ADDRESS + name, is_open=is_open)

    def _note(self, served: Served, asked: Asked, late: list[LateWrite], *, now: datetime) -> None:
        """Remember who read a secret address; what waited long enough is written with this answer."""
        if served.subscription_id:
            address = token_hash(place_in(asked.path)[0])
            self.log.note(served.subscription_id, address, at=now, agent=redact(asked.agent)[:AGENT_LENGTH])
            rows = self.log.take_due(now)
            if rows:
                late.append(LateWrite(WRITING, rows))
