"""Entering and cancelling leave."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.errors import InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import JournalEntry, Leave
from scheduler.queries.findings import findings_of, findings_to_json
from scheduler.services import leave
from scheduler.text import say
from tests import factories as make
from tests.services.pair import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY


def enter(pair, who, actor=None, **facts):
    values = {"kind": "annual", "start_on": MONDAY, "end_on": MONDAY + timedelta(days=5), **facts}
    return leave.enter_leave(actor=actor or pair.actor, clinician_id=who.id, **values)


@pytest.fixture
def ada_scope(pair):
    make.make_account("ada", roles={pair.mons: "clinician"}, clinician=pair.ada)
    return pair.scope("ada")


def test_a_coordinator_enters_leave_of_an_own_clinician(pair):
    found = enter(pair, pair.ada)

    assert (found.clinician_id, found.kind, found.start_on) == (pair.ada.id, "annual", MONDAY)


def test_a_clinician_enters_the_own_leave(pair, ada_scope):
    assert enter(pair, pair.ada, ada_scope).entered_by_id == ada_scope.account_id


def test_a_clinician_enters_nobody_elses_leave(pair, ada_scope):
    with pytest.raises(NotFound):
        enter(pair, pair.bram, ada_scope)


def test_the_partner_enters_no_leave_of_a_visitor(pair):
    with pytest.raises(NotAllowed):
        enter(pair, pair.ada, pair.partner)


def test_a_manager_enters_no_leave(pair):
    make.make_account("manager.mons", roles={pair.mons: "manager"})

    with pytest.raises(NotAllowed):
        enter(pair, pair.ada, pair.scope("manager.mons"))


def test_a_stranger_finds_nobody(pair):
    make.make_account("coordinator.stranger", roles={make.make_organisation("STRANGER"): "coordinator"})

    with pytest.raises(NotFound):
        enter(pair, pair.ada, pair.scope("coordinator.stranger"))


@pytest.mark.parametrize("start", [-2, 0, 4])
def test_overlapping_leave_is_refused(pair, start):
    enter(pair, pair.ada)

    with pytest.raises(InvalidInput, match="There is leave already") as refused:
        enter(pair, pair.ada, start_on=MONDAY + timedelta(days=start), end_on=MONDAY + timedelta(days=start + 3))

    assert list(refused.value.problems) == ["start_on"]


@pytest.mark.parametrize("start", [-3, 5])
def test_leave_may_follow_leave(pair, start):
    enter(pair, pair.ada)

    enter(pair, pair.ada, start_on=MONDAY + timedelta(days=start), end_on=MONDAY + timedelta(days=start + 3))

    assert db.session.query(Leave).count() == 2


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("kind", {"kind": "sickness"}),
        ("end_on", {"end_on": MONDAY}),
        ("end_on", {"end_on": MONDAY + timedelta(days=400)}),
    ],
)
def test_wrong_input_is_named_by_field(pair, field, facts):
    with pytest.raises(InvalidInput) as refused:
        enter(pair, pair.ada, **facts)

    assert list(refused.value.problems) == [field]


def test_cancelled_leave_is_gone(pair):
    found = enter(pair, pair.ada)

    leave.cancel_leave(actor=pair.actor, leave_id=found.id)

    assert db.session.query(Leave).count() == 0


def test_leave_that_is_over_stays(pair):
    found = enter(pair, pair.ada)

    with pair.at(MONDAY + timedelta(days=6), 8), pytest.raises(InvalidInput, match="over"):
        leave.cancel_leave(actor=pair.actor, leave_id=found.id)


def test_leave_that_runs_keeps_the_days_already_taken(pair):
    found = enter(pair, pair.ada)

    with pair.at(WEDNESDAY, 8):
        kept = leave.cancel_leave(actor=pair.actor, leave_id=found.id)

    assert kept is found
    assert (found.start_on, found.end_on) == (MONDAY, WEDNESDAY)
    entry = db.session.query(JournalEntry).filter_by(subject="leave").order_by(JournalEntry.id.desc()).first()
    assert (entry.deed, entry.facts["end_on"]) == ("leave.shortened", WEDNESDAY.isoformat())


def test_leave_that_begins_today_is_cancelled_whole(pair):
    found = enter(pair, pair.ada)

    with pair.at(MONDAY, 8):
        assert leave.cancel_leave(actor=pair.actor, leave_id=found.id) is None

    assert db.session.query(Leave).count() == 0


def test_the_journal_does_not_tell_the_kind(pair):
    found = enter(pair, pair.ada, kind="parental")
    leave.cancel_leave(actor=pair.actor, leave_id=found.id)

    entries = db.session.query(JournalEntry).filter(JournalEntry.subject == "leave").all()
    assert [entry.deed for entry in entries] == ["leave.entered", "leave.cancelled"]
    assert all("parental" not in str(entry.facts) for entry in entries)


def test_drafts_that_plan_the_clinician_are_judged_again(pair):
    draft, other = pair.draft(), pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    pair.hold(other, pair.sessions()[0], pair.bram)

    found = enter(pair, pair.ada)
    hit = [len(findings_of(version.findings).breaches) for version in (draft, other)]
    leave.cancel_leave(actor=pair.actor, leave_id=found.id)

    assert hit == [1, 0]
    assert findings_of(draft.findings).breaches == ()


def test_drafts_are_judged_again_when_leave_meets_the_cover_after_a_list(pair):
    draft = pair.draft()
    [theatre] = pair.sessions(pair.theatre)
    anna = make.make_clinician(pair.host, code="D1", name="Dr Anna Voorbeeld", roles=("lead", "counterpart", "cover"))
    pair.hold(draft, theatre, pair.ada, pair.carl, anna, on=THURSDAY)

    enter(pair, anna, pair.partner, start_on=FRIDAY, end_on=FRIDAY + timedelta(days=1))

    assert [breach.rule for breach in findings_of(draft.findings).breaches] == ["leave"]


@pytest.fixture
def solved(pair):
    """A draft with what a solver found about it."""
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada, on=TUESDAY)
    found = replace(findings_of(draft.findings), status="optimal", bound=480.0, notes=(say("A pin was let go."),))
    draft.findings = findings_to_json(found)
    db.session.flush()
    return draft


def test_what_a_solver_found_is_no_longer_proven_when_leave_meets_it(pair, solved):
    before = findings_of(solved.findings)

    enter(pair, pair.ada, start_on=TUESDAY, end_on=TUESDAY + timedelta(days=1))
    hit = findings_of(solved.findings)

    assert (hit.status, hit.bound, hit.notes) == ("edited", None, before.notes)


def test_a_published_roster_still_tells_that_it_was_proven(pair, solved):
    pair.publish(solved)

    kept = findings_of(solved.findings)
    assert (kept.status, kept.bound, kept.notes) == ("optimal", 480.0, (say("A pin was let go."),))
