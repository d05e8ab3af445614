"""My week, as a clinician reads it on a phone."""

from scheduler.extensions import commit
from scheduler.models import Clinician, Site
from tests import factories as make


def test_a_week_shows_when_where_and_that_the_border_is_crossed(page_client, world):
    page = page_client.sign_in("clinician.mons").get("/my-week?week=2026-W48")

    assert page.heading == "My week"
    assert "Week 48, Mon 23 Nov to 29 Nov 2026" in page.text
    assert "08:30" in page.text
    assert "to 12:30" in page.text
    assert "Consultation · Urology" in page.text
    assert "Site FR-MAUBEUGE, Consulting 1" in page.text
    assert "BE → FR" in page.text
    assert "45 min by road" in page.text
    assert "1 session, 1 day across the border." in page.text


def test_a_week_without_duties_says_so_and_leads_on(page_client, world):
    page = page_client.sign_in("clinician.mons").get("/my-week")

    assert "Nothing is published for you in this week so far." in page.text
    assert page.links["Week after"] == "/my-week?week=2026-W48"
    assert page.links["Week before"] == "/my-week?week=2026-W46"


def test_work_at_home_crosses_no_border(db_session, page_client, world):
    page = page_client.sign_in("clinician.maubeuge").get("/my-week?week=2026-W48")

    assert "BE → FR" not in page.text


def test_days_of_leave_are_marked(db_session, page_client, world):
    make.make_leave(db_session.get(Clinician, world.ours.visitor), start_on=make.WEEK.replace(day=26), days=1)
    commit()

    page = page_client.sign_in("clinician.mons").get("/my-week?week=2026-W48")

    assert "Thu 26 Nov on leave" in page.text


def test_days_that_are_over_are_folded_away(page_client, world):
    page = page_client.sign_in("clinician.mons").get("/my-week")

    assert "Earlier this week: 2 days" in page.text


def test_an_impossible_week_shows_this_one(page_client, world):
    page_client.sign_in("clinician.mons")

    assert "Week 47" in page_client.get("/my-week?week=2026-W99").text
    assert "Week 47" in page_client.get("/my-week?week=soon").text


def test_who_is_no_clinician_has_no_week(page_client, world):
    page_client.sign_in("coordinator.mons").get("/my-week", status=404)


def test_cover_after_a_list_names_its_end_on_another_day(db_session, page_client, world):
    site = db_session.get(Site, world.ours.host_site)
    host = db_session.get(Clinician, world.ours.host_clinician)
    template = make.make_template(site, code="COVERED", kind="joint_theatre", half_days=((3, "morning"),))
    template.demands[0].cover_hours, template.demands[0].is_exclusive = 48, False
    roster = make.make_roster([], templates=[template])
    (session,) = make.sessions_of(roster)
    version = make.make_version(roster)
    start = make.WEEK.replace(day=25)
    placement = make.place(version, session, on=start, team={session.seats[0]: host})
    version.state, version.published_at = "published", make.NOW
    make.publish_duties(version)
    (duty,) = db_session.query(make.PublishedDuty).filter_by(version_id=version.id)
    duty.start_at, duty.end_at, duty.is_exclusive = placement.end_at, placement.end_at.replace(day=27), False
    commit()

    page = page_client.sign_in("clinician.maubeuge").get("/my-week?week=2026-W48")

    assert "Post-operative cover · Urology" in page.text
    assert "until Fri 27 Nov, 12:30" in page.text
    assert "You are the named cover" in page.text
    assert "Thu 26 Nov Post-operative cover until Fri 27 Nov, 12:30" in page.text
    assert "Fri 27 Nov Post-operative cover until Fri 27 Nov, 12:30" in page.text
    assert page.text.count("Nothing planned") == 2
    assert "Nothing is published for you" not in page.text
