"""The start page by access role."""

import pytest

from scheduler.extensions import commit
from scheduler.models import RosterVersion, Site
from tests import factories as make


def test_whoever_is_not_signed_in_is_asked_to(page_client):
    page = page_client.get("/", status=303)

    assert page.location.startswith("/sign-in")


def test_a_coordinator_sees_next_weeks_roster_and_that_this_week_has_none(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/")

    assert page.heading == "Today"
    assert "Wednesday 18 November 2026" in page.text
    assert "No roster covers this week" in page.text
    assert "Hospital Mons and Hospital Maubeuge" in page.links
    assert page.links["Open the board"].startswith(f"/rosters/{world.ours.roster}/versions/")


def test_a_coordinator_is_led_to_solve_a_roster_without_versions(db_session, page_client, world):
    site = make.make_site(make.make_organisation("LONELY"))
    make.make_account("coordinator.lonely", roles={site.organisation: "coordinator"})
    roster = make.make_roster([site], first_on=make.WEEK)
    commit()

    page = page_client.sign_in("coordinator.lonely").get("/")

    assert "1 roster waits for you." in page.text
    assert "Not planned yet" in page.text
    assert page.links["Solve"] == f"/rosters/{roster.id}/solve"


def test_a_draft_that_changes_duties_waits_for_both_keys(db_session, page_client, world):
    draft = db_session.get(RosterVersion, world.ours.draft)
    draft.placements[0].on_date = make.WEEK.replace(day=24)
    commit()

    page = page_client.sign_in("coordinator.mons").get("/")

    assert "Hospital Mons has not approved yet" in page.text
    assert "Hospital Maubeuge has not approved yet" in page.text
    assert page.links["Look at the changes and approve"] == f"/rosters/{world.ours.roster}/versions/2/publish"


def test_a_coordinator_sees_who_is_on_leave_soon(db_session, page_client, world):
    colleague = make.make_clinician(_site(db_session, world.ours.home_site), name="Dr Away")
    make.make_leave(colleague, start_on=make.WEEK, kind="study")
    commit()

    page = page_client.sign_in("coordinator.mons").get("/")

    assert "Dr Away Mon 23 Nov to Fri 27 Nov · Study leave" in page.text


def test_papers_that_end_within_90_days_are_listed(db_session, page_client, world):
    clinician = make.make_clinician(_site(db_session, world.ours.home_site), name="Dr Lapsing")
    clinician.registrations[0].valid_until = make.NOW.date().replace(month=12, day=25)
    commit()

    page = page_client.sign_in("coordinator.mons").get("/")

    assert "Dr Lapsing" in page.links
    assert "Registration, Belgium Ends on 24 Dec 2026" in page.text


def test_a_clinician_sees_the_week_and_the_way_to_the_calendar(db_session, page_client, world):
    page = page_client.sign_in("clinician.mons").get("/")

    assert "Your week" in page.text
    assert page.links["Subscribe in your calendar"] == "/my-calendar"
    assert "Papers that need attention" not in page.text


def test_a_manager_sees_rosters_with_their_numbers_and_no_buttons_to_change_them(page_client, world):
    page = page_client.sign_in("manager.mons").get("/")

    assert "Hospital Mons and Hospital Maubeuge" in page.links
    assert "Held" in page.text
    assert "Solve" not in page.text
    assert "Papers that need attention" not in page.text


def test_an_administrator_sees_accounts_of_the_own_organisation_alone(page_client, world):
    page = page_client.sign_in("administrator.mons").get("/")

    assert "coordinator.mons" in page.text
    assert "coordinator.maubeuge" not in page.text
    assert "Latest in the journal" in page.text


def test_the_platform_administrator_sees_organisations_and_no_rosters(page_client, world):
    page = page_client.sign_in("platform").get("/")

    assert "4 organisations" in page.text
    assert "Hospital Mons and Hospital Maubeuge" not in page.text


def test_an_account_without_role_is_told_whom_to_ask(db_session, page_client):
    make.make_account("nobody")
    commit()

    page = page_client.sign_in("nobody").get("/")

    assert "Your account has no access role yet" in page.text


@pytest.mark.parametrize(
    ("login", "shown", "hidden"),
    [
        ("coordinator.mons", {"Rosters", "Leave", "Clinicians", "Sites", "Agreements"}, {"My week"}),
        ("clinician.mons", {"My week", "Leave", "My calendar"}, {"Clinicians", "Sites", "Agreements"}),
        ("platform", {"Sites"}, {"Leave", "Clinicians", "My week"}),
    ],
)
def test_the_navigation_offers_what_the_account_may_open(page_client, world, login, shown, hidden):
    page = page_client.sign_in(login).get("/")

    assert shown <= page.links.keys()
    assert not hidden & page.links.keys()


def _site(session, site_id):
    return session.get(Site, site_id)


def test_a_clinician_with_nothing_more_this_week_is_told_of_the_next_duty(page_client, world):
    page = page_client.sign_in("clinician.mons").get("/")

    assert "Your next published duty: Mon 23 Nov at 08:30, Site FR-MAUBEUGE." in page.text
    assert page.links["Look at that week"] == "/my-week?week=2026-W48"


def test_sessions_that_are_not_held_are_called_so(page_client, world):
    assert "sessions not held" in page_client.sign_in("coordinator.mons").get("/").text
