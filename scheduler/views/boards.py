"""A board as it is looked at: one week of it, and where on the page each session stands."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.clock import monday_of
from scheduler.queries.board import Board


@dataclass(frozen=True, slots=True)
class SeenBoard:
    """One week of a board.

    Parameters
    ----------
    mondays
        First days of the roster's weeks.
    monday
        The week that is shown.
    anchors
        For each session the row in which it is first shown: there alone it can have an id.
    week_of
        For each session that is held the Monday of its week.
    """

    board: Board
    mondays: tuple[date, ...]
    monday: date
    anchors: dict[int, str]
    week_of: dict[int, date]


def board_of_week(board: Board, asked: str) -> SeenBoard:
    """Cut one week out of a board: the one asked for as ``2026-11-23``, else the first."""
    mondays = tuple(sorted({monday_of(day.on) for day in board.days}))
    monday = next((one for one in mondays if one.isoformat() == asked), mondays[0])
    until = monday + timedelta(days=7)
    shown = [monday <= column.on < until for column in board.columns]
    rows = tuple(
        replace(row, cells=tuple(cell for cell, is_shown in zip(row.cells, shown, strict=True) if is_shown))
        for row in board.rows
    )
    anchors: dict[int, str] = {}
    for row in rows:
        for cell in row.cells:
            for card in cell.cards:
                anchors.setdefault(card.session_id, row.key)
    week = replace(
        board,
        days=tuple(day for day in board.days if monday <= day.on < until),
        columns=tuple(column for column, is_shown in zip(board.columns, shown, strict=True) if is_shown),
        rows=rows,
    )
    weeks = {card.session_id: monday_of(cell.on) for row in board.rows for cell in row.cells for card in cell.cards}
    return SeenBoard(week, mondays, monday, anchors, weeks)
