"""What readers are told of answers: names and sessions that they do not see are counted, never said."""

import json
from datetime import timedelta

import pytest

from scheduler.answers import Remedies, kind_of
from scheduler.extensions import db
from scheduler.queries.checks import check_roster
from scheduler.queries.questions import load_question
from scheduler.queries.solve_runs import load_run
from scheduler.services import questions
from solver.explaining.changes import ChangeKind, FactChange
from solver.explaining.comparing import PlanChange
from solver.explaining.contrast import Contrast, Wanted
from solver.explaining.remedies import Remedy
from solver.outcome import RuleCost
from solver.plan import Plan
from solver.problem import HalfDay, Held
from solver.records_json import encode_record
from solver.text import say
from tests import factories as make
from tests.services.pair import MONDAY, TUESDAY


@pytest.fixture
def dora(pair):
    """Someone of Mons who is enrolled in nothing: Maubeuge may not know of her."""
    return make.make_clinician(pair.home, code="D1", name="Dr Dora Essai")


@pytest.fixture
def hidden(pair):
    """A session of Mons's own."""
    own = make.make_template(pair.home, code="T9", kind="ward_round", half_days=((1, "morning"),))
    return make.make_session(pair.roster, own, index=0)


@pytest.fixture
def draft(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    db.session.flush()
    return draft


def answered(run, answer):
    run.state, run.outcome = "done", json.dumps(encode_record(answer))
    db.session.flush()
    return run.id


def remedy(session, *changes):
    return Remedy(
        session=str(session.id),
        changes=tuple(change for change, _ in changes),
        messages=tuple(message for _, message in changes),
        verified=True,
        minimal=True,
        cost_change=20,
        cost_is_least=True,
        plan=Plan(),
    )


def test_changes_that_concern_strangers_are_not_named_to_the_partner(pair, draft, dora, hidden):
    gap = pair.sessions()[1]
    run = questions.ask_remedies(actor=pair.actor, version_id=draft.id, session_id=gap.id)
    register = FactChange(ChangeKind.REGISTER, "D1", country="FR", since=MONDAY, until=TUESDAY)
    unpin = FactChange(ChangeKind.UNPIN, session=str(hidden.id))
    run_id = answered(
        run,
        Remedies(
            (
                remedy(
                    gap,
                    (register, say("Register %(clinician)s.", clinician="Dr Dora Essai")),
                    (unpin, say("Unpin “%(session)s”.", session="ward_round · urology")),
                ),
            )
        ),
    )

    mine, partners = (load_question(scope, run_id).answer for scope in (pair.actor, pair.partner))

    assert "Dora" in repr(mine)
    assert "ward_round" in repr(mine)
    assert "Dora" not in repr(partners)
    assert "ward_round" not in repr(partners)
    assert len(partners.lines[0].sentences) == 2


def test_ways_that_read_alike_are_told_once(pair, draft):
    gap = pair.sessions()[1]
    run = questions.ask_remedies(actor=pair.actor, version_id=draft.id, session_id=gap.id)
    free, sentence = FactChange(ChangeKind.FREE_DAY, "MON1", on=MONDAY), say("Have someone give up the absence.")
    run_id = answered(run, Remedies((remedy(gap, (free, sentence)), remedy(gap, (free, sentence)))))

    assert len(load_question(pair.actor, run_id).answer.lines) == 1


def test_sessions_and_people_of_others_are_counted_in_a_contrast(pair, draft, dora, hidden):
    session = pair.sessions()[0]
    run = questions.ask_contrast(
        actor=pair.actor,
        version_id=draft.id,
        session_id=session.id,
        seat_id=session.seats[0].id,
        clinician_id=pair.bram.id,
        on=None,
    )

    def held(one, who):
        return Held(str(one.id), MONDAY, HalfDay.MORNING, None, ((str(one.seats[0].id), who),))

    run_id = answered(
        run,
        Contrast(
            Wanted("D1", session=str(session.id)),
            possible=True,
            at_most=5,
            at_least=5,
            proven=True,
            rule_costs=(RuleCost("trips", 1, 20), RuleCost("no_such_rule", 1, 1)),
            changes=(
                PlanChange(str(session.id), None, held(session, "D1")),
                PlanChange(str(hidden.id), None, held(hidden, "D1")),
            ),
        ),
    )

    mine, partners = (load_question(scope, run_id).answer for scope in (pair.actor, pair.partner))

    assert [one.after.names for one in mine.changes] == [("Dr Dora Essai",)] * 2
    assert [one.session_id for one in partners.changes] == [session.id]
    assert (partners.changes[0].after.names, partners.changes[0].after.unknown, partners.unseen) == ((), 1, 1)
    assert [(rule.title, rule.cost) for rule in mine.rules] == [("Journeys are bundled", 20)]


def test_a_question_is_a_run_of_its_kind(pair, draft):
    run = questions.ask_remedies(actor=pair.actor, version_id=draft.id, session_id=pair.sessions()[1].id)

    row = load_run(pair.actor, run.id)

    assert (row.kind, row.can_stop, row.rules) == ("remedies", True, ())
    assert kind_of(Wanted("a")) == "contrast"


# --- checks before solving ------------------------------------------------------------------------


def test_checks_say_what_stops_a_session_and_lead_to_it(pair, draft):
    for who in (pair.ada, pair.bram):
        make.make_leave(who, start_on=MONDAY - timedelta(days=1), days=9)
    db.session.flush()

    found = check_roster(pair.actor, pair.roster.id, None)

    first = pair.sessions()[0].id
    stopped = [line for line in found.lines if line.severity == "stops"]
    assert any([link.session_id for link in line.sessions] == [first] and line.more == 1 for line in stopped)


def test_checks_tell_the_partner_nothing_of_sessions_of_the_own_house(pair, draft, dora, hidden):
    make.make_leave(dora, start_on=MONDAY - timedelta(days=1), days=9)
    for who in (pair.ada, pair.bram):
        make.make_leave(who, start_on=MONDAY - timedelta(days=1), days=9)
    db.session.flush()

    mine, partners = (check_roster(scope, pair.roster.id, None) for scope in (pair.actor, pair.partner))

    assert "ward_round" in repr(mine)
    assert "ward_round" not in repr(partners)
    assert "Dora" not in repr(partners)
    assert partners.hidden > 0
