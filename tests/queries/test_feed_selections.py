"""What the database knows of each kind of feed goes with what the registry of feeds says of it."""

from pathlib import Path

import pytest

from scheduler.errors import NotFound
from scheduler.feeds import FEEDS, FEEDS_BY_ID
from scheduler.queries import feed_selections
from scheduler.queries.feed_selections import SELECTIONS, SELECTIONS_BY_ID, selection_of


def test_there_is_one_for_each_feed_in_the_same_order():
    assert [selection.id for selection in SELECTIONS] == [feed.id for feed in FEEDS]
    assert tuple(SELECTIONS_BY_ID.values()) == SELECTIONS


def test_each_file_with_one_is_in_the_registry():
    files = Path(feed_selections.__file__).parent.glob("*.py")

    assert {path.stem for path in files if "SELECTION = FeedSelection(" in path.read_text()} == set(SELECTIONS_BY_ID)


def test_one_is_found_by_its_id():
    assert [selection_of(selection.id) for selection in SELECTIONS] == list(SELECTIONS)
    with pytest.raises(NotFound):
        selection_of("duty_line")


@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda selection: selection.id)
def test_both_registries_say_the_same_of_a_feed(selection):
    feed = FEEDS_BY_ID[selection.id]

    assert feed.events == {"duty": "duties", "session": "sessions", "public": "public"}[selection.event_kind]
    assert selection.is_open == (feed.events == "public")
    assert (selection.agreements is not None) == (feed.is_scoped or feed.events == "public")
