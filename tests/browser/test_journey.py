"""A week of a coordinator: the oncologist is away, the week is solved anew, approved by both sides and published."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Board
from tests.demo_fixture import demo_day

NEXT_WEEK = 1
ONCOLOGY = ("Medical oncology", "Oncology")


@pytest.fixture
def mons(open_visit):
    return open_visit(may_log="422 (UNPROCESSABLE ENTITY)").sign_in("coordinator.mons")


def enter_leave_of_the_oncologist(visit):
    visit.go("/leave")
    visit.page.get_by_label("Who").select_option("Dr Ada Exemple")
    visit.page.get_by_label("First day away").fill(demo_day(NEXT_WEEK, 1).isoformat())
    visit.page.get_by_label("Last day away").fill(demo_day(NEXT_WEEK, 5).isoformat())
    visit.push("Save leave")
    visit.page.get_by_label("Save although these sessions lose someone").check()
    visit.push("Save leave")
    visit.sees("The leave is saved.")


def open_next_week(visit):
    visit.go("/rosters")
    week = demo_day(NEXT_WEEK).isocalendar().week
    visit.page.get_by_role("region", name=re.compile(f"Week {week} ")).get_by_role(
        "link", name="Open version 1"
    ).click()
    visit.page.wait_for_load_state()
    return Board(visit)


def solve(visit):
    visit.follow("Solve")
    visit.push("Start solving")
    expect(visit.page.get_by_role("link", name=re.compile("Open draft"))).to_be_visible(timeout=90_000)


def test_the_week_without_the_oncologist_is_solved_moved_approved_and_published(mons, open_visit, look):
    look(mons, "today")
    enter_leave_of_the_oncologist(mons)
    look(mons, "leave")
    board = open_next_week(mons)
    look(mons, "board-published")
    before = board.places()
    solve(mons)
    look(mons, "solve-done")
    mons.follow(re.compile("Open draft"))
    look(mons, "board-gaps")

    after = board.places()
    gaps = board.gaps()
    expect(gaps).to_have_count(3)
    expect(gaps.filter(has_text="Medical oncology, Consultation")).to_have_count(2)
    expect(gaps.filter(has_text="Oncology, Multidisciplinary team meeting")).to_have_count(1)
    others_moved = {
        card for card, (cell, text) in before.items() if after.get(card, ("", ""))[0] != cell and not is_oncology(text)
    }
    assert not others_moved

    explain_a_gap(mons, board, look)
    moved_by_keys = move_by_keyboard(mons, board)
    move_by_form(mons, board, look, but=moved_by_keys)
    see_why_not(mons, board)

    draft = mons.page.url
    approve_and_publish(mons, open_visit, draft, look)


def is_oncology(text):
    return any(name in text for name in ONCOLOGY)


def explain_a_gap(visit, board, look):
    draft = visit.page.url
    visit.go(board.gaps().first.get_attribute("href"))
    look(visit, "session-gap")
    visit.sees("Why it is not held")
    visit.sees("Dr Ada Exemple is absent")
    visit.sees("Dr Emma Gabarit has no registration for France")
    visit.go(draft)


def move_by_keyboard(visit, board):
    """Pick a urology session up at Mons, go to the next half-day that is possible, and drop it there."""
    card = urology_at_mons(board).first
    session, cell = card.get_attribute("data-card"), board.cell_of(card.get_attribute("data-card"))
    card.focus()
    visit.press("Space")
    expect(board.cells("ok").first).to_be_attached()
    visit.press("f")
    visit.hears("possible")
    visit.press("Enter")
    visit.hears("The session is moved to")
    expect(visit.page.locator(f"[data-card='{session}']")).to_be_focused()
    assert board.cell_of(session) != cell
    return session


def move_by_form(visit, board, look, but):
    """Move another one by the form of its page, as someone without JavaScript does."""
    draft = visit.page.url
    cards = urology_at_mons(board).all()
    card = next(one for one in reversed(cards) if one.get_attribute("data-card") != but)
    session, cell = card.get_attribute("data-card"), board.cell_of(card.get_attribute("data-card"))
    visit.go(card.get_attribute("href"))
    look(visit, "session")
    visit.page.get_by_role("radio").last.check()
    visit.push("Move the session")
    visit.sees("The session is moved to")
    assert board.cell_of(session) != cell
    visit.go(draft)


def see_why_not(visit, board):
    """Hold a joint theatre list over a half-day at which the theatre is not given to the cooperation."""
    card = board.cards("joint_theatre").first
    card.focus()
    visit.press("Space")
    expect(board.cells("no").first).to_be_attached()
    visit.press("Home")
    visit.hears("ot possible")
    visit.press("Escape")
    visit.hears("Put back. Nothing changed.")
    expect(card).to_be_focused()


def urology_at_mons(board):
    return board.cards("consultation", "Urology").filter(has_not_text="BE→FR")


def approve_and_publish(mons, open_visit, draft, look):
    mons.follow("Review and publish")
    look(mons, "publish-waiting")
    mons.sees("CH de Maubeuge has yet to approve.")
    expect(mons.page.get_by_role("button", name=re.compile("Publish version"))).to_be_disabled()
    mons.push("Approve for CHR Mons-Hainaut")

    clinician = open_visit(390, 844).sign_in("demo")
    clinician.go(f"/my-week?week={demo_day(NEXT_WEEK).strftime('%G-W%V')}")
    clinician.sees("Multidisciplinary team meeting")

    maubeuge = open_visit().sign_in("coordinator.maubeuge")
    maubeuge.go(f"{draft.partition('?')[0].partition('#')[0]}/publish")
    maubeuge.push("Approve for CH de Maubeuge")
    look(maubeuge, "publish-ready")
    if maubeuge.page.get_by_label("Why publish in spite of the warnings?").count():
        maubeuge.page.get_by_label("Why publish in spite of the warnings?").fill("The oncologist is on leave.")
    maubeuge.push(re.compile("Publish version"))
    maubeuge.sees("is published. The calendars of")

    clinician.page.reload()
    look(clinician, "my-week")
    expect(clinician.page.get_by_role("main")).not_to_contain_text("Multidisciplinary team meeting")
