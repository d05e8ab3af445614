"""Asking for a solve, and stopping it before anyone works at it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from sqlalchemy import select

from scheduler import queue
from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db, transaction
from scheduler.models import Account, JournalEntry, RosterVersion
from scheduler.queries.problem import build_problem
from scheduler.queries.scopes import scope_of
from scheduler.queries.solve_runs import find_active_run, load_run
from scheduler.scope import Scope
from scheduler.services import solve_work
from scheduler.services.solve_runs import request_solve, stop_solve
from solver.audit import audit
from solver.plan import Plan
from solver.problem_json import plan_from_json, problem_from_json
from tests.demo_fixture import DEMO_NOW
from tests.worker.conftest import Desk


def scope(login: str) -> Scope:
    account = db.session.scalars(select(Account).where(Account.login == login)).one()
    return scope_of(account, DEMO_NOW.date())


def test_a_second_solve_of_a_roster_is_refused_while_one_waits(desk: Desk) -> None:
    desk.ask()

    with pytest.raises(Conflict):
        desk.ask()


def test_of_many_who_ask_at_once_one_gets_a_solve(desk: Desk) -> None:
    def ask(_number: int) -> bool:
        try:
            desk.ask()
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1


def test_what_was_done_before_a_refused_solve_stays(desk: Desk) -> None:
    desk.ask()

    with desk.app.app_context(), transaction():
        db.session.scalars(select(Account).where(Account.login == "demo")).one().name = "Someone"
        with pytest.raises(Conflict):
            request_solve(actor=desk.actor, roster_id=desk.roster_id)

    with desk.app.app_context():
        assert db.session.scalars(select(Account).where(Account.login == "demo")).one().name == "Someone"


def test_a_solve_remembers_what_was_published_when_it_was_asked_for(demo_app) -> None:
    with demo_app.app_context():
        published = db.session.scalars(select(RosterVersion).where(RosterVersion.state == "published")).first()
        account = db.session.scalars(select(Account).where(Account.login == "coordinator.mons")).one()
        with time_machine.travel(DEMO_NOW):
            run = request_solve(actor=scope_of(account, DEMO_NOW.date()), roster_id=published.roster_id)

        assert run.published_version_id == published.id
        db.session.rollback()


def test_a_solve_that_waits_is_cancelled_and_another_may_be_asked_for(desk: Desk) -> None:
    run_id = desk.ask()

    with desk.app.app_context(), transaction():
        stop_solve(actor=desk.actor, run_id=run_id)

    assert desk.run(run_id).state == "cancelled"
    assert desk.ask() != run_id
    with desk.app.app_context(), pytest.raises(Conflict):
        stop_solve(actor=desk.actor, run_id=run_id)


def test_only_coordinators_of_the_roster_ask_and_stop(desk: Desk) -> None:
    run_id = desk.ask()

    with desk.app.app_context():
        for login, error in (("manager.mons", NotAllowed), ("admin.maubeuge", NotAllowed), ("demo", NotFound)):
            with pytest.raises(error):
                request_solve(actor=scope(login), roster_id=desk.roster_id)
            with pytest.raises(error):
                stop_solve(actor=scope(login), run_id=run_id)
        with pytest.raises(NotFound):
            load_run(scope("demo"), run_id)
        assert not load_run(scope("manager.mons"), run_id).can_stop
        assert load_run(scope("coordinator.maubeuge"), run_id).can_stop


@pytest.mark.parametrize("seconds", [0, 0.5, 3601, -1])
def test_a_time_that_cannot_be_used_is_refused(desk: Desk, seconds: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.ask(seconds=seconds)

    assert set(refused.value.problems) == {"seconds"}


def test_asking_and_stopping_is_in_the_journal(desk: Desk) -> None:
    run_id = desk.ask()
    with desk.app.app_context(), transaction():
        stop_solve(actor=desk.actor, run_id=run_id)

    with desk.app.app_context():
        entries = db.session.scalars(select(JournalEntry).where(JournalEntry.subject == "solve_run")).all()
        assert [(e.deed, e.actor_id, e.subject_id) for e in entries] == [
            (deed, desk.actor.account_id, run_id) for deed in ("solve.requested", "solve.stopped")
        ]


def test_the_run_that_waits_is_the_active_one(desk: Desk) -> None:
    run_id = desk.ask()

    with desk.app.app_context():
        row = load_run(desk.actor, run_id)

        assert find_active_run(desk.roster_id) == run_id
        assert (row.state, row.is_active, row.phase, row.cost, row.gap) == ("queued", True, "", None, None)


# --- what may change ------------------------------------------------------------------------------


def ask_anew(demo_app, **choices):
    """Ask for another plan of a published roster; give its question, its hint, and what was published."""
    with demo_app.app_context(), time_machine.travel(DEMO_NOW):
        published = db.session.scalars(
            select(RosterVersion).where(RosterVersion.state == "published").order_by(RosterVersion.id.desc())
        ).first()
        run = request_solve(actor=scope("coordinator.mons"), roster_id=published.roster_id, **choices)
        found = problem_from_json(json.loads(run.problem)), plan_from_json(json.loads(run.checkpoint)), run.asked
        db.session.rollback()
        return found


def test_few_changes_make_the_goal_of_stability_dear(demo_app) -> None:
    question, hint, asked = ask_anew(demo_app, mode="fewest_changes")

    assert asked == {"mode": "fewest_changes", "keep_percent": 0}
    assert question.setting["stability"].weight >= 300
    assert {held.session for held in hint.held} == {held.session for held in question.published}


def test_filling_gaps_pins_what_is_held(demo_app) -> None:
    question, hint, _ = ask_anew(demo_app, mode="fill_gaps")

    pinned = {pin.session for pin in question.pins if pin.seat is None}
    assert {held.session for held in hint.held} <= pinned


def test_a_share_to_keep_is_a_rule_of_the_question(demo_app) -> None:
    question, _, _ = ask_anew(demo_app, mode="keep_share", keep_percent=70)

    assert dict(question.setting["keep_share"].params) == {"percent": 70}


def test_a_draft_is_judged_by_the_weights_of_the_hospitals_whatever_was_asked(demo_app) -> None:
    with demo_app.app_context(), time_machine.travel(DEMO_NOW):
        published = db.session.scalars(select(RosterVersion).where(RosterVersion.state == "published")).first()
        actor = scope("coordinator.mons")
        run = request_solve(actor=actor, roster_id=published.roster_id, mode="fewest_changes")
        db.session.flush()
        claim = solve_work.claim_run(run_id=run.id, owner="one")
        nothing = solve_work.judged_outcome(claim, Plan(), note="")

        version = solve_work.finish_run(claim, nothing)

        own = audit(build_problem(run.roster_id, version.id, for_solving=False), Plan())
        assert version.findings["cost"] == own.cost < nothing.cost
        db.session.rollback()


@pytest.mark.parametrize("mode", ["fewest_changes", "keep_share", "fill_gaps"])
def test_without_a_version_there_is_nothing_to_keep(desk: Desk, mode: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.ask(mode=mode)

    assert set(refused.value.problems) == {"mode"}


# --- the queue ------------------------------------------------------------------------------------


@pytest.fixture
def delivered(desk: Desk) -> list[int]:
    """Ids that the queue has handed out."""
    found: list[int] = []
    desk.app.extensions["solve_queue"].handler = found.append
    return found


def test_an_id_is_sent_once_the_request_is_committed(desk: Desk, delivered: list[int]) -> None:
    with desk.app.app_context():
        with transaction():
            run_id = request_solve(actor=desk.actor, roster_id=desk.roster_id).id
            with db.session.begin_nested():
                db.session.scalars(select(Account)).first().name = "Changed in a savepoint"
            assert delivered == []
        assert delivered == [run_id]


def test_an_id_is_not_sent_when_the_request_is_undone(desk: Desk, delivered: list[int]) -> None:
    with desk.app.app_context():
        request_solve(actor=desk.actor, roster_id=desk.roster_id)
        db.session.rollback()
        with transaction():
            db.session.scalars(select(Account)).first().name = "Something else"

    assert delivered == []


def test_a_queue_without_worker_keeps_what_was_sent(desk: Desk) -> None:
    config = desk.app.config["PASSERELLE"]
    kept = queue.SolveQueue(type(config)(desk.folder, config.database_url, config.secret_key))

    kept.send(7)
    kept.send(8)

    assert kept.waiting() == {7, 8}
