"""Many writers at once: nobody is booked twice, no update is lost."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from scheduler import models
from scheduler.extensions import db, transaction
from tests.migrations.rows import Rows, duty, make_rows

WRITERS = 16
TURNS = 10


def test_of_sixteen_writers_who_book_the_same_clinician_one_wins(database: Flask) -> None:
    with transaction():
        rows = make_rows()
        seats = [_another_seat(rows, index) for index in range(3, 3 + WRITERS)]
    barrier = Barrier(WRITERS)

    def book(seat: int) -> bool:
        with database.app_context():
            barrier.wait()
            try:
                with transaction():
                    row = duty(rows, 0, rows.ann, 0, 4)
                    row.seat_id = seat
                    db.session.add(row)
            except IntegrityError:
                return False
            return True

    with ThreadPoolExecutor(WRITERS) as pool:
        won = list(pool.map(book, seats))

    assert sum(won) == 1
    assert len(db.session.scalars(select(models.PublishedDuty)).all()) == 1


def _another_seat(rows: Rows, index: int) -> int:
    first = db.session.get_one(models.Seat, rows.seats[0])
    seat = models.Seat(session_id=rows.session, demand_id=first.demand_id, index=index)
    db.session.add(seat)
    db.session.flush()
    return seat.id


def test_no_update_is_lost_when_many_read_and_then_write(database: Flask) -> None:
    with transaction():
        rows = make_rows()

    def count_up(_writer: int) -> None:
        with database.app_context():
            for _ in range(TURNS):
                with transaction():
                    roster = db.session.get_one(models.Roster, rows.roster)
                    roster.weeks += 1

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(count_up, range(WRITERS)))

    assert db.session.get_one(models.Roster, rows.roster).weeks == 1 + WRITERS * TURNS


def test_what_was_committed_is_read_by_a_stranger(database: Flask, tmp_path: Path) -> None:
    with transaction():
        make_rows()

    stranger = sqlite3.connect(tmp_path / "models.sqlite")
    found = stranger.execute("SELECT count(*) FROM seat").fetchone()
    stranger.close()

    assert found == (3,)
    assert db.session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    assert db.session.execute(text("PRAGMA foreign_keys")).scalar() == 1
