"""Undo, keys and publishing, as coordinators of both sides meet them."""

import pytest


@pytest.fixture
def mons(page_client, world):
    return page_client.sign_in("coordinator.mons")


@pytest.fixture
def maubeuge(other_client, world):
    return other_client.sign_in("coordinator.maubeuge")


def version(world, rest="", number=2):
    return f"/rosters/{world.ours.roster}/versions/{number}{rest}"


def move(client, world):
    page = client.get(version(world, f"/sessions/{world.ours.session}"))
    return client.submit(page, {"Thu 26 Nov, Morning, Consulting 1": True}, button="Move the session")


def test_a_draft_without_changes_cannot_be_published(mons, world):
    page = mons.get(version(world, "/publish"))

    assert page.heading == "Review draft 2"
    assert "Nothing changes for anyone" in page.text
    assert "It cannot be published yet:" in page.text


def test_what_a_move_changes_is_shown_by_person(mons, world):
    move(mons, world)

    page = mons.get(version(world, "/publish"))

    assert "What changes for 1 person" in page.text
    assert "Dr Visitor Hospital Mons" in page.text
    assert "Thu 26 Nov, Morning" in page.text


def test_each_side_approves_for_itself_and_then_it_is_published(mons, maubeuge, world):
    move(mons, world)
    page = mons.get(version(world, "/publish"))
    assert "Hospital Maubeuge has yet to approve." in page.text
    assert "Approve for Hospital Maubeuge" not in page.text

    mons.submit(page, {}, button="Approve for Hospital Mons")
    maubeuge.submit(maubeuge.get(version(world, "/publish")), {}, button="Approve for Hospital Maubeuge")
    page = mons.get(version(world, "/publish"))
    assert "at too short notice" in page.text
    published = mons.submit(
        page, {"Why publish in spite of the warnings?": "Agreed by telephone"}, button="Publish version 2"
    )

    board = mons.follow(published)
    assert "Version 2 is published. The calendar of 1 person changes." in board.text
    assert "This is what clinicians see in their calendars." in board.text


def test_an_approval_can_be_taken_back(mons, world):
    move(mons, world)
    mons.submit(mons.get(version(world, "/publish")), {}, button="Approve for Hospital Mons")

    taken = mons.submit(mons.get(version(world, "/publish")), {}, button="Take the approval back")

    assert "Hospital Mons has yet to approve." in mons.follow(taken).text


def test_a_later_change_asks_for_the_approval_again(mons, world):
    move(mons, world)
    mons.submit(mons.get(version(world, "/publish")), {}, button="Approve for Hospital Mons")

    mons.submit(mons.get(version(world)), {}, button="Undo")
    mons.submit(mons.get(version(world)), {}, button="Redo")

    assert "Hospital Mons has yet to approve." in mons.get(version(world, "/publish")).text


def test_a_move_is_undone(mons, world):
    board = mons.follow(move(mons, world))

    undone = mons.follow(mons.submit(board, {}, button="Undo"))

    assert "The last change is undone." in undone.text
    assert "Still the same as published version 1." in undone.text


def test_a_change_of_an_old_state_is_refused(mons, maubeuge, world):
    seen = maubeuge.get(version(world, f"/sessions/{world.ours.session}"))
    move(mons, world)

    refused = maubeuge.submit(seen, {"Thu 26 Nov, Morning, Consulting 1": True}, button="Move the session", status=409)

    assert refused.heading == "This has changed meanwhile"
    assert refused.links["Back to the board"] == version(world)


def test_what_a_draft_no_longer_holds_says_when_it_was_published(mons, world):
    page = mons.get(version(world, f"/sessions/{world.ours.session}"))

    board = mons.follow(mons.submit(page, {}, button="Take it off"))

    assert "published: Mon 23 Nov, Morning" in board.text
    assert board.text.count("published: ") == 1
    assert "published: Mon 23 Nov, Morning" in mons.get(version(world, "/publish")).text


def test_a_draft_is_discarded_after_a_question(mons, world):
    board = mons.get(version(world))

    gone = mons.submit(board, {}, button="Discard the draft")

    assert gone.location == f"/rosters/{world.ours.roster}"
    assert "This draft was discarded." in mons.get(version(world)).text


def test_a_draft_that_changed_meanwhile_is_not_discarded(mons, maubeuge, world):
    seen = maubeuge.get(version(world))
    move(mons, world)

    refused = maubeuge.submit(seen, {}, button="Discard the draft", status=409)

    assert refused.heading == "This has changed meanwhile"
    assert "Discard" in mons.get(version(world)).text


def test_a_manager_sees_the_draft_and_no_button_that_changes_it(page_client, world):
    page = page_client.sign_in("manager.mons").get(version(world))

    assert "Draft 2" in page.text
    assert "Review and publish" not in page.text
    assert "Discard" not in page.text


def test_strangers_find_no_board(page_client, world):
    page_client.sign_in("coordinator.tourcoing").get(version(world), status=404)
