"""Edits of drafts."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db, transaction
from scheduler.models import Placement, RosterVersion
from scheduler.queries.findings import findings_of
from scheduler.services import drafts, publishing
from solver.problem import Strength
from tests import factories as make
from tests.services.pair import FRIDAY, MONDAY, THURSDAY, TUESDAY


def test_a_session_is_held_with_real_times_and_a_room(pair):
    draft = pair.draft()
    session = pair.sessions()[0]

    pair.hold(draft, session, pair.ada)

    state = pair.states(draft)[session.id]
    assert (state.on, state.half_day, state.room_id) == (TUESDAY, "morning", pair.rooms[0].id)
    assert (state.start_at.isoformat(), state.end_at.isoformat()) == (
        "2026-11-24T07:30:00+00:00",
        "2026-11-24T11:30:00+00:00",
    )
    assert draft.revision == 2
    assert not findings_of(draft.findings).breaches


def test_a_session_is_not_held_without_its_whole_team(pair):
    draft = pair.draft()
    [session] = pair.sessions(pair.theatre)

    with pytest.raises(InvalidInput, match="whole team"):
        pair.edit(
            "place_session",
            draft,
            session_id=session.id,
            on=THURSDAY,
            half_day="morning",
            team={session.seats[0].id: pair.ada.id},
        )


def test_a_moved_session_keeps_its_team_and_room(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada, room_id=pair.rooms[1].id)

    pair.move(draft, session, THURSDAY)

    state = pair.states(draft)[session.id]
    assert (state.on, state.room_id) == (THURSDAY, pair.rooms[1].id)
    assert state.clinician_ids == {pair.ada.id}


def test_a_moved_session_takes_another_room_when_its_own_is_taken(pair):
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada, on=TUESDAY)
    pair.hold(draft, other, pair.bram, on=THURSDAY)

    pair.move(draft, other, TUESDAY)

    assert {state.room_id for state in pair.states(draft).values()} == {pair.rooms[0].id, pair.rooms[1].id}


def test_a_session_is_not_held_in_a_room_of_another_kind(pair):
    draft = pair.draft()

    with pytest.raises(InvalidInput, match="another kind"):
        pair.hold(draft, pair.sessions()[0], pair.ada, room_id=pair.rooms[2].id)


def test_a_session_is_not_held_outside_its_half_days(pair):
    draft = pair.draft()

    with pytest.raises(InvalidInput, match="cannot be held"):
        pair.hold(draft, pair.sessions()[0], pair.ada, on=FRIDAY)


def test_a_removed_session_is_an_explained_gap(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)

    pair.edit("remove_session", draft, session_id=session.id)

    assert pair.states(draft) == {}
    assert session.id in {int(gap.session) for gap in findings_of(draft.findings).gaps}


def test_a_seat_is_given_to_someone_else(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)

    pair.edit("assign_seat", draft, seat_id=session.seats[0].id, clinician_id=pair.bram.id)

    assert pair.states(draft)[session.id].clinician_ids == {pair.bram.id}


def test_a_stranger_is_not_put_on_the_roster(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    stranger = make.make_clinician(make.make_site(make.make_organisation("STRANGER")))
    pair.hold(draft, session, pair.ada)

    with pytest.raises(InvalidInput, match="nor is enrolled"):
        pair.edit("assign_seat", draft, seat_id=session.seats[0].id, clinician_id=stranger.id)


def test_the_host_does_not_plan_people_of_the_partner_who_are_not_enrolled(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    dora = make.make_clinician(pair.home, code="D1")
    pair.hold(draft, session, pair.ada, actor=pair.partner)

    with pytest.raises(InvalidInput, match="nor is enrolled"):
        pair.edit("assign_seat", draft, seat_id=session.seats[0].id, clinician_id=dora.id, actor=pair.partner)


def test_a_draft_may_break_a_blocking_rule_and_shows_it(pair):
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada)

    pair.hold(draft, other, pair.ada)

    assert findings_of(draft.findings).of_strength(Strength.BLOCK)


def test_of_two_edits_of_one_revision_the_second_is_refused_by_name(pair):
    draft = pair.draft()
    one, other = pair.sessions()
    seen = draft.revision
    pair.hold(draft, one, pair.ada)

    with pytest.raises(Conflict, match="Coordinator Mons changed this draft on"):
        pair.hold(draft, other, pair.bram, actor=pair.partner, revision=seen)


def test_of_two_edits_at_once_one_is_refused(pair, app):
    draft = pair.draft()
    sessions = pair.sessions()
    actors = (pair.actor, pair.partner)
    db.session.commit()
    facts = {"version_id": draft.id, "revision": draft.revision, "on": TUESDAY, "half_day": "morning"}
    wanted = [
        {"session_id": s.id, "team": {s.seats[0].id: who.id}}
        for s, who in zip(sessions, (pair.ada, pair.bram), strict=True)
    ]
    db.session.commit()
    ends = []

    def edit(number):
        with app.app_context():
            try:
                with transaction():
                    drafts.place_session(actor=actors[number], **facts, **wanted[number])
                ends.append("done")
            except Conflict:
                ends.append("conflict")

    threads = [threading.Thread(target=edit, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["conflict", "done"]
    db.session.expire_all()
    assert len(pair.states(draft)) == 1


def test_undo_and_redo_survive_a_reload(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    held = pair.states(draft)
    pair.move(draft, session, THURSDAY)
    moved = pair.states(draft)
    db.session.commit()
    db.session.expire_all()

    pair.edit("undo", draft)
    db.session.commit()
    db.session.expire_all()
    assert pair.states(draft) == held

    pair.edit("undo", draft)
    assert pair.states(draft) == {}
    with pytest.raises(InvalidInput):
        pair.edit("undo", draft)

    pair.edit("redo", draft)
    pair.edit("redo", draft)
    assert pair.states(draft) == moved
    with pytest.raises(InvalidInput):
        pair.edit("redo", draft)


def test_a_new_edit_ends_what_could_be_done_again(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    pair.move(draft, session, THURSDAY)
    pair.edit("undo", draft)

    pair.move(draft, session, MONDAY)

    with pytest.raises(InvalidInput):
        pair.edit("redo", draft)
    pair.edit("undo", draft)
    assert pair.states(draft)[session.id].on == TUESDAY


def test_what_is_pinned_is_not_edited(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    pair.edit("pin_session", draft, session_id=session.id)

    with pytest.raises(Conflict, match="pinned"):
        pair.move(draft, session, THURSDAY)

    pair.edit("unpin_session", draft, session_id=session.id)
    pair.move(draft, session, THURSDAY)
    assert pair.states(draft)[session.id].on == THURSDAY


def test_pinning_is_undone(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    pair.edit("pin_session", draft, session_id=session.id, seat_id=session.seats[0].id)

    pair.edit("undo", draft)

    db.session.expire_all()
    assert draft.pins == []


def test_a_pinned_person_is_not_replaced_but_the_other_seats_are_free(pair):
    draft = pair.draft()
    [session] = pair.sessions(pair.theatre)
    pair.hold(draft, session, pair.ada, pair.carl, pair.carl, on=THURSDAY)
    visitor, counterpart, _ = session.seats
    pair.edit("pin_session", draft, session_id=session.id, seat_id=counterpart.id)

    pair.edit("assign_seat", draft, seat_id=visitor.id, clinician_id=pair.bram.id)

    with pytest.raises(Conflict, match="pinned"):
        pair.edit("assign_seat", draft, seat_id=counterpart.id, clinician_id=pair.ada.id)


def test_what_has_begun_is_not_edited(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada, on=MONDAY)

    with pair.at(MONDAY, 8), pytest.raises(Conflict, match="has begun"):
        pair.move(draft, session, THURSDAY)
    with pair.at(MONDAY, 8), pytest.raises(Conflict, match="has begun"):
        pair.edit("undo", draft)


def test_nothing_is_put_into_the_past(pair):
    draft = pair.draft()

    with pair.at(MONDAY, 8), pytest.raises(InvalidInput, match="is past"):
        pair.hold(draft, pair.sessions()[0], pair.ada, on=MONDAY)


def test_a_session_of_another_roster_is_not_found(pair):
    draft = pair.draft()
    template = make.make_template(pair.host, code="T9")
    roster = make.make_roster([pair.host], templates=[template], first_on=MONDAY + timedelta(weeks=5))
    [foreign] = make.sessions_of(roster)

    with pytest.raises(NotFound):
        pair.edit("remove_session", draft, session_id=foreign.id)


def test_a_manager_edits_nothing(pair):
    draft = pair.draft()
    make.make_account("manager.mons", roles={pair.mons: "manager"})

    with pytest.raises(NotAllowed):
        pair.hold(draft, pair.sessions()[0], pair.ada, actor=pair.scope("manager.mons"))


def test_an_edit_reopens_the_keys_of_those_it_touches_alone(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    home = make.make_template(pair.home, code="T9", half_days=((1, "morning"), (2, "morning")), room_kind=None)
    make.make_clinician(pair.home, code="D1")
    dora = make.make_clinician(pair.home, code="D2")
    own = make.make_session(pair.roster, home)
    pair.hold(draft, own, dora, on=MONDAY)
    pair.approve(draft)
    assert len(draft.approvals) == 2

    pair.move(draft, own, TUESDAY)

    assert [approval.organisation_id for approval in draft.approvals] == [pair.maubeuge.id]


def test_a_published_version_does_not_change(pair):
    draft = pair.draft()
    session = pair.sessions()[0]
    pair.hold(draft, session, pair.ada)
    pair.publish(draft)
    db.session.commit()

    with pytest.raises(Conflict, match="published"):
        pair.move(draft, session, THURSDAY)
    with pytest.raises(Conflict):
        publishing.withdraw_approval(
            actor=pair.actor, version_id=draft.id, revision=draft.revision, organisation_id=pair.mons.id
        )
    for rewrite in (
        lambda: db.session.query(Placement).filter_by(version_id=draft.id).update({"half_day": "night"}),
        lambda: db.session.query(Placement).filter_by(version_id=draft.id).delete(),
        lambda: db.session.query(RosterVersion).filter_by(id=draft.id).update({"reason": "another"}),
    ):
        with pytest.raises(IntegrityError):
            rewrite()
        db.session.rollback()
