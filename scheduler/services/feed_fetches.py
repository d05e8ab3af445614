"""Remembers who fetched a feed and writes it down now and then, so that serving a feed writes nothing.

What waits when the process ends is lost; nobody relies on it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Executable, update

from scheduler.models import FeedSubscription

WRITE_EVERY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Fetches:
    """How often a feed was fetched since it was last written down, and by whom last."""

    count: int
    fetched_at: datetime
    fetched_by: str


class FetchLog:
    """The fetches of this process that are not written down yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[int, Fetches] = {}
        self._written_at: datetime | None = None

    def note(self, subscription_id: int, *, at: datetime, agent: str) -> None:
        """Remember one fetch."""
        with self._lock:
            before = self._waiting.get(subscription_id)
            self._waiting[subscription_id] = Fetches(before.count + 1 if before else 1, at, agent)

    def waiting(self, subscription_id: int) -> Fetches | None:
        """Give what is remembered of a subscription."""
        return self._waiting.get(subscription_id)

    def take_due(self, at: datetime) -> list[Executable]:
        """Give the statements that write down all that waits, if the last were taken some seconds ago; else none."""
        with self._lock:
            if self._written_at is not None and timedelta(0) <= at - self._written_at < WRITE_EVERY:
                return []
            waiting, self._waiting = self._waiting, {}
            self._written_at = at
        return [_writing(subscription_id, fetches) for subscription_id, fetches in waiting.items()]


def _writing(subscription_id: int, fetches: Fetches) -> Executable:
    return (
        update(FeedSubscription)
        .where(FeedSubscription.id == subscription_id)
        .values(
            fetched_at=fetches.fetched_at,
            fetched_by=fetches.fetched_by,
            fetch_count=FeedSubscription.fetch_count + fetches.count,
        )
    )
