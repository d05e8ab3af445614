"""Claims, leases and fences: one worker at a time writes, and none is waited for in vain."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from scheduler import clock
from scheduler.extensions import db, transaction
from scheduler.models import JournalEntry
from scheduler.queries.solve_runs import load_run
from scheduler.services import solve_work
from scheduler.services.solve_runs import stop_solve
from scheduler.services.solve_work import Claim, Fenced
from scheduler.worker import reap
from solver.outcome import Outcome
from solver.problem_json import problem_from_json
from solver.search import solve
from tests.worker.conftest import Desk

LATER = solve_work.LEASE + timedelta(seconds=1)


def claim(desk: Desk, run_id: int, owner: str = "one") -> Claim | None:
    with desk.app.app_context(), transaction():
        return solve_work.claim_run(run_id=run_id, owner=owner)


def claimed(desk: Desk, owner: str = "one") -> Claim:
    found = claim(desk, desk.ask(), owner)
    assert found is not None
    return found


def do(desk: Desk, deed, *arguments, **choices):
    with desk.app.app_context(), transaction():
        return deed(*arguments, **choices)


def outcome_of(claimed: Claim) -> Outcome:
    return solve(problem_from_json(json.loads(claimed.problem)), engine="greedy")


def after(duration: timedelta) -> time_machine.travel:
    return time_machine.travel(clock.now() + duration, tick=True)


def test_a_run_can_be_claimed_once(desk: Desk) -> None:
    run_id = desk.ask()

    assert claim(desk, run_id) is not None
    assert claim(desk, run_id, "two") is None


def test_a_run_whose_worker_is_silent_can_be_claimed_after_its_lease(desk: Desk) -> None:
    first = claimed(desk)

    with after(LATER):
        second = claim(desk, first.run_id, "two")

    assert second is not None
    assert (second.fence, second.attempt) == (first.fence + 1, 2)


def test_signs_of_life_keep_a_claim(desk: Desk) -> None:
    first = claimed(desk)

    with after(LATER / 2):
        do(desk, solve_work.beat, first)
    with after(LATER):
        assert claim(desk, first.run_id, "two") is None


def test_a_worker_that_was_replaced_can_write_nothing_and_one_draft_is_made(desk: Desk) -> None:
    first = claimed(desk)
    outcome = outcome_of(first)
    with after(LATER):
        second = claim(desk, first.run_id, "two")
        assert second is not None
        for deed, arguments in (
            (solve_work.beat, (first,)),
            (solve_work.finish_run, (first, outcome)),
            (solve_work.give_back, (first,)),
        ):
            with pytest.raises(Fenced):
                do(desk, deed, *arguments)
        assert desk.versions() == []

        do(desk, solve_work.finish_run, second, outcome)
        with pytest.raises(Fenced):
            do(desk, solve_work.finish_run, first, outcome)
        with pytest.raises(Fenced):
            do(desk, solve_work.finish_run, second, outcome)

    assert [version.id for version in desk.versions()] == [desk.run(first.run_id).result_version_id]


def test_the_draft_and_the_end_of_the_run_are_one(desk: Desk) -> None:
    first = claimed(desk)
    outcome = outcome_of(first)

    with desk.app.app_context():
        solve_work.finish_run(first, outcome)
        db.session.rollback()

    assert desk.run(first.run_id).state == "running"
    assert desk.versions() == []


def test_a_finished_run_tells_cost_bound_and_versions(desk: Desk) -> None:
    first = claimed(desk)
    outcome = outcome_of(first)

    version = do(desk, solve_work.finish_run, first, outcome)

    with desk.app.app_context():
        row = load_run(desk.actor, first.run_id)
        assert (row.state, row.cost, row.bound, row.status) == ("done", outcome.cost, outcome.bound, outcome.status)
        assert row.result_number == 1
        assert dict(row.versions) == dict(outcome.versions)
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.deed == "solve.finished")).one()
        assert entry.facts["cost"] == outcome.cost
    assert desk.versions()[0].created_by_id == desk.actor.account_id
    assert version is not None


def test_progress_changes_the_mark_of_the_page_and_silence_does_not(desk: Desk) -> None:
    first = claimed(desk)

    def mark() -> str:
        with desk.app.app_context():
            return load_run(desk.actor, first.run_id).mark

    before = mark()
    do(desk, solve_work.beat, first)
    assert mark() == before

    do(desk, solve_work.beat, first, progress={"phase": "searching", "seconds": 1.0, "cost": 90, "bound": 80.0})
    assert mark() != before
    with desk.app.app_context():
        row = load_run(desk.actor, first.run_id)
        assert (row.phase, row.cost, row.bound) == ("searching", 90, 80.0)
        assert row.gap == pytest.approx(10 / 90)


def test_a_wish_to_stop_reaches_the_worker_with_its_next_sign_of_life(desk: Desk) -> None:
    first = claimed(desk)
    assert do(desk, solve_work.beat, first) is False

    do(desk, stop_solve, actor=desk.actor, run_id=first.run_id)

    assert do(desk, solve_work.beat, first) is True
    assert desk.run(first.run_id).state == "running"


# --- attempts -------------------------------------------------------------------------------------


def test_an_attempt_that_led_to_nothing_is_made_three_times_and_no_more(desk: Desk) -> None:
    run_id = desk.ask()
    states = []

    for _ in range(solve_work.MOST_ATTEMPTS):
        attempt = claim(desk, run_id)
        assert attempt is not None
        states.append(do(desk, solve_work.give_back, attempt))

    assert states == ["queued", "queued", "failed"]
    assert desk.run(run_id).error == solve_work.FAILED
    assert claim(desk, run_id) is None
    assert desk.ask() > run_id


def test_another_attempt_starts_from_the_best_plan_of_the_one_before(desk: Desk) -> None:
    first = claimed(desk)
    plan = outcome_of(first).plan
    do(desk, solve_work.beat, first, checkpoint=plan)
    do(desk, solve_work.give_back, first)

    second = claim(desk, first.run_id)

    assert second is not None
    assert second.checkpoint is not None


def test_a_worker_that_ends_in_good_order_lets_go_without_costing_an_attempt(desk: Desk) -> None:
    first = claimed(desk, "one")

    do(desk, solve_work.release, owner="another")
    assert desk.run(first.run_id).state == "running"
    do(desk, solve_work.release, owner="one")

    with pytest.raises(Fenced):
        do(desk, solve_work.beat, first)
    second = claim(desk, first.run_id, "two")
    assert second is not None
    assert second.attempt == 1


def test_a_run_of_a_worker_that_is_known_to_be_dead_is_freed_at_once_and_costs_an_attempt(desk: Desk) -> None:
    first = claimed(desk, "one")

    do(desk, solve_work.expire, owner="another")
    assert claim(desk, first.run_id, "two") is None
    do(desk, solve_work.expire, owner="one")

    second = claim(desk, first.run_id, "two")
    assert second is not None
    assert second.attempt == 2


# --- the reaper -----------------------------------------------------------------------------------


def test_a_run_without_a_living_worker_is_freed_and_sent_again(desk: Desk) -> None:
    delivered: list[int] = []
    desk.app.extensions["solve_queue"].handler = delivered.append
    first = claimed(desk)
    delivered.clear()

    reap(desk.app)
    assert desk.run(first.run_id).state == "running"
    with after(LATER):
        reap(desk.app)

    assert desk.run(first.run_id).state == "queued"
    assert delivered == [first.run_id]


def test_a_run_that_lost_its_worker_three_times_has_failed(desk: Desk) -> None:
    run_id = desk.ask()
    for lost in range(1, solve_work.MOST_ATTEMPTS + 1):
        with after(LATER * lost):
            assert claim(desk, run_id) is not None
    with after(LATER * (solve_work.MOST_ATTEMPTS + 1)):
        reap(desk.app)

    run = desk.run(run_id)
    assert (run.state, run.error) == ("failed", solve_work.GAVE_UP)


def test_an_id_that_got_lost_is_sent_again(desk: Desk) -> None:
    run_id = desk.ask()
    delivered: list[int] = []
    desk.app.extensions["solve_queue"].handler = delivered.append

    reap(desk.app)
    assert delivered == []
    with after(solve_work.LOST_AFTER + timedelta(seconds=1)):
        reap(desk.app)

    assert delivered == [run_id]
