"""Events that repeat: when, how often at most, and what cannot be worked out."""

import time
from datetime import date

import pytest

from scheduler.imports import texts
from scheduler.imports.records import CANCELLED
from scheduler.imports.repeating import MAX_PER_EVENT
from tests.imports.build import all_day, days, problems, read, timed

STARTS = "DTSTART;VALUE=DATE:20261207"


def first_days(file):
    return [first for first, _ in days(file)]


def test_each_repetition_within_the_window_is_a_row():
    found = read(all_day("2026-12-07", "2026-12-08", "RRULE:FREQ=MONTHLY;COUNT=3"))

    assert days(found) == [("2026-12-07", "2026-12-08"), ("2027-01-07", "2027-01-08"), ("2027-02-07", "2027-02-08")]
    assert all(one.repeats for one in found.events)


def test_days_that_follow_each_other_are_one_row():
    assert days(read([STARTS, "RRULE:FREQ=DAILY;COUNT=10"])) == [("2026-12-07", "2026-12-16")]


def test_repetitions_end_with_the_window_and_begin_with_today():
    found = first_days(read(["DTSTART;VALUE=DATE:20100104", "RRULE:FREQ=YEARLY"]))

    assert found == ["2027-01-04", "2028-01-04"]


@pytest.mark.parametrize(
    ("start", "until"),
    [
        ("DTSTART;VALUE=DATE:20261207", "20261221"),
        ("DTSTART;TZID=Europe/Brussels:20261207T000000", "20261220T230000Z"),
        ("DTSTART;TZID=Europe/Brussels:20261207T000000", "20261221"),
    ],
)
def test_the_last_day_that_a_rule_names_is_included(start, until):
    found = read([start, "DURATION:P1D", f"RRULE:FREQ=WEEKLY;UNTIL={until}"])

    assert first_days(found) == ["2026-12-07", "2026-12-14", "2026-12-21"]


@pytest.mark.parametrize(
    "left_out", [";VALUE=DATE:20261214", ":20261213T230000Z", ";TZID=Europe/Brussels:20261214T000000"]
)
def test_days_are_left_out_however_they_are_written(left_out):
    found = read(timed("20261207T000000", "20261208T000000", "RRULE:FREQ=WEEKLY;COUNT=3", f"EXDATE{left_out}"))

    assert first_days(found) == ["2026-12-07", "2026-12-21"]


def test_a_list_of_days_left_out_is_understood():
    found = read([STARTS, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;VALUE=DATE:20261214,20261221"])

    assert first_days(found) == ["2026-12-07", "2026-12-28"]


def test_days_are_added():
    found = read([STARTS, "RDATE;VALUE=DATE:20270111,20270118", "RDATE;VALUE=PERIOD:20270301T000000Z/P1D"])

    assert first_days(found) == ["2026-12-07", "2027-01-11", "2027-01-18", "2027-03-01"]


def test_a_repetition_that_was_moved_is_shown_at_its_new_place():
    found = read(
        [STARTS, "UID:a", "RRULE:FREQ=WEEKLY;COUNT=3"],
        all_day("2026-12-17", "2026-12-18", "UID:a", "RECURRENCE-ID;VALUE=DATE:20261214", "SUMMARY:moved"),
    )

    assert days(found) == [("2026-12-07", "2026-12-07"), ("2026-12-17", "2026-12-18"), ("2026-12-21", "2026-12-21")]


def test_a_repetition_that_was_cancelled_is_marked():
    found = read(
        [STARTS, "UID:a", "RRULE:FREQ=WEEKLY;COUNT=2"],
        ["DTSTART;VALUE=DATE:20261214", "UID:a", "RECURRENCE-ID;VALUE=DATE:20261214", "STATUS:CANCELLED"],
    )

    assert [one.state for one in found.events] == ["away", CANCELLED]


def test_a_change_of_all_following_moves_them_all():
    found = read(
        [STARTS, "UID:a", "RRULE:FREQ=WEEKLY;COUNT=4"],
        all_day("2026-12-22", "2026-12-23", "UID:a", "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20261221"),
    )

    assert days(found) == [
        ("2026-12-07", "2026-12-07"),
        ("2026-12-14", "2026-12-14"),
        ("2026-12-22", "2026-12-23"),
        ("2026-12-29", "2026-12-30"),
    ]


@pytest.mark.parametrize(("at", "start"), [("00010101", "99991231"), ("20261221", "00010101")])
def test_a_change_that_moves_them_out_of_the_calendar_does_no_harm(at, start):
    found = read(
        [STARTS, "UID:a", "RRULE:FREQ=WEEKLY;COUNT=4"],
        [f"DTSTART;VALUE=DATE:{start}", "UID:a", f"RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:{at}"],
    )

    assert len(days(found)) in (0, 2)


def test_a_change_of_an_event_that_is_not_in_the_file_is_an_event():
    assert first_days(read([STARTS, "UID:a", "RECURRENCE-ID;VALUE=DATE:20261130"])) == ["2026-12-07"]


def test_wall_clocks_are_kept_over_the_clock_change():
    found = read(timed("20270301T000000", "20270302T000000", "RRULE:FREQ=MONTHLY;COUNT=3"))

    assert first_days(found) == ["2027-03-01", "2027-04-01", "2027-05-01"]


def test_a_rule_until_the_end_of_all_days_is_understood():
    found = read(timed("20261207T000000", "20261208T000000", "RRULE:FREQ=YEARLY;UNTIL=99991231T235959Z"))

    assert first_days(found) == ["2026-12-07", "2027-12-07"]


def test_a_rule_that_is_over_is_named():
    found = read(["DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY;COUNT=5"])

    assert (days(found), problems(found)) == ([], [texts.OVER])


def test_repetitions_of_hours_are_named_once():
    found = read(timed("20261207T090000", "20261207T100000", "RRULE:FREQ=WEEKLY"))

    assert (days(found), problems(found)) == ([], [texts.SHORT])


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2"])
def test_what_repeats_within_a_day_is_refused(rule):
    assert problems(read([STARTS, f"RRULE:{rule}"])) == [texts.OFTEN]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "X",
        "FREQ=",
        "FREQ=FORTNIGHTLY",
        "INTERVAL=1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=99999999999",
        "FREQ=DAILY;COUNT=x",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;BYSETPOS=0",
        "FREQ=DAILY;X-MORE=1",
    ],
)
def test_rules_that_are_not_understood_are_named_and_the_rest_is_read(rule):
    found = read([STARTS, f"RRULE:{rule}"], all_day("2027-02-01", "2027-02-02"))

    assert problems(found) == [texts.RULE]
    assert first_days(found) == ["2027-02-01"]


def test_rules_that_leave_out_are_named():
    assert problems(read([STARTS, "RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"])) == [texts.RULE]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYSETPOS=9", "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4,6,9,11"],
)
def test_a_rule_that_never_fits_ends_soon(rule):
    began = time.process_time()

    found = read([STARTS, f"RRULE:{rule}"], all_day("2027-02-01", "2027-02-02"))

    assert time.process_time() - began < 2
    assert problems(found) == [texts.RULE]
    assert first_days(found) == ["2027-02-01"]


@pytest.mark.slow
def test_many_rules_that_never_fit_end_soon_together():
    events = [[STARTS, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"]] * 100
    began = time.process_time()

    found = read(*events)

    assert time.process_time() - began < 5
    assert problems(found) == [texts.RULE] * 100


def test_one_event_repeats_at_most_so_often():
    found = read([STARTS, "RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH"])

    assert sum(one.days.number for one in found.events) == MAX_PER_EVENT
    assert all(texts.REST_LEFT_OUT in one.notes for one in found.events)


def test_what_repeats_day_after_day_for_more_than_a_year_is_named():
    found = read([STARTS, "RRULE:FREQ=DAILY"])

    assert (days(found), problems(found)) == ([], [texts.LONG])


def test_all_events_together_repeat_at_most_so_often():
    found = read(*[[f"DTSTART;VALUE=DATE:2026120{n}", "RRULE:FREQ=WEEKLY"] for n in range(1, 10)] * 2)

    assert 900 < len(days(found)) <= 1_000
    assert set(problems(found)) == {texts.MANY}


def test_a_thousand_single_events_are_read():
    found = read(*[["DTSTART;VALUE=DATE:20261207"]] * 1_000)

    assert (len(days(found)), problems(found)) == (1_000, [])
    assert problems(read(*[["DTSTART;VALUE=DATE:20261207"]] * 1_001)) == [texts.MANY]


def test_a_long_list_of_added_days_is_cut():
    added = ",".join(f"{2027 + n // 360}{n // 30 % 12 + 1:02}{n % 28 + 1:02}" for n in range(0, 690, 1))

    found = read([STARTS, f"RDATE;VALUE=DATE:{added}"])

    assert sum(one.days.number for one in found.events) <= MAX_PER_EVENT
    assert found.events[0].on == date(2026, 12, 7)
