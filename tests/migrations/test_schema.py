"""Migrations make exactly what the models say."""

import sqlite3
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from config import ROOT
from scheduler.extensions import db
from scheduler.models.triggers import SQLITE_TRIGGERS
from tests.migrations.conftest import MakeApp


@pytest.fixture
def upgraded(make_app: MakeApp, tmp_path: Path) -> Path:
    return run_on(make_app(tmp_path / "upgraded.sqlite"), tmp_path / "upgraded.sqlite", "head")


def run_on(app: Flask, path: Path, *revisions: str) -> Path:
    with app.app_context():
        for revision in revisions:
            if revision == "base":
                flask_migrate.downgrade(revision="base")
            else:
                flask_migrate.upgrade(revision=revision)
        db.engine.dispose()
    return path


def schema(path: Path) -> dict[str, list[str]]:
    """Tables, indexes and triggers by name; the lines of a table in no order, as constraints have none.

    Quotes are left out: SQLite puts them around the name of a table that was rebuilt.
    """
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {
        name: sorted(line.strip().rstrip(",") for line in sql.replace('"', "").splitlines())
        for name, sql in rows
        if name != "alembic_version"
    }


def test_migrations_make_what_the_models_say(upgraded: Path, database: Flask, tmp_path: Path) -> None:
    assert schema(upgraded) == schema(tmp_path / "models.sqlite")


def test_all_triggers_are_made(upgraded: Path) -> None:
    connection = sqlite3.connect(upgraded)
    made = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")}
    connection.close()

    assert made == {statement for _, statement in SQLITE_TRIGGERS}


def test_alembic_finds_nothing_left_to_migrate(make_app: MakeApp, upgraded: Path) -> None:
    with make_app(upgraded).app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": db.metadata})

        differences = compare_metadata(context, db.metadata)

    assert differences == []


def test_there_is_one_head_and_it_is_written_down() -> None:
    heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()

    assert heads == [(ROOT / "migrations" / ".head").read_text().strip()]


def test_revisions_are_numbered_and_named_by_their_deed() -> None:
    files = sorted(path.stem for path in (ROOT / "migrations" / "versions").glob("*.py"))

    assert [name[:4] for name in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    assert all(name[4] == "_" and name[5:] for name in files)


def test_migrations_run_up_down_and_up_again(make_app: MakeApp, tmp_path: Path) -> None:
    path = tmp_path / "again.sqlite"
    app = make_app(path)

    down = schema(run_on(app, path, "head", "base"))
    again = schema(run_on(app, path, "head"))

    assert down == {}
    assert len(again) > 40


def test_a_failing_migration_leaves_nothing_behind(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "failing.sqlite"
    app = make_app(path)
    with app.app_context():
        monkeypatch.setattr("alembic.operations.Operations.execute", _fail)
        with pytest.raises(SystemExit):
            flask_migrate.upgrade()
        db.engine.dispose()

    assert schema(path) == {}


def _fail(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("planned failure")
