"""Calendar files for who is signed in, and the page of a duty to which calendars lead."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from scheduler.extensions import commit
from scheduler.models import ClinicalSession, RosterVersion, Seat
from tests import factories as make

FILE = "text/calendar; charset=utf-8"


@pytest.fixture
def clinician(world, page_client):
    return page_client.sign_in("clinician.mons")


@pytest.fixture
def duty_path(world):
    return f"/duties/{world.ours.seat}"


@pytest.fixture
def version_path(world):
    return f"/rosters/{world.ours.roster}/versions/1"


def download(client, path, status=200):
    response = client.get(path, status=status).response
    assert response.content_type == FILE
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    return Calendar.from_ical(response.get_data())


def uid_of(db_session, model, number):
    return f"{db_session.get(model, number).uid}@passerelle.invalid"


def test_a_duty_is_downloaded_with_the_identity_it_has_in_feeds(clinician, duty_path, db_session, world):
    (event,) = download(clinician, f"{duty_path}/duty.ics").events

    assert event["uid"] == uid_of(db_session, Seat, world.ours.seat)
    assert event["summary"] == "Consulting 1 · Urology – Hospital Maubeuge"
    assert not event.alarms.times


def test_a_file_is_named_in_ascii_and_in_full(clinician, duty_path):
    clinician.post("/language", {"language": "fr"})
    named = clinician.get(f"{duty_path}/duty.ics").response.headers["Content-Disposition"]

    assert 'filename="2026-11-23-consultation-hospital-maubeuge.ics"' in named
    assert "filename*=UTF-8''2026-11-23%20Consultation%20Hospital%20Maubeuge.ics" in named


def test_a_file_speaks_the_readers_language(clinician, duty_path):
    clinician.post("/language", {"language": "fr"})

    (event,) = download(clinician, f"{duty_path}/duty.ics").events

    assert event["summary"] == "Consulting 1 · Urologie – Hospital Maubeuge"


@pytest.mark.parametrize("minutes", ["30", "60", "120", "1440"])
def test_a_file_may_carry_one_reminder(clinician, duty_path, minutes):
    (event,) = download(clinician, f"{duty_path}/duty.ics?reminder={minutes}").events

    (alarm,) = event.walk("VALARM")
    assert alarm["action"] == "DISPLAY"
    assert alarm["trigger"].dt == -timedelta(minutes=int(minutes))


@pytest.mark.parametrize("minutes", ["5", "-30", "soon", "030", "³0", "1e3"])
def test_no_other_reminder_is_accepted(clinician, duty_path, minutes):
    page = clinician.get(f"{duty_path}/duty.ics?reminder={minutes}", status=422)

    assert "Please choose one of the reminders offered." in page.text


def test_a_week_is_downloaded_from_its_page(clinician, db_session, world):
    page = clinician.get("/my-week?week=2026-W48")

    answer = clinician.submit(page, {"Reminder": "1 hour before"}, button="Download this week", status=200)

    (event,) = Calendar.from_ical(answer.response.get_data()).events
    assert event["uid"] == uid_of(db_session, Seat, world.ours.seat)
    assert len(event.walk("VALARM")) == 1
    assert 'filename="week-48-of-2026-dr-visitor-hospital-mons.ics"' in answer.response.headers["Content-Disposition"]


def test_a_week_without_duties_gives_a_calendar_without_events(clinician):
    assert download(clinician, "/my-week/week.ics?week=2026-W20").events == []


def test_whoever_is_no_clinician_has_no_week_to_download(world, page_client):
    page_client.sign_in("coordinator.mons").get("/my-week/week.ics", status=404)


def test_a_published_version_has_its_sessions_under_their_identities(clinician, version_path, db_session, world):
    (event,) = download(clinician, f"{version_path}/roster.ics").events

    assert event["uid"] == uid_of(db_session, ClinicalSession, world.ours.session)
    assert "Dr Visitor Hospital Mons" in event["description"]


def test_a_replaced_version_never_overwrites_todays_sessions(page_client, version_path, db_session, world):
    replace_version(db_session, world.ours)
    client = page_client.sign_in("coordinator.mons")

    (old,) = download(client, f"{version_path}/roster.ics").events
    (new,) = download(client, f"/rosters/{world.ours.roster}/versions/2/roster.ics").events

    uid = db_session.get(ClinicalSession, world.ours.session).uid
    assert (old["uid"], new["uid"]) == (f"{uid}-v1@passerelle.invalid", f"{uid}@passerelle.invalid")


def test_a_replaced_version_is_nothing_for_a_clinician(page_client, version_path, db_session, world):
    replace_version(db_session, world.ours)

    page_client.sign_in("clinician.mons").get(f"{version_path}/roster.ics", status=404)


def replace_version(db_session, side):
    """Publish the draft in place of what is published."""
    old, new = db_session.get(RosterVersion, side.published), db_session.get(RosterVersion, side.draft)
    old.state = "superseded"
    db_session.flush()
    new.state, new.published_at = "published", make.NOW + timedelta(hours=1)
    commit()


def test_there_is_no_file_of_a_draft(page_client, world):
    client = page_client.sign_in("coordinator.mons")

    page = client.get(f"/rosters/{world.ours.roster}/versions/2/roster.ics", status=403)

    assert "There is no calendar of a draft: publish it first." in page.text


def test_the_list_of_versions_offers_files_of_what_was_published(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}/versions")

    assert page.links["Download Version 1"] == f"/rosters/{world.ours.roster}/versions/1/roster.ics"
    assert "Download Version 2" not in page.links


def test_the_board_of_a_published_version_leads_to_its_file(page_client, world, version_path):
    client = page_client.sign_in("coordinator.mons")

    assert client.get(version_path).links["Calendar file"] == f"{version_path}/roster.ics"
    assert "Calendar file" not in client.get(f"/rosters/{world.ours.roster}/versions/2").links


def test_a_partner_finds_the_sessions_of_the_agreement_in_the_file(page_client, version_path):
    assert len(download(page_client.sign_in("manager.maubeuge"), f"{version_path}/roster.ics").events) == 1


def test_the_page_of_a_duty_says_where_to_be_and_how_to_get_there(clinician, duty_path, world):
    page = clinician.get(duty_path)

    assert page.heading == "Urology, Consultation"
    assert "Monday 23 November 2026, 08:30–12:30" in page.text
    assert "Site FR-MAUBEUGE, Hospital Maubeuge" in page.text
    assert "Consulting 1" in page.text
    assert "45 min by road from Site BE-MONS" in page.text
    assert "BE → FR" in page.text
    assert page.links["Show the site on a map"] == "geo:50.4,3.9"
    assert page.links["Look at that week"] == "/my-week?week=2026-W48"
    assert page.links["Open it in the roster"].endswith(f"/versions/1/sessions/{world.ours.session}")


def test_a_duty_is_downloaded_from_its_page(clinician, duty_path):
    answer = clinician.submit(clinician.get(duty_path), {}, button="Download this duty", status=200)

    assert len(Calendar.from_ical(answer.response.get_data()).events) == 1


def test_my_week_leads_to_the_page_of_each_duty(clinician, duty_path):
    assert clinician.get("/my-week?week=2026-W48").links["Consultation · Urology"] == duty_path


@pytest.mark.parametrize("login", ["coordinator.mons", "manager.maubeuge", "administrator.mons", "clinician.mons"])
def test_who_sees_the_roster_sees_the_duty(world, page_client, duty_path, login):
    assert "Dr Visitor Hospital Mons" in page_client.sign_in(login).get(duty_path).text


@pytest.mark.parametrize("login", ["coordinator.tourcoing", "clinician.tourcoing", "clinician.maubeuge", "platform"])
@pytest.mark.parametrize("file", ["", "/duty.ics"])
def test_nobody_else_learns_that_there_is_a_duty(world, page_client, duty_path, login, file):
    page_client.sign_in(login).get(duty_path + file, status=404)


def test_a_link_in_a_calendar_leads_through_the_sign_in_and_back(world, page_client, duty_path):
    page = page_client.get(duty_path, status=303)

    assert page.location == f"/sign-in?next={duty_path}"


def test_the_link_of_a_session_leads_to_the_published_roster(world, page_client):
    page = page_client.sign_in("manager.mons").get(f"/sessions/{world.ours.session}", status=303)

    assert page.location == f"/rosters/{world.ours.roster}/versions/1/sessions/{world.ours.session}"


@pytest.mark.parametrize("login", ["coordinator.tourcoing", "clinician.maubeuge", "platform"])
def test_the_link_of_a_session_tells_strangers_nothing(world, page_client, login):
    page_client.sign_in(login).get(f"/sessions/{world.ours.session}", status=404)


def test_the_link_of_a_duty_that_nobody_has_any_more_leads_to_its_session(page_client, db_session, world):
    gap = db_session.get(ClinicalSession, world.ours.gap)

    page = page_client.sign_in("coordinator.mons").get(f"/duties/{gap.seats[0].id}", status=303)

    assert page.location.endswith(f"/versions/1/sessions/{gap.id}")
