from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from scheduler.feeds.window import feed_window


def test_a_feed_shows_from_60_days_before_the_month_to_18_months_after_it():
    from_at, to_at = feed_window(date(2026, 11, 18))

    assert from_at == datetime.fromisoformat("2026-09-02T00:00:00+02:00")
    assert to_at == datetime.fromisoformat("2028-05-01T00:00:00+02:00")


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)))
def test_the_window_stays_all_month(day):
    assert feed_window(day) == feed_window(day.replace(day=1)) == feed_window(day.replace(day=28))
