"""Files that are refused, files that are broken, and whatever else may come in."""

import json
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.imports import events, lines, repeating, texts
from scheduler.imports.days import merged
from scheduler.imports.reading import read_calendar
from scheduler.imports.records import CalendarRefused, file_from_json, file_to_json
from scheduler.services.leave import LONGEST_DAYS
from tests.imports.build import BRUSSELS, FILES, all_day, calendar, days, problems, read

VALUES = st.sampled_from(
    [
        "20261207",
        "20261207T000000",
        "20261207T000000Z",
        "00010101",
        "99991231",
        "99991231T235959Z",
        "20261399",
        "P1D",
        "-P1D",
        "PT99999999H",
        "FREQ=DAILY",
        "FREQ=YEARLY;BYMONTHDAY=-31;BYSETPOS=-1",
        "FREQ=WEEKLY;UNTIL=20270101;COUNT=3",
        "FREQ=MONTHLY;BYDAY=-5MO,+1TU;INTERVAL=3",
        "CANCELLED",
        "TRANSPARENT",
        "TRUE",
        "a",
        "",
        "\\",
        "http://203.0.113.9/",
    ]
)
PARAMETERS = st.sampled_from(
    ["", ";VALUE=DATE", ";TZID=Europe/Paris", ';TZID="', ";TZID=", ";RANGE=THISANDFUTURE", ";X", ";=;", ";VALUE=PERIOD"]
)
NAMES = st.sampled_from([*sorted(lines.KEPT), "BEGIN", "END", "ATTACH", "X-É", ""])
LINES = st.one_of(
    st.builds(lambda name, parameter, value: f"{name}{parameter}:{value}", NAMES, PARAMETERS, VALUES),
    st.sampled_from(["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VCALENDAR", " folded", "\ttoo"]),
    st.text(max_size=20),
)
EVENTS = st.lists(
    st.lists(
        st.one_of(LINES, st.just("DTSTART;VALUE=DATE:20261207"), st.just("RRULE:FREQ=WEEKLY;COUNT=9")), max_size=8
    ),
    min_size=1,
    max_size=4,
)


def refusal(data):
    with pytest.raises(CalendarRefused) as refused:
        read_calendar(data, BRUSSELS)
    return refused.value.message


def nested(depth):
    return "\r\n".join(["BEGIN:VCALENDAR", *["BEGIN:X"] * depth, *["END:X"] * depth, "END:VCALENDAR"]).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", texts.EMPTY),
        (b" \r\n\r\n", texts.EMPTY),
        (b"\xef\xbb\xbf", texts.EMPTY),
        (b"name;day\r\n", texts.NO_CALENDAR),
        (b"%PDF-1.7", texts.NO_CALENDAR),
        (b"PK\x03\x04" + bytes(99), texts.NO_CALENDAR),
        (b"<html>BEGIN:VCALENDAR", texts.NO_CALENDAR),
        (b"\xff\xfe\x00", texts.NO_CALENDAR),
        (calendar(), texts.NO_EVENTS),
        (b"BEGIN:VCALENDAR", texts.NO_EVENTS),
        (calendar() + b" " * lines.MAX_BYTES, texts.TOO_BIG),
        (calendar(*[["UID:1"]] * lines.MAX_COMPONENTS), texts.TOO_MANY_ENTRIES),
        (nested(lines.MAX_DEPTH), texts.TOO_DEEP),
    ],
)
def test_each_refusal_has_its_sentence(data, sentence):
    assert refusal(data) == sentence


def test_the_largest_file_is_read():
    data = calendar(all_day("2026-12-21", "2026-12-23"), tail=["BEGIN:VEVENT", "END:VEVENT"])
    data = data.replace(b"VERSION", b"X-FILL:" + b"x" * (lines.MAX_BYTES - len(data) - 9) + b"\r\nVERSION")

    assert len(data) == lines.MAX_BYTES
    assert len(days(read_calendar(data, BRUSSELS))) == 1


def test_numbers_in_sentences_are_those_of_the_limits():
    assert lines.MAX_BYTES == 1024**2
    assert f"{lines.MAX_COMPONENTS:,}" in texts.TOO_MANY_ENTRIES
    assert events.LONGEST == LONGEST_DAYS
    assert BRUSSELS.until_on.year - BRUSSELS.from_on.year == 2
    assert repeating.MAX_PER_EVENT < events.MAX_IN_ALL


@pytest.mark.parametrize(
    ("lines_of_event", "problem"),
    [
        (["SUMMARY:nothing"], texts.UNTIMED),
        (["DTSTART:soon"], texts.BROKEN),
        (["DTSTART;VALUE=DATE:20261307"], texts.BROKEN),
        (["DTSTART:P1D"], texts.BROKEN),
        (["DTSTART;VALUE=DATE:20261207", "DTEND;VALUE=DATE:20261201"], texts.BACKWARDS),
        (["DTSTART;VALUE=DATE:20261207", "DURATION:-P3D"], texts.BACKWARDS),
        (["DTSTART;VALUE=DATE:20261207", "DTEND:later"], texts.BROKEN),
        (["DTSTART;VALUE=DATE:20261207", "DURATION:P99999999999D"], texts.BROKEN),
        (["DTSTART;VALUE=DATE:99991231"], texts.LATER),
        (["DTSTART;VALUE=DATE:00010101"], texts.OVER),
        (["DTSTART;VALUE=DATE:20261207", "DURATION:P2999999D"], texts.LONG),
        (["DTSTART;VALUE=DATE:20261207", "EXDATE:" + "20261207," * 3_000], texts.BROKEN),
    ],
)
def test_a_broken_event_is_named_and_the_others_are_read(lines_of_event, problem):
    found = read(lines_of_event, all_day("2027-02-01", "2027-02-02"))

    assert problems(found) == [problem]
    assert days(found) == [("2027-02-01", "2027-02-02")]


def test_of_a_file_that_ends_in_the_middle_whole_events_are_read():
    whole = calendar(all_day("2026-12-21", "2026-12-23"), all_day("2027-02-01", "2027-02-02"))

    found = read_calendar(whole[: whole.index(b"20270203")], BRUSSELS)

    assert days(found) == [("2026-12-21", "2026-12-23")]
    assert problems(found) == [texts.BROKEN]
    assert found.notes == (texts.CUT_OFF,)


def test_an_event_whose_end_is_missing_does_not_swallow_the_next():
    found = read(["DTSTART;VALUE=DATE:20261207", "BEGIN:VEVENT", "DTSTART;VALUE=DATE:20261208"])

    assert (days(found), problems(found)) == ([("2026-12-08", "2026-12-08")], [texts.BROKEN])


def test_what_stands_in_an_alarm_is_not_of_the_event():
    alarm = ["BEGIN:VALARM", "DTSTART;VALUE=DATE:20270101", "SUMMARY:ring", "END:VALARM"]

    found = read([*all_day("2026-12-21", "2026-12-23", "SUMMARY:ski"), *alarm])

    assert found.events[0].title == "ski"
    assert days(found) == [("2026-12-21", "2026-12-23")]


def test_no_address_goes_further_than_the_lines(socket_disabled):
    addresses = [
        "ATTACH:http://203.0.113.9/a.pdf",
        "ATTACH;FMTTYPE=text/html:file:///etc/passwd",
        "URL:http://203.0.113.9/u",
        "SOURCE;VALUE=URI:http://203.0.113.9/s",
        "IMAGE;VALUE=URI:http://203.0.113.9/i.png",
        "CONFERENCE;VALUE=URI:http://203.0.113.9/c",
        'ORGANIZER;DIR="ldap://203.0.113.9/":mailto:a@example.org',
        "X-ALT-DESC;FMTTYPE=text/html:<img src='http://203.0.113.9/p.gif'>",
    ]
    zone = ["BEGIN:VTIMEZONE", "TZID:http://203.0.113.9/tz", "TZURL:http://203.0.113.9/tz.ics", "END:VTIMEZONE"]
    event = ["DTSTART;TZID=http://203.0.113.9/tz:20261221T000000", "DURATION:P2D", *addresses]
    data = calendar(event, head=["SOURCE:http://203.0.113.9/", "REFRESH-INTERVAL:PT1M", *zone])

    assert not any("203.0.113.9" in line for one in lines.take_apart(data).events for line in one.lines[2:])
    assert days(read_calendar(data, BRUSSELS)) == [("2026-12-21", "2026-12-22")]


@pytest.mark.parametrize("name", ["google.ics", "outlook.ics", "apple.ics", "thunderbird.ics"])
def test_what_was_found_passes_between_processes(name):
    found = read_calendar((FILES / name).read_bytes(), BRUSSELS)

    assert file_from_json(json.loads(json.dumps(file_to_json(found)))) == found


@given(st.binary(max_size=200))
@example(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n\xff\xfe")
def test_any_bytes_are_read_or_refused(data):
    _read_or_refuse(data)


@given(st.binary(max_size=200))
def test_any_bytes_within_an_event_are_read_or_refused(data):
    _read_or_refuse(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + data + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


@given(EVENTS)
def test_any_lines_are_read_or_refused_and_days_lie_within_the_window(events):
    _read_or_refuse(calendar(*events))


def _read_or_refuse(data):
    try:
        found = read_calendar(data, BRUSSELS)
    except CalendarRefused:
        return
    stretches = [one.days for one in found.events if one.days]
    assert all(BRUSSELS.from_on <= one.start_on < one.end_on <= BRUSSELS.until_on for one in stretches)
    assert all(one.number <= LONGEST_DAYS for one in stretches)
    assert sum(one.number for one in merged(stretches)) <= (BRUSSELS.until_on - BRUSSELS.from_on) // timedelta(days=1)
    assert all((one.days is None) == bool(one.problem) for one in found.events)
