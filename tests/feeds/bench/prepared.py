"""Keeps a database ready for measuring: written once, its feeds rendered by the app's own worker."""

import json
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

from config import Config
from scheduler import create_app
from scheduler.cli.setup import head, set_up
from scheduler.extensions import db
from scheduler.services.feed_bytes import basis_now
from tests.feeds.bench import rivals
from tests.feeds.bench.processes import Server
from tests.feeds.bench.world import Calendar, Size, calendar_of, path_of, write_world

DATABASE = "passerelle.sqlite"
SETTINGS = {"DEMO": "0", "PUBLIC_URL": "https://roster.example", "FEED_FETCHES_PER_HOUR": "0"}
"""A feed is asked for thousands of times an hour here, which the app would refuse otherwise."""

PATIENCE = 3600.0
"""Seconds in which all feeds of a new database have to be rendered."""


@dataclass(frozen=True, slots=True)
class World:
    """A database that is ready, in a folder of its own; ``made`` tells how long it took to make."""

    folder: Path
    size: Size
    calendar: Calendar
    made: Mapping[str, Any]

    @property
    def environ(self) -> dict[str, str]:
        """The settings of a server of ours on this database."""
        return environ_of(self.folder)

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / DATABASE


def environ_of(folder: Path) -> dict[str, str]:
    """Give the settings of a server of ours whose data lie in a folder."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TZ")}
    return {**kept, **SETTINGS, "INSTANCE_DIR": str(folder)}


def prepare(folder: Path, size: Size) -> World:
    """Give the database of this size that was made earlier in this month, or make it; its feeds are as they should be.

    After a change of the feeds' format they are rendered anew.
    """
    now = datetime.now(UTC)
    calendar = calendar_of(size, now.date())
    name = f"{size.clinicians}x{size.events}x{size.addresses}-{calendar.changed_on}-{head()}"
    ready = folder / f"world-{name}"
    told = ready / "made.json"
    if not told.exists():
        shutil.rmtree(ready, ignore_errors=True)
        ready.mkdir(parents=True)
        told.write_text(json.dumps({"written_seconds": _write(ready, size, now)}))
    made, basis = json.loads(told.read_text()), _basis(ready)
    if made.get("basis") != basis:
        made |= {"basis": basis, **_render(ready, basis)}
        told.write_text(json.dumps(made))
    return World(ready, size, calendar, made)


@contextmanager
def copied(world: World, folder: Path) -> Iterator[World]:
    """Give a copy of a database that may be changed; it is thrown away."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(world.folder, folder)
    try:
        yield World(folder, world.size, world.calendar, world.made)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def waiting_feeds(database: Path, basis: str | None = None) -> int:
    """Count the feeds whose bytes are older than what they should show, or made from another basis."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30.0)) as connection:
        (found,) = connection.execute(
            "SELECT count(*) FROM feed_bytes WHERE made < wanted OR basis <> coalesce(?, basis)", [basis]
        ).fetchone()
    return int(found)


def _write(folder: Path, size: Size, now: datetime) -> float:
    print(f"Writing {size.clinicians} clinicians with {size.events} duties each to {folder} ...", flush=True)
    config = Config.from_environ(environ_of(folder))
    for _ in set_up(config):
        pass
    return write_world(config.database_url, size, now=now)


def _basis(folder: Path) -> str:
    app = create_app(Config.from_environ(environ_of(folder)))
    with app.app_context():
        found = basis_now()
        db.engine.dispose()
    return found


def _render(folder: Path, basis: str) -> dict[str, float]:
    """Have all feeds rendered, and all events for them: by the worker, and for a reader who begins at the other end."""
    print("Rendering all of it ...", flush=True)
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("UPDATE event_bytes SET basis = ''")
    with rivals.ours(environ_of(folder), folder / "first.log", is_calm=False) as server:
        started, paid = time.perf_counter(), server.cpu_seconds()
        reader = threading.Thread(target=_read_backwards, args=(server, folder / DATABASE, basis), daemon=True)
        reader.start()
        while (left := waiting_feeds(folder / DATABASE, basis)) and time.perf_counter() - started < PATIENCE:
            time.sleep(0.5)
        reader.join(PATIENCE)
        seconds, paid = time.perf_counter() - started, server.cpu_seconds() - paid
    if left:
        raise RuntimeError(f"{left} feeds were not rendered in {seconds:.0f} s")
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")
    print(f"... {seconds:.0f} s.", flush=True)
    return {"first_seconds": seconds, "first_cpu_seconds": paid}


def _read_backwards(server: Server, database: Path, basis: str) -> None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30.0)) as connection:
        rows = "SELECT subject_id FROM feed_bytes WHERE made < wanted OR basis <> ? ORDER BY id DESC LIMIT 1"
        while waiting := connection.execute(rows, [basis]).fetchone():
            with suppress(OSError, HTTPException):
                server.get(path_of(*waiting))
