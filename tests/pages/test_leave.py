"""Leave: who sees what of it, entering it and taking it back."""

from datetime import date, timedelta

from scheduler import clock
from scheduler.models import Leave


def test_the_own_coordinator_sees_the_kind_of_leave(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/leave")

    assert "Dr Visitor Hospital Mons" in page.text
    assert "Mon 21 Dec to Fri 25 Dec 2026" in page.text
    assert _kinds_in_list(page) == ["Annual leave"]


def test_partners_managers_and_administrators_see_no_kind(page_client, world):
    for login in ("coordinator.maubeuge", "manager.mons", "administrator.mons"):
        page = page_client.sign_in(login).get("/leave")

        assert _kinds_in_list(page) == ["unavailable"]


def test_strangers_see_nobody(page_client, world):
    page = page_client.sign_in("coordinator.tourcoing").get("/leave")

    assert "Hospital Mons" not in page.text


def test_a_coordinator_enters_leave_with_both_days_included(db_session, page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/leave")

    answer = page_client.submit(
        page,
        {
            "Who": "Dr Colleague Hospital Mons",
            "Kind of leave": "Study leave",
            "First day away": "2026-12-07",
            "Last day away": "2026-12-09",
        },
        button="Save leave",
    )

    assert "The leave is saved." in page_client.follow(answer).text
    leave = db_session.query(Leave).filter_by(clinician_id=world.ours.colleague).one()
    assert (leave.kind, leave.start_on, leave.end_on) == ("study", date(2026, 12, 7), date(2026, 12, 10))


def test_a_coordinator_may_enter_leave_for_the_own_side_alone(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/leave")

    form, _ = page.form("Save leave")
    names = [option.text for option in form.iter("option")]
    assert "Dr Visitor Hospital Mons" in names
    assert "Dr Host Hospital Maubeuge" not in names


def test_managers_and_administrators_enter_none(page_client, world):
    for login in ("manager.mons", "administrator.mons"):
        assert "Save leave" not in page_client.sign_in(login).get("/leave").text


def test_wrong_days_are_named_at_the_field_and_what_was_typed_stays(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/leave")

    answer = page_client.submit(
        page,
        {
            "Who": "Dr Colleague Hospital Mons",
            "Kind of leave": "Other leave",
            "First day away": "2026-12-09",
            "Last day away": "2026-12-07",
        },
        button="Save leave",
        status=422,
    )

    assert "The leave is not saved" in answer.text
    assert answer.links["The last day away is before the first day. Correct one of them."] == "#last_on"
    form, _ = answer.form("Save leave")
    values = {element.get("name"): element.get("value") for element in form.iter("input")}
    assert (values["first_on"], values["last_on"]) == ("2026-12-09", "2026-12-07")
    chosen = [option.text for option in form.iter("option") if "selected" in option.attrib]
    assert chosen == ["Dr Colleague Hospital Mons", "Other leave"]


def test_leave_that_is_there_already_is_refused(page_client, world):
    page = page_client.sign_in("clinician.mons").get("/leave")

    answer = page_client.submit(
        page, {"First day away": "2026-12-25", "Last day away": "2026-12-28"}, button="Save leave", status=422
    )

    assert "There is leave already" in answer.text


def test_leave_that_hits_published_sessions_is_shown_before_it_is_saved(db_session, page_client, world):
    page = page_client.sign_in("clinician.mons").get("/leave")
    days = {"First day away": "2026-11-23", "Last day away": "2026-11-24"}

    asked = page_client.submit(page, days, button="Save leave", status=422)

    assert asked.title == "Leave (not saved) – Passerelle"
    assert asked.links["This leave hits 1 published session: tick the box to save it."] == "#is_confirmed"
    assert 'value="2026-11-24"' in asked.html
    assert "Mon 23 Nov 08:30–12:30 Consultation, Urology · Site FR-MAUBEUGE" in asked.text
    assert db_session.query(Leave).filter_by(clinician_id=world.ours.visitor).count() == 1

    answer = page_client.submit(asked, {"Save although these sessions lose someone": True}, button="Save leave")

    assert "1 published session now lacks someone." in page_client.follow(answer).text
    assert db_session.query(Leave).filter_by(clinician_id=world.ours.visitor).count() == 2


def test_a_clinician_takes_leave_back_after_a_question(db_session, page_client, world):
    page = page_client.sign_in("clinician.mons").get("/leave")

    assert "Take back this leave of Dr Visitor Hospital Mons?" in page.text
    answer = page_client.submit(page, {}, button="Yes, take it back")

    assert "The leave is taken back." in page_client.follow(answer).text
    assert db_session.get(Leave, world.ours.leave) is None


def test_of_leave_that_runs_the_days_taken_stay(db_session, page_client, world):
    running = db_session.get(Leave, world.ours.leave)
    running.start_on = clock.today() - timedelta(days=2)
    db_session.commit()
    page = page_client.sign_in("clinician.mons").get("/leave")

    answer = page_client.submit(page, {}, button="Yes, take it back")

    assert "The days already taken stay in the record." in page_client.follow(answer).text
    db_session.expire_all()
    assert db_session.get(Leave, world.ours.leave).end_on == clock.today()


def test_a_partner_cannot_take_leave_back(page_client, world):
    page_client.sign_in("coordinator.maubeuge").post(f"/leave/{world.ours.leave}/cancel", status=403)


def _kinds_in_list(page):
    cells = [cell for cell in page.all("td") if cell.get("data-label") == "Kind"]
    return ["".join(cell.itertext()).strip() for cell in cells]


def test_a_clinician_without_leave_is_not_told_about_others(page_client, world):
    page = page_client.sign_in("clinician.maubeuge").get("/leave")

    assert "You have no leave entered" in page.text
    assert "No one is away" not in page.text
