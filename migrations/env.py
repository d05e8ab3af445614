"""How Alembic runs here: in one transaction, and on SQLite without foreign keys while tables are rebuilt.

Revisions are numbered 0001, 0002, …; making one writes its number to ``.head``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from flask import current_app

from scheduler import models  # noqa: F401  (fills the metadata)
from scheduler.extensions import UtcDateTime

migrate = current_app.extensions["migrate"]
HEAD = Path(__file__).with_name(".head")


def number_revision(ctx: MigrationContext, heads: object, directives: list[MigrationScript]) -> None:
    """Number the new revision after the head and write the number down."""
    head = HEAD.read_text().strip() if HEAD.exists() else "0000"
    directives[0].rev_id = f"{int(head) + 1:04}"
    HEAD.write_text(directives[0].rev_id + "\n")


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our own column type as what it is in the database."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


@contextmanager
def foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """Let tables be rebuilt without touching the rows that point to them; check those rows afterwards."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration breaks foreign keys: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Run the migrations that the command asked for."""
    with migrate.db.engine.connect() as connection, foreign_keys_off(connection):
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            transactional_ddl=True,
            process_revision_directives=number_revision,
            render_item=render_item,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need the database; offline mode is not offered.")
run()
