"""My calendar: choosing a calendar, its address, renewing and revoking it, and all addresses in use."""

import re
from datetime import timedelta

import pytest
import time_machine

from scheduler.extensions import commit, db
from scheduler.models import CooperationAgreement, FeedBytes, FeedSubscription, Organisation, Zone
from scheduler.queries.calendar_addresses import LARGE
from tests import factories as make
from tests.factories import NOW
from tests.page_client import text_of

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
    assert "Roster – Dr Visitor Hospital Mons" in page.text
    assert "Français" in page.text
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
        text = clinician.get("/my-calendar").text
        app.extensions["feed_server"].write_due()
        written = clinician.get("/my-calendar").text

    assert "3 times in all" in text
    assert "3 times in all" in written
    with app.app_context():
        newest = db.session.query(FeedSubscription).order_by(FeedSubscription.id.desc()).first()
        assert (newest.fetch_count, newest.fetched_by) == (3, PHONE)


RENEW = "Make a new address Roster – Dr Visitor Hospital Mons"
REVOKE = "Revoke Roster – Dr Visitor Hospital Mons"


def test_an_address_is_renewed_in_one_click(clinician, program):
    old = address_of(subscribe(clinician)).removeprefix("http://localhost")
    page = clinician.get("/my-calendar")
    assert "A new address, or revoking, ends the one in use at once, for everyone who has it." in page.text

    page = clinician.submit(page, {}, button=RENEW, status=200)

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
    action, fields = form_of(clinician, RENEW)
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


def test_an_address_is_revoked_in_one_click(clinician, program):
    path = address_of(subscribe(clinician)).removeprefix("http://localhost")

    page = clinician.follow(clinician.submit(clinician.get("/my-calendar"), {}, button=REVOKE))

    assert "The calendar address no longer works." in page.text
    assert program.get(path).status_code == 404


def offered(page):
    """The calendars on offer: name to address."""
    return {text: href for text, href in page.links.items() if "/my-calendar/new?" in (href or "")}


def test_a_coordinator_chooses_among_the_own_clinicians(world, page_client):
    client = page_client.sign_in("coordinator.mons")
    found = offered(client.get("/my-calendar"))

    assert "Dr Host Hospital Maubeuge" not in found
    page = client.get(found["Dr Colleague Hospital Mons"])
    made = client.submit(page, {"Show only when, not where or with whom": "y"}, button="Make an address", status=200)
    assert "Roster – Dr Colleague Hospital Mons" in made.text
    assert "busy only" in made.text


KINDS = {
    "Dr Colleague Hospital Mons": {"coordinator.mons"},
    "Site BE-MONS": {"coordinator.mons", "manager.mons", "administrator.mons"},
    "Site FR-MAUBEUGE": {"manager.maubeuge"},
    "Consulting 1 · Site BE-MONS": {"coordinator.mons", "manager.mons", "administrator.mons"},
    "Theatre 1 · Site FR-MAUBEUGE": {"manager.maubeuge"},
    "Urology": {"coordinator.mons", "manager.mons", "administrator.mons", "manager.maubeuge"},
    "Agreement MONS-MAUBEUGE-URO": {
        "coordinator.mons",
        "manager.mons",
        "administrator.mons",
        "manager.maubeuge",
        "clinician.mons",
    },
    "Agreement MOUSCRON-TOURCOING-URO": set(),
}
"""What is offered to whom, of those tried below."""


@pytest.mark.parametrize(
    "login",
    ["coordinator.mons", "manager.mons", "administrator.mons", "manager.maubeuge", "clinician.mons", "platform"],
)
def test_everyone_is_offered_what_the_account_may_read(world, page_client, login):
    found = offered(page_client.sign_in(login).get("/my-calendar"))

    assert {name for name in KINDS if name in found} == {name for name, who in KINDS.items() if login in who}


@pytest.mark.parametrize(
    "name", ["Site BE-MONS", "Consulting 1 · Site BE-MONS", "Urology", "Agreement MONS-MAUBEUGE-URO"]
)
def test_an_address_of_each_kind_of_calendar_works(world, page_client, program, name):
    client = page_client.sign_in("coordinator.mons")
    page = client.get(offered(client.get("/my-calendar"))[name])

    made = client.submit(page, {"What is it for?": "the wall"}, button="Make an address", status=200)

    answer = program.get(address_of(made).removeprefix("http://localhost"))
    assert answer.status_code == 200
    assert answer.data.startswith(b"BEGIN:VCALENDAR")
    assert "the wall" in client.get("/my-calendar").text


def test_calendars_are_found_by_kind_and_name(world, page_client):
    client = page_client.sign_in("coordinator.mons")

    assert list(offered(client.get("/my-calendar?kind=clinician&find=colléague"))) == ["Dr Colleague Hospital Mons"]
    assert list(offered(client.get("/my-calendar?kind=site"))) == ["Site BE-MONS"]
    assert "No calendar fits" in client.get("/my-calendar?find=nothing+like+it").text


def test_only_choices_that_fit_the_calendar_are_asked(world, page_client):
    client = page_client.sign_in("coordinator.mons")
    found = offered(client.get("/my-calendar"))

    of_person = client.get(found["Dr Colleague Hospital Mons"]).label_texts().values()
    of_site = client.get(found["Site BE-MONS"]).label_texts().values()

    assert {"Show the way there and back", "Show leave"} <= set(of_person)
    assert not {"Show the way there and back", "Show leave"} & set(of_site)
    assert "Show what was cancelled for 14 days more" in of_site


@pytest.mark.parametrize("choices", [{"travel": "y"}, {"leave": "y"}, {"language": "xx"}])
def test_a_choice_that_does_not_fit_is_refused_in_words(world, page_client, app, choices):
    client = page_client.sign_in("coordinator.mons")
    form, _ = client.get(offered(client.get("/my-calendar"))["Site BE-MONS"]).form("Make an address")
    fields = {one.get("name"): one.get("value", "") for one in form.iter("input") if one.get("type") == "hidden"}

    page = client.post("/my-calendar/create", {**fields, "label": "", "language": "en", **choices}, status=422)

    assert "The calendar was not made" in page.text
    assert "Site BE-MONS" in page.text
    with app.app_context():
        assert db.session.query(FeedSubscription).filter_by(label="").count() == 2  # those of the world


def test_whoever_has_no_calendar_is_told_so(world, page_client):
    page = page_client.sign_in("platform").get("/my-calendar")

    assert "There is no calendar to subscribe to" in page.text
    assert "Make an address" not in page.text


@pytest.mark.parametrize("feed", ["clinician", "site", "agreement", "public", "nothing", ""])
def test_a_calendar_of_strangers_is_not_found(world, page_client, feed):
    client = page_client.sign_in("coordinator.mons")
    theirs = {"clinician": world.theirs.visitor, "site": world.theirs.home_site, "agreement": world.theirs.agreement}

    client.get(f"/my-calendar/new?feed={feed}&subject={theirs.get(feed, 1)}", status=404)
    data = {"feed": feed, "subject": theirs.get(feed, 1), "through": world.ours.home, "language": "en", "label": ""}
    client.post("/my-calendar/create", data, status=404)


def test_a_clinician_cannot_ask_for_a_colleagues_calendar(clinician, world):
    data = {"feed": "clinician", "subject": world.ours.colleague, "through": world.ours.home, "language": "en"}

    clinician.get(f"/my-calendar/new?feed=clinician&subject={world.ours.colleague}", status=404)
    assert clinician.post("/my-calendar/create", data, status=403)


def test_a_label_that_is_too_long_is_named_at_its_field(clinician):
    page = clinician.submit(
        clinician.get("/my-calendar"), {"What is it for?": "x" * 61}, button="Make an address", status=422
    )

    assert "Please keep it under 60 characters." in page.text
    assert page.title.startswith("Subscribe to a calendar (not saved)")


def test_anothers_subscription_is_not_found(clinician, world):
    other = world.theirs.subscription

    clinician.post(f"/my-calendar/{other}/rotate", status=404)
    clinician.post(f"/my-calendar/{other}/revoke", status=404)


def test_a_page_with_an_address_loads_nothing_from_elsewhere(clinician):
    page = subscribe(clinician)

    loaded = [
        one.get(name) for one in page.tree.iter() for name in ("src", "srcset", "data", "poster") if one.get(name)
    ]
    loaded += [one.get("href") for one in page.all("link")]
    assert len(loaded) >= 4
    assert [one for one in loaded if not re.match(r"/static/|data:image/svg", one)] == []
    assert [form.get("action") for form in page.all("form") if not form.get("action").startswith("/")] == []
    assert not [meta for meta in page.all("meta") if (meta.get("http-equiv") or "").lower() == "refresh"]
    away = [link for link in page.all("a") if (link.get("href") or "").startswith("https://")]
    assert {link.get("rel") for link in away} == {"noopener noreferrer"}
    assert "url(" not in page.html


def test_the_page_says_how_late_each_program_may_be(clinician):
    text = clinician.get("/my-calendar").text

    for program in ("Apple Calendar", "Google Calendar", "Outlook on the web", "Thunderbird"):
        assert program in text


def test_one_has_to_sign_in_to_subscribe(world, page_client):
    assert page_client.get("/my-calendar", status=303).location.startswith("/sign-in")


@pytest.fixture
def unused(world, app):
    """The subscription of clinician.mons, of whose end the owner was told."""
    with app.app_context():
        one = db.session.get(FeedSubscription, world.ours.subscription)
        one.created_at, one.notice_at = NOW - timedelta(days=520), NOW - timedelta(days=1)
        commit()
    return world.ours.subscription


NOTICE = (
    "No program has fetched “Roster – Dr Visitor Hospital Mons” for 17 months. Its address stops working on 17 Dec"
    " 2026."
)


@pytest.mark.parametrize("path", ["/", "/my-calendar"])
def test_the_owner_is_told_that_an_unused_address_will_stop(clinician, unused, path):
    assert NOTICE in clinician.get(path).text


def test_who_has_several_addresses_is_told_which_will_stop(clinician, unused, app):
    with app.app_context():
        db.session.get(FeedSubscription, unused).label = "old tablet"
        commit()

    assert "“Roster – Dr Visitor Hospital Mons, old tablet”" in clinician.get("/").text


STOPPED = "Whoever made it may no longer subscribe to this calendar."


def test_an_address_that_no_longer_works_is_shown_as_such_and_only_revoked(world, page_client, program, app):
    client = page_client.sign_in("coordinator.mons")
    page = client.get(offered(client.get("/my-calendar"))["Agreement MONS-MAUBEUGE-URO"])
    path = address_of(client.submit(page, {}, button="Make an address", status=200)).removeprefix("http://localhost")
    action, fields = form_of(client, "Make a new address Sessions – Agreement MONS-MAUBEUGE-URO")
    assert STOPPED not in client.get("/my-calendar").text
    with app.app_context():
        for one in db.session.query(CooperationAgreement):
            one.valid_until = NOW.date()
        commit()
    assert program.get(path).status_code == 404

    text = client.get("/my-calendar").text

    assert "no longer works" in text
    assert STOPPED in text
    assert "Make a new address" not in text
    client.post(action, fields, status=403)
    assert STOPPED in page_client.sign_in("administrator.mons").get("/calendar-addresses").text


@pytest.mark.parametrize("path", ["/", "/my-calendar"])
def test_nobody_else_is_told_and_nobody_without_need(world, page_client, path):
    assert "stops working on" not in page_client.sign_in("clinician.mons").get(path).text
    assert "stops working on" not in page_client.sign_in("clinician.maubeuge").get(path).text


def test_an_administrator_sees_all_addresses_of_the_organisation_but_no_token(world, page_client, app):
    client = page_client.sign_in("administrator.mons")
    with app.app_context():
        secret = db.session.get(FeedSubscription, world.ours.subscription).token_hash

    page = client.get("/calendar-addresses")

    assert client.get("/my-calendar").links["All addresses in use"] == "/calendar-addresses"
    assert page.heading == "Calendar addresses in use"
    assert "1 address" in page.text
    assert "Roster – Dr Visitor Hospital Mons" in page.text
    assert "Hospital Mouscron" not in page.text
    assert secret not in page.html
    assert "/cal/" not in page.html


def test_the_size_of_a_calendar_is_named_with_a_warning_when_large(world, page_client, app):
    def measure(size):
        with app.app_context():
            kept = db.session.get(FeedBytes, db.session.get(FeedSubscription, world.ours.subscription).bytes_id)
            kept.size, kept.event_count = size, 1640
            commit()

    measure(LARGE + 1)
    client = page_client.sign_in("administrator.mons")

    text = client.get("/calendar-addresses").text
    assert "1,001 kB1640 entries" in text
    assert "above 1 MB" in text
    measure(LARGE)
    assert "above 1 MB" not in client.get("/calendar-addresses").text


def test_addresses_are_found_by_calendar_and_by_maker(world, page_client):
    client = page_client.sign_in("administrator.mons")

    assert "Roster – Dr Visitor" in client.get("/calendar-addresses?find=visitor").text
    assert "Roster – Dr Visitor" in client.get("/calendar-addresses?find=clinician+mons").text
    assert "No address fits" in client.get("/calendar-addresses?find=colleague").text


def test_a_long_list_of_addresses_has_pages(world, page_client, app):
    with app.app_context():
        one = db.session.get(FeedSubscription, world.ours.subscription)
        db.session.add_all(
            FeedSubscription(
                bytes_id=one.bytes_id,
                organisation_id=world.ours.home,
                clinician_id=one.clinician_id,
                token_hash=f"hash of {number}",
                label=f"screen {number}",
                created_at=NOW + timedelta(minutes=number),
            )
            for number in range(1, 61)
        )
        commit()
    client = page_client.sign_in("administrator.mons")

    first, second = client.get("/calendar-addresses"), client.get("/calendar-addresses?page=2")

    assert "61 addresses" in first.text
    assert "screen 60 " in first.text
    assert "screen 10 " not in first.text
    assert "screen 10 " in second.text
    assert "Clinician Mons" in second.text
    assert "1 address " in client.get("/calendar-addresses?find=screen+33").text


def test_addresses_are_found_by_the_name_of_the_program(world, page_client, app):
    with app.app_context():
        db.session.get(FeedSubscription, world.ours.subscription).fetched_by = PHONE
        commit()
    client = page_client.sign_in("administrator.mons")

    assert "Roster – Dr Visitor" in client.get("/calendar-addresses?find=apple").text
    assert "No address fits" in client.get("/calendar-addresses?find=outlook").text


def test_an_administrator_revokes_an_address_of_the_organisation(world, page_client, program):
    owner = page_client.sign_in("clinician.mons")
    path = address_of(subscribe(owner, {"What is it for?": "lost phone"})).removeprefix("http://localhost")
    admin = page_client.sign_in("administrator.mons")

    page = admin.submit(
        admin.get("/calendar-addresses?find=lost+phone"), {}, button="Revoke Roster – Dr Visitor Hospital Mons"
    )

    assert page.location == "/calendar-addresses?find=lost+phone"
    assert "The calendar address no longer works." in admin.follow(page).text
    assert program.get(path).status_code == 404
    assert "Calendar address ended" in admin.get("/").text


def test_an_address_of_another_organisation_is_not_found(world, page_client):
    client = page_client.sign_in("administrator.mons")

    client.post(f"/calendar-addresses/{world.theirs.subscription}/revoke", status=404)


@pytest.mark.parametrize("login", ["coordinator.mons", "manager.mons", "clinician.mons", "platform"])
def test_addresses_of_others_are_for_administrators(world, page_client, login):
    client = page_client.sign_in(login)

    client.get("/calendar-addresses", status=403)
    client.post(f"/calendar-addresses/{world.ours.subscription}/revoke", status=403)
    assert "All addresses in use" not in client.get("/my-calendar").links


def test_calendars_are_explained_with_a_section_for_each(world, page_client):
    page = page_client.sign_in("manager.mons").get("/calendars-explained")

    assert page.heading == "Calendars explained"
    assert "Sessions under one agreement" in page.text
    assert "When an address stops working" in page.text


def test_public_calendars_are_listed_with_their_addresses(world, page_client, program, app):
    client = page_client.sign_in("manager.mons")
    assert "None yet: no agreement in force is released to the public." in client.get("/calendars-explained").text
    with app.app_context():
        agreement = db.session.get(CooperationAgreement, world.ours.agreement)
        agreement.is_released = True
        db.session.add(Zone(code="MOMAU", name="ZOAST Mons-Maubeuge", sites=[agreement.host_site]))
        commit()

    links = client.get("/calendars-explained").links

    assert links["All consultations"] == "http://localhost/cal/zones/momau.ics?lang=en"
    assert links["Urology"] == "http://localhost/cal/zones/momau-urology.ics?lang=en"
    for address in (links["All consultations"], links["Urology"]):
        assert program.get(address.removeprefix("http://localhost")).status_code == 200


def test_who_works_in_two_offices_chooses_through_which(world, page_client, app, program):
    with app.app_context():
        sides = [db.session.get(Organisation, one) for one in (world.ours.home, world.ours.host)]
        make.make_account("both.sides", roles=dict.fromkeys(sides, "manager"))
        commit()
    client = page_client.sign_in("both.sides")
    lines = [line for line in client.get("/my-calendar?kind=specialty").all("li") if "Urology" in text_of(line)]
    assert [text_of(line) for line in lines] == ["Urology Hospital Mons", "Urology Hospital Maubeuge"]

    for line, organisation_id in zip(lines, (world.ours.home, world.ours.host), strict=True):
        made = client.submit(client.get(next(line.iter("a")).get("href")), {}, button="Make an address", status=200)
        assert program.get(address_of(made).removeprefix("http://localhost")).status_code == 200
        with app.app_context():
            newest = db.session.query(FeedSubscription).order_by(FeedSubscription.id.desc()).first()
            assert (newest.organisation_id, newest.bytes.viewer_id) == (organisation_id, organisation_id)
