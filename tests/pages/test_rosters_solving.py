"""Asking for a solve, watching it and stopping it; no worker runs here, so what is asked for waits."""

import pytest

from scheduler.extensions import db
from scheduler.models import Account, Clinician, PublishedDuty, RosterVersion, SolveRun, TravelTime
from tests import factories as make

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


def test_a_published_roster_is_planned_anew_with_few_changes_unless_said_otherwise(mons, world, without_run):
    page = mons.follow(start(mons, world))

    assert "As little as possible of what is published changes." in page.text


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("Everything that is not pinned", "Everything that is not pinned may change."),
        ("Only the gaps: what is held stays as it is", "Only gaps are filled: what was held stays as it was."),
        ("Part of what is published: keep at least a share of it", "At least 65% of what is published stays."),
    ],
)
def test_what_may_change_is_chosen_and_told(mons, world, without_run, label, sentence):
    page = mons.get(f"/rosters/{world.ours.roster}/solve")

    page = mons.follow(mons.submit(page, {label: "", "Share to keep, in percent": "65"}, button="Start solving"))

    assert sentence in page.text


def test_a_share_beyond_all_is_refused_beside_its_field(mons, world, without_run):
    page = mons.get(f"/rosters/{world.ours.roster}/solve")

    refused = mons.submit(page, {"Share to keep, in percent": "101"}, button="Start solving", status=422)

    assert "Keep 0 to 100 percent." in refused.text


def test_a_roster_without_published_version_is_planned_from_scratch(mons, world, db_session, without_run):
    db_session.query(PublishedDuty).delete()
    db_session.get(RosterVersion, world.ours.published).state = "superseded"

    page = mons.get(f"/rosters/{world.ours.roster}/solve")

    assert "As little as possible of what is published" not in page.label_texts().values()
    assert "Everything that is not pinned may change." in mons.follow(start(mons, world)).text


def test_checks_before_solving_lead_to_what_they_touch(mons, world, db_session, without_run):
    make.make_leave(db_session.get(Clinician, world.ours.visitor), start_on=make.WEEK, days=7)

    page = mons.get(f"/rosters/{world.ours.roster}/solve?base=2")

    assert "Cannot be held" in page.text
    assert f"/rosters/{world.ours.roster}/versions/2/sessions/{world.ours.session}" in page.links.values()


def test_where_nothing_stands_in_the_way_it_is_said(mons, world, db_session, without_run):
    for travel in db_session.query(TravelTime):
        travel.is_estimated = False

    assert "Nothing stands in the way" in mons.get(f"/rosters/{world.ours.roster}/solve").text


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


def test_the_points_of_each_rule_and_what_found_the_plan_are_told(mons, world, db_session):
    costs = [{"rule": "trips", "units": 2, "cost": 40}, {"rule": "coverage", "units": 0, "cost": 0}]

    page = mons.get(finished(world, status="optimal", cost=40, bound=40.0, rule_costs=costs, engine="highs"))

    assert "Journeys are bundled" in page.text
    assert "Sessions are held" not in page.text
    assert "HiGHS" in page.text
    assert "proven to be the best" in page.text


def test_a_solve_at_work_says_what_it_does(mons, world, db_session):
    path = finished(world)
    run = db_session.get(SolveRun, world.ours.solve_run)
    run.state, run.progress = "running", {"phase": "building", "seconds": 3.0}

    page = mons.get(path)

    assert "The question is being written down as a model." in page.text


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
