"""Guessing of passwords is slowed down, and nobody else is."""

from datetime import timedelta

import pytest
import time_machine

from scheduler.errors import TooMany
from scheduler.models import SignInAttempt
from scheduler.services import throttle
from tests.conftest import make_app, make_config
from tests.factories import NOW, PASSWORD
from tests.page_client import PageClient

LOGIN = "coordinator.mons"
WRONG = "a wrong password"


def try_to_sign_in(client, *, login=LOGIN, password=WRONG, status=422, address="192.0.2.1"):
    data = {"login": login, "password": password}
    return client.post("/sign-in", data, status=status, environ_base={"REMOTE_ADDR": address})


def fail(times, login=LOGIN, address="192.0.2.1"):
    for _ in range(times):
        throttle.note_try(login, address)


def test_the_sixth_try_has_to_wait_even_with_the_right_password(page_client, world):
    for _ in range(5):
        try_to_sign_in(page_client)

    page = try_to_sign_in(page_client, password=PASSWORD, status=429)

    assert "too many tries" in page.text
    assert 0 < int(page.response.headers["Retry-After"]) <= 61


def test_another_account_behind_the_same_address_is_not_held_up(page_client, other_client, world):
    for _ in range(6):
        page_client.client.post("/sign-in", data={"csrf_token": page_client.token(), "login": LOGIN, "password": WRONG})

    try_to_sign_in(other_client, login="manager.mons", password=PASSWORD, status=303, address="127.0.0.1")


def test_a_restart_forgives_nothing(page_client, world, tmp_path):
    for _ in range(5):
        try_to_sign_in(page_client)

    restarted = PageClient(make_app(make_config(tmp_path)))

    try_to_sign_in(restarted, password=PASSWORD, status=429)


def test_after_the_pause_the_right_password_opens(page_client, world):
    for _ in range(5):
        try_to_sign_in(page_client)

    with time_machine.travel(NOW + timedelta(seconds=90)):
        try_to_sign_in(page_client, password=PASSWORD, status=303)
        try_to_sign_in(page_client, status=422)


@pytest.mark.parametrize(("failed", "minutes"), [(5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (12, 15)])
def test_each_further_try_waits_longer_up_to_a_quarter_of_an_hour(db_session, failed, minutes):
    for _ in range(failed):
        fail(1)
        db_session.query(SignInAttempt).update({"tried_at": NOW - timedelta(minutes=16)})
    db_session.query(SignInAttempt).update({"tried_at": NOW})

    with (
        time_machine.travel(NOW + timedelta(minutes=minutes, seconds=-1), tick=False),
        pytest.raises(TooMany) as caught,
    ):
        fail(1)

    assert caught.value.retry_after <= 2
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        fail(1)


def test_guesses_from_many_addresses_hold_the_account_up(db_session):
    for number in range(throttle.FREE_PER_ACCOUNT):
        fail(1, address=f"192.0.2.{number}")

    with pytest.raises(TooMany):
        fail(1, address="198.51.100.1")


def test_guesses_from_elsewhere_do_not_lock_out_where_the_account_signed_in_before(db_session):
    throttle.note_success(throttle.note_try(LOGIN, "10.0.0.1"))
    for number in range(throttle.FREE_PER_ACCOUNT):
        fail(1, address=f"192.0.2.{number}")

    fail(1, address="10.0.0.1")


def test_many_accounts_guessed_from_one_address_hold_it_up(db_session):
    for number in range(throttle.FREE_PER_ADDRESS):
        fail(1, login=f"login {number}")

    with pytest.raises(TooMany):
        fail(1, login="one more")
    fail(1, login="one more", address="198.51.100.1")


def test_what_was_typed_as_login_is_not_kept(db_session):
    fail(1, login="My Secret Password")

    assert "secret" not in db_session.query(SignInAttempt).one().login.casefold()


def test_old_tries_are_deleted(db_session):
    fail(1)

    with time_machine.travel(NOW + timedelta(days=31)):
        fail(1)

    assert db_session.query(SignInAttempt).count() == 1
