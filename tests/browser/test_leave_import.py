"""Leave from a calendar file, in a browser: with the keyboard, on a phone, in each language."""

import pytest

from tests.demo_fixture import demo_day
from tests.imports.build import all_day, calendar

PHONE = (320, 800)


@pytest.fixture
def file(tmp_path):
    """Leave next week, a holiday that is shown as free, what has a long title, and a meeting."""

    def days(first, last, *more):
        return all_day(demo_day(1, first).isoformat(), demo_day(1, last).isoformat(), *more)

    data = calendar(
        days(1, 2, "SUMMARY:Two days at the sea"),
        days(4, 4, "SUMMARY:A holiday", "TRANSP:TRANSPARENT"),
        days(5, 5, "SUMMARY:" + "Donaudampfschifffahrtsgesellschaft" * 3),
        [f"DTSTART:{demo_day(1):%Y%m%d}T090000Z", "DURATION:PT1H", "SUMMARY:A meeting"],
    )
    path = tmp_path / "leave.ics"
    path.write_bytes(data)
    return path


def show(visit, file):
    visit.go("/leave/import")
    visit.page.locator("#file").set_input_files(file)
    with visit.page.expect_navigation():
        visit.page.locator("main form button").click()


def test_with_the_keyboard_alone_rows_are_unticked_and_the_rest_is_entered(open_visit, look, file):
    visit = open_visit().sign_in("demo")
    show(visit, file)
    look(visit, "leave-import")

    visit.page.get_by_role("checkbox").first.focus()
    visit.press("Space", "Tab", "Space", "Tab", "Tab", "Tab")
    assert visit.page.evaluate("() => document.activeElement.textContent") == "Enter the ticked leave"
    ticked = [box.is_checked() for box in visit.page.get_by_role("checkbox").all()]
    visit.press("Enter")
    visit.page.wait_for_url("**/leave")

    assert ticked == [False, True, True]
    visit.sees("1 leave is entered.")  # Thursday and Friday follow each other
    visit.sees("Thu 21 Jan to Fri 22 Jan 2027")


def test_a_phone_shows_it_in_each_language(open_visit, look, file):
    visit = open_visit(*PHONE).sign_in("demo")
    for language in ("en", "fr", "nl", "de"):
        visit.page.locator(f"button[name=language][value={language}]").click()
        visit.page.wait_for_load_state()

        visit.go("/leave/import")
        look(visit, f"leave-import-choose-{language}")
        show(visit, file)
        visit.sees("Two days at the sea")
        look(visit, f"leave-import-phone-{language}")


def test_a_wrong_file_is_refused_beside_its_field(open_visit, look, tmp_path):
    (tmp_path / "wrong.ics").write_text("hello")
    visit = open_visit(may_log="422").sign_in("demo")

    show(visit, tmp_path / "wrong.ics")

    visit.sees("This is not a calendar file.")
    look(visit, "leave-import-wrong")
