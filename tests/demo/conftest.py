"""The demonstration, loaded but without rosters; each test gets a copy."""

import shutil

import pytest
import time_machine

from scheduler.extensions import db
from tests.demo_fixture import DEMO_NOW, make_demo_app


@pytest.fixture
def loaded(loaded_database, tmp_path):
    """An app over a copy of the loaded demonstration, within its context, in the week of the loading."""
    shutil.copy(loaded_database, tmp_path / "passerelle.sqlite")
    with time_machine.travel(DEMO_NOW, tick=True):
        app = make_demo_app(tmp_path)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
