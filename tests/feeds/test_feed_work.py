"""The background work on feeds, and readers who come before it."""

import gzip
import logging
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from scheduler import clock, worker
from scheduler.extensions import db, reading, transaction
from scheduler.feeds.variants import Variant
from scheduler.models import CancelledSession, EventBytes, FeedSubscription, JournalEntry
from scheduler.queries.feed_touches import Touched
from scheduler.queries.feeds import NOTICE_AFTER, NOTICE_TIME, load_stored
from scheduler.queries.waiting_feeds import is_any_waiting
from scheduler.rendering import keep_house, render_all, render_some
from scheduler.services import feeds
from scheduler.services.feed_bytes import keeping, render_feeds, render_if_free, store
from scheduler.services.feed_work import FIRST_PAUSE, FeedWork
from scheduler.services.flights import Flights
from tests import factories as make


@pytest.fixture
def stored(app):
    """Give what is stored for a subscription: the row, detached."""

    def load(subscription_id):
        with app.app_context(), reading():
            row = db.session.get(FeedSubscription, subscription_id).bytes
            db.session.refresh(row)
            db.session.expunge(row)
            return row

    return load


@pytest.fixture
def subscription(app, world, subscribe):
    """The one subscription to a visitor's feed in Dutch; nothing waits."""
    made = subscribe(world.ours.visitor, language="nl")[1]
    render_all(app)
    return made


def test_a_change_while_a_feed_is_read_is_not_lost(app, world, subscription, stored, change, held):
    change(held.move, 1, is_rendered=False)
    with app.app_context(), reading():
        begun = render_feeds([load_stored(stored(subscription).id)])
    change(held.move, 1, is_rendered=False)

    with app.app_context(), transaction():
        store(begun)

    late = stored(subscription)
    assert late.made < late.wanted
    render_all(app)
    assert b"20261125T083000" in gzip.decompress(stored(subscription).gzipped)


def test_bytes_that_were_begun_earlier_never_replace_later_ones(app, world, subscription, stored, change, held):
    change(held.move, 1, is_rendered=False)
    with app.app_context(), reading():
        early = render_feeds([load_stored(stored(subscription).id)])
    change(held.move, 1)
    after = stored(subscription)

    with app.app_context(), transaction():
        store(early)

    assert (stored(subscription).etag, stored(subscription).modified_at) == (after.etag, after.modified_at)


def test_what_the_background_makes_is_what_a_reader_would_make(app, world, subscription, stored, change, held):
    change(held.move, 1, is_rendered=False)
    with app.app_context(), reading():
        (by_reader,) = render_feeds([load_stored(stored(subscription).id)])

    render_all(app)

    assert stored(subscription).etag == by_reader.etag


def test_a_feed_made_twice_is_the_same(app, world, subscription, stored):
    before = stored(subscription)
    with app.app_context(), reading():
        once, twice = (render_feeds([load_stored(before.id)])[0] for _ in "ab")

    assert once.body == twice.body == gzip.decompress(before.gzipped)
    assert once.gzipped == twice.gzipped == before.gzipped
    assert once.modified_at == before.modified_at


def test_events_that_are_stored_are_not_written_again(app, world, subscription, stored):
    with app.app_context(), reading():
        (again,) = render_feeds([load_stored(stored(subscription).id)])

    assert again.event_count == 1
    assert again.new_events == ()


def test_feeds_fetched_last_are_made_first(app, world, subscribe, stored, change):
    ids = [
        subscribe(who, language="nl")[1]
        for who in (world.ours.visitor, world.ours.colleague, world.ours.host_clinician)
    ]
    render_all(app)
    with app.app_context(), transaction():
        for place, subscription_id in enumerate(ids):
            db.session.get(FeedSubscription, subscription_id).fetched_at = make.NOW + timedelta(hours=place + 1)
    touched = frozenset((world.ours.visitor, world.ours.colleague, world.ours.host_clinician))
    change(lambda: Touched.of(clinician=touched), is_rendered=False)
    work = FeedWork()

    order = []
    while render_some(app, work, limit=1):
        order.append([one for one in ids if stored(one).made == stored(one).wanted])

    assert order[0] == [ids[2]]
    assert order[1] == ids[1:]
    assert order[2] == ids


def test_feeds_that_nobody_reads_are_not_made_ahead(app, world, subscription, stored, change, held):
    with app.app_context(), transaction():
        feeds.revoke(actor=None, subscription_id=subscription)
    before = stored(subscription)
    change(held.move, 1)

    assert stored(subscription).etag == before.etag
    assert stored(subscription).made < stored(subscription).wanted


@pytest.fixture
def broken(app, world, subscribe):
    """A feed that cannot be made: what it is about is gone."""
    _, subscription_id = subscribe(world.ours.home_room, "room")
    render_all(app)
    with app.app_context(), transaction():
        row = db.session.get(FeedSubscription, subscription_id).bytes
        row.subject_id, row.wanted = 9_999, 2
    return subscription_id


def test_a_feed_that_cannot_be_made_keeps_its_bytes_and_holds_up_no_other(
    app, subscription, broken, stored, change, held, caplog
):
    before = stored(broken)
    with caplog.at_level(logging.CRITICAL):
        change(held.move, 1)

    assert stored(broken).gzipped == before.gzipped is not None
    assert stored(subscription).made == stored(subscription).wanted


def test_a_feed_that_cannot_be_made_is_tried_again_after_a_growing_pause(app, broken, caplog):
    work = FeedWork()
    with caplog.at_level(logging.CRITICAL):
        tries = []
        for seconds in (0, 1, 11, 12, 40):
            with time_machine.travel(make.NOW + timedelta(seconds=seconds), tick=False):
                tries.append(render_all(app, work))

    assert tries == [1, 0, 1, 0, 1]
    assert work.pauses[next(iter(work.pauses))].failures == 3
    assert timedelta(seconds=10) == FIRST_PAUSE


def test_a_failure_is_logged_without_names(app, world, broken, caplog):
    render_all(app)

    assert any(record.levelno == logging.ERROR for record in caplog.records)
    assert "Hospital" not in caplog.text


def test_a_new_basis_makes_all_feeds_anew(app, world, subscription, stored):
    work = FeedWork()
    assert render_all(app, work) == 0
    with app.app_context(), transaction():
        db.session.get(FeedSubscription, subscription).bytes.basis = "another"
    assert render_all(app, work) == 0

    assert render_all(app, FeedWork()) == 1
    assert stored(subscription).basis != "another"


def test_feeds_roll_with_the_month_by_themselves(app, world, subscription, stored):
    before = stored(subscription)
    assert before.fresh_until.isoformat() == "2026-11-30T23:00:00+00:00"

    with time_machine.travel(make.NOW + timedelta(days=120)):
        render_all(app)

    after = stored(subscription)
    assert (before.event_count, after.event_count) == (1, 0)
    assert after.modified_at > before.modified_at


def test_one_thread_makes_a_feed_and_the_others_take_the_old_bytes(app, world, subscription, stored, change, held):
    change(held.move, 1, is_rendered=False)
    flights = app.extensions["feed_flights"] = Flights()
    bytes_id = stored(subscription).id
    taken = []

    def look_on():
        with app.app_context(), reading():
            taken.append(render_if_free(bytes_id))

    def pilot():
        thread = threading.Thread(target=look_on)
        thread.start()
        thread.join()
        return "made"

    assert flights.alone(bytes_id, pilot, is_patient=False) == "made"
    assert taken == [None]


def test_who_has_no_bytes_yet_waits_for_the_one_who_makes_them():
    flights, begun, goes_on, results = Flights(), threading.Event(), threading.Event(), []

    def work():
        begun.set()
        goes_on.wait(5)
        return "bytes"

    def ask():
        results.append(flights.alone(1, work, is_patient=True))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    threads[0].start()
    begun.wait(5)
    for thread in threads[1:]:
        thread.start()
    goes_on.set()
    for thread in threads:
        thread.join(5)

    assert results == ["bytes"] * 4


def test_a_failed_flight_is_over():
    flights = Flights()
    with pytest.raises(ZeroDivisionError):
        flights.alone(1, lambda: 1 // 0, is_patient=True)

    assert flights.alone(1, lambda: "bytes", is_patient=True) == "bytes"


def test_an_address_that_nobody_uses_ends_after_a_notice(app, subscription):
    with time_machine.travel(make.NOW + NOTICE_AFTER - timedelta(days=1)):
        keep_house(app)
    assert told(app, subscription) == (False, False)

    with time_machine.travel(make.NOW + NOTICE_AFTER + timedelta(days=1)):
        keep_house(app)
    assert told(app, subscription) == (True, False)

    with time_machine.travel(make.NOW + NOTICE_AFTER + NOTICE_TIME):
        keep_house(app)
    assert told(app, subscription) == (True, False)

    with time_machine.travel(make.NOW + NOTICE_AFTER + NOTICE_TIME + timedelta(days=2)):
        keep_house(app)
    assert told(app, subscription) == (True, True)
    with app.app_context(), reading():
        newest = db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
        assert (newest.deed, newest.actor_id) == ("feed.expired", None)


def test_an_address_that_is_used_again_does_not_end(app, subscription):
    with time_machine.travel(make.NOW + NOTICE_AFTER + timedelta(days=1)):
        keep_house(app)
        with app.app_context(), transaction():
            db.session.get(FeedSubscription, subscription).fetched_at = clock.now()

    with time_machine.travel(make.NOW + NOTICE_AFTER + NOTICE_TIME + timedelta(days=5)):
        keep_house(app)

    assert told(app, subscription)[1] is False


def told(app, subscription_id):
    with app.app_context(), reading():
        row = db.session.get(FeedSubscription, subscription_id)
        return row.notice_at is not None, row.revoked_at is not None


def test_bytes_that_nobody_reads_are_thrown_away_and_come_back_as_they_were(app, world, subscription, stored):
    before = stored(subscription)
    with app.app_context(), transaction():
        feeds.revoke(actor=None, subscription_id=subscription)
    keep_house(app)
    assert stored(subscription).gzipped is None
    with app.app_context(), reading():
        assert not is_any_waiting(clock.now())

    with app.app_context(), transaction():
        again = feeds.create_subscription(
            actor=None, feed="clinician", subject_id=world.ours.visitor, variant=Variant("nl"), label="again"
        )[0].id

    after = stored(again)
    assert (after.id, after.etag, after.modified_at) == (before.id, before.etag, before.modified_at)
    assert after.gzipped == before.gzipped


def test_events_before_the_window_and_old_cancellations_are_thrown_away(app, world, subscription):
    with app.app_context(), transaction():
        state = {"on": "2026-11-23", "half_day": "morning"}
        db.session.add(
            CancelledSession(
                session_id=world.ours.session, roster_id=world.ours.roster, state=state, cancelled_at=make.NOW
            )
        )
    keep_house(app)
    assert counts(app) == (3, 1)

    with time_machine.travel(make.NOW + timedelta(days=15)):
        keep_house(app)
    assert counts(app) == (3, 0)

    with time_machine.travel(make.NOW + timedelta(days=120)):
        keep_house(app)
    assert counts(app) == (0, 0)


def counts(app):
    with app.app_context(), reading():
        return db.session.query(EventBytes).count(), db.session.query(CancelledSession).count()


def test_the_worker_makes_feeds_by_itself(app, world, subscription, stored, change, held, monkeypatch):
    change(held.move, 1, is_rendered=False)
    monkeypatch.setattr(worker.time, "sleep", pytest.exit)

    with pytest.raises(pytest.exit.Exception):
        worker._render_forever(app)

    assert stored(subscription).made == stored(subscription).wanted


def test_statements_store_feeds_and_their_events_together(app, world, subscription, stored, change, held):
    change(held.move, 1, is_rendered=False)
    with app.app_context(), reading():
        rendered = render_feeds([load_stored(stored(subscription).id)])

    tables = [write.statement.table.name for write in keeping(rendered)]

    assert tables == ["event_bytes", "event_bytes", "feed_bytes"]


def test_a_busy_database_is_waited_for_without_names_in_the_log(
    app, world, config, subscription, stored, change, held, caplog
):
    change(held.move, 1, is_rendered=False)
    before = stored(subscription)
    with app.app_context(), reading():
        db.session.execute(text("PRAGMA busy_timeout=20"))
    with closing(sqlite3.connect(config.instance_dir / "passerelle.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert render_some(app, FeedWork()) == 0

    assert stored(subscription).etag == before.etag
    assert "database is locked" in caplog.text
    assert "BEGIN:VEVENT" not in caplog.text
    render_all(app)
    assert stored(subscription).etag != before.etag
