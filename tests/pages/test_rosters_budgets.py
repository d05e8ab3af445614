"""What pages may weigh: scripts, styles, and the board of a whole region."""

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from flask import render_template

from config import ROOT
from scheduler.queries.board import BoardDay, BoardRow, Card, Cell, Column, load_board
from scheduler.queries.rosters import load_roster
from scheduler.scope import Scope
from scheduler.views.boards import board_of_week
from tests.factories import WEEK

KILOBYTE = 1024
ROWS, SESSIONS = 80, 600
NAMES = [
    f"{name} {initial}." for name in ("Voorbeeld", "Fictive", "Maquette", "Échantillon") for initial in "ABCDEFGHIJ"
]
KINDS = ("consultation", "theatre", "joint_theatre", "ward_round")
SPECIALTIES = ("urology", "medical oncology", "anaesthesia", "nephrology", "ophthalmology")


def size_of(pattern):
    return sum(path.stat().st_size for path in (ROOT / "scheduler" / "static").glob(pattern))


def test_all_scripts_together_are_small():
    assert size_of("js/**/*.js") <= 40 * KILOBYTE


def test_all_styles_together_are_small():
    assert size_of("css/**/*.css") <= 30 * KILOBYTE


def test_the_board_of_a_region_is_small_on_the_wire(app, world):
    scope = Scope(account_id=1, roles=((world.ours.home, "coordinator"),))
    with app.test_request_context():
        board = board_of_region(load_board(scope, world.ours.roster, 2))
        html = render_template(
            "rosters/board_fragment.html",
            board=board,
            seen=board_of_week(board, ""),
            roster=load_roster(scope, world.ours.roster),
            url="/rosters/1/versions/2",
        )

    assert html.count("data-card=") == SESSIONS + len(board.gaps)
    assert len(gzip.compress(html.encode(), 6)) <= 25 * KILOBYTE


def board_of_region(board):
    """A board with many rooms and sessions, spread by a fixed seed."""
    random = Random(1)
    days = [WEEK + timedelta(days=n) for n in range(5)]
    columns = tuple(Column(day, half) for day in days for half in ("morning", "afternoon"))
    cards: dict[tuple[int, Column], list[Card]] = {}
    for number in range(SESSIONS):
        cards.setdefault((random.randrange(ROWS), random.choice(columns)), []).append(a_card(number, random))
    rows = tuple(
        BoardRow(
            key=f"room-{n}",
            title=f"Consulting room {n % 8 + 1}",
            subtitle="",
            site_code=f"SITE-{n // 8}",
            site_name=f"Hospital {n // 8}",
            country="BE",
            cells=tuple(
                Cell(f"room-{n}", one.on, one.half_day, False, None, tuple(cards.get((n, one), ()))) for one in columns
            ),
        )
        for n in range(ROWS)
    )
    shown = tuple(BoardDay(day, (), False) for day in days)
    return replace(board, days=shown, columns=columns, rows=rows)


def a_card(number, random):
    start_at = datetime.combine(date(2026, 11, 23), datetime.min.time(), UTC) + timedelta(hours=7 + number % 5)
    return Card(
        session_id=10_000 + number,
        title="",
        kind=random.choice(KINDS),
        specialty=random.choice(SPECIALTIES),
        site_name="Hospital",
        site_code="SITE-0",
        room_name="",
        people=tuple(random.sample(NAMES, random.choice((1, 1, 1, 3)))),
        roles=(),
        start_at=start_at,
        end_at=start_at + timedelta(hours=4),
        timezone="Europe/Brussels",
        is_pinned=random.random() < 0.1,
        is_past=False,
        breach_level=random.choice(("", "", "", "", "", "warn", "block")),
        crosses=random.choice(("", "", "BE→FR")),
        is_changed=random.random() < 0.1,
    )
