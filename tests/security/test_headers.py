"""Every answer carries the headers that guard its reader."""

import pytest

from scheduler.security import PUBLIC, access
from tests.conftest import make_app, make_config
from tests.page_client import OwnContextClient

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
EXPECTED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


@pytest.fixture
def app(app):
    """The app with one page that breaks, shown as people would see it."""

    def break_down():
        raise RuntimeError("planned by the test")

    app.add_url_rule("/broken", "broken", access(PUBLIC)(break_down))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/sign-in", 200),
        ("post", "/sign-out", 303),
        ("post", "/no-token", 400),
        ("get", "/no-such-page", 404),
        ("put", "/sign-in", 405),
        ("get", "/broken", 500),
    ],
)
def test_every_answer_carries_exactly_these_headers(page_client, method, path, status):
    token = "" if path == "/no-token" else page_client.token()
    path = "/sign-out" if path == "/no-token" else path

    response = page_client.client.open(path, method=method.upper(), data={"csrf_token": token})

    assert response.status_code == status
    assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED
    assert "Strict-Transport-Security" not in response.headers


def test_pages_differ_by_language_and_sign_in(page_client):
    vary = page_client.get("/sign-in").response.vary

    assert {"accept-language", "cookie"} <= {one.lower() for one in vary}


def test_files_may_be_kept_by_the_browser(page_client):
    response = page_client.client.get("/static/css/tokens.css", buffered=True)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] != "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(page_client):
    cookie = page_client.get("/sign-in").response.headers["Set-Cookie"]

    assert cookie.startswith("passerelle=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_by_https_cookies_are_bound_to_the_host_and_browsers_told_to_stay(tmp_path, app):
    public = make_app(make_config(tmp_path, public_url="https://roster.example"))
    public.test_client_class = OwnContextClient

    response = public.test_client().get("/sign-in", base_url="https://roster.example")

    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-passerelle=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
