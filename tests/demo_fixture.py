"""The demonstration for tests: loaded once per run, solved and published once per run, copied for each test.

``loaded_database``  the database file after loading, without rosters
``demo_database``    the same with the first two rosters solved and published
``demo_app``         an app over a copy of it, at DEMO_NOW
``DEMO_PASSWORD``    opens all demonstration accounts

Weeks 0 to 6 have no holiday on either side of the border.  With several test workers one of them makes the
files, the others wait for it.
"""

import contextvars
import fcntl
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import update

from config import Config
from scheduler import create_app
from scheduler.demo.load import load_demonstration
from scheduler.demo.rosters import publish_first_rosters
from scheduler.extensions import db, transaction
from scheduler.models import Account
from scheduler.services.accounts import set_password
from tests.page_client import OwnContextClient, PageClient

__all__ = ["demo_app", "demo_client", "demo_database", "loaded_database"]

DEMO_NOW = datetime(2027, 1, 14, 10, tzinfo=UTC)
"""A Thursday, in week 0."""
DEMO_WEEK_0 = date(2027, 1, 11)
DEMO_PASSWORD = "the password of all demonstration tests"


def demo_day(week: int, weekday: int = 1) -> date:
    """Give a date by the number of its week and its ISO weekday."""
    return DEMO_WEEK_0 + timedelta(weeks=week, days=weekday - 1)


def make_demo_app(folder: Path, **settings):
    """Give an app whose data lie in a folder."""
    app = create_app(
        Config(
            instance_dir=folder,
            database_url=f"sqlite:///{folder / 'passerelle.sqlite'}",
            secret_key="a key for tests that is long enough",
            journal_key="a key that seals the journals of tests",
            testing=True,
            run_worker=False,
            **settings,
        )
    )
    app.test_client_class = OwnContextClient
    return app


@pytest.fixture(scope="session")
def loaded_database(tmp_path_factory, request):
    """The database file after loading, without rosters."""
    return _once("loaded", tmp_path_factory, request, _load)


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory, request, loaded_database):
    """The database file with the first two rosters solved and published."""

    def publish(folder: Path) -> None:
        shutil.copy(loaded_database, folder / "passerelle.sqlite")
        app = make_demo_app(folder, solve_seconds=60)
        assert len(list(publish_first_rosters(app))) == 2
        _close(app)

    return _once("published", tmp_path_factory, request, publish)


@pytest.fixture
def demo_app(demo_database, tmp_path):
    """An app over a copy of the published demonstration; time starts at DEMO_NOW and runs on."""
    shutil.copy(demo_database, tmp_path / "passerelle.sqlite")
    with time_machine.travel(DEMO_NOW, tick=True):
        app = make_demo_app(tmp_path)
        yield app
        _close(app)


@pytest.fixture
def demo_client(demo_app):
    """A browser of the demonstration that is not signed in."""
    return PageClient(demo_app)


def _load(folder: Path) -> None:
    app = make_demo_app(folder)
    with app.app_context():
        db.create_all()
        with transaction():
            load_demonstration()
        with transaction():
            _share_password()
    _close(app)


def _share_password() -> None:
    """Give all accounts the password of the tests; it is hashed once, which is slow on purpose."""
    accounts = db.session.query(Account).filter(Account.is_demonstration).all()
    set_password(actor=None, account_id=accounts[0].id, password=DEMO_PASSWORD)
    db.session.execute(update(Account).values(password_hash=accounts[0].password_hash))


def _close(app) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _once(name: str, tmp_path_factory, request, make: Callable[[Path], None]) -> Path:
    """Make a folder's database at DEMO_NOW, once for all workers of a run."""
    root = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        root = root.parent
    folder = root / f"demonstration-{name}"
    folder.mkdir(exist_ok=True)
    with (root / f"demonstration-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            with time_machine.travel(DEMO_NOW, tick=True):
                contextvars.Context().run(make, folder)
            (folder / "made").touch()
    return folder / "passerelle.sqlite"
