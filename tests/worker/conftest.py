"""A roster of the demonstration that can be solved, and ways to look at the processes that solve it."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import time_machine
from apiflask import APIFlask
from sqlalchemy import select

from scheduler import clock
from scheduler.extensions import db, transaction
from scheduler.models import Account, RosterVersion, Site, SolveRun
from scheduler.queries.scopes import scope_of
from scheduler.queue import SolveQueue
from scheduler.scope import Scope
from scheduler.services import rosters
from scheduler.services.solve_runs import request_solve
from scheduler.solving import Pace
from tests.demo_fixture import DEMO_NOW, demo_day, make_demo_app

PATIENCE = 120.0
"""Seconds after which a test gives up waiting for a process on a busy machine."""

QUICK = Pace(report=0.02, beat=0.05, checkpoint=0.0, obey=0.5)


@dataclass(frozen=True)
class Desk:
    """An app with one roster, without any version, and its coordinator."""

    app: APIFlask
    folder: Path
    actor: Scope
    roster_id: int

    def ask(self, **choices: object) -> int:
        """Ask for a solve; give the id of the run."""
        with self.app.app_context(), transaction():
            return request_solve(actor=self.actor, roster_id=self.roster_id, **choices).id  # type: ignore[arg-type]

    def run(self, run_id: int) -> SolveRun:
        """Give a run as it is now."""
        with self.app.app_context(), transaction():
            run = db.session.get_one(SolveRun, run_id, populate_existing=True)
            db.session.expunge(run)
            return run

    def versions(self) -> list[RosterVersion]:
        """Give all versions of the roster."""
        with self.app.app_context(), transaction():
            found = list(db.session.scalars(select(RosterVersion).where(RosterVersion.roster_id == self.roster_id)))
            db.session.expunge_all()
            return found


@pytest.fixture
def desk(loaded_database: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk, at DEMO_NOW; its queue hands out nothing by itself."""
    shutil.copy(loaded_database, tmp_path / "passerelle.sqlite")
    with time_machine.travel(DEMO_NOW, tick=True):
        app = make_demo_app(tmp_path)
        with app.app_context(), transaction():
            sites = db.session.scalars(select(Site.id).where(Site.code.in_(("BE-MONS-SJ", "FR-MAUBEUGE")))).all()
            account = db.session.scalars(select(Account).where(Account.login == "coordinator.mons")).one()
            actor = scope_of(account, clock.today())
            roster = rosters.create_roster(actor=actor, title="A week", first_on=demo_day(2), weeks=1, site_ids=sites)
        with app.app_context():
            roster_id = roster.id if roster in db.session else db.session.merge(roster).id
        yield Desk(app, tmp_path, actor, roster_id)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def deliver(desk: Desk, run_id: int) -> None:
    """Hand an id to workers in other processes."""
    SolveQueue(replace(desk.app.config["PASSERELLE"], testing=False)).send(run_id)


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> object:
    """Wait until something is true, and give it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def children_of(pid: int) -> list[int]:
    """Give the processes that a process has started, and those that they have."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children_of(child)]
    return found


def solving_child(pid: int | None = None) -> int | None:
    """Give the process that solves for a process of ours, as soon as it is there."""
    for child in children_of(pid or os.getpid()):
        if b"scheduler.solve_child" in _command(child):
            return child
    return None


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a dead one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def kill(pid: int) -> None:
    """End a process in the rudest way."""
    os.kill(pid, signal.SIGKILL)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""
