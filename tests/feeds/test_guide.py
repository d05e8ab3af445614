"""What is written about calendars for administrators: docs/feeds.md and the same words in the app."""

import pytest

from config import ROOT
from scheduler.cli.docs import PAGES
from scheduler.feeds import FEEDS
from scheduler.feeds.guide import CHOICES, TOPICS, size_advice
from scheduler.feeds.variants import OPTIONS


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name):
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), "run ./run docs"


def test_each_option_is_explained():
    assert set(CHOICES) == set(OPTIONS)


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.id)
def test_each_feed_has_a_section_with_its_audience(feed):
    page = " ".join(PAGES["feeds.md"]().split())

    assert f"## {feed.title} {feed.shows}" in page
    assert f"**Who may subscribe:** {feed.audience}" in page
    assert f"**Size:** {size_advice(feed)}" in page


def test_every_topic_is_in_the_page():
    page = " ".join(PAGES["feeds.md"]().split())

    assert [
        sentence for topic in TOPICS for sentence in topic.sentences if " ".join(sentence.split()) not in page
    ] == []
