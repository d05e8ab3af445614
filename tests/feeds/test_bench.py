"""The tools that measure feeds: they count what they say they count."""

import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import create_engine

from scheduler.extensions import Base
from scheduler.feeds.window import feed_window
from tests.feeds.bench.pace import ask_steadily, percentile
from tests.feeds.bench.report import sections
from tests.feeds.bench.serving import count_events
from tests.feeds.bench.world import Size, calendar_of, seat_uid, token_of, write_world
from tests.feeds.bench.wrk import Burst

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.mark.parametrize(("share", "value"), [(50, 2), (75, 3), (99, 4), (100, 4), (0.1, 1)])
def test_a_percentile_is_a_value_that_was_seen(share, value):
    assert percentile([1, 2, 3, 4], share) == value


class Halting(BaseHTTPRequestHandler):
    """Answers 304, and stops answering anyone for a while once, after some requests."""

    protocol_version = "HTTP/1.1"
    asked = 0
    halt = threading.Lock()

    def do_GET(self):
        with Halting.halt:
            Halting.asked += 1
            if Halting.asked == 20:
                time.sleep(0.4)
        self.send_response(404 if self.path == "/gone" else 304)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def halting():
    Halting.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Halting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_a_server_that_stops_makes_all_requests_of_that_time_late(halting):
    paced = ask_steadily(halting, ["/feed"], rate=100, seconds=0.6, expected=304)

    assert paced.failed == 0
    assert paced.most >= 390
    assert paced.p99 >= 300  # a client that waits before it asks again would have seen one late answer of a hundred


def test_an_answer_of_another_status_has_failed(halting):
    paced = ask_steadily(halting, ["/gone", "/feed"], rate=100, seconds=0.1, expected=304)

    assert (paced.requests, paced.failed) == (10, 5)


def test_a_calendar_that_is_cut_off_has_no_events():
    event = b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n"
    whole = b"BEGIN:VCALENDAR\r\n" + 2 * event + b"END:VCALENDAR\r\n"

    assert count_events(whole) == 2
    assert all(count_events(whole[:length]) == 0 for length in range(len(whole)))


def test_the_measured_duties_lie_in_the_window_of_every_day():
    for day in (NOW.date() + timedelta(days=n) for n in range(0, 800, 7)):
        calendar = calendar_of(Size(events=500), day)
        from_at, until_at = feed_window(day)

        assert len(calendar.slots) == len({(slot.on, slot.half_day) for slot in calendar.slots}) == 500
        assert from_at.date() < calendar.slots[0].on <= calendar.slots[-1].on < until_at.date()
        assert [slot.on for slot in calendar.slots if slot.week_on == calendar.changed_on] == [
            calendar.changed_on + timedelta(days=2)
        ]


def test_the_measured_database_holds_what_it_should(tmp_path):
    address = f"sqlite:///{tmp_path / 'world.sqlite'}"
    engine = create_engine(address)
    Base.metadata.create_all(engine)
    engine.dispose()

    write_world(address, Size(clinicians=6, events=9, addresses=2), now=NOW)

    with closing(sqlite3.connect(tmp_path / "world.sqlite")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute(
            "SELECT clinician_id, count(*) FROM published_duty GROUP BY clinician_id"
        ).fetchall() == [(i, 9) for i in range(1, 7)]
        assert connection.execute("SELECT count(*), count(DISTINCT token_hash) FROM feed_subscription").fetchone() == (
            12,
            12,
        )
        assert connection.execute("SELECT count(*) FROM seat WHERE uid = ?", [seat_uid(1)]).fetchone() == (1,)


def test_tokens_of_the_measured_feeds_are_as_long_as_those_of_the_app():
    tokens = {token_of(clinician, number) for clinician in range(20) for number in range(5)}

    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}


def test_a_table_of_servers_tells_rates_and_ratios():
    burst = asdict(Burst(rate=1500, p50=1, p99=2, cpu=0.5, bytes_each=100, requests=9000, failed=0))
    cell = {"server": "ours", "kind": "200", "status": 200, "lowest": 1400.0, "highest": 1600.0, **burst}
    serving = {
        "calendar": {"events": 500, "bytes": 300_000, "gzipped": 15_000},
        "rounds": 6,
        "seconds": 3.0,
        "radicale_put_seconds": 20.0,
        "cells": [cell | {"times_radicale": 250.0, "share_of_nginx": 0.4}],
    }

    text = sections({"serving": serving})["serving"]

    assert "| 200 | ours | 1,500 | 1,400–1,600 | 1.00 | 2.00 | 0.500 | 2,000 | 250 | 0.40 | 0 |" in text
