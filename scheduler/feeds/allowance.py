"""How often bytes are handed out to one reader."""

from datetime import datetime, timedelta
from threading import Lock

HOUR = timedelta(hours=1)


class Allowance:
    """Lets each reader have so much an hour: all of it at once, or bit by bit.

    Parameters
    ----------
    per_hour
        How much; 0 sets no limit.

    Notes
    -----
    It remembers one number and one instant for each reader that came since the process started.
    """

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._lock = Lock()
        self._spent: dict[int, tuple[float, datetime]] = {}

    def wait(self, reader: int, at: datetime) -> timedelta:
        """Take one portion, and give how long to wait for it: nothing means that it was given."""
        if not self._per_hour:
            return timedelta(0)
        with self._lock:
            spent, since = self._spent.get(reader, (0.0, at))
            spent = max(0.0, spent - self._per_hour * max(at - since, timedelta(0)) / HOUR)  # clocks are set back, too
            if spent + 1 > self._per_hour:
                return HOUR * (spent + 1 - self._per_hour) / self._per_hour
            self._spent[reader] = (spent + 1, at)
            return timedelta(0)
