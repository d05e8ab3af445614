"""Writes the journal: what was done, by whom and when, each entry sealed with the one before it."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, text

from config import Config
from scheduler import clock
from scheduler.extensions import db
from scheduler.models import JournalEntry
from scheduler.scope import Scope

START = "0" * 64
"""What stands for the entry before the first."""
_LOCK = 7_245_001
"""Number of the PostgreSQL advisory lock that lets one writer at a time add to the chain."""


def record(
    *,
    actor: Scope | None,
    deed: str,
    subject: str,
    subject_id: int | None = None,
    organisation_ids: Iterable[int] = (),
    facts: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Add an entry at the end of the journal.

    Parameters
    ----------
    actor
        Who did it; None when the app did it by itself.
    deed
        What was done, as a past participle with its area: ``roster.published``.
    subject, subject_id
        What it was done to: the name of its table and its id.
    organisation_ids
        Whose administrators may read the entry.
    facts
        Ids, numbers, dates and codes; never a person's name.
    """
    _take_turns()
    entry = JournalEntry(
        done_at=clock.now(),
        actor_id=actor.account_id if actor is not None else None,
        deed=deed,
        subject=subject,
        subject_id=subject_id,
        organisation_ids=sorted(set(organisation_ids)),
        facts=json.loads(json.dumps(dict(facts or {}), default=_plain)),
        previous_hash=last_hash(),
    )
    entry.hash = _seal(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def last_hash() -> str:
    """Give the seal of the last entry.

    Kept somewhere else, it later shows whether entries were cut off the end, which the chain alone cannot show.
    """
    return db.session.scalar(select(JournalEntry.hash).order_by(JournalEntry.id.desc()).limit(1)) or START


def verify() -> int | None:
    """Give the id of the first entry that was changed, or that follows one that was removed; None if all are whole."""
    previous = START
    for entry in db.session.scalars(select(JournalEntry).order_by(JournalEntry.id).execution_options(yield_per=500)):
        if entry.previous_hash != previous or not hmac.compare_digest(entry.hash, _seal(entry)):
            return entry.id
        previous = entry.hash
    return None


def _take_turns() -> None:
    """Make writers of the journal queue; SQLite lets one writer in at a time anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _seal(entry: JournalEntry) -> str:
    config: Config = current_app.config["PASSERELLE"]
    sealed = json.dumps(
        [
            entry.previous_hash,
            entry.done_at.isoformat(),
            entry.actor_id,
            entry.deed,
            entry.subject,
            entry.subject_id,
            entry.organisation_ids,
            entry.facts,
        ],
        sort_keys=True,
        ensure_ascii=True,
    )
    return hmac.new(config.journal_key.encode(), sealed.encode(), hashlib.sha256).hexdigest()


def _plain(value: object) -> object:
    """Give a JSON value for dates, instants and collections."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, datetime) or hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"the journal cannot keep {value!r}")
