"""Remembers who fetched a feed and writes it down now and then, so that serving a feed writes nothing.

What waits when the process is killed is lost; nobody relies on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, update

from scheduler.models import FeedSubscription

WRITE_EVERY = timedelta(seconds=5)
WRITING = (
    update(FeedSubscription)
    .where(FeedSubscription.id == bindparam("of"), FeedSubscription.token_hash == bindparam("address"))
    .values(
        fetched_at=bindparam("at"),
        fetched_by=bindparam("by"),
        fetch_count=FeedSubscription.fetch_count + bindparam("times"),
        notice_at=None,
    )
)
"""Writes down the rows that ``FetchLog`` gives, but for fetches of addresses that others have replaced meanwhile.

Who is told that an address will expire, and uses it, keeps it.
"""


@dataclass(frozen=True, slots=True)
class Fetches:
    """How often a feed was fetched since that was written down, and by whom last; ``address`` is its token's hash."""

    address: str
    count: int
    fetched_at: datetime
    fetched_by: str


class FetchLog:
    """The fetches of this process that are not written down yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[int, Fetches] = {}
        self._written_at: datetime | None = None

    def note(self, subscription_id: int, address: str, *, at: datetime, agent: str) -> None:
        """Remember one fetch; those of an address that this one replaced are forgotten."""
        with self._lock:
            before = self._waiting.get(subscription_id)
            count = before.count if before and before.address == address else 0
            self._waiting[subscription_id] = Fetches(address, count + 1, at, agent)

    def waiting(self, subscription_id: int) -> Fetches | None:
        """Give what is remembered of a subscription."""
        return self._waiting.get(subscription_id)

    def take_due(self, at: datetime) -> list[dict[str, Any]]:
        """Give all that waits, as rows for WRITING, if the last were taken some seconds ago; else none."""
        with self._lock:
            is_early = self._written_at is not None and timedelta(0) <= at - self._written_at < WRITE_EVERY
            if is_early or not self._waiting:
                return []
            self._written_at = at
            return self._take()

    def take_all(self) -> list[dict[str, Any]]:
        """Give all that waits, as rows for WRITING, whenever the last were taken; for the end of a process."""
        with self._lock:
            return self._take()

    def put_back(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take rows again that could not be written; what was noted meanwhile is later."""
        with self._lock:
            for row in rows:
                later = self._waiting.get(row["of"])
                if later is None:
                    self._waiting[row["of"]] = Fetches(row["address"], row["times"], row["at"], row["by"])
                elif later.address == row["address"]:
                    self._waiting[row["of"]] = replace(later, count=row["times"] + later.count)

    def _take(self) -> list[dict[str, Any]]:
        waiting, self._waiting = self._waiting, {}
        return [
            {
                "of": subscription_id,
                "address": fetches.address,
                "at": fetches.fetched_at,
                "by": fetches.fetched_by,
                "times": fetches.count,
            }
            for subscription_id, fetches in sorted(waiting.items())
        ]
