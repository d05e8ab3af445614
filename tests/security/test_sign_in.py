from tests.factories import PASSWORD


def test_one_signs_in_by_the_form_and_sees_the_page_one_wanted(page_client, world):
    page = page_client.get("/sign-in?next=/rosters?week=2026-W48")

    answer = page_client.submit(page, {"Login": "coordinator.mons", "Password": PASSWORD}, button="Sign in")

    assert answer.location == "/rosters?week=2026-W48"
