"""Hands solve-run ids to the task queue; the run's row in the database is the truth, the queue only delivers."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from apiflask import APIFlask
from flask import current_app
from huey import Huey, SqliteHuey
from sqlalchemy import event
from sqlalchemy.orm import Session

from config import Config
from scheduler.extensions import db

_WAITING = "solve_runs_to_send"
"""Where a database session keeps the ids that it sends once it has committed."""


class SolveQueue:
    """The queue of one app.

    Parameters
    ----------
    handler
        What is called with each delivered id; only a worker has one.  A queue of tests delivers at once, and
        to nobody as long as there is no handler.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self.handler: Callable[[int], Any] | None = None

    @cached_property
    def huey(self) -> Huey:
        """The task queue, made when it is first needed."""
        path = self._config.instance_dir / "queue.sqlite"
        made = SqliteHuey("passerelle", filename=str(path), immediate=self._config.testing, results=False)
        self._task = made.task(name="solve_run")(self._deliver)
        return made

    def send(self, run_id: int) -> None:
        """Have the id delivered to a worker, now."""
        _ = self.huey
        self._task(run_id)

    def waiting(self) -> set[int]:
        """Give the ids that no worker has taken yet."""
        return {task.args[0] for task in self.huey.pending()}

    def _deliver(self, run_id: int) -> None:
        if self.handler is not None:
            self.handler(run_id)


def init_app(app: APIFlask) -> None:
    """Give the app its queue, and send what waits when a transaction has been committed."""
    app.extensions["solve_queue"] = SolveQueue(app.config["PASSERELLE"])
    if not event.contains(db.session, "after_commit", _send_waiting):
        event.listen(db.session, "after_commit", _send_waiting)
        event.listen(db.session, "after_rollback", _forget_waiting)


def current_queue() -> SolveQueue:
    """Give the queue of the current app."""
    queue: SolveQueue = current_app.extensions["solve_queue"]
    return queue


def send_after_commit(run_id: int) -> None:
    """Have the id delivered once the current transaction has been committed, and not at all if it is rolled back."""
    db.session().info.setdefault(_WAITING, []).append(run_id)


def _send_waiting(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for run_id in session.info.pop(_WAITING, ()):
        current_queue().send(run_id)


def _forget_waiting(session: Session) -> None:
    session.info.pop(_WAITING, None)
