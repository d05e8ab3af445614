"""Calendars in a real browser: what anyone does with an address, by keyboard, on a phone, in the dark, in German.

The browser of these tests reaches no other machine, so that each of them shows that nothing is loaded from elsewhere.
"""

import re

import pytest
from playwright.sync_api import expect

WARNING = "Anyone who has this address can read the calendar."


def make_address(visit):
    """Make an address of one's own duties with the keyboard alone."""
    visit.go("/my-calendar")
    visit.page.get_by_label("What is it for?").focus()
    visit.page.keyboard.type("my phone")
    visit.press("Tab", "Tab", "Space", "Enter")
    visit.page.wait_for_load_state()
    expect(visit.heading).to_have_text("Calendar address")
    return visit.page.get_by_label("Address to copy").input_value()


def test_an_address_is_made_renewed_and_revoked(open_visit, look):
    visit = open_visit().sign_in("voorbeeld")
    first = make_address(visit)
    visit.sees(WARNING)
    visit.sees("busy only")
    look(visit, "calendar-address")

    visit.follow("Done")
    look(visit, "my-calendar")
    assert first.split("/")[-2] not in visit.page.content()
    row = visit.page.get_by_role("row", name="my phone")
    row.get_by_role("button", name=re.compile("Make a new address")).click()
    second = visit.page.get_by_label("Address to copy").input_value()
    assert visit.page.request.get(first).status == 404
    assert visit.page.request.get(second).status == 200

    visit.follow("Done")
    visit.page.get_by_role("row", name="my phone").get_by_role("button", name=re.compile("Revoke")).click()
    visit.sees("The calendar address no longer works.")
    assert visit.page.request.get(second).status == 404


def test_no_link_of_the_page_of_an_address_tells_where_one_comes_from(open_visit):
    visit = open_visit().sign_in("voorbeeld")
    token = make_address(visit).split("/")[-2]
    asked = []
    visit.page.on("request", lambda request: asked.append(request.headers.get("referer", "") + request.url))

    visit.follow("Done")

    assert asked
    assert [one for one in asked if token in one] == []


def test_a_coordinator_finds_a_room_and_subscribes_to_it(open_visit, look):
    visit = open_visit().sign_in("coordinator.mons").go("/my-calendar")
    visit.page.get_by_label("Find a calendar by name").fill("consultation 2")
    visit.push("Filter")
    look(visit, "my-calendar-found")
    visit.follow(re.compile("Consultation 2"))
    look(visit, "calendar-new")
    visit.push("Make an address")

    visit.sees("Room – Consultation 2")


def test_an_administrator_looks_at_all_addresses(open_visit, look):
    visit = open_visit().sign_in("admin.maubeuge").go("/my-calendar")
    visit.follow("All addresses in use")

    expect(visit.heading).to_have_text("Calendar addresses in use")
    look(visit, "calendar-addresses")


PAGES = ("/my-calendar", "/my-week", "/calendars-explained", "/my-calendar/new?feed=clinician&subject=2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_about_calendars_fit_a_phone_in_german(open_visit, look, scheme):
    visit = open_visit(375, 812, color_scheme=scheme).sign_in("voorbeeld")
    visit.page.locator("button[name=language][value=de]").click()
    visit.page.wait_for_load_state()

    for path in PAGES:
        visit.go(path)
        look(visit, f"{path.split('?')[0].strip('/').replace('/', '-')}-de-phone-{scheme}")
    visit.go("/my-week").page.locator("a[href^='/duties/']").first.evaluate("(link) => link.click()")
    visit.page.wait_for_url(re.compile("/duties/"))
    look(visit, f"duty-de-phone-{scheme}")


def test_a_double_click_makes_one_address_and_shows_it(open_visit):
    visit = open_visit().sign_in("voorbeeld").go("/my-calendar")
    sent = []
    visit.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    visit.page.evaluate(
        """() => {
          const button = document.querySelector("form[action$='/create'] button");
          button.click();
          setTimeout(() => button.click(), 30);
        }"""
    )

    visit.page.wait_for_url("**/my-calendar/create")
    expect(visit.heading).to_have_text("Calendar address")
    assert len(sent) == 1
