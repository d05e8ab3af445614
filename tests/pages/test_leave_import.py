"""Leave from a calendar file: choosing it, seeing what it holds, entering what is ticked."""

import io
from datetime import date

import pytest

from scheduler.models import JournalEntry, Leave
from tests.imports.build import FILES, all_day, calendar, timed
from tests.page_client import Page

HOLIDAY = all_day("2027-02-15", "2027-02-19", "SUMMARY:Carnival with Zoé")


def look(page_client, data, status=200, **fields):
    page = page_client.get("/leave/import")
    return page_client.submit(
        page,
        {"Calendar file (.ics)": (io.BytesIO(data), "leave.ics"), **fields},
        button="Show what it holds",
        status=status,
    )


def send_much(page_client, number, clinician_id):
    """Post a file of so many bytes; the test client would leave a temporary file of its own open."""
    fields = {"csrf_token": page_client.token(), "clinician_id": clinician_id}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.ics"\r\n\r\n'
    body = "".join([*parts, head]).encode() + b"x" * number + b"\r\n--x--\r\n"
    answer = page_client.client.post("/leave/import", data=body, content_type="multipart/form-data; boundary=x")
    return Page(answer)


def boxes(page):
    """By the days of a row: whether it is ticked."""
    labels = page.label_texts()
    return {labels[box.get("id")]: "checked" in box.attrib for box in page.all("input") if box.get("name") == "days"}


def row_of(page, words):
    return next(" ".join("".join(row.itertext()).split()) for row in page.all("tr") if words in "".join(row.itertext()))


@pytest.fixture
def clinician(page_client, world):
    return page_client.sign_in("clinician.mons")


def test_the_leave_page_leads_to_the_import(clinician):
    page = clinician.get(clinician.get("/leave").links["Leave from a calendar file"])

    assert page.heading == "Leave from a calendar file"
    assert "For Dr Visitor Hospital Mons" in page.text


def test_a_clinician_sees_what_the_file_holds_and_enters_it(clinician, db_session, world):
    page = look(clinician, calendar(HOLIDAY))

    assert page.heading == "What the file holds"
    assert "Carnival with Zoé" in page.text
    assert boxes(page) == {"Mon 15 Feb to Fri 19 Feb 2027": True}
    assert db_session.query(Leave).filter_by(clinician_id=world.ours.visitor).count() == 1

    answer = clinician.submit(page, {"Kind of leave": "Parental leave"}, button="Enter the ticked leave")

    assert "1 leave is entered." in clinician.follow(answer).text
    entered = db_session.query(Leave).filter_by(kind="parental").one()
    assert (entered.clinician_id, entered.start_on, entered.end_on) == (
        world.ours.visitor,
        date(2027, 2, 15),
        date(2027, 2, 20),
    )


def test_nothing_of_the_file_is_kept(clinician, db_session):
    page = look(clinician, calendar(HOLIDAY))
    clinician.follow(clinician.submit(page, {}, button="Enter the ticked leave"))

    dump = "\n".join(db_session.connection().connection.driver_connection.iterdump())
    assert "2027-02-15" in dump
    assert "Carnival" not in dump
    assert "Zoé" not in dump


def test_a_coordinator_chooses_whose_leave_it_is(page_client, db_session, world):
    page_client.sign_in("coordinator.mons")

    page = look(page_client, calendar(HOLIDAY), Who="Dr Colleague Hospital Mons")
    page_client.submit(page, {}, button="Enter the ticked leave")

    assert "For Dr Colleague Hospital Mons" in page.text
    assert db_session.query(Leave).filter_by(clinician_id=world.ours.colleague).count() == 1


def test_the_same_file_again_is_recognised(clinician, db_session):
    clinician.submit(look(clinician, calendar(HOLIDAY)), {}, button="Enter the ticked leave")

    page = look(clinician, calendar(HOLIDAY))

    assert "entered already" in row_of(page, "Carnival")
    assert "All these days are entered already." in page.text
    assert boxes(page) == {}
    assert db_session.query(Leave).filter_by(start_on=date(2027, 2, 15)).count() == 1


def test_an_old_dry_run_enters_nothing_twice(clinician, db_session):
    page = look(clinician, calendar(HOLIDAY))
    clinician.submit(page, {}, button="Enter the ticked leave")

    again = clinician.submit(page, {}, button="Enter the ticked leave")

    assert "These days were entered already: nothing is changed." in clinician.follow(again).text
    assert db_session.query(Leave).filter_by(start_on=date(2027, 2, 15)).count() == 1


def test_rows_say_what_there_is_to_know(clinician):
    page = look(
        clinician,
        calendar(
            all_day("2026-12-24", "2026-12-29", "SUMMARY:part"),
            all_day("2027-03-01", "2027-03-05", "SUMMARY:one"),
            all_day("2027-03-05", "2027-03-06", "SUMMARY:two"),
            all_day("2027-04-01", "2027-04-01", "SUMMARY:holiday", "TRANSP:TRANSPARENT"),
            all_day("2027-05-01", "2027-05-02", "SUMMARY:gone", "STATUS:CANCELLED"),
            all_day("2026-11-23", "2026-11-24", "SUMMARY:busy"),
            timed("20270601T000000", "20270602T000000", "SUMMARY:far", zone="Nowhere/Land"),
        ),
    )

    assert "Entered already: Thu 24 Dec to Fri 25 Dec 2026. Only the other days will be added." in row_of(page, "part")
    assert "Shares days with another row" in row_of(page, "two")
    assert "shown as free" in row_of(page, "holiday")
    assert "cancelled" in row_of(page, "gone")
    assert "hits 1 published session" in row_of(page, "busy")
    assert "Its time zone is not known" in row_of(page, "far")
    assert [on for on, ticked in boxes(page).items() if not ticked] == ["Thu 1 Apr 2027", "Sat 1 May to Sun 2 May 2027"]


def test_sessions_that_lose_someone_are_told_afterwards(clinician):
    page = look(clinician, calendar(all_day("2026-11-23", "2026-11-24")))

    answer = clinician.submit(page, {}, button="Enter the ticked leave")

    assert "1 published session now lacks someone." in clinician.follow(answer).text


def test_events_that_cannot_become_leave_say_why(clinician):
    page = look(
        clinician,
        calendar(
            timed("20261201T090000", "20261201T100000", "SUMMARY:Staff meeting", "RRULE:FREQ=WEEKLY"),
            all_day("2026-11-02", "2026-11-03", "SUMMARY:Past days"),
            ["SUMMARY:Nowhere"],
            tail=["BEGIN:VTODO", "UID:1", "END:VTODO"],
        ),
    )

    assert "No leave was found" in page.text
    assert "1 Dec 2026 Staff meeting (repeats) It takes no whole day, nor two working days in a row." in page.text
    assert "2 Nov 2026 Past days It is over." in page.text
    assert "no day Nowhere It has no start that can be read." in page.text
    assert "1 entry is no event, such as a task, and was left out." in page.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is not a calendar file."),
        (calendar(), "The calendar has no events."),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 50, "nested too deeply"),
    ],
)
def test_files_that_are_refused_say_why_beside_the_field(clinician, data, sentence):
    page = look(clinician, data, status=422)

    assert page.title == "Leave from a calendar file (not read) – Passerelle"
    [link] = [text for text, href in page.links.items() if href == "#file"]
    assert sentence in link


def test_a_file_has_to_be_chosen(clinician):
    page = clinician.submit(clinician.get("/leave/import"), {}, button="Show what it holds", status=422)

    assert page.links["Choose a file."] == "#file"


def test_a_file_that_is_too_big_is_refused(clinician, world):
    page = send_much(clinician, 1_100_000, world.ours.visitor)

    assert page.status == 422
    assert "The file has more than 1 megabyte." in page.text


def test_more_than_a_request_may_carry_is_refused(clinician, world):
    assert send_much(clinician, 2 * 1024 * 1024 + 1, world.ours.visitor).status == 413


def test_real_files_are_shown(clinician):
    for file in sorted(FILES.glob("*.ics")):
        assert look(clinician, file.read_bytes()).heading == "What the file holds"


def test_titles_are_shown_as_text(clinician):
    page = look(clinician, calendar(all_day("2027-02-15", "2027-02-19", "SUMMARY:<script src=//x></script><b>")))

    assert "<script src=//x></script><b>" in page.text


@pytest.mark.parametrize(
    "days", ["", "x", "2027-02-15", "2027-02-19/2027-02-15", "2027-02-15/9999-12-31", "<b>/2027-02-15"]
)
def test_days_made_up_are_refused(clinician, db_session, world, days):
    data = {"clinician_id": world.ours.visitor, "kind": "annual", "days": days}

    clinician.post("/leave/import/enter", data, status=422)

    assert db_session.query(Leave).filter_by(clinician_id=world.ours.visitor).count() == 1


def test_untick_all_and_nothing_is_entered(clinician, world):
    page = clinician.post("/leave/import/enter", {"clinician_id": world.ours.visitor, "kind": "annual"}, status=422)

    assert "Nothing was ticked, so nothing is entered." in page.text
    assert page.title.startswith("Leave from a calendar file (nothing entered)")
    assert "Show what it holds" in page.text


def test_nobody_enters_or_reads_for_a_clinician_of_others(page_client, db_session, world):
    for login in ("clinician.mons", "coordinator.mons", "coordinator.tourcoing"):
        page_client.sign_in(login)
        who = world.ours.visitor if login.endswith("tourcoing") else world.theirs.visitor
        data = {"clinician_id": who, "kind": "annual", "days": "2027-02-15/2027-02-16"}

        page_client.post("/leave/import/enter", data, status=422)
        file = {"clinician_id": who, "file": (io.BytesIO(calendar(HOLIDAY)), "leave.ics")}
        page_client.post("/leave/import", file, status=422)

    assert db_session.query(Leave).filter_by(start_on=date(2027, 2, 15)).count() == 0


def test_managers_and_administrators_import_none(page_client, world):
    for login in ("manager.mons", "administrator.mons"):
        page_client.sign_in(login).get("/leave/import", status=403)
        assert "Leave from a calendar file" not in page_client.get("/leave").text


def test_the_administrator_reads_of_the_import_without_titles(page_client, db_session, world):
    page_client.sign_in("clinician.mons")
    page_client.submit(look(page_client, calendar(HOLIDAY)), {}, button="Enter the ticked leave")

    page = page_client.sign_in("administrator.mons").get("/")

    assert "Leave imported from a calendar file" in page.text
    assert "Carnival" not in "".join(str(entry.facts) for entry in db_session.query(JournalEntry))


def test_a_file_that_is_being_read_keeps_nobody_from_writing(clinician, db_session, monkeypatch):
    """SQLite lets one transaction write at a time: reading a file must not be that one."""
    from scheduler.views import leave_import

    def read(data, window):
        with db_session.get_bind().connect() as other:
            other.exec_driver_sql("UPDATE account SET name = name")
        return read_in_child(data, window)

    read_in_child = leave_import.read_in_child
    monkeypatch.setattr(leave_import, "read_in_child", read)

    assert look(clinician, calendar(HOLIDAY)).status == 200
