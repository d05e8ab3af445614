"""What someone does on the pages, in the words of the pages."""

import re

from playwright.sync_api import expect

from tests.demo_fixture import DEMO_PASSWORD


class Visit:
    """Someone in front of a browser window; the language of the tests is English."""

    def __init__(self, page):
        self.page = page

    def sign_in(self, login):
        self.page.goto("/sign-in")
        self.page.get_by_label("Login").fill(login)
        self.page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name=re.compile("Sign in|Se connecter|Aanmelden")).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.page.locator("button[name=language][value=en]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", "en")
        return self

    def go(self, path):
        self.page.goto(path)
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def follow(self, name):
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def push(self, name):
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()

    def sees(self, text):
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def hears(self, text):
        """The live region says it."""
        expect(self.page.locator("[data-live]")).to_contain_text(text)

    @property
    def heading(self):
        return self.page.get_by_role("heading", level=1)


class Board:
    """The board of a roster version."""

    def __init__(self, visit):
        self.visit, self.page = visit, visit.page

    def cards(self, kind="", where=""):
        """Cards in the grid that are of this kind and show this text."""
        found = self.page.locator("[data-grid] [data-card]")
        if kind:
            found = self.page.locator(f"[data-grid] .kind--{kind}")
        return found.filter(has_text=where) if where else found

    def gaps(self):
        return self.page.locator("[data-gap]")

    def places(self):
        """Where each session stands: id to cell, and its text."""
        return self.page.evaluate(
            "() => Object.fromEntries([...document.querySelectorAll('[data-grid] [data-card]')].map("
            "card => [card.dataset.card, [card.closest('[data-at]').dataset.at, card.innerText]]))"
        )

    def cell_of(self, card_id):
        return self.page.locator(f"[data-card='{card_id}']").locator("xpath=ancestor::td").get_attribute("data-at")

    def cells(self, verdict):
        return self.page.locator(f"[data-verdict={verdict}]")
