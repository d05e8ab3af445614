"""What a calendar program asks for: packed or plain, and whether it has the present bytes already."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from werkzeug.datastructures import Accept
from werkzeug.http import http_date, parse_accept_header, parse_etags


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one state of a feed from another: the digest of its plain bytes, and when it came to be.

    ``modified_at`` has whole seconds.  Packed bytes are other bytes: they have an ETag of their own.
    """

    digest: str
    modified_at: datetime
    is_gzipped: bool = False

    @property
    def etag(self) -> str:
        """The ETag without its quotes."""
        return f"{self.digest}-gz" if self.is_gzipped else self.digest

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Both as headers."""
        return [("ETag", f'"{self.etag}"'), ("Last-Modified", _written(self.modified_at))]

    def are_known(self, *, if_none_match: str, if_modified_since: str) -> bool:
        """Tell whether who sends these headers has the bytes already; a date that is none counts as not sent.

        Source
        ------
        RFC 9110 section 13.2.2: when there are ETags, the date does not count.
        """
        if if_none_match:
            return if_none_match == f'"{self.etag}"' or parse_etags(if_none_match).contains_weak(self.etag)
        if not if_modified_since:
            return False
        if if_modified_since == _written(self.modified_at):
            return True
        since = _read(if_modified_since)
        return since is not None and self.modified_at <= since


@lru_cache(maxsize=256)
def wants_gzip(accept_encoding: str) -> bool:
    """Tell whether a program asks for packed bytes: what it does not name, or gives no weight, it does not get."""
    accepted = parse_accept_header(accept_encoding, Accept)
    return accepted.quality("gzip") > 0 and accepted.quality("gzip") >= accepted.quality("identity")


@lru_cache(maxsize=4096)
def _written(moment: datetime) -> str:
    return http_date(moment)


def _read(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
