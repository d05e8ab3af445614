"""Errors become pages that say what happened, and undo what the request did."""

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooMany
from scheduler.extensions import db
from scheduler.models import Organisation
from scheduler.security import PUBLIC, access, keep_changes
from scheduler.text import say

RAISED = {
    "conflict": (Conflict("Someone moved this session."), 409, "This has changed meanwhile"),
    "missing": (NotFound(), 404, "This page was not found"),
    "refused": (NotAllowed("Only coordinators may do this."), 403, "You may not do this"),
    "invalid": (InvalidInput("Not so.", {"on": "Choose a day."}), 422, "This could not be accepted"),
    "often": (TooMany("Too often.", 7), 429, "Please wait a while"),
    "stale": (StaleDataError("row"), 409, "This has changed meanwhile"),
    "busy": (OperationalError("select", {}, Exception("database is locked")), 503, "Passerelle is busy"),
    "bug": (RuntimeError("secret detail"), 500, "Something went wrong"),
    "facts": (Conflict(say("%(name)s was faster.", name="Ada")), 409, "This has changed meanwhile"),
}


@pytest.fixture
def app(app):
    """The app with pages that raise, after writing to the database."""

    @access(PUBLIC)
    def fail(kind):
        db.session.add(Organisation(code="NEW", name="New", country="BE"))
        db.session.flush()
        raise RAISED[kind][0]

    @access(PUBLIC)
    def refuse_but_keep():
        db.session.add(Organisation(code="KEPT", name="Kept", country="BE"))
        keep_changes()
        return "refused", 422

    app.add_url_rule("/fail/<kind>", "fail", fail, methods=["GET", "POST"])
    app.add_url_rule("/refuse", "refuse", refuse_but_keep, methods=["POST"])
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize("kind", RAISED)
def test_an_error_becomes_a_page_and_undoes_the_request(page_client, db_session, kind):
    error, status, heading = RAISED[kind]

    page = page_client.post(f"/fail/{kind}", status=status)

    assert page.heading == heading
    assert getattr(error, "message", "") in page.text
    assert "secret detail" not in page.html
    assert db_session.query(Organisation).count() == 0


def test_a_page_that_changed_meanwhile_leads_back_to_the_page_before_on_this_machine_alone(page_client):
    ours = page_client.post("/fail/conflict", status=409, headers={"Referer": "http://localhost/leave?page=2"})
    theirs = page_client.post("/fail/conflict", status=409, headers={"Referer": "http://elsewhere.example/leave"})

    assert ours.links["Back to the page before"] == "/leave?page=2"
    assert "Back to the page before" not in theirs.links


def test_problems_of_fields_are_named(page_client):
    assert "Choose a day." in page_client.post("/fail/invalid", status=422).text


@pytest.mark.parametrize(("kind", "seconds"), [("often", "7"), ("busy", "60")])
def test_who_has_to_wait_is_told_how_long(page_client, kind, seconds):
    response = page_client.post(f"/fail/{kind}", status=RAISED[kind][1]).response

    assert response.headers["Retry-After"] == seconds


def test_a_script_gets_one_sentence(page_client):
    page = page_client.post("/fail/conflict", status=409, headers={"X-Requested-With": "fetch"})

    assert page.text == "Someone moved this session."
    assert not page.all("nav")


def test_a_refused_request_may_keep_what_it_wrote(page_client, db_session):
    page_client.client.post("/refuse", data={"csrf_token": page_client.token()})

    assert db_session.query(Organisation).one().code == "KEPT"


def test_an_error_is_told_in_the_readers_language_when_the_page_itself_breaks(page_client, app):
    app.jinja_env.globals["get_flashed_messages"] = None

    page = page_client.get("/fail/missing", status=404)

    assert page.heading == "This page was not found"


def test_a_method_that_a_page_does_not_know_is_refused(page_client):
    response = page_client.client.put("/sign-in", headers={"X-CSRFToken": page_client.token()})

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_too_large_a_request_is_refused(page_client):
    data = {"login": "x" * 3_000_000, "csrf_token": page_client.token()}

    assert page_client.client.post("/sign-in", data=data).status_code == 413
