"""Questions in real processes: the child answers by kind, and the run ends with the whole answer or with none."""

import json
from dataclasses import replace
from datetime import date

import pytest

from scheduler.answers import (
    RemediesAsked,
    TradeOffAsked,
    answer,
    answer_from_json,
    asked_from_json,
    asked_to_json,
    kind_of,
)
from scheduler.extensions import db, transaction
from scheduler.models import ClinicalSession, SolveRun
from scheduler.queries.explanations import candidates
from scheduler.queries.questions import ContrastAnswer, RemediesAnswer, load_question
from scheduler.services import questions, rosters
from scheduler.solving import execute
from solver.explaining.changes import ChangeKind
from solver.explaining.contrast import Wanted
from solver.plan import Plan
from solver.problem import Absence, HalfDay, Held
from tests.solver.build import at, clinician, day, option, problem, session
from tests.worker.conftest import QUICK, Desk

ANNA, COR = clinician("anna"), clinician("cor", "away")


@pytest.mark.parametrize(
    "asked",
    [
        RemediesAsked("a"),
        Wanted("cor", on=date(2026, 11, 24), session="a", seat="a-lead"),
        TradeOffAsked("trips", "continuity"),
    ],
)
def test_a_question_is_read_as_it_was_written(asked) -> None:
    assert asked_from_json(kind_of(asked), json.loads(json.dumps(asked_to_json(asked)))) == asked


def test_the_answer_to_what_would_have_to_change_names_a_change_that_helps() -> None:
    facts = problem([replace(ANNA, max_sessions_per_day=0)], [session("a")])

    kept = json.loads(json.dumps(answer(facts, Plan(), RemediesAsked("a"), 5.0)))

    found = answer_from_json("remedies", kept)
    assert any("up to 1 sessions a day" in str(message) for one in found.remedies for message in one.messages)


def test_what_breaks_rules_already_keeps_no_gap_from_being_closed() -> None:
    away = [Absence("anna", at(number, "00:00"), at(number + 1, "00:00")) for number in (0, 1)]
    facts = problem([ANNA], [session("a"), session("b", options=[option(1)])], absences=tuple(away))
    unlawful = Plan((Held("b", day(1), HalfDay.MORNING, None, (("lead", "anna"),)),))

    found = answer_from_json("remedies", answer(facts, unlawful, RemediesAsked("a"), 5.0))

    assert found.left_out == 1
    assert ChangeKind.FREE_DAY in {change.kind for one in found.remedies for change in one.changes}


def test_the_answer_to_a_trade_off_has_both_ends() -> None:
    facts = problem([ANNA], [session("a", "away", option(0), priority=0)])

    found = answer_from_json("trade_off", answer(facts, Plan(), TradeOffAsked("coverage", "trips"), 5.0))

    assert [point.gaps for point in found.points] == [0, 1]


# --- in processes ---------------------------------------------------------------------------------


def gap(desk: Desk) -> tuple[int, int]:
    """Make a draft without any session; give the ids of the draft and of a session."""
    with desk.app.app_context(), transaction():
        draft = rosters.start_draft(actor=desk.actor, roster_id=desk.roster_id)
        found = db.session.query(ClinicalSession).filter_by(roster_id=desk.roster_id).order_by(ClinicalSession.id)
        return draft.id, found.first().id


def ask_remedies(desk: Desk, version_id: int, session_id: int) -> int:
    with desk.app.app_context(), transaction():
        return questions.ask_remedies(actor=desk.actor, version_id=version_id, session_id=session_id).id


@pytest.mark.slow
def test_a_worker_answers_a_question_and_makes_no_draft(desk: Desk) -> None:
    version_id, session_id = gap(desk)
    run_id = ask_remedies(desk, version_id, session_id)

    execute(desk.app, run_id, QUICK)

    assert (desk.run(run_id).state, desk.run(run_id).result_version_id) == ("done", None)
    assert [version.id for version in desk.versions()] == [version_id]
    with desk.app.app_context():
        found = load_question(desk.actor, run_id).answer
    assert isinstance(found, RemediesAnswer)
    # Nothing is planned yet, so that the session can be held as things are.
    assert [line.sentences for line in found.lines] == [()]
    assert found.lines[0].verified


@pytest.mark.slow
def test_a_worker_answers_why_not(desk: Desk) -> None:
    version_id, session_id = gap(desk)
    with desk.app.app_context(), transaction():
        seat = db.session.get_one(ClinicalSession, session_id).seats[0]
        who = candidates(desk.actor, version_id, seat.id)[0]
        run_id = questions.ask_contrast(
            actor=desk.actor,
            version_id=version_id,
            session_id=session_id,
            seat_id=seat.id,
            clinician_id=who.clinician_id,
            on=None,
        ).id

    execute(desk.app, run_id, QUICK)

    with desk.app.app_context():
        found = load_question(desk.actor, run_id).answer
    assert isinstance(found, ContrastAnswer)
    assert found.possible
    (mine,) = (one for one in found.changes if one.session_id == session_id)
    assert mine.before is None
    assert who.name in mine.after.names


@pytest.mark.slow
def test_a_question_that_is_stopped_has_no_answer(desk: Desk) -> None:
    run_id = ask_remedies(desk, *gap(desk))
    with desk.app.app_context(), transaction():
        # As if someone had pressed the button just after a worker took the question up.
        db.session.get_one(SolveRun, run_id).stop_requested = True

    execute(desk.app, run_id, replace(QUICK, beat=0.0))

    run = desk.run(run_id)
    assert (run.state, run.outcome) == ("cancelled", None)
