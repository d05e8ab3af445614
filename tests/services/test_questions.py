"""Questions to the solver: who may ask what, and what is written down."""

import json
from datetime import timedelta

import pytest

from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import JournalEntry, SolveRun
from scheduler.queries.questions import list_questions, load_question
from scheduler.queries.solve_runs import find_active_run, load_run
from scheduler.services import questions
from scheduler.services.solve_runs import request_solve, stop_solve
from solver.problem_json import plan_from_json, problem_from_json
from tests import factories as make
from tests.services.pair import MONDAY, THURSDAY, TUESDAY


@pytest.fixture
def draft(pair):
    """A draft in which Ada makes the first visit and the second is a gap."""
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    db.session.flush()
    return draft


def ask_remedies(pair, draft, session, actor=None):
    return questions.ask_remedies(actor=actor or pair.actor, version_id=draft.id, session_id=session.id)


def ask_contrast(pair, draft, who, on=None, actor=None):
    session = pair.sessions()[0]
    return questions.ask_contrast(
        actor=actor or pair.actor,
        version_id=draft.id,
        session_id=session.id,
        seat_id=session.seats[0].id,
        clinician_id=who.id,
        on=on,
    )


def test_a_question_is_written_down_with_the_plan_it_is_about(pair, draft):
    gap = pair.sessions()[1]

    run = ask_remedies(pair, draft, gap)

    assert (run.kind, run.asked, run.state) == ("remedies", {"session": str(gap.id)}, "queued")
    assert str(gap.id) in problem_from_json(json.loads(run.problem)).session
    assert [held.session for held in plan_from_json(json.loads(run.checkpoint)).held] == [str(pair.sessions()[0].id)]


def test_a_question_is_in_the_journal(pair, draft):
    run = ask_remedies(pair, draft, pair.sessions()[1])

    entry = db.session.query(JournalEntry).filter_by(deed="question.asked").one()
    assert (entry.subject_id, entry.facts["kind"]) == (run.id, "remedies")


def test_a_question_keeps_nobody_from_solving(pair, draft):
    ask_remedies(pair, draft, pair.sessions()[1])

    run = request_solve(actor=pair.actor, roster_id=pair.roster.id)

    assert find_active_run(pair.roster.id) == run.id


def test_the_same_question_is_not_asked_twice(pair, draft):
    gap = pair.sessions()[1]

    assert ask_remedies(pair, draft, gap) is ask_remedies(pair, draft, gap)


def test_a_fourth_question_has_to_wait(pair, draft):
    for who, on in ((pair.bram, None), (pair.bram, TUESDAY), (pair.bram, THURSDAY)):
        ask_contrast(pair, draft, who, on)

    with pytest.raises(Conflict):
        ask_remedies(pair, draft, pair.sessions()[1])


def test_what_would_have_to_change_is_asked_of_gaps_alone(pair, draft):
    with pytest.raises(Conflict):
        ask_remedies(pair, draft, pair.sessions()[0])


def test_a_day_that_is_not_offered_is_refused(pair, draft):
    with pytest.raises(InvalidInput):
        ask_contrast(pair, draft, pair.bram, MONDAY + timedelta(days=6))


def test_only_coordinators_ask(pair, draft):
    make.make_account("manager.mons", roles={pair.mons: "manager"})

    with pytest.raises(NotAllowed):
        ask_remedies(pair, draft, pair.sessions()[1], actor=pair.scope("manager.mons"))


def test_managers_read_and_stop_nothing(pair, draft):
    make.make_account("manager.mons", roles={pair.mons: "manager"})
    run = ask_remedies(pair, draft, pair.sessions()[1])

    assert not load_run(pair.scope("manager.mons"), run.id).can_stop
    with pytest.raises(NotAllowed):
        stop_solve(actor=pair.scope("manager.mons"), run_id=run.id)


def test_the_partner_finds_no_question_about_a_session_of_the_own_house(pair, draft):
    own = make.make_template(pair.home, code="T9", kind="ward_round", half_days=((1, "morning"),))
    hidden = make.make_session(pair.roster, own, index=0)

    run = ask_remedies(pair, draft, hidden)

    for look in (load_run, load_question):
        with pytest.raises(NotFound):
            look(pair.partner, run.id)
    with pytest.raises(NotFound):
        stop_solve(actor=pair.partner, run_id=run.id)
    with pytest.raises(NotFound):
        ask_remedies(pair, draft, hidden, actor=pair.partner)
    assert list_questions(pair.partner, draft.id, hidden.id) == ()


def test_the_partner_finds_no_question_about_someone_unknown(pair, draft):
    dora = make.make_clinician(pair.home, code="D1", name="Dr Dora Essai")

    run = ask_contrast(pair, draft, dora)

    assert "Dora" in repr(load_question(pair.actor, run.id))
    with pytest.raises(NotFound):
        load_question(pair.partner, run.id)
    assert list_questions(pair.partner, draft.id, pair.sessions()[0].id) == ()
    with pytest.raises(NotFound):
        ask_contrast(pair, draft, dora, actor=pair.partner)


def test_a_trade_off_is_asked_between_two_goals_in_force(pair, draft):
    run = questions.ask_trade_off(actor=pair.actor, version_id=draft.id, one="trips", other="fair_share")

    assert run.asked == {"one": "trips", "other": "fair_share"}
    for one, other in (("trips", "trips"), ("trips", "leave"), ("trips", "nothing")):
        with pytest.raises(InvalidInput):
            questions.ask_trade_off(actor=pair.actor, version_id=draft.id, one=one, other=other)


def test_a_question_that_waits_can_be_taken_back(pair, draft):
    run = ask_remedies(pair, draft, pair.sessions()[1])

    stop_solve(actor=pair.actor, run_id=run.id)

    assert db.session.get(SolveRun, run.id).state == "cancelled"
