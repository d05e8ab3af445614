"""The database and the Flask extensions, each made once; the only place that commits."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import g
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import DateTime, Dialect, Engine, Executable, MetaData, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_SECONDS = 10.0
"""How long SQLite waits for another process to end its writing."""
LATE_BUSY_SECONDS = 0.1
"""How long what may get lost waits: the same thread has requests to answer."""

_reading: ContextVar[bool] = ContextVar("reading", default=False)
_patience: ContextVar[float] = ContextVar("patience", default=BUSY_SECONDS)


class Base(DeclarativeBase):
    """Base of all models; constraints are named by convention."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back, aware."""
        return value.replace(tzinfo=UTC) if value is not None else None


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
migrate = Migrate(render_as_batch=True, compare_type=True)
csrf = CSRFProtect()
login_manager = LoginManager()
babel = Babel()


def open_sqlite_safely(engine: Engine) -> None:
    """Open SQLite so that it neither loses updates nor foreign keys: WAL, full sync, BEGIN IMMEDIATE for writers."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"busy_timeout={_milliseconds(BUSY_SECONDS)}",
            "foreign_keys=ON",
            "synchronous=FULL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if _reading.get():
            connection.exec_driver_sql("BEGIN DEFERRED")
        elif _patience.get() == BUSY_SECONDS:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            _begin_within(connection, _patience.get())


def _begin_within(connection: Any, seconds: float) -> None:
    """Begin writing, but wait no longer than this for others to end theirs."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout={_milliseconds(seconds)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_milliseconds(BUSY_SECONDS)}")


def _milliseconds(seconds: float) -> int:
    return round(1000 * seconds)


@contextmanager
def reading() -> Iterator[None]:
    """Open transactions inside as readers: they do not queue behind writers, and must not write."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def begin_reading() -> object:
    """Start reading until ``end_reading`` gets the token back."""
    return _reading.set(True)


def end_reading(token: Any) -> None:
    """End what ``begin_reading`` started."""
    _reading.reset(token)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what was done inside, or roll all of it back."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def commit() -> None:
    """Commit the current transaction; for the request hook."""
    db.session.commit()


def rollback() -> None:
    """Undo the current transaction."""
    db.session.rollback()


@dataclass(frozen=True, slots=True)
class LateWrite:
    """A statement to run once a request has been answered; with rows, once for each."""

    statement: Executable
    rows: Sequence[Mapping[str, Any]] | None = None


def write_later(statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Have a statement run in a transaction of its own once the request has been answered.

    The one exemption from "a GET never commits", for what only tells that someone was here: when a sign-in was
    last seen, when a feed was last fetched.  Such a statement may get lost, and nobody may rely on its having run.
    """
    if "write_later" not in g:
        g.write_later = []
    g.write_later.append(LateWrite(statement, rows))


def write_what_waited() -> None:
    """Run what ``write_later`` collected; for the end of a request, after its own transaction is over."""
    write_late(g.pop("write_later", []))


def write_late(writes: Sequence[LateWrite], *, patience: float = LATE_BUSY_SECONDS) -> bool:
    """Run late writes in one transaction; tell whether the database had time for them, or they are lost.

    Parameters
    ----------
    patience
        Seconds to wait for others who write.
    """
    due = [write for write in writes if write.rows is None or write.rows]
    if not due:
        return True
    db.session.remove()
    token = _patience.set(patience)
    try:
        with db.engine.begin() as connection:
            for write in due:
                connection.execute(write.statement, write.rows)
    except OperationalError:
        logging.getLogger(__name__).warning("The database was busy: %d late writes were given up.", len(due))
        return False
    finally:
        _patience.reset(token)
    return True
