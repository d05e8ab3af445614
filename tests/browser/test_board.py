"""The board by mouse, by finger, without JavaScript and on paper; and the picture of it in the README."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.pages import Board


def open_draft(visit):
    """Sign in as the coordinator of Mons and start a draft of the roster of next week, the first in the list."""
    visit.sign_in("coordinator.mons").go("/rosters")
    visit.page.get_by_role("link", name="Open version 1").first.click()
    visit.push("Edit in a new draft")
    visit.sees("is ready.")
    return Board(visit)


def a_card_to_move(board):
    return board.cards("consultation", "Urology").filter(has_not_text="BE→FR").first


def drag(page, card, cell):
    card.scroll_into_view_if_needed()
    card.hover()
    page.mouse.down()
    page.mouse.move(300, 300, steps=4)
    expect(page.locator("[data-verdict=ok]").first).to_be_attached()
    cell.hover()
    page.wait_for_timeout(100)  # the mark follows the pointer once per frame
    page.mouse.up()


def test_a_session_is_dragged_and_the_move_undone(open_visit):
    visit = open_visit()
    board = open_draft(visit)
    card = a_card_to_move(board)
    session = card.get_attribute("data-card")
    before = board.cell_of(session)

    drag(visit.page, card, board.cells("ok").last)
    visit.hears("The session is moved to")
    assert board.cell_of(session) != before

    visit.push("Undo")
    visit.sees("The last change is undone.")
    assert board.cell_of(session) == before


def test_a_session_dropped_where_it_cannot_be_goes_back_with_the_reason(open_visit):
    visit = open_visit()
    board = open_draft(visit)
    card = a_card_to_move(board)
    before = board.cell_of(card.get_attribute("data-card"))

    drag(visit.page, card, board.cells("no").first)

    visit.hears(re.compile("not possible|Not possible"))
    assert board.cell_of(card.get_attribute("data-card")) == before


def test_a_move_on_an_old_state_is_refused_and_the_newest_state_offered(open_visit):
    visit, other = open_visit(may_log="409 (CONFLICT)"), open_visit()
    board = open_draft(visit)
    card = a_card_to_move(board)
    before = board.cell_of(card.get_attribute("data-card"))
    other.sign_in("coordinator.maubeuge").go(visit.page.url)
    other.go(board.cards("joint_theatre").first.get_attribute("href"))
    other.push("Pin the session")

    card.focus()
    visit.press("Space")
    expect(board.cells("ok").first).to_be_attached()
    visit.press("f", "Enter")
    visit.page.get_by_role("button", name="Load the newest state").click()

    expect(board.cards("joint_theatre").first).to_contain_text("Pinned.")
    assert board.cell_of(card.get_attribute("data-card")) == before


def test_a_session_opens_beside_the_board_and_gives_the_focus_back(open_visit, look):
    visit = open_visit()
    board = open_draft(visit)
    card = a_card_to_move(board)

    card.click()
    panel = visit.page.get_by_role("dialog")
    expect(panel).to_contain_text("Team")
    panel.get_by_role("link", name="Who else could?").first.click()
    expect(panel.get_by_role("radio").first).to_be_visible()
    look(visit, "session-panel")
    visit.press("Escape")

    expect(card).to_be_focused()


def test_the_grid_is_one_stop_of_the_tab_key(open_visit):
    visit = open_visit()
    open_draft(visit)

    expect(visit.page.locator("[data-grid] [tabindex='0']")).to_have_count(1)


def test_without_javascript_every_card_leads_to_a_page_with_a_form(open_visit):
    visit = open_visit(java_script_enabled=False)
    board = open_draft(visit)

    a_card_to_move(board).click()
    expect(visit.heading).to_have_text("Urology, Consultation")
    visit.page.get_by_role("radio").last.check()
    visit.push("Move the session")

    visit.sees("The session is moved to")


def test_a_phone_shows_one_day_at_a_time(open_visit, look):
    visit = open_visit(390, 844, has_touch=True)
    board = open_draft(visit)
    days = visit.page.get_by_role("group", name="Day")

    shown = board.cards().locator("visible=true")
    expect(days.get_by_role("button", pressed=True)).to_have_count(1)
    some = shown.count()
    days.get_by_role("button", name="All days").click()

    assert shown.count() > some > 0
    look(visit, "board-phone")


def test_a_week_fits_on_three_sheets(open_visit):
    visit = open_visit()
    open_draft(visit)

    paper = visit.page.pdf(prefer_css_page_size=True, print_background=True)

    assert paper.count(b"/Type /Page\n") <= 3


@pytest.mark.parametrize("by", ["rooms", "clinicians"])
def test_the_board_is_readable_in_the_dark(open_visit, look, by):
    visit = open_visit(color_scheme="dark")
    open_draft(visit)

    visit.go(f"{visit.page.url.partition('?')[0]}?by={by}")

    look(visit, f"board-{by}-dark")


def test_the_picture_of_the_readme(open_visit, request):
    if not request.config.getoption("--readme-picture"):
        pytest.skip("asked for with --readme-picture alone")
    visit = open_visit(1440, 900)
    board = open_draft(visit)
    a_card_to_move(board).focus()
    visit.press("Space")
    expect(board.cells("ok").first).to_be_attached()
    visit.press("f")
    visit.hears("possible")

    target = ROOT / "docs" / "images" / "board.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    visit.page.screenshot(path=target)
