"""What the database itself refuses, beyond what keys and checks can say.

The statements are attached to their tables, so that ``create_all`` makes them too; a migration holds its own copy.
A refusal reaches Python as an IntegrityError whose text is one of the names below.

Whoever rewrites several duties of a clinician at once (a swap) deletes the old rows before adding the new ones:
the guard looks at each row as it is written.
"""

from sqlalchemy import DDL, Table, event
from sqlalchemy.exc import IntegrityError

from scheduler.models.availability import Leave
from scheduler.models.journal import JournalEntry
from scheduler.models.rosters import Assignment, Placement, PublishedDuty, RosterVersion, SessionPin

OVERLAPPING_DUTY = "overlapping_duty"
OVERLAPPING_LEAVE = "overlapping_leave"
PUBLISHED_IS_IMMUTABLE = "published_is_immutable"
APPEND_ONLY = "append_only"

REFUSALS = (OVERLAPPING_DUTY, OVERLAPPING_LEAVE, PUBLISHED_IS_IMMUTABLE, APPEND_ONLY)
"""The names by which a refusal can be told."""

_VERSION_OF_PLACEMENT = (
    "SELECT state FROM roster_version WHERE id = (SELECT version_id FROM placement WHERE id = {row}.placement_id)"
)
_VERSION_OF_ROW = "SELECT state FROM roster_version WHERE id = {row}.version_id"

_KEPT_OF_A_VERSION = (
    "id",
    "roster_id",
    "number",
    "revision",
    "based_on_id",
    "created_at",
    "created_by_id",
    "published_at",
    "published_by_id",
    "reason",
    "findings",
)
"""What superseding leaves as it was; all columns of a version but its state."""


def refusal_of(error: IntegrityError) -> str | None:
    """Give the name of the guard that refused, or None when it was a key or a check."""
    text = str(error.orig)
    return next((name for name in REFUSALS if name in text), None)


def _overlap(table: str, *, deed: str, name: str, start: str, end: str, key: str, only: str = "") -> str:
    """A guard against two overlapping half-open intervals of one clinician."""
    also = f" AND {only}" if only else ""
    condition = f" WHEN NEW.{only}" if only else ""
    others = f" AND {key} <> OLD.{key}" if deed == "UPDATE" else ""
    return (
        f"CREATE TRIGGER {table}_overlap_{deed.lower()} BEFORE {deed} ON {table}{condition} BEGIN "  # noqa: S608
        f"SELECT RAISE(ABORT, '{name}') FROM {table} "
        f"WHERE clinician_id = NEW.clinician_id{also}{others} "
        f"AND {start} < NEW.{end} AND NEW.{start} < {end}; END"
    )


def _kept(table: str, *, deed: str, state: str) -> str:
    """A guard of rows that belong to a version which is no draft."""
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[deed]
    condition = " OR ".join(f"({state.format(row=row)}) <> 'draft'" for row in rows)
    return (
        f"CREATE TRIGGER {table}_kept_{deed.lower()} BEFORE {deed} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{PUBLISHED_IS_IMMUTABLE}'); END"
    )


def _version_kept(deed: str) -> str:
    """A guard of versions that were published: they may only be superseded."""
    exception = ""
    if deed == "UPDATE":
        same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in _KEPT_OF_A_VERSION)
        exception = f" AND NOT (OLD.state = 'published' AND NEW.state = 'superseded' AND {same})"
    return (
        f"CREATE TRIGGER roster_version_kept_{deed.lower()} BEFORE {deed} ON roster_version "
        f"WHEN OLD.state IN ('published', 'superseded'){exception} "
        f"BEGIN SELECT RAISE(ABORT, '{PUBLISHED_IS_IMMUTABLE}'); END"
    )


def _append_only(deed: str) -> str:
    return (
        f"CREATE TRIGGER journal_entry_append_only_{deed.lower()} BEFORE {deed} ON journal_entry "
        f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
    )


SQLITE_TRIGGERS: tuple[tuple[str, str], ...] = (
    *(
        (
            "published_duty",
            _overlap(
                "published_duty",
                deed=deed,
                name=OVERLAPPING_DUTY,
                start="start_at",
                end="end_at",
                key="seat_id",
                only="is_exclusive",
            ),
        )
        for deed in ("INSERT", "UPDATE")
    ),
    *(
        ("leave", _overlap("leave", deed=deed, name=OVERLAPPING_LEAVE, start="start_on", end="end_on", key="id"))
        for deed in ("INSERT", "UPDATE")
    ),
    *(
        (table, _kept(table, deed=deed, state=state))
        for table, state in (
            ("placement", _VERSION_OF_ROW),
            ("assignment", _VERSION_OF_PLACEMENT),
            ("session_pin", _VERSION_OF_ROW),
        )
        for deed in ("INSERT", "UPDATE", "DELETE")
    ),
    *(("roster_version", _version_kept(deed)) for deed in ("UPDATE", "DELETE")),
    *(("journal_entry", _append_only(deed)) for deed in ("UPDATE", "DELETE")),
)
"""Pairs of table and statement, for SQLite."""


def _attach() -> None:
    models = (PublishedDuty, Leave, Placement, Assignment, SessionPin, RosterVersion, JournalEntry)
    tables: dict[str, Table] = {model.__tablename__: model.__table__ for model in models}  # type: ignore[misc]
    for table, statement in SQLITE_TRIGGERS:
        event.listen(tables[table], "after_create", DDL(statement).execute_if(dialect="sqlite"))


_attach()
