"""Signing in and out: the form, the cookie, and what ends a sign-in."""

from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
import time_machine

from scheduler.extensions import db, transaction
from scheduler.models import Account, SignIn
from scheduler.services import accounts
from tests import factories as make
from tests.conftest import make_app, make_config
from tests.factories import NOW, PASSWORD
from tests.page_client import PageClient

SIGNED_IN_ONLY = "/signed-in-only"
LOGIN = "coordinator.mons"


@pytest.fixture
def app(app):
    """The app with a page of its own that needs a sign-in."""
    from scheduler.security import SIGNED_IN, access

    app.add_url_rule(SIGNED_IN_ONLY, "signed_in_only", access(SIGNED_IN)(lambda: "seen"))
    return app


def try_to_sign_in(client, login=LOGIN, password=PASSWORD, status=303, **kwargs):
    return client.post("/sign-in", {"login": login, "password": password}, status=status, **kwargs)


def cookie_of(client):
    return client.client.get_cookie("passerelle").value


def is_signed_in(client):
    return client.client.get(SIGNED_IN_ONLY).status_code == 200


def test_one_signs_in_by_the_form_and_sees_the_page_one_wanted(page_client, world):
    page = page_client.get("/sign-in?next=/rosters?week=2026-W48")

    answer = page_client.submit(page, {"Login": LOGIN, "Password": PASSWORD}, button="Sign in")

    assert answer.location == "/rosters?week=2026-W48"
    assert is_signed_in(page_client)


def test_a_page_that_needs_a_sign_in_asks_for_it_and_remembers_where_one_was(page_client, world):
    answer = page_client.get(SIGNED_IN_ONLY + "?week=3", status=303)

    assert answer.location == "/sign-in?next=/signed-in-only?week%3D3"


def test_a_script_is_told_that_it_is_signed_out(page_client, world):
    page_client.get(SIGNED_IN_ONLY, status=401, headers={"X-Requested-With": "fetch"})


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(page_client, world):
    wrong = try_to_sign_in(page_client, password="a wrong password", status=422)
    unknown = try_to_sign_in(page_client, login="nobody.here", password="a wrong password", status=422)

    assert "This login and password do not belong together." in wrong.text
    assert unknown.text == wrong.text


def test_an_unknown_login_takes_as_long_as_a_wrong_password(db_session, world):
    login = accounts.create_account(actor=None, login="slow", name="Slow", password=PASSWORD).login

    def seconds(tried):
        start = perf_counter()
        accounts.find_by_password(tried, "a wrong password", demonstration_allowed=True)
        return perf_counter() - start

    seconds("nobody")
    pairs = [(seconds(login), seconds("nobody")) for _ in range(7)]

    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert 0.6 < known / unknown < 1.7


def test_an_empty_form_says_what_is_missing(page_client, world):
    page = page_client.get("/sign-in")

    answer = page_client.submit(page, {}, button="Sign in", status=422)

    assert "Enter your login." in answer.text
    assert "Enter your password." in answer.text


def test_signing_in_changes_the_cookie_and_gives_the_old_one_nothing(page_client, other_client, world):
    page_client.token()
    before = cookie_of(page_client)
    with page_client.client.session_transaction() as cookie:
        cookie["planted"] = "by someone else"

    try_to_sign_in(page_client)

    with page_client.client.session_transaction() as cookie:
        assert "planted" not in cookie
    assert cookie_of(page_client) != before
    other_client.client.set_cookie("passerelle", before)
    assert not is_signed_in(other_client)


def test_the_database_does_not_hold_the_secret_of_the_cookie(page_client, world, db_session):
    try_to_sign_in(page_client)

    with page_client.client.session_transaction() as cookie:
        secret = cookie["sign_in"]
    row = db_session.query(SignIn).one()
    assert len(secret) >= 43
    assert secret not in row.secret_hash


def test_signing_out_ends_the_sign_in_on_the_server(page_client, other_client, world):
    try_to_sign_in(page_client)
    other_client.client.set_cookie("passerelle", cookie_of(page_client))
    assert is_signed_in(other_client)

    answer = page_client.post("/sign-out")

    assert page_client.follow(answer).heading == "Sign in"
    assert not is_signed_in(page_client)
    assert not is_signed_in(other_client)


def test_a_sign_in_ends_after_half_an_hour_without_use(page_client, world):
    page_client.sign_in(LOGIN)

    with time_machine.travel(NOW + timedelta(minutes=29)):
        assert is_signed_in(page_client)
    with time_machine.travel(NOW + timedelta(minutes=58)):
        assert is_signed_in(page_client)
    with time_machine.travel(NOW + timedelta(minutes=89)):
        assert not is_signed_in(page_client)


def test_a_sign_in_ends_after_twelve_hours_however_busy_it_is(page_client, world):
    page_client.sign_in(LOGIN)

    seen = []
    for quarter_hours in range(1, 50):
        with time_machine.travel(NOW + timedelta(minutes=15 * quarter_hours + 1)):
            seen.append(is_signed_in(page_client))

    assert seen == [True] * 47 + [False] * 2


@pytest.mark.parametrize("deed", ["disable", "set_password", "grant_role"])
def test_what_changes_an_account_ends_its_sign_ins(page_client, world, db_session, deed):
    page_client.sign_in(LOGIN)
    account_id = world.ours.accounts[LOGIN]
    more = {"set_password": {"password": "another long password"}}
    more["grant_role"] = {"organisation_id": world.ours.home, "role": "manager"}

    getattr(accounts, deed)(actor=None, account_id=account_id, **more.get(deed, {}))

    assert not is_signed_in(page_client)


def test_a_disabled_account_cannot_sign_in(page_client, world, db_session):
    accounts.disable(actor=None, account_id=world.ours.accounts[LOGIN])

    try_to_sign_in(page_client, status=422)


def test_demonstration_accounts_are_refused_where_people_come_by_https(page_client, db_session, config, tmp_path):
    make.make_account("demo", is_demonstration=True)
    try_to_sign_in(page_client, login="demo")
    public = make_app(make_config(tmp_path, public_url="https://roster.example"))
    browser = PageClient(public)
    browser.client.environ_base["wsgi.url_scheme"] = "https"

    headers = {"Referer": "https://localhost/sign-in"}
    browser.post("/sign-in", {"login": "demo", "password": PASSWORD}, status=422, headers=headers)


def test_a_weak_hash_is_renewed_when_its_password_is_seen(page_client, world, db_session):
    before = db_session.get(Account, world.ours.accounts[LOGIN]).password_hash

    try_to_sign_in(page_client)

    after = db_session.get(Account, world.ours.accounts[LOGIN]).password_hash
    assert after != before
    assert "m=65536" in after


def test_a_sign_in_notes_at_most_once_a_minute_that_it_was_seen(page_client, world, db_session):
    page_client.sign_in(LOGIN)

    def seen_after(seconds):
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
            assert is_signed_in(page_client)
        db_session.rollback()
        return db_session.query(SignIn).one().seen_at

    first = seen_after(30)
    assert first < NOW + timedelta(seconds=10)
    assert seen_after(100) == NOW + timedelta(seconds=100)
    assert seen_after(130) == NOW + timedelta(seconds=100)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
        "http:evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "evil.example",
        "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/%09/evil.example\r\nX: y",
        "https:/evil.example", "////evil.example", "/ok\\..\\evil", "@evil.example", "/\x00/evil.example", "?next=x",
        "/é", "",
    ],
)  # fmt: skip
def test_next_never_leads_to_another_site(page_client, world, target):
    answer = page_client.post("/sign-in", {"login": LOGIN, "password": PASSWORD, "next": target})

    assert answer.location == "/"


def test_someone_who_is_signed_in_is_sent_on(page_client, world):
    page_client.sign_in(LOGIN)

    assert page_client.get("/sign-in?next=/rosters", status=303).location == "/rosters"
    assert page_client.get("/sign-in?next=//evil.example", status=303).location == "/"


def test_the_language_is_kept_by_browser_and_account(page_client, other_client, world, db_session):
    page_client.sign_in(LOGIN)
    page_client.post("/language", {"language": "fr", "next": "/sign-in"})
    assert db_session.get(Account, world.ours.accounts[LOGIN]).language == "fr"

    other_client.post("/language", {"language": "nl"})

    assert other_client.get("/sign-in").all("html")[0].get("lang") == "nl"
    other_client.sign_in(LOGIN)
    assert other_client.get("/no-such-page", status=404).all("html")[0].get("lang") == "fr"


def test_a_language_that_is_not_offered_is_refused(page_client, world):
    page_client.post("/language", {"language": "tlh"}, status=422)


def test_the_browser_is_asked_for_its_language_first(page_client, world):
    page = page_client.get("/sign-in", headers={"Accept-Language": "de-BE,de;q=0.9,en;q=0.5"})

    assert page.all("html")[0].get("lang") == "de"


def test_a_failing_transaction_keeps_the_count_of_tries(app, world):
    client = PageClient(app)
    try_to_sign_in(client, password="a wrong password", status=422)

    with app.app_context(), transaction():
        assert db.session.execute(db.text("select count(*) from sign_in_attempt where succeeded = 0")).scalar() == 1
