from scheduler.feeds import FEEDS


def test_each_feed_has_an_id_and_a_title_of_its_own():
    assert len({feed.id for feed in FEEDS}) == len({feed.title for feed in FEEDS}) == len(FEEDS)
