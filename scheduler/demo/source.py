"""Reads the data files of the demonstration and turns their week numbers into dates."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from scheduler.extensions import Base, db

DATA = Path(__file__).with_name("data")

Row = TypeVar("Row", bound=Base)


def read_rows(name: str) -> list[dict[str, str]]:
    """Give the rows of a CSV file by column name."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(name: str) -> Any:
    """Give what a JSON file holds."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def titles_of_sources() -> dict[str, str]:
    """Give title and address of each source by its code."""
    return {row["code"]: f"{row['title']}, {row['address']}" for row in read_rows("sources.csv")}


@dataclass(frozen=True, slots=True)
class Weeks:
    """Dates from numbers of weeks counted from the anchor, the Monday of the week of the first loading."""

    anchor: date

    def monday(self, week: int) -> date:
        """Give the Monday of a week."""
        return self.anchor + timedelta(weeks=week)

    def end_of(self, week: int) -> date:
        """Give the first day after a week: what is valid to the end of a week is valid until that day."""
        return self.monday(week + 1)


@dataclass(slots=True)
class Store:
    """Adds rows that are not there yet, leaves those that are as they are, and counts what it added."""

    added: Counter[str] = field(default_factory=Counter)
    _known: dict[tuple[Any, ...], dict[tuple[Any, ...], Any]] = field(default_factory=dict)

    def once(self, model: type[Row], key: Mapping[str, Any], **values: Any) -> Row:
        """Give the row with this key; add it with these values if there is none."""
        known = self._rows(model, tuple(key))
        wanted = tuple(key.values())
        if wanted not in known:
            known[wanted] = model(**key, **values)
            db.session.add(known[wanted])
            self.added[model.__tablename__] += 1
        row: Row = known[wanted]
        return row

    def has(self, model: type[Base], **key: Any) -> bool:
        """Tell whether there is a row with this key."""
        return tuple(key.values()) in self._rows(model, tuple(key))

    def _rows(self, model: type[Base], names: tuple[str, ...]) -> dict[tuple[Any, ...], Any]:
        if (model, names) not in self._known:
            rows = db.session.scalars(select(model)).unique()
            self._known[model, names] = {tuple(getattr(row, name) for name in names): row for row in rows}
        return self._known[model, names]
