"""The demonstration from the command line."""

import re
from dataclasses import replace

from apiflask import APIFlask

from scheduler.services import accounts


def run(app: APIFlask, *arguments: str) -> tuple[int, str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["demo", *arguments])
    return result.exit_code, result.output


def test_loading_tells_what_was_added_and_the_password_once(app: APIFlask) -> None:
    code, first = run(app, "load")
    assert code == 0
    assert "55 sites, 26 clinicians, 16 agreements and 6 accounts" in first
    password = re.findall(r"shown this once: (\S+)", first)[0]
    with app.app_context():
        assert accounts.find_by_password("demo", password, demonstration_allowed=True) is not None

    code, second = run(app, "load")
    assert (code, second) == (0, "The demonstration was loaded before; nothing was added.\n")


def test_a_new_password_has_to_be_asked_for(loaded: APIFlask) -> None:
    code, _ = run(loaded, "password")
    assert code == 2

    code, told = run(loaded, "password", "--new")
    assert code == 0
    assert re.search(r"shown this once: \S{16}$", told.strip())


def test_a_new_password_needs_accounts(app: APIFlask) -> None:
    code, told = run(app, "password", "--new")

    assert code == 1
    assert "There are no demonstration accounts." in told


def test_loading_at_a_public_address_is_refused_in_words(app: APIFlask) -> None:
    app.config["PASSERELLE"] = replace(app.config["PASSERELLE"], public_url="https://roster.example")

    code, told = run(app, "load")

    assert code == 1
    assert "public address" in told
