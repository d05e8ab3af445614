"""The list of rosters and a new one, the board, and what is done to a whole draft."""


def test_a_coordinator_sees_the_rosters_of_both_sides_by_week(page_client, world):
    page = page_client.sign_in("coordinator.mons").get("/rosters")

    assert page.heading == "Rosters"
    assert "Week 48 of 2026" in page.text
    assert page.links["Hospital Mons and Hospital Maubeuge"] == f"/rosters/{world.ours.roster}"
    assert page.links["Open draft 2"] == f"/rosters/{world.ours.roster}/versions/2"


def test_a_roster_opens_at_its_published_version(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}", status=303)

    assert page.location == f"/rosters/{world.ours.roster}/versions/1"


def test_the_board_shows_rooms_with_their_sessions_and_what_is_not_held(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}/versions/2")

    assert "Draft 2" in page.text
    assert "Still the same as published version 1." in page.text
    assert "1 of 2 sessions held" in page.text
    assert "Theatre 1" in page.text


def test_the_board_shows_clinicians_when_asked(page_client, world):
    page = page_client.sign_in("coordinator.mons").get(f"/rosters/{world.ours.roster}/versions/2?by=clinicians")

    assert "Dr Visitor Hospital Mons" in page.text
