"""Which calendars change when something gets another name, or is shown to the public."""

from datetime import timedelta

import pytest
import time_machine

from scheduler import clock
from scheduler.services.releasing import release
from scheduler.services.renaming import rename_clinician, rename_room, rename_site
from tests.feeds.shelf import Shelf, changed
from tests.services.pair import THURSDAY, TUESDAY

FULL = {"specialty", "agreement"}
"""Feeds that show every visit with its team."""
LEAN = {"host site", "programme", "zone"}
"""Feeds of so many visits that they say when, where and what alone."""


@pytest.fixture
def shelf(app, pair):
    """Feeds of all kinds: Ada visits on Tuesday in room 1, Bram on Thursday in room 2."""
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada, on=TUESDAY, room_id=pair.rooms[0].id)
    pair.hold(draft, other, pair.bram, on=THURSDAY, room_id=pair.rooms[1].id)
    pair.publish(draft)
    return Shelf(app, pair).of_everyone()


def after(shelf, deed, **facts):
    """All feeds a minute later, when the deed was done and the background work too."""
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        deed(**facts)
        shelf.settle()
    return shelf.all()


def test_another_name_of_a_site_changes_what_happens_there_and_no_other_feed(pair, shelf):
    before = shelf.all()

    later = after(shelf, rename_site, actor=pair.partner, site_id=pair.host.id, name="CH Nouveau")

    assert changed(before, later) == {"ada", "bram", "room 1", "room 2", "public", *FULL, *LEAN}
    assert later["ada"].values("location") == ["CH Nouveau\\, Maubeuge\\, Room 1"]
    for name in changed(before, later):
        assert later[name].values("sequence") == before[name].values("sequence")
        assert later[name].values("uid") == before[name].values("uid")
        assert min(later[name].values("last-modified")) > max(before[name].values("last-modified"))


def test_another_name_of_a_room_is_nothing_to_the_public(pair, shelf):
    before = shelf.all()

    later = after(shelf, rename_room, actor=pair.partner, room_id=pair.rooms[0].id, name="Cabinet 1")

    assert changed(before, later) == {"ada", "room 1", *FULL, *LEAN}
    assert b"Cabinet 1" in later["room 1"].body
    assert later["agreement"].values("sequence") == ["0", "0"]
    assert len(set(later["agreement"].values("last-modified"))) == 2


def test_another_name_of_a_clinician_changes_where_the_name_is_read(pair, shelf):
    before = shelf.all()

    later = after(shelf, rename_clinician, actor=pair.actor, clinician_id=pair.ada.id, name="Dr Ada Nouvelle")

    assert changed(before, later) == {"ada", "room 1", *FULL}
    assert later["ada"].values("x-wr-calname") == ["Roster – Dr Ada Nouvelle"]
    for name in ("room 1", *FULL):
        assert b"Nouvelle" in later[name].body.replace(b"\r\n ", b"")


def test_a_name_given_back_gives_the_same_words_and_a_later_date(pair, shelf):
    before = shelf.all()
    old = pair.host.name
    between = after(shelf, rename_site, actor=pair.partner, site_id=pair.host.id, name="For a moment")

    later = after(shelf, rename_site, actor=pair.partner, site_id=pair.host.id, name=old)

    for name in changed(before, between):
        assert later[name].values("summary") == before[name].values("summary")
        assert later[name].values("last-modified") > between[name].values("last-modified")
        assert later[name].modified_at > between[name].modified_at > before[name].modified_at


def test_another_name_of_the_home_changes_the_way_and_no_duty(pair, shelf):
    shelf.subscribe("ada travels", "clinician", pair.ada, with_travel=True)
    before = shelf.all()

    later = after(shelf, rename_site, actor=pair.actor, site_id=pair.home.id, name="CHR Nouveau")

    assert changed(before, later) == {"ada travels", "home site"}
    old, new = before["ada travels"], later["ada travels"]
    assert new.values("sequence") == old.values("sequence")
    assert len(set(new.values("last-modified")) - set(old.values("last-modified"))) == 1


def test_who_does_not_say_where_does_not_change_with_the_name(pair, shelf):
    shelf.subscribe("ada is busy", "clinician", pair.ada, is_private=True)
    before = shelf.all()

    later = after(shelf, rename_site, actor=pair.partner, site_id=pair.host.id, name="CH Nouveau")

    assert "ada is busy" not in changed(before, later)


def test_a_name_in_what_was_cancelled_changes_as_well(pair, shelf):
    shelf.subscribe("ada sees", "clinician", pair.ada, with_cancelled=True)
    with time_machine.travel(clock.now() + timedelta(seconds=30)):
        draft = pair.draft()
        pair.edit("remove_session", draft, session_id=pair.sessions()[0].id)
        pair.publish(draft)
        shelf.settle()
    before = shelf.all()

    later = after(shelf, rename_room, actor=pair.partner, room_id=pair.rooms[0].id, name="Cabinet 1")

    assert changed(before, later) == {"ada sees", "room 1"}
    assert later["ada sees"].values("status") == ["CANCELLED"]
    assert later["ada sees"].values("sequence") == before["ada sees"].values("sequence")
    assert b"Cabinet 1" in later["ada sees"].body


def test_the_public_sees_and_sees_no_more(pair, shelf):
    before = shelf.all()

    hidden = after(shelf, release, actor=pair.partner, agreement_id=pair.agreement.id, is_released=False)

    assert changed(before, hidden) == {"public"}
    assert hidden["public"].values("uid") == []

    shown = after(shelf, release, actor=pair.partner, agreement_id=pair.agreement.id, is_released=True)

    assert shown["public"].body == before["public"].body
    assert shown["public"].modified_at > hidden["public"].modified_at
