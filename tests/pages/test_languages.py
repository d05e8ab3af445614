"""Every page is well made in every language that is offered."""

import pytest

from config import LANGUAGES

PATHS = ("/", "/leave", "/clinicians", "/sites", "/agreements")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_office_are_well_made(page_client, world, language):
    page_client.sign_in("coordinator.mons").post("/language", {"language": language, "next": "/"})
    ours = world.ours
    details = (f"/clinicians/{ours.visitor}", f"/sites/{ours.host_site}", f"/agreements/{ours.agreement}")

    for path in (*PATHS, *details):
        assert page_client.get(path).tree.get("lang") == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_clinician_are_well_made(page_client, world, language):
    page_client.sign_in("clinician.mons").post("/language", {"language": language, "next": "/"})

    for path in ("/", "/my-week?week=2026-W48", "/leave"):
        assert page_client.get(path).tree.get("lang") == language


def test_the_language_is_changed_where_one_stands(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/sites?country=FR")

    answer = page_client.submit(page, {}, button="frFrançais")

    assert answer.location == "/sites?country=FR"
    assert page_client.follow(answer).tree.get("lang") == "fr"
