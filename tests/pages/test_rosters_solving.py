"""Asking for a solve, watching it and stopping it; no worker runs here, so what is asked for waits."""

import pytest

from scheduler.extensions import db
from scheduler.models import Account, RosterVersion, SolveRun

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def mons(page_client, world):
    return page_client.sign_in("coordinator.mons")


@pytest.fixture
def without_run(world, db_session):
    """The world without the solve that waits in it."""
    db_session.execute(db.delete(SolveRun))


def start(client, world, seconds="7"):
    page = client.get(f"/rosters/{world.ours.roster}/solve")
    return client.submit(page, {"Time limit in seconds": seconds}, button="Start solving")


def test_a_solve_is_asked_for_and_waits_for_its_turn(mons, world, without_run):
    page = mons.follow(start(mons, world))

    assert page.heading == "Solve of Hospital Mons and Hospital Maubeuge"
    assert "The solve waits for its turn." in page.text
    assert "At most 7 seconds" in page.text


def test_a_time_limit_that_cannot_be_used_is_told_beside_its_field(mons, world, without_run):
    page = mons.get(f"/rosters/{world.ours.roster}/solve")

    refused = mons.submit(page, {"Time limit in seconds": "0"}, button="Start solving", status=422)

    assert "Give it 5 to 600 seconds." in refused.text


def test_whoever_asks_again_is_led_to_the_solve_that_waits(mons, world, without_run):
    running = start(mons, world).location

    assert mons.get(f"/rosters/{world.ours.roster}/solve", status=303).location == running


def test_a_solve_that_waits_is_cancelled(mons, world, without_run):
    page = mons.follow(start(mons, world))

    stopped = mons.follow(mons.submit(page, {}, button="Stop and keep the best plan"))

    assert "The solve was cancelled before it began." in stopped.text


def test_progress_is_sent_once_and_then_only_when_something_changed(mons, world, without_run):
    path = f"{start(mons, world).location}/progress"
    first = mons.get(path, headers=FETCH)

    again = mons.get(path, status=304, headers={**FETCH, "If-None-Match": first.response.headers["ETag"]})

    assert "The solve waits for its turn." in first.html
    assert not again.html


def finished(world, **progress):
    """The path of a solve that ended so."""
    run = db.session.get(SolveRun, world.ours.solve_run)
    run.state, run.progress = "done", {"phase": "done", "gaps": 0, **progress}
    return f"/solve-runs/{run.id}"


def test_a_solve_that_was_stopped_says_so_and_claims_nothing(mons, world, db_session):
    page = mons.get(finished(world, status="stopped", cost=12345, bound=0.0))

    assert "Stopped: the best plan so far is kept." in page.text
    assert "The solve is done." not in page.text
    assert "panel--done" not in page.html
    assert "12,345 points" in page.text
    assert "No plan can cost less than" not in page.text
    assert "not known: it ended before anything was proven" in page.text


def test_figures_are_written_in_the_language_of_the_reader(page_client, world, db_session):
    db_session.query(Account).filter_by(login="coordinator.mons").one().language = "de"
    path = finished(world, status="feasible", cost=12345, bound=10802.3)

    page = page_client.sign_in("coordinator.mons").get(path)

    assert "12.345 " in page.text
    assert "10.803 " in page.text
    assert "12,5" in page.text


def test_what_a_result_changes_is_told_as_long_as_it_is_a_draft(mons, world, db_session):
    path = finished(world, status="optimal", cost=0, bound=0.0)
    db_session.get(SolveRun, world.ours.solve_run).result_version_id = world.ours.draft
    assert "Nothing differs from published version 1." in mons.get(path).text

    db_session.get(RosterVersion, world.ours.draft).state = "discarded"

    assert "Nothing differs from published version" not in mons.get(path).text


def test_strangers_find_no_solve(page_client, world):
    page_client.sign_in("coordinator.tourcoing").get(f"/solve-runs/{world.ours.solve_run}", status=404)
