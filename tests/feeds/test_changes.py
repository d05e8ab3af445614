"""What changes in which feeds when a roster is published, through the services."""

from datetime import timedelta

import pytest
import time_machine

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import CancelledSession, TravelTime
from scheduler.queries.feed_touches import Touched
from scheduler.services import feeds, leave
from scheduler.services.renaming import rename_site
from tests.feeds.shelf import Shelf, changed
from tests.services.pair import MONDAY, THURSDAY, TUESDAY, build_pair

SEEN_BY_ALL = {"host site", "specialty", "agreement", "programme", "zone", "public"}
"""Feeds that show every visit under the agreement."""


@pytest.fixture
def pair(db_session):
    return build_pair()


@pytest.fixture
def shelf(app, pair):
    """Feeds of all kinds after version 1: Ada visits on Tuesday in room 1, Bram on Thursday in room 2."""
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada, on=TUESDAY, room_id=pair.rooms[0].id)
    pair.hold(draft, other, pair.bram, on=THURSDAY, room_id=pair.rooms[1].id)
    pair.publish(draft)
    return Shelf(app, pair).of_everyone()


def publish(pair, *edits):
    """Publish changes, each a deed and its facts, a minute later."""
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        draft = pair.draft()
        for deed, facts in edits:
            pair.edit(deed, draft, **facts)
        return pair.publish(draft)


def moved(session, on, room, half_day="morning"):
    return "move_session", {"session_id": session.id, "on": on, "half_day": half_day, "room_id": room.id}


def given(session, person):
    return "assign_seat", {"seat_id": session.seats[0].id, "clinician_id": person.id}


def dropped(session):
    return "remove_session", {"session_id": session.id}


def test_before_any_change_the_feeds_show_what_is_published(shelf):
    events = {name: feed.body.count(b"BEGIN:VEVENT") for name, feed in shelf.all().items()}

    assert {name for name, count in events.items() if count == 2} == SEEN_BY_ALL
    assert {name for name, count in events.items() if count == 1} == {"ada", "bram", "room 1", "room 2"}
    assert {name for name, count in events.items() if count == 0} == {"carl", "home site"}


def test_a_move_changes_the_feeds_of_who_and_where_and_no_other(pair, shelf):
    before = shelf.all()
    publish(pair, moved(pair.sessions()[0], MONDAY, pair.rooms[0]))
    shelf.settle()

    after = shelf.all()

    assert changed(before, after) == {"ada", "room 1", *SEEN_BY_ALL}
    assert after["ada"].values("sequence") == ["1"]
    assert after["ada"].values("uid") == before["ada"].values("uid")
    assert after["ada"].values("last-modified") > before["ada"].values("last-modified")
    assert sorted(after["agreement"].values("sequence")) == ["0", "1"]


def test_a_change_of_room_changes_both_rooms(pair, shelf):
    before = shelf.all()
    publish(pair, moved(pair.sessions()[0], TUESDAY, pair.rooms[1]))
    shelf.settle()

    after = shelf.all()

    assert {"room 1", "room 2", "ada"} <= changed(before, after)
    assert "bram" not in changed(before, after)
    assert after["room 1"].body.count(b"BEGIN:VEVENT") == 0
    assert after["room 2"].body.count(b"BEGIN:VEVENT") == 2


def test_two_people_who_change_places_change_their_feeds_and_not_that_of_the_public(pair, shelf):
    before = shelf.all()
    one, other = pair.sessions()
    publish(pair, given(one, pair.bram), given(other, pair.ada))
    shelf.settle()

    after = shelf.all()

    differing = changed(before, after)
    assert {"ada", "bram", "agreement", "room 1", "room 2"} <= differing
    assert not {"carl", "home site", "public"} & differing
    assert after["ada"].values("uid") == before["bram"].values("uid")
    assert after["bram"].values("uid") == before["ada"].values("uid")
    assert set(after["agreement"].values("sequence")) == {"0"}


def test_a_duty_that_passes_on_is_no_cancellation(pair, shelf):
    shelf.subscribe("ada with cancelled", "clinician", pair.ada, with_cancelled=True)
    publish(pair, given(pair.sessions()[0], pair.bram))
    shelf.settle()

    assert shelf["ada with cancelled"].body.count(b"BEGIN:VEVENT") == 0
    assert b"CANCELLED" not in shelf["bram"].body


@pytest.fixture
def both(pair, shelf):
    """Ada's and the site's feed, once with what was cancelled, once without."""
    shelf.subscribe("ada with", "clinician", pair.ada, with_cancelled=True)
    shelf.subscribe("site with", "site", pair.host, with_cancelled=True)
    shelf.settle()
    return shelf


def test_a_cancelled_session_leaves_most_feeds_and_stays_as_cancelled_where_wanted(pair, both):
    before = both.all()
    publish(pair, dropped(pair.sessions()[0]))
    both.settle()

    after = both.all()

    assert after["ada"].body.count(b"BEGIN:VEVENT") == 0
    assert after["host site"].body.count(b"BEGIN:VEVENT") == 1
    assert after["ada with"].values("status") == ["CANCELLED"]
    assert after["ada with"].values("transp") == ["TRANSPARENT"]
    assert after["ada with"].values("sequence") == ["1"]
    assert after["ada with"].values("uid") == before["ada with"].values("uid")
    assert sorted(after["site with"].values("status")) == ["CANCELLED", "CONFIRMED"]
    assert changed(before, after) == {"ada", "ada with", "site with", "room 1", *SEEN_BY_ALL}


def test_what_was_cancelled_is_shown_for_a_fortnight(pair, both, app):
    publish(pair, dropped(pair.sessions()[0]))
    both.settle()
    shown = both["ada with"]

    with time_machine.travel(clock.now() + timedelta(days=13)):
        assert both.settle() == 0 or both["ada with"].body == shown.body
    with time_machine.travel(clock.now() + timedelta(days=15)):
        both.settle()
        gone = both["ada with"]

    assert gone.body.count(b"BEGIN:VEVENT") == 0
    assert gone.modified_at > shown.modified_at


def test_a_session_that_is_held_again_is_new_to_every_feed(pair, both):
    session = pair.sessions()[0]
    publish(pair, dropped(session))
    both.settle()
    cancelled = both.all()
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        draft = pair.draft()
        pair.hold(draft, session, pair.ada, on=TUESDAY, room_id=pair.rooms[0].id)
        pair.publish(draft)
        both.settle()

        after = both.all()

    assert after["ada with"].values("status") == ["CONFIRMED"]
    assert after["ada"].values("sequence") == after["ada with"].values("sequence") == ["2"]
    assert after["ada"].values("uid") == cancelled["ada with"].values("uid")
    assert db.session.query(CancelledSession).count() == 0


def test_a_revoked_subscription_changes_no_feed(pair, shelf):
    before = shelf.all()
    feeds.revoke(actor=None, subscription_id=shelf.subscriptions["ada"])
    shelf.settle()

    assert changed(before, shelf.all()) == set()


def test_leave_is_in_the_feeds_that_asked_for_it(pair, shelf):
    shelf.subscribe("ada with leave", "clinician", pair.ada, with_leave=True)
    before = shelf.all()
    start = MONDAY + timedelta(weeks=5)
    entered = leave.enter_leave(
        actor=pair.actor, clinician_id=pair.ada.id, kind="annual", start_on=start, end_on=start + timedelta(days=5)
    )
    uid = entered.uid
    shelf.settle()
    after = shelf.all()

    assert changed(before, after) == {"ada with leave"}
    assert f"UID:{uid}@".encode() in after["ada with leave"].body
    with time_machine.travel(clock.now() + timedelta(weeks=6)):
        leave.cancel_leave(actor=pair.actor, leave_id=entered.id)
        shelf.settle()
    assert "1" in shelf["ada with leave"].values("sequence")


def test_two_publications_within_a_second_each_move_the_revision(pair, shelf):
    stamps = [shelf["ada"].values("last-modified")]
    with time_machine.travel(clock.now(), tick=False):
        for half_day in ("afternoon", "morning", "afternoon"):
            draft = pair.draft()
            pair.move(draft, pair.sessions()[0], TUESDAY, half_day=half_day, room_id=pair.rooms[0].id)
            pair.publish(draft)
            shelf.settle()
            stamps.append(shelf["ada"].values("last-modified"))

    assert stamps == sorted(stamps)
    assert len({stamp[0] for stamp in stamps}) == 4
    assert shelf["ada"].values("sequence") == ["3"]


def test_a_new_dress_shows_the_same_events(pair, shelf):
    shelf.subscribe("busy", "clinician", pair.ada, is_private=True)
    shelf.subscribe("french", "clinician", pair.ada, language="fr")

    assert shelf["busy"].values("uid") == shelf["french"].values("uid") == shelf["ada"].values("uid")
    assert b"Dr Carl" not in shelf["busy"].body


def test_the_way_there_and_back_move_with_their_duty(pair, shelf):
    shelf.subscribe("ada travels", "clinician", pair.ada, with_travel=True)
    before = shelf.all()
    assert summary_of(before["ada travels"]) == {"duty": "0", "travel": "0", "travel-back": "0"}

    publish(pair, moved(pair.sessions()[0], MONDAY, pair.rooms[0]))
    shelf.settle()
    after = shelf.all()

    assert summary_of(after["ada travels"]) == {"duty": "1", "travel": "1", "travel-back": "1"}
    assert {"ada travels", "ada"} <= changed(before, after)
    assert sorted(after["ada travels"].values("uid")) == sorted(before["ada travels"].values("uid"))


def test_a_longer_road_changes_the_way_and_nothing_else(pair, shelf):
    shelf.subscribe("ada travels", "clinician", pair.ada, with_travel=True)
    before = shelf.all()
    road = db.session.query(TravelTime).one()
    road.minutes += 10
    feeds.mark_stale(Touched.of(clinician=[pair.ada.id, pair.bram.id]))
    shelf.settle()

    after = shelf.all()

    assert changed(before, after) == {"ada travels"}
    assert summary_of(after["ada travels"]) == {"duty": "0", "travel": "1", "travel-back": "1"}


def summary_of(stored):
    """The sequence of each event by what its UID ends in."""
    names = [uid.split("@")[0][37:] or "duty" for uid in stored.values("uid")]
    return dict(sorted(zip(names, stored.values("sequence"), strict=True)))


def test_a_renamed_site_is_in_every_feed_that_names_it_and_moves_no_other(pair, shelf):
    before = shelf.all()
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        rename_site(actor=pair.partner, site_id=pair.host.id, name="Hôpital nouveau")
        shelf.settle()

    after = shelf.all()

    assert changed(before, after) == {"ada", "bram", "room 1", "room 2", *SEEN_BY_ALL}
    for name in ("ada", "agreement", "public"):
        assert "Hôpital nouveau".encode() in after[name].body.replace(b"\r\n ", b"")
        assert after[name].values("last-modified") > before[name].values("last-modified")
        assert after[name].values("uid") == before[name].values("uid")
