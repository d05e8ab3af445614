"""Forms, one file per area; they check what can be checked without the database."""

from collections.abc import Iterable

from wtforms import SelectChoice


def choices(pairs: Iterable[tuple[int | str, str]]) -> list[SelectChoice]:
    """Give pairs of value and text as the choices of a select field."""
    return [SelectChoice(value, text) for value, text in pairs]
