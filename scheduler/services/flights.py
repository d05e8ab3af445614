"""Lets one thread of a process do a piece of work while others that want the same look on or wait."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST_WAIT_SECONDS = 30.0


class Flights(Generic[T]):
    """Work that is under way in this process, by the id of what it is done for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: dict[int, Future[T]] = {}

    def alone(self, subject_id: int, work: Callable[[], T], *, is_patient: bool) -> T | None:
        """Do the work, unless another thread is at it.

        Parameters
        ----------
        is_patient
            Whether to wait for what the other thread gives; None is given to who does not.

        Raises
        ------
        TimeoutError
            When the other thread takes too long.
        """
        with self._lock:
            other = self._under_way.get(subject_id)
            if other is None:
                mine = self._under_way[subject_id] = Future()
        if other is not None:
            return other.result(LONGEST_WAIT_SECONDS) if is_patient else None
        try:
            result = work()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(result)
            return result
        finally:
            with self._lock:
                del self._under_way[subject_id]
