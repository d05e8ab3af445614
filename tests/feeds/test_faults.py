"""Processes that are killed, a disk that is full, a database that is locked: feeds stay whole, and nothing is lost."""

import contextvars
import gzip
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from config import ROOT, Config
from scheduler import clock, create_app
from scheduler.extensions import db, transaction
from scheduler.models import Account
from scheduler.queries.scopes import scope_of
from scheduler.rendering import render_all
from scheduler.services.publishing import publish
from tests.feeds.bench import rivals
from tests.feeds.bench.changing import is_new
from tests.feeds.bench.prepared import DATABASE, World, environ_of, waiting_feeds
from tests.feeds.bench.processes import Answer, descendants
from tests.feeds.bench.serving import GZIP, count_events, unpacked
from tests.feeds.bench.world import Size, calendar_of, path_of, write_world

SIZE = Size(clinicians=44, events=8, addresses=1)
EVERYONE = range(1, SIZE.clinicians + 1)
PATIENCE = 60.0
OLDER = "bytes of a release before"


@pytest.fixture(scope="module")
def rendered_database(tmp_path_factory, empty_database):
    """A database with a draft that moves one duty of everyone, and everyone's feed as published."""
    folder = tmp_path_factory.mktemp("feeds")
    shutil.copy(empty_database, folder / DATABASE)
    write_world(f"sqlite:///{folder / DATABASE}", SIZE, now=datetime.now(UTC))
    with app_of(folder) as app:
        assert render_all(app) == SIZE.clinicians
    return folder / DATABASE


@pytest.fixture
def world(rendered_database, tmp_path):
    """A world of this test's own, in real time."""
    shutil.copy(rendered_database, tmp_path / DATABASE)
    return World(tmp_path, SIZE, calendar_of(SIZE, datetime.now(UTC).date()), {})


@contextmanager
def app_of(folder):
    """The app of a folder in this process, as a server would build it."""

    def leave():
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    app = create_app(Config.from_environ(environ_of(folder)))
    try:
        yield app
    finally:
        leave()


def publish_draft(app, world):
    """Publish and commit as a request would."""

    def work():
        with app.app_context(), transaction():
            actor = scope_of(db.session.get_one(Account, 1), clock.today())
            draft = len({slot.week_on for slot in world.calendar.slots}) + 1
            publish(actor=actor, version_id=draft, revision=1, reason="Short notice")

    contextvars.Context().run(work)


def ask(app, clinician):
    """What a calendar program gets from an app in this process."""
    response = app.test_client(use_cookies=False).get(path_of(clinician), headers=GZIP)
    with response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, response.get_data(), 0.0)


def is_whole(answer):
    return answer.status == 200 and count_events(unpacked(answer)) == SIZE.events


def stored(world):
    """The bytes of all feeds that are kept, by clinician: ETag, packed bytes, basis."""
    with closing(sqlite3.connect(world.database)) as connection:
        rows = connection.execute("SELECT subject_id, etag, gzipped, basis FROM feed_bytes").fetchall()
    return {row[0]: row[1:] for row in rows}


def assert_whole(kept):
    for etag, packed, _ in kept.values():
        body = gzip.decompress(packed)
        assert count_events(body) == SIZE.events
        assert hashlib.sha256(body).hexdigest() == etag


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.002)
    raise AssertionError("it did not happen in time")


# --- processes that are killed --------------------------------------------------------------------


@pytest.mark.slow
def test_a_web_process_killed_after_publishing_serves_the_change_when_it_is_back(world):
    """The worker never comes: whoever reads first has the feed made."""
    with rivals.ours({**world.environ, "RUN_WORKER": "0"}, world.folder / "log", is_calm=False) as server:
        before = server.get(path_of(1), GZIP)
        with app_of(world.folder) as app:
            publish_draft(app, world)
        killed = set(descendants(server.process.pid))
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: killed.isdisjoint(descendants(server.process.pid)))
        after = wait_for(lambda: answer_of(server, 1))

    assert is_whole(before)
    assert not is_new(world, before)
    assert is_new(world, after)
    assert waiting_feeds(world.database) >= SIZE.clinicians - 1


@pytest.mark.slow
def test_a_worker_killed_while_it_renders_leaves_each_feed_old_or_new_and_whole(world):
    with closing(sqlite3.connect(world.database)) as connection, connection:
        connection.execute("UPDATE feed_bytes SET basis = ?", [OLDER])
        connection.execute("UPDATE event_bytes SET basis = ?", [OLDER])
    before = stored(world)

    with worker_of(world) as worker:
        wait_for(lambda: renewed(world) or worker.poll() is not None)
        worker.kill()
        worker.wait()
    after = stored(world)

    assert_whole(after)
    assert renewed(world) > 0
    assert {i: kept[:2] for i, kept in after.items()} == {i: kept[:2] for i, kept in before.items()}
    with app_of(world.folder) as app:
        render_all(app)
    assert renewed(world) == SIZE.clinicians
    assert_whole(stored(world))


def answer_of(server, clinician):
    try:
        return server.get(path_of(clinician), GZIP)
    except OSError:
        return None


def renewed(world):
    return sum(basis != OLDER for _, _, basis in stored(world).values())


@contextmanager
def worker_of(world):
    with subprocess.Popen([sys.executable, "-m", "scheduler.worker"], cwd=ROOT, env=world.environ) as worker:
        try:
            yield worker
        finally:
            worker.kill()


# --- a disk that is full --------------------------------------------------------------------------


def test_a_full_disk_keeps_the_old_bytes_and_readers_get_the_new_ones(world, caplog):
    """What cannot be stored is made again for each reader, until there is room."""
    with app_of(world.folder) as app:
        publish_draft(app, world)
        before, waiting = stored(world), waiting_feeds(world.database)
        with full_disk(app, world):
            assert render_all(app) == 0
            answers = [ask(app, clinician) for clinician in (1, 1, 2)]

            assert [is_new(world, answer) for answer in answers] == [True, True, True]
            assert answers[0].headers["etag"] == answers[1].headers["etag"]
            assert stored(world) == before
            assert waiting_feeds(world.database) == waiting == SIZE.clinicians
        assert "database or disk is full" in caplog.text
        assert "late writes were given up" in caplog.text

        assert render_all(app) == SIZE.clinicians

        assert is_new(world, ask(app, 3))
        assert ask(app, 1).body == answers[0].body
    assert_whole(stored(world))


def test_a_disk_full_at_publishing_leaves_all_as_it_was(world):
    with app_of(world.folder) as app:
        before, known = stored(world), ask(app, 1)
        with full_disk(app, world), pytest.raises(OperationalError, match="full"):
            publish_draft(app, world)

        assert stored(world) == before
        assert waiting_feeds(world.database) == 0
        assert ask(app, 1).body == known.body
        publish_draft(app, world)
        assert is_new(world, ask(app, 1))


@contextmanager
def full_disk(app, world):
    """Let the database not grow by a single page."""
    with closing(sqlite3.connect(world.database)) as connection:
        connection.execute("VACUUM")
        (pages,) = connection.execute("PRAGMA page_count").fetchone()

    def limit(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        engine = db.engine
    event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


# --- a database that is locked --------------------------------------------------------------------


def test_a_locked_database_delays_storing_and_no_reader(world, caplog):
    with app_of(world.folder) as app:
        publish_draft(app, world)
        before = stored(world)
        with locked(app, world):
            answers = [ask(app, clinician) for clinician in (1, 2, 1)]
            assert render_all(app) == 0

            assert [is_new(world, answer) for answer in answers] == [True, True, True]
            assert stored(world) == before
        assert "database is locked" in caplog.text

        assert render_all(app) == SIZE.clinicians
        assert [ask(app, clinician).body for clinician in (1, 2, 1)] == [answer.body for answer in answers]


def test_a_publish_that_finds_the_database_locked_can_be_sent_again(world):
    with app_of(world.folder) as app:
        with locked(app, world), pytest.raises(OperationalError, match="locked"):
            publish_draft(app, world)
        assert not is_new(world, ask(app, 1))

        publish_draft(app, world)

        assert is_new(world, ask(app, 1))


@contextmanager
def locked(app, world):
    """Hold the database's one place for writers, and let the app lose its patience soon."""

    def hurry(connection, *_):
        connection.execute("PRAGMA busy_timeout = 50")

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        engine = db.engine
    event.listen(engine, "connect", hurry)
    with closing(sqlite3.connect(world.database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            event.remove(engine, "connect", hurry)
            engine.dispose()


# --- what cannot be made --------------------------------------------------------------------------


def test_what_cannot_be_made_is_served_as_it_was_and_a_feed_without_bytes_says_try_again(world):
    with app_of(world.folder) as app:
        known = ask(app, 1)
        publish_draft(app, world)
        with closing(sqlite3.connect(world.database)) as connection, connection:
            connection.execute("UPDATE feed_bytes SET made = 0, gzipped = NULL, etag = '' WHERE subject_id = 2")
            connection.execute("ALTER TABLE published_duty RENAME TO published_duty_gone")
        old, none = ask(app, 1), ask(app, 2)
        with closing(sqlite3.connect(world.database)) as connection, connection:
            connection.execute("ALTER TABLE published_duty_gone RENAME TO published_duty")
        mended = [ask(app, 1), ask(app, 2)]

    assert (old.status, old.body) == (200, known.body)
    assert none.status == 503
    assert none.headers["retry-after"].isdigit()
    assert [is_new(world, answer) for answer in mended] == [True, True]
