"""What a reader saw, the same for all of them."""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest


@dataclass(frozen=True)
class Seen:
    """An event as a reader understood it; an all-day one has dates, the last of them excluded."""

    uid: str
    start_at: datetime | date
    end_at: datetime | date
    summary: str
    location: str
    status: str = field(default="", compare=False)


def seen_of(row):
    """Give what a reader in another process wrote down."""
    uid, start, end, *texts = row
    return Seen(uid, _moment(start), _moment(end), *(text or "" for text in texts))


def missing(what):
    """Skip on a laptop, fail where all is meant to be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def _moment(text):
    if len(text) == len("2026-03-29"):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(UTC)
