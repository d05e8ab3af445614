"""Rosters and drafts of them."""

from datetime import timedelta

import pytest

from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.queries.findings import findings_of
from scheduler.services import rosters
from tests import factories as make
from tests.services.pair import MONDAY, THURSDAY, TUESDAY

NEXT = MONDAY + timedelta(weeks=1)


def create(pair, **facts):
    values = {"title": "Next", "first_on": NEXT, "weeks": 1, "site_ids": [pair.home.id], **facts}
    return rosters.create_roster(actor=values.pop("actor", pair.actor), **values)


def test_a_coordinator_makes_a_roster_with_a_partner(pair):
    roster = create(pair, site_ids=[pair.home.id, pair.host.id], weeks=2)

    assert {(line.site_id, line.week_on) for line in roster.site_weeks} == {
        (site.id, NEXT + timedelta(weeks=n)) for site in (pair.home, pair.host) for n in (0, 1)
    }


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("title", {"title": "  "}),
        ("first_on", {"first_on": TUESDAY}),
        ("weeks", {"weeks": 0}),
        ("weeks", {"weeks": 27}),
        ("site_ids", {"site_ids": []}),
    ],
)
def test_wrong_input_is_named_by_field(pair, field, facts):
    with pytest.raises(InvalidInput) as refused:
        create(pair, **facts)

    assert list(refused.value.problems) == [field]


def test_a_week_of_a_site_belongs_to_one_roster(pair):
    with pytest.raises(Conflict, match="already belongs to the roster “Mons and Maubeuge”"):
        create(pair, first_on=MONDAY)


def test_a_foreign_site_is_not_found(pair):
    stranger = make.make_site(make.make_organisation("STRANGER"))

    with pytest.raises(NotFound):
        create(pair, site_ids=[pair.home.id, stranger.id])


def test_a_roster_for_the_partner_alone_is_not_ours_to_make(pair):
    with pytest.raises(NotAllowed):
        create(pair, site_ids=[pair.host.id])


def test_a_manager_makes_no_roster(pair):
    make.make_account("manager.mons", roles={pair.mons: "manager"})

    with pytest.raises(NotAllowed):
        create(pair, actor=pair.scope("manager.mons"))


def test_the_first_draft_is_empty_and_explains_its_gaps(pair):
    draft = pair.draft()

    findings = findings_of(draft.findings)
    assert (draft.number, draft.state, draft.based_on, draft.placements) == (1, "draft", None, [])
    assert {int(gap.session) for gap in findings.gaps} == {s.id for s in pair.sessions() + pair.sessions(pair.theatre)}


def test_a_draft_copies_what_is_published(pair):
    first = pair.draft()
    pair.hold(first, pair.sessions()[0], pair.ada)
    pair.edit("pin_session", first, session_id=pair.sessions()[0].id)
    pair.publish(first)

    second = pair.draft()

    assert (second.number, second.based_on) == (2, first)
    assert pair.states(second) == pair.states(first)
    assert [pin.session_id for pin in second.pins] == [pair.sessions()[0].id]


def test_a_draft_may_go_back_to_an_earlier_version(pair):
    first = pair.draft()
    pair.hold(first, pair.sessions()[0], pair.ada)
    pair.publish(first)
    second = pair.draft()
    pair.move(second, pair.sessions()[0], THURSDAY)
    pair.publish(second)

    back = pair.draft(from_number=1)

    assert back.based_on is second
    assert pair.states(back) == pair.states(first)


def test_going_back_keeps_what_has_begun(pair):
    early, late = pair.sessions()
    first = pair.draft()
    pair.hold(first, early, pair.ada, on=MONDAY)
    pair.hold(first, late, pair.bram, on=THURSDAY)
    pair.publish(first)
    second = pair.draft()
    pair.move(second, early, TUESDAY)
    pair.move(second, late, TUESDAY, "afternoon")
    pair.publish(second)

    with pair.at(TUESDAY, 12):
        back = pair.draft(from_number=1)

    assert pair.states(back)[early.id] == pair.states(second)[early.id]
    assert pair.states(back)[late.id] == pair.states(first)[late.id]


def test_going_back_leaves_the_pins_of_what_it_does_not_hold(pair):
    early = pair.sessions()[0]
    first = pair.draft()
    pair.hold(first, early, pair.ada, on=MONDAY)
    pair.edit("pin_session", first, session_id=early.id)
    pair.publish(first)
    second = pair.draft()
    pair.edit("unpin_session", second, session_id=early.id)
    pair.edit("remove_session", second, session_id=early.id)
    pair.publish(second)

    with pair.at(TUESDAY, 6):
        back = pair.draft(from_number=1)

    assert (pair.states(back), back.pins) == ({}, [])


def test_a_discarded_draft_cannot_be_edited(pair):
    draft = pair.draft()

    rosters.discard_draft(actor=pair.actor, version_id=draft.id, revision=draft.revision)

    assert draft.state == "discarded"
    with pytest.raises(Conflict, match="discarded"):
        pair.hold(draft, pair.sessions()[0], pair.ada)
    with pytest.raises(Conflict):
        rosters.discard_draft(actor=pair.actor, version_id=draft.id, revision=draft.revision)


def test_a_draft_is_discarded_at_the_revision_that_was_seen(pair):
    draft = pair.draft()
    seen = draft.revision
    pair.hold(draft, pair.sessions()[0], pair.ada)

    with pytest.raises(Conflict, match="changed this draft"):
        rosters.discard_draft(actor=pair.partner, version_id=draft.id, revision=seen)

    assert draft.state == "draft"


def test_a_stranger_does_not_find_the_roster(pair):
    stranger = make.make_organisation("STRANGER")
    make.make_account("coordinator.stranger", roles={stranger: "coordinator"})

    with pytest.raises(NotFound):
        rosters.start_draft(actor=pair.scope("coordinator.stranger"), roster_id=pair.roster.id)


def test_a_manager_starts_no_draft(pair):
    make.make_account("manager.mons", roles={pair.mons: "manager"})

    with pytest.raises(NotAllowed):
        rosters.start_draft(actor=pair.scope("manager.mons"), roster_id=pair.roster.id)
