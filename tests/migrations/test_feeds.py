"""What feeds hold survives the way up and down."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask

from scheduler.extensions import db
from tests.migrations.conftest import MakeApp
from tests.migrations.test_schema import run_on

BODY, BUSY = b"BEGIN:VCALENDAR full", b"BEGIN:VCALENDAR busy"
SUBSCRIPTIONS = """
insert into organisation (id, code, name, country) values (7, 'O', 'Somewhere', 'BE');
insert into site (id, code, organisation_id, name, town, postcode, country, timezone, holiday_calendar, latitude,
                  longitude, coordinates_source, register_name, register_number, languages, membership, note)
values (3, 'S', 7, 'Site', 'Town', '', 'BE', 'Europe/Brussels', 'BE', 50, 4, '', '', '', '[]', '', '');
insert into clinician (id, code, uid, name, sort_name, languages, max_sessions_per_week, max_sessions_per_day,
                       max_days_abroad_per_week, travel_counts)
values (12, 'A', 'a', 'Ann', 'Ann', '[]', 9, 2, 2, 1);
insert into affiliation (id, clinician_id, organisation_id, site_id, is_home, contract, share)
values (1, 12, 7, 3, 1, 'employee', 1);
insert into feed_subscription (id, feed, clinician_id, token_hash, language, is_private, label, created_at,
                               fetched_at, fetched_by, fetch_count)
values (1, 'clinician', 12, 'one', 'fr', 0, 'phone', '2026-01-01 00:00:00', '2026-02-01 00:00:00', 'Phone/1', 5),
       (2, 'clinician', 12, 'two', 'fr', 1, '', '2026-01-01 00:00:00', null, '', 0),
       (3, 'clinician', 12, 'three', 'nl', 0, '', '2026-01-01 00:00:00', null, '', 0);
insert into leave (id, clinician_id, kind, start_on, end_on, entered_at)
values (1, 12, 'annual', '2026-07-01', '2026-07-08', '2026-01-02 00:00:00'),
       (2, 12, 'study', '2026-08-01', '2026-08-08', '2026-01-03 00:00:00');
"""


@pytest.fixture
def path(make_app: MakeApp, tmp_path: Path) -> Path:
    """A database as it was before, with three subscriptions: one fresh, one stale, one whose bytes are not there."""
    path = run_on(make_app(tmp_path / "kept.sqlite"), tmp_path / "kept.sqlite", "0005")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SUBSCRIPTIONS)
        connection.executemany(
            "insert into feed_bytes (feed, variant, body, gzipped, etag, modified_at, basis, is_stale) "
            "values (?, ?, ?, ?, ?, ?, 'basis', ?)",
            [
                ("clinician/12", "fr", BODY, gzip.compress(BODY), "etag", "2026-02-01 10:00:00.000000", 0),
                ("clinician/12", "fr-busy", BUSY, gzip.compress(BUSY), "busy", "2026-02-02 10:00:00.000000", 1),
            ],
        )
        connection.commit()
    return path


def rows(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


SERVED = """
select s.token_hash, b.feed, b.subject_id, b.language, b.options, b.etag, b.modified_at, b.made < b.wanted, b.gzipped
from feed_subscription s left join feed_bytes b on b.id = s.bytes_id order by s.id
"""
SERVED_BEFORE = """
select s.token_hash, b.feed, b.variant, b.etag, b.modified_at, b.is_stale, b.body
from feed_subscription s left join feed_bytes b on b.feed = 'clinician/' || s.clinician_id
    and b.variant = s.language || case when s.is_private then '-busy' else '' end order by s.id
"""


def test_live_subscriptions_keep_their_bytes_on_the_way_up(make_app: MakeApp, path: Path) -> None:
    run_on(make_app(path), path, "head")

    served = rows(path, SERVED)
    modified = "2026-02-01 10:00:00.000000", "2026-02-02 10:00:00.000000"
    assert [row[:-1] for row in served] == [
        ("one", "clinician", 12, "fr", "", "etag", modified[0], 0),
        ("two", "clinician", 12, "fr", "busy", "busy", modified[1], 1),
        ("three", "clinician", 12, "nl", "", "", None, 1),
    ]
    assert [gzip.decompress(row[-1]) if row[-1] else None for row in served] == [BODY, BUSY, None]
    assert rows(path, "select label, fetched_by, fetch_count, organisation_id from feed_subscription")[0] == (
        "phone",
        "Phone/1",
        5,
        7,
    )


def test_leave_gets_an_identity_of_its_own_on_the_way_up(make_app: MakeApp, path: Path) -> None:
    run_on(make_app(path), path, "head")

    kept = rows(path, "select uid, sequence, revised_at from leave order by id")
    assert len({uid for uid, _, _ in kept}) == 2
    assert [row[1:] for row in kept] == [(0, "2026-01-02 00:00:00"), (0, "2026-01-03 00:00:00")]


def test_live_subscriptions_keep_their_bytes_on_the_way_down(make_app: MakeApp, path: Path) -> None:
    app = make_app(path)
    before = rows(path, SERVED_BEFORE)
    run_on(app, path, "head")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "insert into feed_bytes (id, feed, subject_id, viewer_id, care_id, language, options, wanted, made, basis,"
            " etag, size, event_count) values (50, 'site', 3, 0, 0, 'en', '', 1, 0, '', '', 0, 0);"
            "insert into feed_subscription (bytes_id, token_hash, label, created_at, fetched_by, fetch_count)"
            " values (50, 'site', '', '2026-01-01 00:00:00', '', 0);"
        )

    down(app)

    after = rows(path, SERVED_BEFORE)
    assert after[0] == before[0]
    assert [row[0] for row in after] == ["one", "two", "three"]
    assert [row[5] for row in after] == [0, 1, 1]
    assert after[1][4] == before[1][4]
    assert rows(path, "select feed, language, is_private, fetch_count from feed_subscription")[:2] == [
        ("clinician", "fr", 0, 5),
        ("clinician", "fr", 1, 0),
    ]


def down(app: Flask) -> None:
    with app.app_context():
        flask_migrate.downgrade(revision="0005")
        db.engine.dispose()
