"""The demonstration, loaded but without rosters; each test gets a copy."""

import shutil

import pytest
import time_machine

from config import Config
from scheduler import create_app
from scheduler.demo.load import load_demonstration
from scheduler.extensions import db, transaction
from tests.demo.weeks import THURSDAY


def make_config(folder):
    return Config(
        instance_dir=folder,
        database_url=f"sqlite:///{folder / 'passerelle.sqlite'}",
        secret_key="a key for tests that is long enough",
        journal_key="a key that seals the journals of tests",
        testing=True,
        run_worker=False,
    )


@pytest.fixture(scope="session")
def loaded_once(tmp_path_factory):
    """The database file after the first loading, and what loading told."""
    folder = tmp_path_factory.mktemp("demonstration")
    with time_machine.travel(THURSDAY), create_app(make_config(folder)).app_context():
        db.create_all()
        with transaction():
            told = load_demonstration()
        db.session.remove()
        db.engine.dispose()
    return folder / "passerelle.sqlite", told


@pytest.fixture
def loaded(loaded_once, tmp_path):
    """What loading told, within an app over a copy of the database, in the week of the loading."""
    source, told = loaded_once
    shutil.copy(source, tmp_path / "passerelle.sqlite")
    with time_machine.travel(THURSDAY), create_app(make_config(tmp_path)).app_context():
        yield told
        db.session.remove()
        db.engine.dispose()
