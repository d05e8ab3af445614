"""Fixtures for tests that need the app: each test gets a database of its own, and starts at factories.NOW.

``app``          the app over an empty database, or over the world's if the test also asks for ``world``
``world``        ids and logins of two tied and two foreign hospitals (tests/world.py)
``db_session``   a session in an app context; requests of the clients see what it did
``page_client``  opens and checks pages, fills forms by label, ``sign_in(login)``
``demo_app``     the demonstration, loaded, solved and published once per run (tests/demo_fixture.py)
"""

import contextvars
import shutil

import pytest
import time_machine
from hypothesis import settings
from jinja2 import BytecodeCache
from sqlalchemy import text

from config import ROOT, Config
from scheduler import create_app
from scheduler.extensions import commit, db
from tests.demo_fixture import demo_app, demo_client, demo_database, loaded_database  # noqa: F401
from tests.factories import NOW
from tests.page_client import OwnContextClient, PageClient
from tests.world import build_world

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("untimed")


def make_config(folder, **chosen):
    """Settings of an app whose data lie in a folder."""
    return Config(
        instance_dir=folder,
        database_url=f"sqlite:///{folder / 'passerelle.sqlite'}",
        secret_key="a key for tests that is long enough",
        journal_key="a key that seals the journals of tests",
        testing=True,
        run_worker=False,
        **chosen,
    )


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all apps of a test run, which takes longer than showing them."""

    def __init__(self):
        self.compiled = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket):
        self.compiled[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = CompiledTemplates()


def make_app(config):
    """The app of these settings, with a client that sends requests as a server would."""
    made = create_app(config)
    made.jinja_env.bytecode_cache = TEMPLATES
    made.test_client_class = OwnContextClient
    return made


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """An SQLite file with all tables and triggers."""
    return contextvars.Context().run(_fill, tmp_path_factory.mktemp("empty"), lambda: None)[0]


@pytest.fixture(scope="session")
def world_database(tmp_path_factory):
    """An SQLite file with the world, and the world."""
    return contextvars.Context().run(_fill, tmp_path_factory.mktemp("world"), build_world)


@pytest.fixture
def config(tmp_path, request):
    """Settings over a database of this test's own."""
    if "world" in request.fixturenames:
        source, _ = request.getfixturevalue("world_database")
    else:
        source = request.getfixturevalue("empty_database")
    shutil.copy(source, tmp_path / "passerelle.sqlite")
    return make_config(tmp_path)


@pytest.fixture
def app(config):
    """The app; time starts at NOW and runs on."""
    with time_machine.travel(NOW, tick=True):
        made = make_app(config)
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def world(world_database):
    """Ids and logins of all that is there."""
    return world_database[1]


@pytest.fixture
def db_session(app):
    """A session of the app's database, in an app context that lasts as long as the test."""
    with app.app_context():
        yield db.session
        db.session.remove()


@pytest.fixture
def page_client(app):
    """A browser that is not signed in."""
    return PageClient(app)


@pytest.fixture
def other_client(app):
    """Another browser."""
    return PageClient(app)


def _fill(folder, build):
    """Give a database file, closed so that it can be copied, and what was built in it."""
    with time_machine.travel(NOW, tick=True):
        made = make_app(make_config(folder))
        with made.app_context():
            db.create_all()
            _stamp()
            built = build()
            commit()
            db.session.remove()
            db.engine.dispose()
    return folder / "passerelle.sqlite", built


def _stamp():
    """Say that all migrations were run, as ``create_all`` makes what they make."""
    head = (ROOT / "migrations" / ".head").read_text().strip()
    db.session.execute(text("create table alembic_version (version_num varchar(32) not null)"))
    db.session.execute(text("insert into alembic_version values (:head)"), {"head": head})
