"""What calendar programs write, each in its own way."""

import pytest

from scheduler.imports import texts
from scheduler.imports.reading import read_calendar
from scheduler.imports.records import AWAY, CANCELLED, ELSEWHERE, FREE, TENTATIVE, Window
from tests.imports.build import BRUSSELS, FILES, TODAY, all_day, calendar, days, read, states, timed


def found_in(name, zone="Europe/Brussels"):
    return read_calendar((FILES / name).read_bytes(), Window.of(TODAY, zone))


def test_google_calendar():
    found = found_in("google.ics", "Europe/Paris")

    assert [(one.title, str(one.on), one.state, one.repeats, one.problem) for one in found.events] == [
        ("Staff", "2026-12-01", AWAY, True, texts.SHORT),
        ("Congés de Noël, famille", "2026-12-21", AWAY, False, ""),
        ("Anniversaire de Maman", "2027-01-01", FREE, True, ""),
        ("Anniversaire de Maman", "2028-01-01", FREE, True, ""),
    ]
    assert days(found)[0] == ("2026-12-21", "2027-01-03")


def test_outlook_with_its_own_names_of_zones_and_kinds_of_busy():
    found = found_in("outlook.ics")

    assert [(one.title, one.state) for one in found.events] == [
        ("Nouvel An", FREE),
        ("Congé de carnaval", AWAY),
        ("Congrès (peut-être)", TENTATIVE),
        ("Télétravail", ELSEWHERE),
    ]
    assert days(found) == [
        ("2027-01-01", "2027-01-01"),
        ("2027-02-15", "2027-02-19"),
        ("2027-03-11", "2027-03-13"),
        ("2027-05-07", "2027-05-07"),
    ]
    assert not any(one.notes for one in found.events)


def test_apple_calendar_with_a_repetition_moved_and_one_left_out():
    found = found_in("apple.ics", "Europe/Luxembourg")

    assert [(one.title, str(one.days.start_on), str(one.days.last_on)) for one in found.events] == [
        ("Eltertag", "2026-12-04", "2026-12-04"),
        ("Eltertag (verlegt)", "2027-01-06", "2027-01-06"),
        ("Eltertag", "2027-03-04", "2027-03-04"),
        ("Osterurlaub", "2027-03-29", "2027-04-09"),
    ]


def test_thunderbird_with_tasks_durations_and_a_zone_with_a_path():
    found = found_in("thunderbird.ics")

    assert days(found) == [("2027-07-05", "2027-07-18"), ("2027-08-16", "2027-08-20"), ("2027-09-01", "2027-09-03")]
    assert states(found) == [FREE, AWAY, CANCELLED]
    assert found.others == 1
    assert not any(one.notes for one in found.events)


def test_a_zone_that_nobody_knows_is_read_as_local_time():
    found = read(timed("20261221T000000", "20261223T000000", zone="Customized Time Zone 7"))

    assert days(found) == [("2026-12-21", "2026-12-22")]
    assert found.events[0].notes == (texts.UNKNOWN_ZONE,)


def test_a_zone_of_the_file_is_found_by_the_place_it_names():
    zone = ["BEGIN:VTIMEZONE", "TZID:Ours", "X-LIC-LOCATION:America/New_York", "END:VTIMEZONE"]

    found = read(timed("20261220T180000", "20261222T180000", zone="Ours"), head=zone)

    assert days(found) == [("2026-12-21", "2026-12-22")]
    assert found.events[0].notes == ()


def test_times_without_zone_are_read_as_local_times():
    found = read(["DTSTART:20261221T000000", "DTEND:20261223T000000"])

    assert days(found) == [("2026-12-21", "2026-12-22")]
    assert found.events[0].notes == (texts.FLOATING,)


def test_a_zone_with_a_colon_in_its_name_is_read_although_nobody_quoted_it():
    found = read(timed("20261221T000000", "20261223T000000", zone="(UTC+01:00) Brussels, Paris"))

    assert days(found) == [("2026-12-21", "2026-12-22")]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/localtime", "http://203.0.113.9/tz", "..", "\0", "é" * 300])
def test_a_name_of_a_zone_opens_nothing(name):
    assert read(timed("20261221T000000", "20261223T000000", zone=name)).events


def test_a_calendar_that_takes_events_back_has_them_cancelled():
    found = read(all_day("2026-12-21", "2026-12-23"), head=["METHOD:CANCEL"])

    assert states(found) == [CANCELLED]
    assert found.notes == (texts.CANCELS,)


def test_out_of_office_counts_although_it_is_transparent():
    event = all_day("2026-12-21", "2026-12-23", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:OOF")

    assert states(read(event)) == [AWAY]


def test_what_is_not_confirmed_is_marked():
    assert states(read(all_day("2026-12-21", "2026-12-23", "STATUS:TENTATIVE"))) == [TENTATIVE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_titles_are_read_in_the_encodings_of_unicode(encoding):
    data = calendar(all_day("2026-12-21", "2026-12-23", "SUMMARY:Congé d’été")).decode().encode(encoding)

    found = read_calendar(data, BRUSSELS)

    assert (found.events[0].title, found.notes) == ("Congé d’été", ())


def test_old_encodings_are_read_and_named():
    data = calendar(all_day("2026-12-21", "2026-12-23", "SUMMARY:Congé")).decode().encode("cp1252")

    found = read_calendar(data, BRUSSELS)

    assert (found.events[0].title, found.notes) == ("Congé", (texts.OLD_CHARACTERS,))


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n"])
def test_all_ends_of_lines_are_understood(newline):
    data = calendar(all_day("2026-12-21", "2026-12-23")).decode().replace("\r\n", newline).encode()

    assert len(days(read_calendar(data, BRUSSELS))) == 1


def test_a_title_cannot_turn_the_page_around():
    found = read(all_day("2026-12-21", "2026-12-23", "SUMMARY:a\u202egnol\\n\\nb " + "x" * 200))

    assert found.events[0].title.startswith("a gnol b xxx")
    assert len(found.events[0].title) == 80


def test_several_calendars_in_one_file_are_read():
    data = calendar(all_day("2026-12-21", "2026-12-21")) + calendar(all_day("2027-01-04", "2027-01-04"))

    assert len(days(read_calendar(data, BRUSSELS))) == 2
