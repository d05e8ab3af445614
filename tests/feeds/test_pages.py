from datetime import timedelta

import pytest
import time_machine

from scheduler.extensions import db
from scheduler.models import FeedSubscription
from tests.factories import NOW

PHONE = "iOS/19.1 (23B85) dataaccessd/1.0"


@pytest.fixture
def clinician(world, page_client):
    return page_client.sign_in("clinician.mons")


def subscribe(client, fields=None):
    return client.submit(client.get("/my-calendar"), fields or {}, button="Make an address", status=200)


def address_of(page):
    return next(one.get("value") for one in page.all("input") if one.get("id") == "address")


def test_a_clinician_subscribes_in_one_step(clinician, program):
    page = subscribe(clinician, {"What is it for?": "my phone", "Language of the entries": "Français"})

    address = address_of(page)
    assert page.heading == "Calendar address"
    assert "It shows the duties of Dr Visitor Hospital Mons." in page.text
    assert "Anyone who has this address can read the calendar." in page.text
    assert address.endswith("/dr-visitor-hospital-mons.ics")
    assert program.get(address.removeprefix("http://localhost")).status_code == 200


def test_the_address_is_offered_to_every_kind_of_calendar(clinician):
    page = subscribe(clinician)

    address = address_of(page)
    assert page.links["Open in the calendar program"] == address.replace("http://", "webcal://")
    assert page.links["Add to Google Calendar"].startswith("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F")
    assert page.links["Add to Outlook at work"].startswith("https://outlook.office.com/calendar/0/addfromweb?url=http")
    assert page.links["Add to Outlook.com"].startswith("https://outlook.live.com/calendar/0/addfromweb?url=http")
    picture = page.all("img")[0]
    assert picture.get("src").startswith("data:image/svg+xml")
    assert "style" not in picture.get("src")
    assert picture.get("alt") == "QR code of the calendar address"


def test_the_address_is_shown_once_and_kept_by_no_cache(clinician):
    page = subscribe(clinician)
    token = address_of(page).split("/")[-2]

    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert not [value for _, value in page.response.headers if token in value]
    assert token not in clinician.get("/my-calendar").html


def test_the_list_tells_who_fetched_when(clinician, program, world):
    path = address_of(subscribe(clinician, {"What is it for?": "my phone"})).removeprefix("http://localhost")
    assert "Not yet" in clinician.get("/my-calendar").text
    for _ in range(3):
        program.get(path, User_Agent=PHONE)

    text = clinician.get("/my-calendar").text

    assert "my phone" in text
    assert "18 Nov 2026, 10:00" in text
    assert "3 times in all · Apple Calendar" in text


def test_fetches_are_written_down_in_the_end(clinician, program, app):
    path = address_of(subscribe(clinician)).removeprefix("http://localhost")
    for _ in range(3):
        program.get(path, User_Agent=PHONE)
    with time_machine.travel(NOW + timedelta(minutes=1)):
        clinician.get("/my-calendar")

    with app.app_context():
        newest = db.session.query(FeedSubscription).order_by(FeedSubscription.id.desc()).first()
        assert (newest.fetch_count, newest.fetched_by) == (3, PHONE)


def test_an_address_is_renewed_in_two_clicks(clinician, program):
    old = address_of(subscribe(clinician)).removeprefix("http://localhost")

    page = clinician.submit(clinician.get("/my-calendar"), {}, button="Make a new address", status=200)

    new = address_of(page).removeprefix("http://localhost")
    assert program.get(old).status_code == 404
    assert program.get(new).status_code == 200


def form_of(client, button):
    """What the form with this button sends, untouched."""
    form, _ = client.get("/my-calendar").form(button)
    fields = {one.get("name"): one.get("value", "") for one in form.iter("input") if one.get("type") == "hidden"}
    return form.get("action"), fields


def test_a_reload_after_renewing_keeps_the_address_just_shown(clinician, program):
    subscribe(clinician)
    action, fields = form_of(clinician, "Make a new address")
    new = address_of(clinician.post(action, fields, status=200)).removeprefix("http://localhost")

    again = clinician.follow(clinician.post(action, fields))

    assert "Nothing was changed: a new address was made since this page was opened." in again.text
    assert program.get(new).status_code == 200


def test_a_reload_of_a_new_address_makes_no_second_one(clinician, app):
    action, fields = form_of(clinician, "Make an address")
    fields = {**fields, "label": "", "language": "en"}
    clinician.post(action, fields, status=200)
    with app.app_context():
        before = db.session.query(FeedSubscription).count()

    again = clinician.follow(clinician.post(action, fields))

    assert "Nothing was changed: a new address was made since this page was opened." in again.text
    with app.app_context():
        assert db.session.query(FeedSubscription).count() == before


def test_the_page_of_an_address_offers_no_language_that_would_lose_it(clinician):
    page = subscribe(clinician)

    assert not [button for button in page.all("button") if button.get("name") == "language"]
    assert [button for button in clinician.get("/my-calendar").all("button") if button.get("name") == "language"]


def test_an_address_is_revoked_in_two_clicks(clinician, program):
    path = address_of(subscribe(clinician)).removeprefix("http://localhost")

    page = clinician.follow(clinician.submit(clinician.get("/my-calendar"), {}, button="Revoke this address"))

    assert "The calendar address no longer works." in page.text
    assert program.get(path).status_code == 404


def test_a_coordinator_chooses_among_the_own_clinicians(world, page_client):
    client = page_client.sign_in("coordinator.mons")
    page = client.get("/my-calendar")

    offered = [option.text for option in page.form("Make an address")[0].iter("option")]
    assert "Dr Colleague Hospital Mons" in offered
    assert "Dr Host Hospital Maubeuge" not in offered
    made = subscribe(
        client, {"Clinician": "Dr Colleague Hospital Mons", "Show only that I am busy, not where or with whom": "y"}
    )
    assert "It shows the duties of Dr Colleague Hospital Mons." in made.text


@pytest.mark.parametrize("login", ["manager.mons", "platform"])
def test_whoever_has_no_calendar_is_told_so(world, page_client, login):
    page = page_client.sign_in(login).get("/my-calendar")

    assert "There is no calendar to subscribe to" in page.text
    assert "Make an address" not in page.text


def test_a_clinician_cannot_ask_for_anothers_calendar(clinician, world):
    data = {"clinician": world.ours.colleague, "language": "en", "label": ""}

    clinician.post("/my-calendar/create", data, status=422)


def test_a_label_that_is_too_long_is_named_at_its_field(clinician):
    page = clinician.submit(
        clinician.get("/my-calendar"), {"What is it for?": "x" * 61}, button="Make an address", status=422
    )

    assert "Please keep it under 60 characters." in page.text


def test_anothers_subscription_is_not_found(clinician, world):
    other = world.theirs.subscription

    clinician.post(f"/my-calendar/{other}/rotate", status=404)
    clinician.post(f"/my-calendar/{other}/revoke", status=404)


def test_the_page_says_how_late_each_program_may_be(clinician):
    text = clinician.get("/my-calendar").text

    for program in ("Apple Calendar", "Google Calendar", "Outlook on the web", "Thunderbird"):
        assert program in text


def test_one_has_to_sign_in_to_subscribe(world, page_client):
    assert page_client.get("/my-calendar", status=303).location.startswith("/sign-in")
