"""What the app refuses to start with, and what it tells its supervisor."""

import subprocess
import sys

import pytest
from flask import Blueprint
from sqlalchemy import text

from config import ROOT, Config, InvalidSetting
from scheduler.security import access, refuse_unmarked
from tests.conftest import make_app, make_config
from tests.page_client import PageClient


def test_an_endpoint_that_does_not_say_who_may_call_it_keeps_the_app_from_starting(app):
    blueprint = Blueprint("forgotten", __name__)
    blueprint.add_url_rule("/forgotten", "show", lambda: "open")
    app.register_blueprint(blueprint)

    with pytest.raises(RuntimeError, match=r"these endpoints lack @access: forgotten\.show"):
        refuse_unmarked(app)


@pytest.mark.parametrize("who", [(), ("king",)])
def test_an_access_mark_names_roles_that_exist(who):
    with pytest.raises(ValueError, match="no such access"):
        access(*who)


def test_a_short_secret_key_is_refused(tmp_path):
    with pytest.raises(InvalidSetting, match="SECRET_KEY"):
        Config.from_environ({"INSTANCE_DIR": str(tmp_path), "SECRET_KEY": "short"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "99999"),
        ("PORT", "²"),
        ("SOLVE_SECONDS", "x"),
        ("SOLVE_SECONDS", "nan"),
        ("SOLVE_SECONDS", "inf"),
        ("SOLVE_SECONDS", "0"),
        ("TRUSTED_PROXIES", "-1"),
        ("DATABASE_URL", "foo"),
        ("DATABASE_URL", "nothing://like/that"),
        ("CALENDAR_UID_DOMAIN", "a@b"),
        ("CALENDAR_UID_DOMAIN", "-a.example"),
        ("CALENDAR_UID_DOMAIN", "two words"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_its_name(tmp_path, name, value):
    with pytest.raises(InvalidSetting, match=f"^{name} must be"):
        Config.from_environ({"INSTANCE_DIR": str(tmp_path), name: value})


@pytest.mark.parametrize("module", ["scheduler.cli.setup", "scheduler.serve", "scheduler.worker", "wsgi"])
def test_a_wrong_setting_ends_with_its_sentence_alone(tmp_path, module):
    done = subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={"INSTANCE_DIR": str(tmp_path), "PORT": "99999"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "PORT must be a whole number from 1 to 65535, not '99999'.\n")


def test_the_domain_of_calendar_entries_is_fixed_at_the_first_start(tmp_path):
    first = Config.from_environ({"INSTANCE_DIR": str(tmp_path), "CALENDAR_UID_DOMAIN": "roster.example"})
    later = Config.from_environ({"INSTANCE_DIR": str(tmp_path)})

    assert (first.calendar_uid_domain, later.calendar_uid_domain) == ("roster.example", "roster.example")
    with pytest.raises(InvalidSetting, match="fixed at the first start"):
        Config.from_environ({"INSTANCE_DIR": str(tmp_path), "CALENDAR_UID_DOMAIN": "other.example"})


def test_keys_are_made_once_readable_by_their_owner_alone_and_differ(tmp_path):
    first = Config.from_environ({"INSTANCE_DIR": str(tmp_path)})
    second = Config.from_environ({"INSTANCE_DIR": str(tmp_path)})

    assert (first.secret_key, first.journal_key) == (second.secret_key, second.journal_key)
    assert first.secret_key != first.journal_key
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("secret_key", "journal_key")} == {0o600}


def test_the_supervisor_hears_that_all_is_well(app):
    response = app.test_client().get("/health")

    assert (response.status_code, response.get_data(as_text=True)) == (200, "ok\n")


def test_the_supervisor_hears_of_a_missing_migration(app, db_session):
    db_session.execute(text("update alembic_version set version_num = '0000'"))

    assert app.test_client().get("/health").status_code == 503


def test_the_supervisor_hears_of_an_empty_database(tmp_path):
    assert make_app(make_config(tmp_path)).test_client().get("/health").status_code == 503


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_the_address_of_the_browser_is_believed_from_known_proxies_alone(config, proxies, counted):
    from dataclasses import replace

    app = make_app(replace(config, trusted_proxies=proxies))
    client = PageClient(app)

    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    client.post("/sign-in", {"login": "nobody", "password": "wrong"}, status=422, headers=headers)

    with app.app_context():
        from scheduler.extensions import db

        assert db.session.scalar(text("select address from sign_in_attempt")) == counted
        db.engine.dispose()
