"""Texts that people will read, carried as data so that any language can be made of them later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

Fact = str | int | float | date | datetime
"""What a message may carry: names, numbers, dates.  Dates are formatted by whoever shows the message."""


def N_(text: str) -> str:
    """Mark an English text for translation and give it back unchanged."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A whole sentence with named placeholders, and the facts that fill them.

    Parameters
    ----------
    text
        English source sentence with ``%(name)s`` placeholders; the key of the translation catalogues.
    facts
        Pairs of placeholder name and value.
    """

    text: str
    facts: tuple[tuple[str, Fact], ...] = ()

    def __str__(self) -> str:
        """Give the English sentence."""
        return self.text % dict(self.facts)


def hours(start_at: datetime, end_at: datetime, zone: str) -> str:
    """Write a stretch of time as the clocks of a zone show it, which reads alike in all languages: 08:00–13:00."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (start_at, end_at))
    return f"{start:%H:%M}–{end:%H:%M}"


def say(text: str, facts: Mapping[str, Fact] | None = None, **more: Fact) -> Message:
    """Build a message from its English sentence and its facts."""
    return Message(text, tuple(sorted({**(facts or {}), **more}.items())))
