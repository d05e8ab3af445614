"""Real solves in real processes, and what is left when they are killed."""

import os
import signal
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from config import ROOT
from scheduler import clock
from scheduler.extensions import transaction
from scheduler.lifeline import command_of_child
from scheduler.services import solve_work
from scheduler.services.solve_runs import stop_solve
from scheduler.solve_process import ChildEnded, SolveProcess
from scheduler.solving import execute, solve_now
from scheduler.worker import reap
from solver.generate import generate
from solver.outcome import SolveStatus
from solver.problem_json import outcome_from_json, problem_to_json
from tests.worker.conftest import QUICK, Desk, children_of, deliver, is_alive, kill, solving_child, wait_for

pytestmark = pytest.mark.slow


@contextmanager
def executing(desk: Desk, run_id: int):
    """Execute a run in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        future: Future[None] = pool.submit(execute, desk.app, run_id, QUICK)
        yield future
        future.result(60)


def big_question(seconds: float = 60.0) -> dict[str, object]:
    """Give a question that keeps a solver busy for long."""
    return {
        "kind": "plan",
        "asked": {},
        "problem": problem_to_json(generate("zone", seed=1)),
        "seconds": seconds,
        "seed": 1,
        "checkpoint": None,
    }


def test_a_solve_makes_a_draft_and_tells_about_it_meanwhile(desk: Desk) -> None:
    run_id = desk.ask()

    execute(desk.app, run_id, QUICK)

    run = desk.run(run_id)
    assert (run.state, run.progress["phase"], run.progress["gaps"]) == ("done", "done", 0)
    assert run.seq > 3
    assert dict(run.versions).keys() & {"highs", "cpsat"}
    (version,) = desk.versions()
    assert version.findings["cost"] == run.progress["cost"] == run.progress["bound"]


def test_solving_here_and_now_takes_the_same_steps(desk: Desk) -> None:
    version_id = solve_now(desk.app, actor=desk.actor, roster_id=desk.roster_id)

    assert [version.id for version in desk.versions()] == [version_id]


def test_an_id_that_is_delivered_often_is_solved_once(desk: Desk) -> None:
    run_id = desk.ask()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: execute(desk.app, run_id, QUICK), range(3)))

    assert desk.run(run_id).attempt == 1
    assert len(desk.versions()) == 1


def test_a_run_whose_solving_process_is_killed_is_tried_again(desk: Desk) -> None:
    run_id = desk.ask()

    with executing(desk, run_id):
        kill(wait_for(solving_child))

    run = desk.run(run_id)
    assert (run.state, run.attempt) == ("queued", 1)
    assert desk.versions() == []
    execute(desk.app, run_id, QUICK)
    assert desk.run(run_id).state == "done"
    assert len(desk.versions()) == 1


def test_a_run_whose_solving_process_is_killed_three_times_has_failed(desk: Desk) -> None:
    run_id = desk.ask()

    for _ in range(solve_work.MOST_ATTEMPTS):
        with executing(desk, run_id):
            kill(wait_for(solving_child))

    assert desk.run(run_id).state == "failed"
    assert desk.versions() == []


def test_nothing_solves_on_when_the_worker_is_killed_and_another_one_finishes(desk: Desk) -> None:
    run_id = desk.ask()
    deliver(desk, run_id)
    with started(desk.folder, "scheduler.worker") as worker:
        child = wait_for(lambda: solving_child(worker.pid))
        kill(worker.pid)
        worker.wait(60)

        wait_for(lambda: not is_alive(child))
        assert desk.run(run_id).state == "running"
        with time_machine.travel(clock.now() + solve_work.LEASE + timedelta(seconds=1), tick=True):
            reap(desk.app)
            execute(desk.app, run_id, QUICK)

    run = desk.run(run_id)
    assert (run.state, run.attempt) == ("done", 2)
    assert [version.id for version in desk.versions()] == [run.result_version_id]


def test_a_worker_takes_what_is_asked_for_and_lets_go_of_it_when_told_to_end(desk: Desk) -> None:
    with started(desk.folder, "scheduler.worker") as worker:
        run_id = desk.ask()
        deliver(desk, run_id)
        child = wait_for(lambda: solving_child(worker.pid))
        os.kill(child, signal.SIGSTOP)
        worker.stdin.close()
        assert worker.wait(60) == 0

        wait_for(lambda: not is_alive(child))

    run = desk.run(run_id)
    assert (run.state, run.attempt) == ("queued", 0)


def test_stopping_keeps_the_best_plan_even_of_a_solver_that_does_not_listen(desk: Desk) -> None:
    run_id = desk.ask()

    with executing(desk, run_id):
        child = wait_for(solving_child)
        wait_for(lambda: desk.run(run_id).checkpoint is not None or desk.run(run_id).state == "done")
        os.killpg(child, signal.SIGSTOP)
        with desk.app.app_context(), transaction():
            stop_solve(actor=desk.actor, run_id=run_id)

    run = desk.run(run_id)
    assert (run.state, run.progress["status"]) == ("done", "stopped")
    assert not is_alive(child)
    (version,) = desk.versions()
    assert version.findings["cost"] == run.progress["cost"]


# --- the child ------------------------------------------------------------------------------------


def test_a_child_stops_soon_with_the_best_plan() -> None:
    with SolveProcess(big_question()) as child:
        shown = None
        while shown is None or shown["plan"] is None:
            shown = child.next_event(30)
        child.stop()
        event = None
        while event is None or event["event"] != "outcome":
            event = child.next_event(30)

    outcome = outcome_from_json(event["outcome"])
    assert outcome.status is SolveStatus.STOPPED
    assert outcome.cost <= shown["cost"]
    assert len(outcome.plan.held) >= len(shown["plan"]["held"])


def test_a_child_tells_that_it_was_killed() -> None:
    with SolveProcess(big_question()) as child:
        kill(child.pid)
        with pytest.raises(ChildEnded) as ended:
            read_all(child)

    assert ended.value.code == -signal.SIGKILL


def read_all(child: SolveProcess) -> None:
    while True:
        child.next_event(30)


def test_leaving_ends_the_child_and_its_engines() -> None:
    with SolveProcess(big_question()) as child:
        wait_for(lambda: children_of(child.pid))
        processes = [child.pid, *children_of(child.pid)]

    wait_for(lambda: not any(map(is_alive, processes)))


def test_a_child_ends_when_its_parent_was_never_there() -> None:
    command = command_of_child("scheduler.solve_child")
    command[-1] = "1"

    ended = subprocess.run(command, cwd=ROOT, stdin=subprocess.PIPE, check=False, timeout=60)

    assert ended.returncode == 1


@contextmanager
def started(folder: Path, module: str, *arguments: str, **settings: str):
    """Run a process of the app over a folder, tied to this one, and be sure that it is gone afterwards."""
    environment = {**os.environ, "INSTANCE_DIR": str(folder), "SECRET_KEY": "a key for tests that is long enough"}
    environment |= {"JOURNAL_KEY": "a key that seals the journals of tests", **settings}
    process = subprocess.Popen(command_of_child(module, *arguments), cwd=ROOT, env=environment, stdin=subprocess.PIPE)
    with process:
        yield process
        process.kill()
