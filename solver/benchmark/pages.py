"""Measured tables and plots in the documentation: results are kept as JSON, tables stand between markers."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def merge(path: Path, key: Sequence[str], machine: Json, fresh: Iterable[Json]) -> list[Json]:
    """Add results to a file, in place of those with the same key, and give all.

    Every result carries the machine and the date it was measured on.
    """
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    results = {tuple(one[name] for name in key): one for one in known}
    for one in fresh:
        results[tuple(one[name] for name in key)] = one | {"machine": machine}
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(one, sort_keys=True) for one in results.values())
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return list(results.values())


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give a table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def write_between(page: Path, name: str, text: str) -> None:
    """Put a text between the markers of this name in a page.

    Raises
    ------
    ValueError
        When the page lacks the markers.
    """
    first, last = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    whole = page.read_text(encoding="utf-8")
    before, found, rest = whole.partition(first)
    _, ended, after = rest.partition(last)
    if not found or not ended:
        raise ValueError(f"{page} lacks the markers {first} and {last}")
    page.write_text(f"{before}{first}\n\n{text}\n\n{last}{after}", encoding="utf-8")


def number(value: float | None, digits: int = 0, unit: str = "") -> str:
    """Write a number; a dash for none."""
    return "–" if value is None else f"{value:.{digits}f}{unit}"
