"""Clinicians: who is found, and what of them is shown to whom."""

from datetime import timedelta

from scheduler.extensions import commit
from scheduler.models import ClinicalSession, Clinician, Registration, Site
from tests import factories as make

TODAY = make.NOW.date()


def test_the_list_shows_the_own_people_and_those_of_partners_who_are_enrolled(page_client, world):
    page_client.sign_in("coordinator.maubeuge")

    page = page_client.get("/clinicians")

    assert "2 clinicians" in page.text
    assert {"Dr Host Hospital Maubeuge", "Dr Visitor Hospital Mons"} <= page.links.keys()
    assert "Dr Colleague Hospital Mons" not in page.text


def test_a_name_is_found_without_accents_and_capitals(db_session, page_client, world):
    make.make_clinician(db_session.get(Site, world.ours.home_site), name="Dr Élodie Gérard")
    commit()
    page_client.sign_in("coordinator.mons")

    page = page_client.get("/clinicians?find=GERARD+elodie")

    assert "1 clinician" in page.text
    assert "Dr Élodie Gérard" in page.links


def test_filters_without_a_match_lead_back_to_everyone(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/clinicians?find=nobody")

    assert "No clinician fits" in page.text
    assert page.links["Show all clinicians"] == "/clinicians"


def test_a_specialty_and_a_site_narrow_the_list(db_session, page_client, world):
    make.make_clinician(db_session.get(Site, world.ours.home_site), name="Dr Heart", specialties=("dialysis",))
    commit()
    page_client.sign_in("coordinator.mons")

    assert "1 clinician" in page_client.get("/clinicians?specialty=dialysis").text
    assert "No clinician fits" in page_client.get(f"/clinicians?site={world.ours.host_site}").text


def test_a_long_list_comes_in_pages_of_fifty(db_session, page_client, world):
    site = db_session.get(Site, world.ours.home_site)
    for number in range(50):
        make.make_clinician(site, code=f"Z{number:02}", name=f"Dr Number {number}")
    commit()
    page_client.sign_in("coordinator.mons")

    first = page_client.get("/clinicians?find=dr")
    second = page_client.get(first.links["Next page"])

    assert "52 clinicians" in first.text
    assert "Page 2 of 2" in second.text
    assert "Dr Number 49" in second.links
    assert second.links["Previous page"] == "/clinicians?find=dr&page=1"


def test_the_own_coordinator_sees_papers_with_numbers_and_the_contract(db_session, page_client, world):
    _number(db_session, world, "BE-4711")

    page = page_client.sign_in("coordinator.mons").get(f"/clinicians/{world.ours.visitor}")

    assert page.heading == "Dr Visitor Hospital Mons"
    assert "Number BE-4711" in page.text
    assert "Employee" in page.text
    assert "10 sessions a week" in page.text


def test_a_partner_sees_verdict_and_last_day_without_numbers_or_contract(db_session, page_client, world):
    _number(db_session, world, "BE-4711")

    page = page_client.sign_in("coordinator.maubeuge").get(f"/clinicians/{world.ours.visitor}")

    assert "Registration, Belgium Valid until 31 Dec 2099" in page.text
    assert "4711" not in page.text
    assert "Employee" not in page.text
    assert "sessions a week" not in page.text


def test_a_manager_sees_no_papers(page_client, world):
    page = page_client.sign_in("manager.mons").get(f"/clinicians/{world.ours.visitor}")

    assert "Papers" not in page.text
    assert "Not shown to you" in page_client.get("/clinicians").text


def test_clinicians_see_their_own_page_and_nobody_elses(page_client, world):
    page_client.sign_in("clinician.mons")

    assert "Valid until" in page_client.get(f"/clinicians/{world.ours.visitor}").text
    page_client.get(f"/clinicians/{world.ours.colleague}", status=404)
    page_client.get("/clinicians", status=403)


def test_strangers_find_nobody(page_client, world):
    page_client.sign_in("coordinator.tourcoing").get(f"/clinicians/{world.ours.visitor}", status=404)


def test_the_kind_of_leave_stays_with_the_own_coordinator(page_client, world):
    path = f"/clinicians/{world.ours.visitor}"

    assert "Mon 21 Dec to 25 Dec 2026 Annual leave" in page_client.sign_in("coordinator.mons").get(path).text
    for login in ("coordinator.maubeuge", "manager.mons", "administrator.mons"):
        assert "Mon 21 Dec to 25 Dec 2026 unavailable" in page_client.sign_in(login).get(path).text


def test_papers_are_judged_by_their_last_day(db_session, page_client, world):
    visitor = db_session.get(Clinician, world.ours.visitor)
    visitor.registrations[0].valid_until = TODAY
    visitor.registrations[1].valid_until = TODAY + timedelta(days=91)
    visitor.insurances[0].countries = ["BE"]
    visitor.a1_valid_until = TODAY + timedelta(days=92)
    commit()

    page = page_client.sign_in("coordinator.mons").get(f"/clinicians/{world.ours.visitor}")

    assert "Registration, Belgium Ended on 17 Nov 2026" in page.text
    assert "Registration, France Ends on 16 Feb 2027" in page.text
    assert "Insurance, France Missing" in page.text
    assert "A1 certificate of social security Valid until 17 Feb 2027" in page.text


def test_a_declaration_that_replaces_a_lapsed_one_counts(db_session, page_client, world):
    visitor = db_session.get(Clinician, world.ours.visitor)
    visitor.registrations[1].valid_until = TODAY
    visitor.registrations.append(
        Registration(country="FR", kind="temporary_declaration", valid_from=TODAY, valid_until=TODAY.replace(year=2028))
    )
    commit()

    page = page_client.sign_in("coordinator.mons").get(f"/clinicians/{world.ours.visitor}")

    assert "Temporary declaration, France Valid until 17 Nov 2028" in page.text


def test_a_partner_sees_duties_of_the_agreement_and_elsewhere_only_that_someone_is_busy(db_session, page_client, world):
    _work_at_home(db_session, world)
    path = f"/clinicians/{world.ours.visitor}"

    partner = page_client.sign_in("coordinator.maubeuge").get(path).text
    own = page_client.sign_in("coordinator.mons").get(path).text

    assert "Mon 23 Nov 08:30–12:30 · Consultation, Urology Site FR-MAUBEUGE" in partner
    assert "Fri 27 Nov 13:30–17:30 busy elsewhere" in partner
    assert "Fri 27 Nov 13:30–17:30 · Ward round, Urology Site BE-MONS" in own


def _number(session, world, number):
    session.get(Clinician, world.ours.visitor).registrations[0].number = number
    commit()


def _work_at_home(session, world):
    """The visitor holds a session of the home hospital that no agreement covers."""
    site = session.get(Site, world.ours.home_site)
    template = make.make_template(site, code="HOME", kind="ward_round", room_kind=None)
    roster = make.make_roster([], templates=[template])
    (held,) = session.query(ClinicalSession).filter_by(roster_id=roster.id)
    version = make.make_version(roster)
    visitor = session.get(Clinician, world.ours.visitor)
    friday = make.WEEK + timedelta(days=4)
    make.place(version, held, on=friday, half_day="afternoon", team={held.seats[0]: visitor})
    version.state, version.published_at = "published", make.NOW
    make.publish_duties(version)
    commit()


def test_a_coordinator_of_the_home_hospital_changes_a_name(page_client, world):
    page_client.sign_in("coordinator.mons")
    page = page_client.get(f"/clinicians/{world.ours.visitor}")

    page = page_client.follow(page_client.submit(page, {"New name": "Dr Visitor Nouveau"}, button="Save name"))

    assert page.heading == "Dr Visitor Nouveau"
    assert "The name is saved." in page.text


def test_a_name_that_is_refused_is_shown_beside_its_field(page_client, world):
    page_client.sign_in("administrator.mons")
    page = page_client.get(f"/clinicians/{world.ours.visitor}")

    page = page_client.submit(page, {"New name": "x" * 81}, button="Save name", status=422)

    assert "(not saved)" in page.title
    assert page.links["Use at most 80 characters."] == "#clinician-name"


def test_nobody_else_is_offered_to_change_a_name(page_client, world):
    path = f"/clinicians/{world.ours.visitor}"
    for login in ("manager.mons", "clinician.mons", "coordinator.maubeuge"):
        assert "Change the name" not in page_client.sign_in(login).get(path).text
    page_client.post(f"{path}/rename", {"name": "Ours"}, status=403)
