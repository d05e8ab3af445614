"""A GET changes nothing, whoever asks for whatever."""

import pytest
from sqlalchemy import event

from scheduler.extensions import db
from scheduler.security import PUBLIC, access
from tests.page_client import PageClient
from tests.security.matrix import address_of, own_ids, routes_of

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")
NOTES = ("UPDATE sign_in SET seen_at", "UPDATE feed_subscription SET fetched")
"""What ``write_later`` may write: that someone was here."""


@pytest.fixture
def written(app):
    """Statements that change the database, and commits of requests, as they happen."""
    found = []

    def note_statement(_connection, _cursor, statement, _parameters, _context, _many):
        if statement.lstrip().upper().startswith(WRITES) and not statement.startswith(NOTES):
            found.append(statement)

    def note_commit(_session):
        found.append("COMMIT")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note_statement)
    event.listen(db.session, "after_commit", note_commit)
    yield found
    event.remove(db.session, "after_commit", note_commit)


@pytest.mark.parametrize("login", ["coordinator.mons", "clinician.mons", "administrator.mons", "platform"])
def test_no_get_writes_or_commits(app, world, written, login):
    client = PageClient(app).sign_in(login)
    written.clear()
    guilty = {}

    for route in routes_of(app):
        if route.method == "GET":
            client.client.get(address_of(app, route, own_ids(world.ours)))
            if written:
                guilty[str(route)] = list(written)
            written.clear()

    assert guilty == {}


def test_a_get_that_writes_would_be_found(app, world, written):
    @access(PUBLIC)
    def write():
        db.session.execute(db.text("update organisation set name = 'x'"))
        return "written"

    app.add_url_rule("/planted", "planted", write)

    PageClient(app).client.get("/planted")

    assert written == ["update organisation set name = 'x'"]
    with app.app_context():
        assert db.session.execute(db.text("select count(*) from organisation where name = 'x'")).scalar() == 0
