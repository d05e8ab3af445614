"""Entering and cancelling leave."""

from datetime import timedelta

import pytest

from scheduler.errors import InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import JournalEntry, Leave
from scheduler.queries.findings import findings_of
from scheduler.services import leave
from tests import factories as make
from tests.services.pair import MONDAY


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
