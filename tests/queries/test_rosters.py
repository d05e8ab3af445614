"""Who sees which rosters, and what changes between versions."""

from datetime import timedelta

import pytest

from scheduler.errors import NotFound
from scheduler.queries import rosters
from scheduler.queries.approvals import approval_states
from scheduler.queries.roster_access import find_version_by_id
from scheduler.services import publishing
from tests import factories as make
from tests.services.pair import MONDAY, THURSDAY, TUESDAY, WEDNESDAY


@pytest.fixture
def published(pair):
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada, on=TUESDAY)
    pair.hold(draft, other, pair.bram, on=THURSDAY)
    pair.publish(draft)
    return draft


def scope_as(pair, role, organisation, *, login="someone", **more):
    make.make_account(login, roles={organisation: role}, **more)
    return pair.scope(login)


@pytest.mark.parametrize("role", ["coordinator", "manager", "administrator"])
@pytest.mark.parametrize("side", ["mons", "maubeuge"])
def test_the_offices_of_both_hospitals_see_drafts(pair, published, role, side):
    pair.draft()
    scope = scope_as(pair, role, getattr(pair, side))

    [row] = rosters.list_rosters(scope)

    assert (row.published.number, [v.number for v in row.drafts], row.can_edit) == (1, [2], role == "coordinator")
    assert rosters.load_version(scope, pair.roster.id, 2).is_editable is (role == "coordinator")


def test_a_clinician_sees_the_published_roster_and_no_draft(pair, published):
    pair.draft()
    scope = scope_as(pair, "clinician", pair.mons, clinician=pair.ada)

    [row] = rosters.list_rosters(scope)

    assert (row.published.number, row.drafts, row.can_edit) == (1, (), False)
    [version] = rosters.load_roster(scope, pair.roster.id).versions
    assert (version.number, version.held, version.cost, version.reason) == (1, 2, None, "")
    with pytest.raises(NotFound):
        rosters.load_version(scope, pair.roster.id, 2)
    with pytest.raises(NotFound):
        find_version_by_id(scope, pair.version(2).id)


def test_a_clinician_without_a_duty_there_sees_nothing(pair, published):
    scope = scope_as(pair, "clinician", pair.maubeuge, clinician=pair.carl)

    assert rosters.list_rosters(scope) == ()
    with pytest.raises(NotFound):
        rosters.load_version(scope, pair.roster.id, 1)


def test_strangers_and_the_platform_administrator_see_nothing(pair, published):
    stranger = scope_as(pair, "coordinator", make.make_organisation("STRANGER"))
    make.make_account("platform", is_platform_administrator=True)

    for scope in (stranger, pair.scope("platform")):
        assert rosters.list_rosters(scope) == ()
        for ask in (rosters.load_roster, rosters.current_number):
            with pytest.raises(NotFound):
                ask(scope, pair.roster.id)
        with pytest.raises(NotFound):
            rosters.differences(scope, published.id)


def test_who_sends_clinicians_sees_and_approves_what_is_under_the_agreement(pair):
    """A roster of Maubeuge alone: Mons owns none of its sites, and Mons must agree all the same."""
    own = make.make_template(pair.host, code="T9", half_days=((1, "morning"),), room_kind=None)
    monday = MONDAY + timedelta(weeks=1)
    roster = make.make_roster([pair.host], templates=[pair.visit, own], first_on=monday)
    version = make.make_version(roster)
    *visits, clinic = make.sessions_of(roster)
    make.place(version, visits[0], on=monday, team={visits[0].seats[0]: pair.ada})
    make.place(version, clinic, on=monday, team={clinic.seats[0]: pair.carl})

    changes = rosters.differences(pair.actor, version.id)

    assert [change.clinician_name for change in changes] == ["Dr Ada Exemple"]
    assert not rosters.load_version(pair.actor, roster.id, 1).is_editable
    publishing.approve(actor=pair.actor, version_id=version.id, revision=version.revision, organisation_id=pair.mons.id)
    assert [(a.needed, a.given_by) for a in approval_states(pair.actor, version)] == [
        (True, ""),
        (True, "Coordinator Mons"),
    ]


def test_the_version_to_open_first_is_the_published_one(pair):
    assert rosters.current_number(pair.actor, pair.roster.id) is None
    first = pair.draft()
    assert rosters.current_number(pair.actor, pair.roster.id) == 1
    pair.hold(first, pair.sessions()[0], pair.ada)
    pair.publish(first)
    pair.draft()

    assert rosters.current_number(pair.actor, pair.roster.id) == 1


def test_a_draft_is_outdated_once_another_is_published(pair, published):
    pair.draft()
    third = pair.draft()
    pair.move(third, pair.sessions()[0], TUESDAY, "afternoon")
    pair.publish(third)

    page = rosters.load_version(pair.actor, pair.roster.id, 2)

    assert (page.based_on, page.is_outdated, page.is_editable) == (1, True, True)


def test_what_can_be_undone_is_named(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    pair.move(draft, session, THURSDAY)
    pair.edit("undo", draft)

    page = rosters.load_version(pair.actor, pair.roster.id, 1)

    assert (page.undo, page.redo) == ("session_placed", "session_moved")


def test_differences_name_who_is_concerned_and_how(pair, published):
    one, other = pair.sessions()
    [theatre] = pair.sessions(pair.theatre)
    draft = pair.draft()
    pair.move(draft, one, TUESDAY, "afternoon")
    pair.edit("assign_seat", draft, seat_id=other.seats[0].id, clinician_id=pair.ada.id)
    pair.hold(draft, theatre, pair.bram, pair.carl, pair.carl, on=WEDNESDAY)

    changes = rosters.differences(pair.partner, draft.id)

    assert [(c.clinician_name, c.session_id, c.kind) for c in changes] == [
        ("Dr Ada Exemple", one.id, "moved"),
        ("Dr Ada Exemple", other.id, "new"),
        ("Dr Bram Voorbeeld", theatre.id, "new"),
        ("Dr Bram Voorbeeld", other.id, "removed"),
        ("Dr Carl Fictive", theatre.id, "new"),
    ]
    moved, cover = changes[0], changes[-1]
    assert ((moved.before.half_day, moved.after.half_day), moved.organisation_ids) == (
        ("morning", "afternoon"),
        {pair.mons.id, pair.maubeuge.id},
    )
    assert (cover.before, cover.after.roles, cover.after.colleagues) == (
        None,
        ("counterpart",),
        ("Dr Bram Voorbeeld",),
    )
    assert cover.after.cover == (cover.after.end_at, cover.after.end_at + timedelta(hours=48))


def test_another_room_and_another_colleague_are_changes_of_their_own_kind(pair):
    [theatre] = pair.sessions(pair.theatre)
    one = pair.sessions()[0]
    first = pair.draft()
    pair.hold(first, theatre, pair.ada, pair.carl, pair.carl, on=WEDNESDAY)
    pair.hold(first, one, pair.ada)
    pair.publish(first)
    draft = pair.draft()
    pair.edit("assign_seat", draft, seat_id=theatre.seats[0].id, clinician_id=pair.bram.id)
    pair.move(draft, one, TUESDAY, room_id=pair.rooms[1].id)

    changes = {(c.clinician_name, c.session_id): c for c in rosters.differences(pair.actor, draft.id)}

    assert changes["Dr Carl Fictive", theatre.id].kind == "team"
    room = changes["Dr Ada Exemple", one.id]
    assert (room.kind, room.before.room_name, room.after.room_name) == ("room", "Room 1", "Room 2")


def test_any_two_versions_are_compared_and_a_published_one_with_the_one_before(pair, published):
    draft = pair.draft()
    pair.move(draft, pair.sessions()[0], MONDAY)
    pair.publish(draft)

    usual = rosters.differences(pair.actor, draft.id)
    back = rosters.differences(pair.actor, published.id, against=draft.id)

    assert [(c.before.on, c.after.on) for c in usual] == [(TUESDAY, MONDAY)]
    assert [(c.before.on, c.after.on) for c in back] == [(MONDAY, TUESDAY)]
    assert {c.kind for c in rosters.differences(pair.actor, published.id)} == {"new"}
