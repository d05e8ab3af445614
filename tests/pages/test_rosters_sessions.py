"""The page of a session: its facts, where it could go, who could come, and what is done to it in a draft."""

import pytest


@pytest.fixture
def coordinator(page_client, world):
    return page_client.sign_in("coordinator.mons")


def path_of(world, session=None, number=2):
    return f"/rosters/{world.ours.roster}/versions/{number}/sessions/{session or world.ours.session}"


def test_a_session_tells_when_and_where_it_is_and_who_comes(coordinator, world):
    page = coordinator.get(path_of(world))

    assert page.heading == "Urology, Consultation"
    assert "Dr Visitor Hospital Mons" in page.text
    assert "Consulting 1" in page.text


def test_a_session_is_moved_by_its_form(coordinator, world):
    page = coordinator.get(path_of(world))

    moved = coordinator.submit(page, {"Thu 26 Nov, Morning, Consulting 1": True}, button="Move the session")

    board = coordinator.follow(moved)
    assert "The session is moved to Thu 26 Nov, Morning." in board.text


def test_a_session_that_is_not_held_can_be_held_after_all(coordinator, world):
    page = coordinator.get(path_of(world, world.ours.gap))

    held = coordinator.submit(page, {"Lead": "Dr Visitor Hospital Mons"}, button="Hold the session")

    assert "2 of 2 sessions held" in coordinator.follow(held).text
