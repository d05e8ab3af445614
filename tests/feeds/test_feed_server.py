"""The server of feeds apart from what it serves: negotiation, limits, what it keeps and writes down, how it fails."""

import gzip
import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from sqlalchemy import Boolean, create_engine, event, literal, select, text

from scheduler.extensions import UtcDateTime, db
from scheduler.feeds.addresses import place_in, public_path
from scheduler.feeds.allowance import Allowance
from scheduler.feeds.negotiation import Validators, wants_gzip
from scheduler.feeds.shelf import Shelf
from scheduler.models import FeedSubscription
from scheduler.queries.prepared import Prepared, given
from scheduler.services import feed_bytes, feeds
from scheduler.services.feed_fetches import FetchLog
from scheduler.services.feed_files import FeedFiles, file_name
from scheduler.views import feeds as serving
from tests.conftest import make_app, make_config
from tests.factories import NOW
from tests.feeds.conftest import CalendarProgram

STATE = Validators("abc", datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


@pytest.fixture
def path(world, subscribe):
    return subscribe(world.ours.visitor)[0]


# --- what a program asks for ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent", ["Sun, 01 Mar 2026 12:00:00 GMT", "Sunday, 01-Mar-26 12:00:00 GMT", "Sun Mar  1 12:00:00 2026"]
)
def test_a_date_counts_in_each_form_that_http_knows(sent):
    assert STATE.are_known(if_none_match="", if_modified_since=sent)


@pytest.mark.parametrize(
    "sent",
    [
        "Sun, 01 Mar 2026 11:59:59 GMT",
        "yesterday",
        "0",
        "-1",
        "Sun, 01 Mar 2026",
        "Sun, 99 Mar 2026 12:00:00 GMT",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "Sun, 01 Mar 2026 12:00:00 +99999999999",
        "Fri, 31 Dec 9999 23:59:59 -0100",
    ],
)
def test_an_earlier_date_and_one_that_is_none_ask_for_the_bytes(sent):
    assert not STATE.are_known(if_none_match="", if_modified_since=sent)


@pytest.mark.parametrize(("sent", "is_known"), [('"abc"', True), ('W/"abc"', True), ("*", True), ('"x", "abc"', True)])
def test_an_etag_counts_in_each_form(sent, is_known):
    assert STATE.are_known(if_none_match=sent, if_modified_since="") is is_known


@pytest.mark.parametrize("sent", ['"abc-gz"', '"ABC"', "abcd", '"abc', ",", '"x"'])
def test_another_etag_asks_for_the_bytes_whatever_the_date(sent):
    assert not STATE.are_known(if_none_match=sent, if_modified_since="Sun, 01 Mar 2026 12:00:00 GMT")


@pytest.mark.parametrize(
    ("sent", "wanted"), [("gzip;q=0.001", True), ("GZIP", True), ("gzip;q=x", False), ("x-gzip", False)]
)
def test_a_weight_tells_whether_packed_bytes_are_wanted(sent, wanted):
    assert wants_gzip(sent) is wanted


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/cal/abc/x.ics", ("abc", "x")),
        ("/cal/zones/north.ics", ("zones", "north")),
        ("/cal/abc/.ics", ("", "")),
        ("/cal/abc/x.ICS", ("", "")),
        ("/cal/abc/x/y.ics", ("", "")),
        ("/cal//x.ics", ("", "x")),
        ("/cal", ("", "")),
    ],
)
def test_an_address_tells_a_token_and_a_name(path, parts):
    assert place_in(path) == parts


def test_a_public_address_names_zone_and_care():
    assert public_path("MRTW-URSA") == "/cal/zones/mrtw-ursa.ics"
    assert public_path("MRTW-URSA", "Medical oncology") == "/cal/zones/mrtw-ursa-medical-oncology.ics"


# --- limits ---------------------------------------------------------------------------------------


def test_an_allowance_is_spent_and_comes_back_bit_by_bit():
    allowance = Allowance(60)

    assert [allowance.wait(1, NOW) for _ in range(60)] == [timedelta(0)] * 60
    assert allowance.wait(1, NOW) == timedelta(minutes=1)
    assert allowance.wait(1, NOW + timedelta(seconds=59)) == timedelta(seconds=1)
    assert allowance.wait(1, NOW + timedelta(seconds=60)) == timedelta(0)
    assert allowance.wait(2, NOW) == timedelta(0)


def test_an_allowance_does_not_grow_beyond_an_hour():
    allowance = Allowance(2)
    allowance.wait(1, NOW)
    later = NOW + timedelta(days=3)

    assert [bool(allowance.wait(1, later)) for _ in range(3)] == [False, False, True]


def test_an_allowance_costs_nothing_when_the_clock_is_set_back():
    allowance = Allowance(60)
    allowance.wait(1, NOW)

    assert allowance.wait(1, NOW - timedelta(hours=2)) == timedelta(0)


def test_without_a_limit_nobody_waits():
    allowance = Allowance(0)

    assert not any(allowance.wait(1, NOW) for _ in range(10_000))


@pytest.fixture
def strict(config, app, world, subscribe):
    """A program that gets two calendars an hour for each address, and such an address."""
    path = subscribe(world.ours.visitor)[0]
    other = make_app(make_config(config.instance_dir, feed_fetches_per_hour=2))
    yield CalendarProgram(other), path
    with other.app_context():
        db.engine.dispose()


def test_who_fetches_too_often_is_asked_to_wait_and_told_how_long(strict):
    program, path = strict
    with time_machine.travel(NOW, tick=False):
        answers = [program.get(path) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "1800"
    assert answers[2].headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answers[2].headers["Cache-Control"] == "private, no-cache"
    assert "VCALENDAR" not in answers[2].text


def test_asking_whether_anything_changed_is_free(strict):
    program, path = strict
    etag = program.get(path).headers["ETag"]

    assert {program.get(path, If_None_Match=etag).status_code for _ in range(5)} == {304}
    assert {program.send(path, "HEAD").status_code for _ in range(5)} == {200}
    assert [program.get(path).status_code for _ in range(2)] == [200, 429]
    assert program.get(path, If_None_Match=etag).status_code == 304


def test_a_limit_is_of_one_address_alone(strict, world, subscribe):
    program, path = strict
    other = subscribe(world.ours.visitor)[0]

    assert [program.get(path).status_code for _ in range(3)] == [200, 200, 429]
    assert program.get(other).status_code == 200


# --- what is kept in memory -----------------------------------------------------------------------


def test_what_was_not_asked_for_the_longest_leaves_the_shelf_first():
    shelf = Shelf(10)
    shelf.put("a", b"1234")
    shelf.put("b", b"1234")
    shelf.get("a")

    shelf.put("c", b"1234")

    assert (shelf.get("a"), shelf.get("b"), shelf.get("c")) == (b"1234", None, b"1234")
    assert shelf.size == 8


def test_a_shelf_holds_nothing_longer_than_itself_and_counts_what_is_replaced():
    shelf = Shelf(10)
    shelf.put("a", b"12345678")
    shelf.put("a", b"1234")
    shelf.put("b", b"x" * 11)

    assert (shelf.get("a"), shelf.get("b"), shelf.size) == (b"1234", None, 4)


@pytest.mark.parametrize("megabytes", [0, 64])
def test_feeds_are_served_whatever_is_kept(config, app, world, subscribe, megabytes, change, held):
    path = subscribe(world.ours.visitor)[0]
    program = CalendarProgram(make_app(make_config(config.instance_dir, feed_cache_mb=megabytes)))
    first = [program.get(path), program.get(path), program.get(path, Accept_Encoding="gzip")]

    change(held.move, 2, is_rendered=False)
    second = [program.get(path), program.get(path)]

    assert first[0].data == first[1].data == gzip.decompress(first[2].data)
    assert second[0].data == second[1].data != first[0].data
    with program.app.app_context():
        db.engine.dispose()


# --- a select of its own --------------------------------------------------------------------------


def test_a_prepared_select_converts_as_the_database_needs_it():
    engine = create_engine("sqlite://")
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    statement = select(
        given("at", UtcDateTime).label("at"), literal(1).label("one"), literal(True, Boolean).label("truth")
    ).where(literal(2).in_([1, 2]))

    assert Prepared(statement, engine).rows(at=at) == [(at, 1, True)]
    engine.dispose()


def test_a_request_for_a_fresh_feed_runs_one_select_and_no_transaction(app, path, program):
    program.get(path)
    with app.app_context():
        engine = db.engine
    begun = []
    event.listen(engine, "begin", begun.append)

    assert program.get(path).status_code == 200
    assert begun == []


# --- who read it ----------------------------------------------------------------------------------


def fetched(app):
    with app.app_context():
        row = db.session.query(FeedSubscription).order_by(FeedSubscription.id.desc()).first()
        return row.fetch_count, row.fetched_by, row.fetched_at


def test_fetches_are_written_together_every_few_seconds(app, path, program):
    with time_machine.travel(NOW, tick=False):
        for _ in range(3):
            program.get(path, User_Agent="Phone")
        assert fetched(app) == (1, "Phone", NOW)
    with time_machine.travel(NOW + timedelta(seconds=6), tick=False):
        program.get(path, User_Agent="Desk", If_None_Match="*")
        assert fetched(app) == (4, "Desk", NOW + timedelta(seconds=6))


def test_a_fetch_of_the_address_before_is_no_fetch_of_the_one_that_replaced_it(app, world, subscribe, program):
    path, subscription_id = subscribe(world.ours.visitor)
    program.get(path)
    program.get(path)
    with app.app_context():
        token = feeds.rotate(actor=None, subscription_id=subscription_id)
        db.session.commit()
    app.extensions["feed_server"].flush()
    after = fetched(app)

    program.get(f"/cal/{token}/roster.ics", User_Agent="Phone")
    app.extensions["feed_server"].flush()

    assert after == (0, "", None)
    assert fetched(app)[:2] == (1, "Phone")


def test_what_waits_is_written_when_the_server_ends(app, path, program):
    with time_machine.travel(NOW, tick=False):
        program.get(path)
        program.get(path)
    app.extensions["feed_server"].flush()

    assert fetched(app)[0] == 2


def test_a_program_that_names_its_address_as_its_name_leaves_no_token(app, path, program):
    program.get(path, User_Agent=f"reader of https://roster.example{path}")

    assert fetched(app)[1] == "reader of https://roster.example/cal/[secret]/roster.ics"


def test_a_log_counts_and_remembers_the_last(app):
    log = FetchLog()
    for agent in ("a", "b"):
        log.note(7, "a1", at=NOW, agent=agent)

    assert log.take_due(NOW) == [{"of": 7, "address": "a1", "at": NOW, "by": "b", "times": 2}]
    log.note(7, "a1", at=NOW, agent="c")
    assert log.take_due(NOW + timedelta(seconds=1)) == []
    assert log.take_all() == [{"of": 7, "address": "a1", "at": NOW, "by": "c", "times": 1}]
    assert log.take_all() == []


def test_what_could_not_be_written_waits_for_the_next_time():
    log = FetchLog()
    log.note(7, "a1", at=NOW, agent="a")
    log.note(8, "a1", at=NOW, agent="a")
    rows = log.take_all()
    log.note(8, "a1", at=NOW + timedelta(seconds=1), agent="b")

    log.put_back(rows)

    assert log.take_all() == [
        {"of": 7, "address": "a1", "at": NOW, "by": "a", "times": 1},
        {"of": 8, "address": "a1", "at": NOW + timedelta(seconds=1), "by": "b", "times": 2},
    ]


def test_no_reader_waits_for_whoever_writes(app, config, path, program, change, held):
    program.get(path)
    change(held.move, 2, is_rendered=False)
    with time_machine.travel(NOW + timedelta(minutes=1), tick=True), writing(config):
        started = time.perf_counter()
        answers = [program.get(path), program.get(path)]
        took = time.perf_counter() - started
    with time_machine.travel(NOW + timedelta(minutes=2), tick=True):
        program.get(path)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert took < 5
    assert fetched(app)[0] == 4


@contextmanager
def writing(config):
    """Hold the database as a long publication does."""
    with closing(sqlite3.connect(config.instance_dir / "passerelle.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


# --- how it fails ---------------------------------------------------------------------------------


def break_database(app, statement):
    with app.app_context():
        db.session.execute(text(statement))
        db.session.commit()


@pytest.mark.parametrize("broken", ["feed_subscription", "account"])
def test_when_the_database_cannot_answer_programs_are_told_to_come_again(app, path, program, broken, caplog):
    break_database(app, f"ALTER TABLE {broken} RENAME TO gone")

    answer = program.get(path)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert answer.text == "Passerelle is busy\n"
    assert "could not be served" in caplog.text
    assert path.split("/")[2] not in caplog.text


def test_a_feed_that_cannot_be_made_anew_is_served_as_it_was(app, path, program, change, held, caplog):
    before = program.get(path)
    change(held.move, 2, is_rendered=False)
    break_database(app, "ALTER TABLE published_duty RENAME TO gone")

    answer = program.get(path)

    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (200, before.data, before.headers["ETag"])
    assert "could not be made anew" in caplog.text
    break_database(app, "ALTER TABLE gone RENAME TO published_duty")
    assert program.get(path).data != before.data


def test_a_feed_that_never_could_be_made_is_not_served_empty(app, path, program):
    break_database(app, "UPDATE feed_bytes SET made = 0, gzipped = NULL, etag = '', modified_at = NULL")
    break_database(app, "ALTER TABLE published_duty RENAME TO gone")

    answer = program.get(path)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_feed_that_cannot_be_stored_is_made_once_for_all_its_readers(app, path, program, change, held, monkeypatch):
    program.get(path)
    change(held.move, 2, is_rendered=False)
    made = []
    render = feed_bytes.render_if_free
    monkeypatch.setattr(feed_bytes, "render_if_free", lambda bytes_id: made.append(bytes_id) or render(bytes_id))
    monkeypatch.setattr(app.extensions["feed_server"]._source, "write", lambda late: False)

    answers = [program.get(path) for _ in range(3)]

    assert len(made) == 1
    assert len({answer.data for answer in answers}) == 1
    assert len({answer.headers["ETag"] for answer in answers}) == 1


def test_what_a_reader_has_made_is_known_to_all_processes_before_it_is_told(app, config, path, program, change, held):
    change(held.move, 2, is_rendered=False)
    body = app.test_client(use_cookies=False).open(path, buffered=False)
    with sqlite3.connect(config.instance_dir / "passerelle.sqlite") as other:
        (stored,) = other.execute("SELECT etag FROM feed_bytes").fetchone()
    body.close()

    assert body.headers["ETag"] == f'"{stored}"'


def test_a_date_never_stands_for_other_bytes_whichever_process_told_it(app, config, path, program, change, held):
    program.get(path)
    other = CalendarProgram(make_app(config))
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        change(held.move, 1, is_rendered=False)
        with writing(config):
            first = program.get(path)
            same = program.get(path, If_Modified_Since=first.headers["Last-Modified"])
        change(held.move, 1, is_rendered=False)
        second = other.get(path, If_Modified_Since=first.headers["Last-Modified"])
        third = program.get(path, If_Modified_Since=first.headers["Last-Modified"])
    with other.app.app_context():
        db.engine.dispose()

    assert same.status_code == 304
    assert second.status_code == third.status_code == 200
    assert second.data == third.data != first.data
    assert parsedate_to_datetime(second.headers["Last-Modified"]) > parsedate_to_datetime(
        first.headers["Last-Modified"]
    )


def test_who_saw_new_bytes_that_are_not_stored_never_sees_the_old_ones(app, config, path, program, change, held):
    before = program.get(path)
    change(held.move, 1, is_rendered=False)
    with writing(config):
        first = program.get(path)
    change(held.move, 1, is_rendered=False)
    break_database(app, "ALTER TABLE published_duty RENAME TO gone")
    second = program.get(path)

    assert first.data != before.data
    assert second.data == first.data
    assert second.headers["Last-Modified"] == first.headers["Last-Modified"]


def test_bytes_replaced_between_check_and_reading_are_looked_for_again(app, path, program, change, held, monkeypatch):
    program.get(path)
    source = app.extensions["feed_server"]._source
    load, late = source._lookup.load_bytes, [lambda: change(held.move, 2)]

    def load_late(*arguments, **options):
        if late:
            late.pop()()
        return load(*arguments, **options)

    monkeypatch.setattr(source._lookup, "load_bytes", load_late)
    monkeypatch.setattr(source, "_shelf", Shelf(0))

    answer = program.get(path)

    assert answer.status_code == 200
    assert answer.data == program.get(path).data


def test_gzip_can_be_switched_off(path, program, monkeypatch):
    monkeypatch.setattr(serving, "OFFER_GZIP", False)

    answer = program.get(path, Accept_Encoding="gzip")

    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"BEGIN:VCALENDAR")


def test_a_rotated_address_is_answered_like_one_that_never_was(app, world, subscribe, program):
    path, subscription_id = subscribe(world.ours.visitor)
    with app.app_context():
        feeds.rotate(actor=None, subscription_id=subscription_id)
        db.session.commit()

    gone, never = program.get(path), program.get(f"/cal/{'b' * 43}/roster.ics")

    assert gone.status_code == 404
    assert (gone.data, list(gone.headers)) == (never.data, list(never.headers))


def test_wrong_addresses_of_every_kind_cost_the_same_questions(app, world, subscribe, program, monkeypatch):
    path, subscription_id = subscribe(world.ours.visitor)
    with app.app_context():
        feeds.revoke(actor=None, subscription_id=subscription_id)
        db.session.commit()
    asked, rows = [], Prepared.rows
    monkeypatch.setattr(Prepared, "rows", lambda self, **given: asked.append(self) or rows(self, **given))

    questions = []
    for address in (path, f"/cal/{'a' * 43}/x.ics", "/cal/x", "/cal", f"/cal/{'a' * 43}", "/cal/é/x.ics"):
        asked.clear()
        assert program.get(address).status_code == 404
        questions.append(list(asked))

    assert len(questions[0]) == 1
    assert all(one == questions[0] for one in questions)


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_who_reads_another_language_is_told_so_in_it(program, language):
    told = program.get("/cal/x/y.ics", Accept_Language=f"{language}, en;q=0.5")

    assert told.status_code == 404
    assert told.text != program.get("/cal/x/y.ics").text
    assert told.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("method", ["TRACE", "MKCOL", "REPORT", "PROPPATCH", "LOCK", "NONSENSE"])
@pytest.mark.parametrize("path", ["/cal/x/y.ics", "/cal", "/cal/zones/x.ics"])
def test_nothing_but_reading_is_allowed_anywhere_below(program, method, path):
    answer = program.send(path, method)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


# --- files for a proxy ----------------------------------------------------------------------------


def test_a_file_is_whole_dated_and_readable_by_the_group(tmp_path):
    files = FeedFiles(tmp_path / "feeds")
    name = file_name(7, "abc", gzipped=True)

    files.put(name, b"bytes", NOW)

    written = tmp_path / "feeds" / "7" / "abc.ics.gz"
    assert files.has(name)
    assert written.read_bytes() == b"bytes"
    assert written.stat().st_mtime == NOW.timestamp()
    assert written.stat().st_mode & 0o777 == 0o640
    assert written.parent.stat().st_mode & 0o050 == 0o050
    assert [path.name for path in written.parent.iterdir()] == ["abc.ics.gz"]


def test_files_that_were_replaced_go_but_the_last_one(tmp_path):
    files = FeedFiles(tmp_path)
    for etag in ("a", "b", "c"):
        for gzipped in (False, True):
            files.put(file_name(7, etag, gzipped=gzipped), etag.encode(), NOW)

    assert {path.name for path in (tmp_path / "7").iterdir()} == {"b.ics", "c.ics", "b.ics.gz", "c.ics.gz"}
