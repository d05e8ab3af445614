"""Keeps bytes that were served lately, up to a limit."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock


class Shelf:
    """Bytes by key; what was not asked for the longest goes first.

    Parameters
    ----------
    limit
        How many bytes it holds at most; what is longer than all of it is not kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self.size = 0

    def get(self, key: Hashable) -> bytes | None:
        """Give what is kept under a key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, value: bytes) -> None:
        """Keep bytes, and let the oldest go as far as they are in the way."""
        with self._lock:
            before = self._kept.pop(key, b"")
            self.size -= len(before)
            if len(value) > self._limit:
                return
            self._kept[key] = value
            self.size += len(value)
            while self.size > self._limit:
                _, gone = self._kept.popitem(last=False)
                self.size -= len(gone)
