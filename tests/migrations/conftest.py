"""A bare app that knows nothing but the database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from scheduler import models  # noqa: F401  (fills the metadata)
from scheduler.extensions import db, migrate, open_sqlite_safely

MakeApp = Callable[[Path], Flask]


@pytest.fixture
def make_app() -> MakeApp:
    def make(path: Path) -> Flask:
        app = Flask("bare")
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path}"
        db.init_app(app)
        with app.app_context():
            open_sqlite_safely(db.engine)
        migrate.init_app(app, db, directory=str(ROOT / "migrations"))
        return app

    return make


@pytest.fixture
def database(make_app: MakeApp, tmp_path: Path) -> Iterator[Flask]:
    """An app whose tables were made from the models, within its context."""
    app = make_app(tmp_path / "models.sqlite")
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()
