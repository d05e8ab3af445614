"""Agreements: the parties read them, those enrolled too, and nobody else."""

from datetime import timedelta

from scheduler.extensions import commit
from scheduler.models import Clinician, CooperationAgreement
from tests import factories as make

TODAY = make.NOW.date()


def test_both_sides_list_the_agreement_between_them(page_client, world):
    for login in ("coordinator.mons", "manager.maubeuge"):
        page = page_client.sign_in(login).get("/agreements")

        assert "1 agreement" in page.text
        assert "Site BE-MONS BE →to Site FR-MAUBEUGE FR" in page.text
        assert "In force" in page.text


def test_an_agreement_shows_parties_lines_and_enrolled_people(db_session, page_client, world):
    line = db_session.get(CooperationAgreement, world.ours.agreement).lines[0]
    line.kinds, line.min_per_week, line.target_per_week, line.max_per_week = ["consultation"], 1, 2, 4
    commit()

    page = page_client.sign_in("coordinator.maubeuge").get(f"/agreements/{world.ours.agreement}")

    assert page.heading == "Agreement MONS-MAUBEUGE-URO"
    assert "Hosts Hospital Maubeuge Yours" in page.text
    assert "Urology Consultation 1 2 4" in page.text
    assert "Dr Visitor Hospital Mons" in page.links


def test_facts_without_a_source_are_marked_as_invented(db_session, page_client, world):
    agreement = db_session.get(CooperationAgreement, world.ours.agreement)
    agreement.invented = ["volumes", "dates"]
    agreement.sources = ["The weekly paper, https://example.org/weekly", "A letter"]
    commit()

    page = page_client.sign_in("coordinator.mons").get(f"/agreements/{world.ours.agreement}")

    assert "Invented for the demonstration" in page.text
    assert "numbers of sessions" in page.text
    assert page.links["The weekly paper"] == "https://example.org/weekly"
    assert "A letter" in page.text


def test_the_state_follows_the_dates(db_session, page_client, world):
    agreement = db_session.get(CooperationAgreement, world.ours.agreement)
    page_client.sign_in("coordinator.mons")
    for first, until, state in [
        (TODAY + timedelta(days=1), TODAY + timedelta(days=9), "Not yet in force"),
        (make.LONG_AGO, TODAY, "No longer in force"),
        (make.LONG_AGO, TODAY + timedelta(days=1), "Ends within 90 days"),
    ]:
        agreement.valid_from, agreement.valid_until = first, until

        page = page_client.get(f"/agreements/{world.ours.agreement}")

        assert state in page.text


def test_partners_people_vanish_when_the_agreement_is_over(db_session, page_client, world):
    db_session.get(CooperationAgreement, world.ours.agreement).valid_until = TODAY
    commit()

    page = page_client.sign_in("coordinator.maubeuge").get(f"/agreements/{world.ours.agreement}")

    assert "Dr Visitor Hospital Mons" not in page.text
    page_client.get(f"/clinicians/{world.ours.visitor}", status=404)


def test_a_state_narrows_the_list(page_client, world):
    page_client.sign_in("coordinator.mons")

    assert "1 agreement" in page_client.get("/agreements?state=running").text
    assert "No agreement fits" in page_client.get("/agreements?state=over").text


def test_clinicians_read_the_agreements_in_which_they_are_enrolled(db_session, page_client, world):
    page_client.sign_in("clinician.mons").get(f"/agreements/{world.ours.agreement}")
    page_client.sign_in("clinician.maubeuge").get(f"/agreements/{world.ours.agreement}", status=404)


def test_strangers_find_nothing(page_client, world):
    page_client.sign_in("coordinator.tourcoing").get(f"/agreements/{world.ours.agreement}", status=404)


def test_an_enrolled_clinician_without_office_sees_no_one_elses_papers(db_session, page_client, world):
    colleague = db_session.get(Clinician, world.ours.colleague)
    agreement = db_session.get(CooperationAgreement, world.ours.agreement)
    agreement.enrolments.append(
        make.AgreementEnrolment(clinician=colleague, valid_from=make.LONG_AGO, valid_until=make.FAR_AHEAD)
    )
    commit()

    page = page_client.sign_in("clinician.mons").get(f"/agreements/{world.ours.agreement}")

    assert "Dr Visitor Hospital Mons" in page.links
    assert "Dr Colleague" not in page.text


def test_texts_of_the_demonstration_are_shown_in_the_readers_language(db_session, page_client, world):
    agreement = db_session.get(CooperationAgreement, world.ours.agreement)
    agreement.title = "Mons–Maubeuge · urology"
    agreement.frequency, agreement.legal_basis, agreement.note = "Visiting specialists", "Agreement", "Our own note"
    commit()
    page_client.sign_in("coordinator.mons").post("/language", {"language": "fr", "next": "/"})

    page = page_client.get(f"/agreements/{world.ours.agreement}")

    assert page.heading == "Mons–Maubeuge · Urologie"
    for text in ("Praticiens visiteurs", "Convention", "Our own note"):
        assert text in page.text
    assert "Mons–Maubeuge · Urologie" in page_client.get("/agreements?find=urologie").links
    assert "Mons–Maubeuge · Urologie" in page_client.get(f"/clinicians/{world.ours.visitor}").links


def test_the_days_of_an_enrolment_stand_under_their_own_heading(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/agreements/{world.ours.agreement}")

    assert "First and last day" in page.text
    assert "Enrolled" not in page.text


def test_the_host_shows_consultations_to_the_public_and_hides_them_again(page_client, world):
    path = f"/agreements/{world.ours.agreement}"
    page = page_client.sign_in("coordinator.maubeuge").get(path)
    assert "are not shown to the public" in page.text

    page = page_client.follow(page_client.submit(page, {}, button="Show consultations to the public"))

    assert "now show these consultations" in page.text
    assert "Anyone can see the consultations under this agreement" in page.text

    page = page_client.follow(page_client.submit(page, {}, button="Hide consultations from the public"))

    assert "are not shown to the public" in page.text


def test_the_side_that_sends_reads_whether_the_public_sees_consultations(page_client, world):
    path = f"/agreements/{world.ours.agreement}"
    page = page_client.sign_in("coordinator.mons").get(path)

    assert "are not shown to the public" in page.text
    assert "Show consultations to the public" not in page.text
    page_client.post(f"{path}/show-to-public", status=403)
    page_client.post(f"{path}/hide-from-public", status=403)
