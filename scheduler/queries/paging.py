"""Long lists, cut into pages and searched without minding accents or capitals."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PER_PAGE = 50
"""Rows on one page of a list."""

Row = TypeVar("Row")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A stretch of a list: its rows, which page of how many it is, and how many rows there are in all."""

    rows: tuple[Row, ...]
    number: int = 1
    last: int = 1
    total: int = 0

    def with_rows(self, rows: Iterable[Other]) -> "Page[Other]":
        """Give the same stretch with other rows in place of these."""
        return Page(tuple(rows), self.number, self.last, self.total)


def page_of(rows: Sequence[Row], number: int) -> Page[Row]:
    """Give page ``number``, counted from 1; a number past the ends gives the nearest page."""
    last = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(1, number), last)
    start = (number - 1) * PER_PAGE
    return Page(tuple(rows[start : start + PER_PAGE]), number, last, len(rows))


def folded(text: str) -> str:
    """Give the text without accents and capitals, to sort and to search by."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def matching(rows: Iterable[Row], wanted: str, text_of: Callable[[Row], str]) -> list[Row]:
    """Give the rows whose text holds every word that is wanted."""
    words = folded(wanted).split()
    return [row for row in rows if all(word in folded(text_of(row)) for word in words)]
