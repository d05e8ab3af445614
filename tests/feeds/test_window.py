from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.feeds.window import ZONE, feed_window
from scheduler.queries.feed_events import _next_month


def test_a_feed_shows_from_60_days_before_the_month_to_18_months_after_it():
    from_at, to_at = feed_window(date(2026, 11, 18))

    assert from_at == datetime.fromisoformat("2026-09-02T00:00:00+02:00")
    assert to_at == datetime.fromisoformat("2028-05-01T00:00:00+02:00")


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)))
def test_the_window_stays_all_month(day):
    assert feed_window(day) == feed_window(day.replace(day=1)) == feed_window(day.replace(day=28))


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)))
def test_the_window_rolls_next_on_the_first_of_the_month(day):
    rolls_at = _next_month(datetime.combine(day, time(12), ZONE)).astimezone(ZONE)

    assert (rolls_at.day, rolls_at.hour, rolls_at.minute) == (1, 0, 0)
    assert feed_window(rolls_at.date()) != feed_window(day)
    assert feed_window((rolls_at - timedelta(seconds=1)).date()) == feed_window(day)
