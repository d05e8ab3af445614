"""Which days an event takes, and days put together and taken apart."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.imports import texts
from scheduler.imports.days import in_parts, merged, without
from scheduler.imports.records import Days, Window
from tests.imports.build import TODAY, all_day, days, problems, read, timed

STRETCHES = st.lists(
    st.builds(
        lambda start, length: Days(TODAY + timedelta(days=start), TODAY + timedelta(days=start + length)),
        st.integers(0, 60),
        st.integers(1, 20),
    ),
    max_size=12,
)


def each_day(stretches):
    return {one.start_on + timedelta(days=n) for one in stretches for n in range(one.number)}


def test_the_end_of_an_all_day_event_is_not_included():
    found = read(["DTSTART;VALUE=DATE:20261221", "DTEND;VALUE=DATE:20261224"])

    assert days(found) == [("2026-12-21", "2026-12-23")]


def test_an_all_day_event_without_end_takes_one_day():
    assert days(read(["DTSTART;VALUE=DATE:20261221"])) == [("2026-12-21", "2026-12-21")]


def test_an_all_day_event_that_ends_on_its_first_day_takes_it():
    found = read(["DTSTART;VALUE=DATE:20261221", "DTEND;VALUE=DATE:20261221"])

    assert days(found) == [("2026-12-21", "2026-12-21")]


def test_a_duration_of_days_is_understood():
    assert days(read(["DTSTART;VALUE=DATE:20261221", "DURATION:P1W"])) == [("2026-12-21", "2026-12-27")]


def test_midnight_to_midnight_takes_whole_days():
    assert days(read(timed("20261221T000000", "20261223T000000"))) == [("2026-12-21", "2026-12-22")]


def test_a_minute_to_midnight_ends_a_day():
    assert days(read(timed("20261221T000000", "20261222T235900"))) == [("2026-12-21", "2026-12-22")]


@pytest.mark.parametrize("zone", ["Europe/Brussels", "Europe/Paris", "Europe/Luxembourg"])
def test_utc_times_over_midnight_become_the_days_at_home(zone):
    found = read(
        ["DTSTART:20270718T220000Z", "DTEND:20270720T220000Z"],
        ["DTSTART:20261220T230000Z", "DTEND:20261221T230000Z"],
        window=Window.of(TODAY, zone),
    )

    assert days(found) == [("2026-12-21", "2026-12-21"), ("2027-07-19", "2027-07-20")]


def test_whole_days_of_another_zone_stay_these_days():
    found = read(
        timed("20270118T000000", "20270119T000000", zone="Europe/London"),
        ["DTSTART:20270201T000000Z", "DTEND:20270202T000000Z"],
    )

    assert days(found) == [("2027-01-18", "2027-01-18"), ("2027-02-01", "2027-02-01")]


@pytest.mark.parametrize(("first", "last"), [("2027-03-27", "2027-03-29"), ("2027-10-30", "2027-11-01")])
def test_whole_days_over_a_clock_change_are_all_found(first, last):
    after = date.fromisoformat(last) + timedelta(days=1)
    found = read(timed(f"{first.replace('-', '')}T000000", f"{after:%Y%m%d}T000000"))

    assert days(found) == [(first, last)]


def test_several_days_with_hours_take_the_days_on_which_one_is_missed():
    found = read(
        timed("20261221T090000", "20261224T170000"),  # Monday morning to Thursday evening
        timed("20270108T170000", "20270111T080000"),  # a weekend
        timed("20270118T130000", "20270121T120000"),  # from noon to noon
    )

    assert days(found) == [("2026-12-21", "2026-12-24"), ("2027-01-09", "2027-01-10"), ("2027-01-19", "2027-01-20")]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("20261221T083000", "20261221T180000"),  # a day's work
        ("20261221T200000", "20261222T080000"),  # a night
        ("20261221T080000", "20261222T080000"),  # a duty of 24 hours
        ("20261221T100000", "20261221T100000"),  # nothing
    ],
)
def test_work_courses_and_duties_are_no_leave(start, end):
    found = read(timed(start, end))

    assert days(found) == []
    assert problems(found) == [texts.SHORT]
    assert found.events[0].on == date(2026, 12, 21)


def test_what_is_over_is_named_and_not_offered():
    found = read(all_day("2026-11-01", "2026-11-21"))

    assert (days(found), problems(found)) == ([], [texts.OVER])


def test_of_what_has_begun_the_days_from_today_on_are_offered():
    found = read(all_day("2026-11-16", "2026-11-24"))

    assert days(found) == [("2026-11-22", "2026-11-24")]
    assert found.events[0].notes == (texts.CUT,)


def test_what_lies_far_ahead_is_cut_or_named():
    found = read(all_day("2028-11-20", "2028-11-30"), all_day("2028-11-22", "2028-11-30"))

    assert days(found) == [("2028-11-20", "2028-11-21")]
    assert problems(found) == [texts.LATER]


def test_more_than_a_year_is_named():
    found = read(all_day("2026-12-01", "2027-12-01"), all_day("2026-12-01", "2027-12-02"))

    assert days(found) == [("2026-12-01", "2027-12-01")]
    assert problems(found) == [texts.LONG]


def test_the_window_of_a_leap_day_ends_two_years_later():
    assert Window.of(date(2028, 2, 29), "Europe/Paris").until_on == date(2030, 2, 28)


@given(STRETCHES)
def test_merged_stretches_are_the_same_days_apart_from_each_other(stretches):
    found = merged(stretches)

    assert each_day(found) == each_day(stretches)
    assert all(one.end_on < other.start_on for one, other in pairwise(found))


@given(STRETCHES, STRETCHES)
def test_what_is_taken_is_left_out(stretches, taken):
    found = without(stretches, taken)

    assert each_day(found) == each_day(stretches) - each_day(taken)
    assert all(one.end_on <= other.start_on for one, other in pairwise(found))


@given(STRETCHES, st.integers(1, 9))
def test_parts_are_the_same_days_and_none_is_too_long(stretches, longest):
    found = in_parts(merged(stretches), longest)

    assert each_day(found) == each_day(stretches)
    assert sum(one.number for one in found) == len(each_day(stretches))
    assert all(one.number <= longest for one in found)
