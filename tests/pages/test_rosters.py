"""The list of rosters and a new one, the board, and what is done to a whole draft."""

from scheduler.extensions import commit
from scheduler.models import Clinician, RosterVersion
from tests import factories as make


def test_a_coordinator_sees_the_rosters_of_both_sides_by_week(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/rosters")

    assert page.heading == "Rosters"
    assert "Week 48 of 2026" in page.text
    assert page.links["Hospital Mons and Hospital Maubeuge"] == f"/rosters/{world.ours.roster}"
    assert page.links["Open draft 2"] == f"/rosters/{world.ours.roster}/versions/2"


def test_a_roster_opens_at_its_published_version(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}", status=303)

    assert page.location == f"/rosters/{world.ours.roster}/versions/1"


def test_the_board_shows_rooms_with_their_sessions_and_what_is_not_held(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}/versions/2")

    assert "Draft 2" in page.text
    assert "Still the same as published version 1." in page.text
    assert "1 of 2 sessions held" in page.text
    assert "Theatre 1" in page.text


def test_the_board_shows_clinicians_when_asked(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}/versions/2?by=clinicians")

    assert "Dr Visitor Hospital Mons" in page.text


def test_a_new_roster_begins_in_the_first_week_without_one(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/rosters")

    assert 'value="2026-11-30"' in page.html


def test_titles_tell_boards_apart(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}/versions/2")

    assert page.title == "Hospital Mons and Hospital Maubeuge, Week 48, Version 2 – Passerelle"


def test_who_is_on_leave_is_not_called_closed(db_session, page_client, world):
    make.make_leave(db_session.get(Clinician, world.ours.colleague), start_on=make.WEEK)
    commit()

    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}/versions/2?by=clinicians")

    assert "Dr Colleague Hospital Mons is on leave" in page.text
    assert "Closed" not in page.text


def test_a_draft_that_can_never_be_published_offers_a_new_one(db_session, page_client, world):
    db_session.get(RosterVersion, world.ours.draft).based_on_id = None
    commit()

    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}/versions/2")

    assert "this draft can no longer be published" in page.text
    assert "Review and publish" not in page.links
    assert page.form("Start a new draft")[0].get("action") == f"/rosters/{world.ours.roster}/drafts"


def test_a_published_session_leads_to_a_new_draft(page_client, world):
    ours = world.ours
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{ours.roster}/versions/1/sessions/{ours.session}")

    assert page.form("Edit in a new draft")[0].get("action") == f"/rosters/{ours.roster}/drafts"
