import gzip
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
import time_machine
from sqlalchemy import event, update
from werkzeug.test import create_environ, run_wsgi_app

from scheduler.extensions import db
from scheduler.models import FeedSubscription
from scheduler.services import feeds
from tests.factories import NOW

BEFORE_ALL = "Mon, 01 Jan 2024 00:00:00 GMT"


@pytest.fixture
def path(world, subscribe):
    return subscribe(world.ours.visitor)[0]


@pytest.fixture
def tell_owner(app):
    """Note in all subscriptions that their owners were told at an instant that nobody uses them."""

    def note(at):
        with app.app_context():
            db.session.execute(update(FeedSubscription).values(notice_at=at))
            db.session.commit()

    return note


def test_a_feed_is_served_to_whoever_has_the_address(path, program):
    answer = program.get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert answer.data.endswith(b"END:VCALENDAR\r\n")
    assert answer.data.count(b"BEGIN:VEVENT") == 1


def test_a_feed_comes_with_headers_that_keep_it_private(path, program):
    headers = program.get(path).headers

    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == 'inline; filename="roster.ics"'
    assert headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in headers


def test_the_name_at_the_end_of_the_address_does_not_matter(path, program):
    other = path.rsplit("/", 1)[0] + "/anything.ics"

    assert program.get(other).data == program.get(path).data


def test_the_etag_tells_the_bytes(path, program):
    first, second = program.get(path), program.get(path)

    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["ETag"].startswith('"')
    assert first.data == second.data


def test_a_head_request_tells_all_but_the_bytes(path, program):
    full, head = program.get(path), program.send(path, "HEAD")

    assert head.status_code == 200
    assert head.data == b""
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == full.headers[name]


def test_a_known_etag_gets_nothing_new(path, program):
    full = program.get(path)

    for known in (full.headers["ETag"], f'"other", W/{full.headers["ETag"]}', "*"):
        answer = program.get(path, If_None_Match=known)
        assert answer.status_code == 304
        assert answer.data == b""
        assert answer.headers["ETag"] == full.headers["ETag"]
        assert answer.headers["Last-Modified"] == full.headers["Last-Modified"]
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_known_date_gets_nothing_new(path, program):
    full = program.get(path)

    assert program.get(path, If_Modified_Since=full.headers["Last-Modified"]).status_code == 304
    assert program.get(path, If_Modified_Since=BEFORE_ALL).status_code == 200
    assert program.get(path, If_Modified_Since="no date").status_code == 200


def test_the_etag_counts_before_the_date(path, program):
    full = program.get(path)
    known = full.headers["Last-Modified"]

    assert program.get(path, If_None_Match='"other"', If_Modified_Since=known).status_code == 200
    assert program.get(path, If_None_Match=full.headers["ETag"], If_Modified_Since=BEFORE_ALL).status_code == 304


def test_a_head_request_is_conditional_too(path, program):
    etag = program.get(path).headers["ETag"]

    assert program.send(path, "HEAD", If_None_Match=etag).status_code == 304


@pytest.mark.parametrize("asked", ["gzip", "br, gzip;q=0.5", "*", "gzip, deflate"])
def test_a_feed_is_packed_when_asked(path, program, asked):
    plain, packed = program.get(path), program.get(path, Accept_Encoding=asked)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gz"'
    assert program.get(path, Accept_Encoding=asked, If_None_Match=packed.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("asked", ["", "identity", "gzip;q=0", "br", "*;q=0", "identity, gzip;q=0.5", "gzip;q=0, *"])
def test_a_feed_is_not_packed_unless_asked(path, program, asked):
    answer = program.get(path, Accept_Encoding=asked)

    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_a_feed_can_only_be_read(path, program, method):
    answer = program.send(path, method)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD"}
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_unknown_revoked_and_malformed_addresses_are_answered_alike(world, app, program, subscribe):
    path, subscription_id = subscribe(world.ours.visitor)
    with app.app_context():
        feeds.revoke(actor=None, subscription_id=subscription_id)
        db.session.commit()
    answers = [
        program.get(address)
        for address in (
            path,
            f"/cal/{'a' * 43}/roster.ics",
            "/cal/x/roster.ics",
            path.removesuffix("/roster.ics"),
            path.removesuffix(".ics"),
            path + "/x",
            "/cal/%00%0a'--/roster.ics",
            f"/cal/{'é' * 50}/roster.ics",
            "/cal/",
            "/cal",
            "/cal/" + "a" * 2000 + "/roster.ics",
        )
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "Set-Cookie" not in answers[0].headers


@pytest.mark.parametrize("start", ["//cal/", "///cal/", "/CAL/", "/Cal//"])
def test_an_address_that_is_nearly_right_gets_no_page_that_repeats_it(path, app, program, start):
    environ = create_environ("/")
    environ["PATH_INFO"] = path.replace("/cal/", start)

    body, status, headers = run_wsgi_app(app, environ, buffered=True)

    assert status == "404 Not Found"
    assert path.split("/")[2] not in b"".join(body).decode() + str(headers)
    assert headers == program.get("/cal/x/y.ics").headers


def test_a_wrong_address_asks_nobody_to_sign_in(world, program):
    answer = program.get(f"/cal/{'a' * 43}/roster.ics")

    assert "WWW-Authenticate" not in answer.headers
    assert "Location" not in answer.headers


def test_an_address_stops_working_a_month_after_its_owner_was_told_that_nobody_uses_it(path, program, tell_owner):
    tell_owner(NOW)
    with time_machine.travel(NOW + timedelta(days=31)):
        assert program.get(path).status_code == 404


def test_an_address_that_is_used_after_its_owner_was_told_goes_on_working(path, program, tell_owner):
    tell_owner(NOW)
    with time_machine.travel(NOW + timedelta(days=29)):
        assert program.get(path).status_code == 200
    with time_machine.travel(NOW + timedelta(days=31)):
        assert program.get(path).status_code == 200


def test_a_feed_rolls_with_the_month_and_says_so_once(path, program):
    before = program.get(path)
    with time_machine.travel(NOW + timedelta(days=120)):
        gone = program.get(path)
        again = program.get(path)

    assert before.data.count(b"VEVENT") > gone.data.count(b"VEVENT") == 0
    assert again.headers["ETag"] == gone.headers["ETag"] != before.headers["ETag"]
    assert again.headers["Last-Modified"] == gone.headers["Last-Modified"]
    assert parsedate_to_datetime(gone.headers["Last-Modified"]) > parsedate_to_datetime(before.headers["Last-Modified"])


def test_within_a_month_the_bytes_stay(path, program):
    with time_machine.travel(NOW):
        first = program.get(path)
    with time_machine.travel(NOW + timedelta(days=11)):
        last = program.get(path, If_Modified_Since=format_datetime(NOW + timedelta(days=1), usegmt=True))

    assert last.status_code == 304
    assert last.headers["ETag"] == first.headers["ETag"]


def test_serving_a_feed_commits_nothing_while_it_answers(app, path, program):
    commits = []
    with app.app_context():
        engine = db.engine
    program.get(path)
    event.listen(engine, "commit", lambda connection: commits.append(connection))

    answers = [program.get(path) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert commits == []
