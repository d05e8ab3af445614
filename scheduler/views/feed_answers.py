"""The answers that calendar programs get, each with all its headers: never a page, a cookie or a redirect."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from config import LANGUAGES, Config
from scheduler.feeds.negotiation import Validators
from scheduler.headers import guarding
from scheduler.i18n import gettext_for
from scheduler.text import N_

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

NOT_FOUND = N_("There is no calendar at this address.")
NOT_SO = N_("This request could not be understood")
TOO_OFTEN = N_("Please wait a while")
BUSY = N_("Passerelle is busy")

METHODS = ("GET", "HEAD")
BUSY_FOR = timedelta(minutes=1)
SECRET = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Headers of all that lies under a secret address."""
OPEN = {**SECRET, "Cache-Control": "public, max-age=300"}
"""Headers of what anyone may read."""
CALENDAR = (
    ("Content-Type", "text/calendar; charset=utf-8"),
    ("Content-Disposition", 'inline; filename="roster.ics"'),
)
CALENDAR_PACKED = (*CALENDAR, ("Content-Encoding", "gzip"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as an answer depends on it; a header that was not sent is empty."""

    method: str
    path: str
    query: str
    if_none_match: str
    if_modified_since: str
    accept_encoding: str
    accept_language: str
    agent: str
    takes_files: bool

    @classmethod
    def of(cls, environ: "WSGIEnvironment") -> "Asked":
        """Read a request."""
        sent = environ.get
        return cls(
            method=environ["REQUEST_METHOD"],
            path=sent("PATH_INFO", ""),
            query=sent("QUERY_STRING", ""),
            if_none_match=sent("HTTP_IF_NONE_MATCH", ""),
            if_modified_since=sent("HTTP_IF_MODIFIED_SINCE", ""),
            accept_encoding=sent("HTTP_ACCEPT_ENCODING", ""),
            accept_language=sent("HTTP_ACCEPT_LANGUAGE", ""),
            agent=sent("HTTP_USER_AGENT", ""),
            takes_files=sent("HTTP_X_FEED_FILES", "") == "yes",
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """Status line, headers and bytes."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes = b""


class Answers:
    """Makes answers that carry the headers of one app."""

    def __init__(self, config: Config) -> None:
        self._secret = [*{**guarding(config), **SECRET}.items()]
        self._open = [*{**guarding(config), **OPEN}.items()]

    def unchanged(self, validators: Validators, *, is_open: bool) -> Answer:
        """Say that the reader has the present bytes, with both validators: some programs know but one."""
        return Answer("304 Not Modified", self._of_state(validators, is_open=is_open))

    def calendar(self, validators: Validators, body: bytes, *, is_open: bool) -> Answer:
        """Hand out the bytes."""
        about = (*self._of_calendar(validators), ("Content-Length", str(len(body))))
        return Answer("200 OK", [*self._of_state(validators, is_open=is_open), *about], body)

    def elsewhere(self, validators: Validators, address: str, *, is_open: bool) -> Answer:
        """Have the proxy in front hand out the bytes, from a file of its own."""
        about = (*self._of_calendar(validators), ("Content-Length", "0"), ("X-Accel-Redirect", address))
        return Answer("200 OK", [*self._of_state(validators, is_open=is_open), *about])

    def not_found(self, language: str) -> Answer:
        """Say that there is no such calendar: alike for what was never there and for what is there no more."""
        return self._said("404 Not Found", NOT_FOUND, language)

    def wrong_method(self, language: str) -> Answer:
        """Say that calendars can only be read."""
        return self._said("405 Method Not Allowed", NOT_SO, language, ("Allow", ", ".join(METHODS)))

    def too_often(self, language: str, wait: timedelta) -> Answer:
        """Say how many seconds to wait."""
        return self._said("429 Too Many Requests", TOO_OFTEN, language, _retry_after(wait))

    def busy(self, language: str) -> Answer:
        """Say that there are no bytes at the moment: programs keep those they have."""
        return self._said("503 Service Unavailable", BUSY, language, _retry_after(BUSY_FOR))

    def _of_state(self, validators: Validators, *, is_open: bool) -> list[tuple[str, str]]:
        always = self._open if is_open else self._secret
        return [*always, ("Vary", "Accept-Encoding"), *validators.headers]

    def _of_calendar(self, validators: Validators) -> tuple[tuple[str, str], ...]:
        return CALENDAR_PACKED if validators.is_gzipped else CALENDAR

    def _said(self, status: str, sentence: str, language: str, *more: tuple[str, str]) -> Answer:
        body = (gettext_for(language)(sentence) + "\n").encode()
        about = (("Vary", "Accept-Language"), ("Content-Type", "text/plain; charset=utf-8"))
        return Answer(status, [*self._secret, *about, ("Content-Length", str(len(body))), *more], body)


@lru_cache(maxsize=256)
def language_of(accept_language: str) -> str:
    """Give the offered language that a reader prefers."""
    accepted = parse_accept_header(accept_language, LanguageAccept)
    return accepted.best_match(list(LANGUAGES), default="en") or "en"


def _retry_after(wait: timedelta) -> tuple[str, str]:
    return ("Retry-After", str(max(1, ceil(wait.total_seconds()))))
