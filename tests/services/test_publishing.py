"""Publishing: keys, revisions, published duties, feeds."""

import random
from datetime import timedelta

import pytest

from scheduler.errors import Conflict, InvalidInput, NotAllowed
from scheduler.extensions import db
from scheduler.feeds.variants import Variant
from scheduler.models import ClinicalSession, FeedBytes, JournalEntry, PublishedDuty, RuleChoice, Seat
from scheduler.services import feeds, publishing
from tests import factories as make
from tests.services.pair import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY


@pytest.fixture
def published(pair):
    """Version 1, published: Ada visits on Tuesday, Bram on Thursday."""
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada, on=TUESDAY)
    pair.hold(draft, other, pair.bram, on=THURSDAY)
    pair.publish(draft)
    db.session.commit()
    return draft


def marks():
    """Revisions of everything that has a calendar identity."""
    return {
        (model.__name__, one.id): (one.sequence, one.revised_at)
        for model in (ClinicalSession, Seat)
        for one in db.session.query(model).populate_existing()
    }


def duties():
    return {
        row.seat_id: (row.clinician_id, row.on_date, row.half_day, row.room_id)
        for row in db.session.query(PublishedDuty).populate_existing()
    }


def test_the_first_publication_has_sequence_0(pair, published):
    session = pair.sessions()[0]

    assert published.state == "published"
    assert (session.sequence, session.seats[0].sequence) == (0, 0)
    assert session.revised_at == session.seats[0].revised_at == published.published_at
    assert duties()[session.seats[0].id] == (pair.ada.id, TUESDAY, "morning", pair.rooms[0].id)


def test_what_is_not_held_has_no_revision(pair, published):
    [theatre] = pair.sessions(pair.theatre)

    assert (theatre.sequence, theatre.revised_at) == (0, None)


def test_what_changes_nothing_is_not_published(pair, published):
    second = pair.draft()

    with pytest.raises(InvalidInput, match="nothing to publish"):
        pair.publish(second)

    assert (published.state, second.state) == ("published", "draft")


def test_an_empty_first_version_is_not_published(pair):
    with pytest.raises(InvalidInput, match="nothing to publish"):
        pair.publish(pair.draft())


def test_a_moved_session_gets_the_next_sequence_and_the_others_stay(pair, published):
    one = pair.sessions()[0]
    before = marks()
    second = pair.draft()
    pair.move(second, one, TUESDAY, "afternoon")

    with pair.at(MONDAY - timedelta(days=1), 8):
        pair.publish(second)

    now = marks()
    changed = {key for key in now if now[key] != before[key]}
    assert changed == {("ClinicalSession", one.id), ("Seat", one.seats[0].id)}
    assert {now[key] for key in changed} == {(1, second.published_at)}


def test_another_colleague_revises_all_seats_and_raises_no_sequence(pair):
    first = pair.draft()
    [session] = pair.sessions(pair.theatre)
    pair.hold(first, session, pair.ada, pair.carl, pair.carl, on=WEDNESDAY)
    pair.publish(first)
    second = pair.draft()
    pair.edit("assign_seat", second, seat_id=session.seats[0].id, clinician_id=pair.bram.id)

    with pair.at(MONDAY, 5):
        pair.publish(second)

    assert {(seat.sequence, seat.revised_at) for seat in session.seats} == {(0, second.published_at)}


def test_a_session_that_goes_and_comes_back_never_repeats_a_sequence(pair, published):
    one = pair.sessions()[0]
    second = pair.draft()
    pair.edit("remove_session", second, session_id=one.id)
    pair.publish(second)
    gone = one.seats[0].sequence
    third = pair.draft(from_number=1)
    pair.publish(third)

    assert (gone, one.seats[0].sequence) == (1, 2)
    assert pair.states(third) == pair.states(published)


def test_two_clinicians_swap(pair, published):
    one, other = pair.sessions()
    second = pair.draft()
    pair.edit("assign_seat", second, seat_id=one.seats[0].id, clinician_id=pair.bram.id)
    pair.edit("assign_seat", second, seat_id=other.seats[0].id, clinician_id=pair.ada.id)

    pair.publish(second)

    assert [duties()[s.seats[0].id][0] for s in (one, other)] == [pair.bram.id, pair.ada.id]


def test_two_clinicians_swap_places_in_one_half_day(pair):
    first = pair.draft()
    one, other = pair.sessions()
    pair.hold(first, one, pair.ada, on=TUESDAY)
    pair.hold(first, other, pair.bram, on=TUESDAY)
    pair.publish(first)
    second = pair.draft()
    pair.edit("assign_seat", second, seat_id=one.seats[0].id, clinician_id=pair.bram.id)
    pair.edit("assign_seat", second, seat_id=other.seats[0].id, clinician_id=pair.ada.id)

    pair.publish(second)

    assert [duties()[s.seats[0].id][0] for s in (one, other)] == [pair.bram.id, pair.ada.id]


def test_cover_is_published_after_the_list_and_is_not_exclusive(pair):
    draft = pair.draft()
    [session] = pair.sessions(pair.theatre)
    pair.hold(draft, session, pair.ada, pair.carl, pair.carl, on=WEDNESDAY)

    pair.publish(draft)

    cover = db.session.get(PublishedDuty, session.seats[2].id)
    held = pair.states(draft)[session.id]
    assert (cover.start_at, cover.end_at) == (held.end_at, held.end_at + timedelta(hours=48))
    assert not cover.is_exclusive


def test_both_keys_are_needed(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    facts = {"version_id": draft.id, "revision": draft.revision}
    publishing.approve(actor=pair.actor, organisation_id=pair.mons.id, **facts)

    with pytest.raises(Conflict, match="Maubeuge has not approved"):
        publishing.publish(actor=pair.actor, **facts)

    publishing.approve(actor=pair.partner, organisation_id=pair.maubeuge.id, **facts)
    publishing.publish(actor=pair.actor, reason="agreed", **facts)
    assert draft.state == "published"


def test_nobody_turns_the_key_of_another_hospital(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)

    with pytest.raises(NotAllowed):
        publishing.approve(
            actor=pair.actor, version_id=draft.id, revision=draft.revision, organisation_id=pair.maubeuge.id
        )


def test_a_key_is_given_to_the_revision_that_was_seen(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    seen = draft.revision
    pair.move(draft, pair.sessions()[0], THURSDAY)

    with pytest.raises(Conflict):
        publishing.approve(actor=pair.partner, version_id=draft.id, revision=seen, organisation_id=pair.maubeuge.id)


def test_a_withdrawn_key_is_missing(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    pair.approve(draft)
    facts = {"version_id": draft.id, "revision": draft.revision}

    publishing.withdraw_approval(actor=pair.partner, organisation_id=pair.maubeuge.id, **facts)

    with pytest.raises(Conflict, match="has not approved"):
        publishing.publish(actor=pair.actor, reason="agreed", **facts)


def test_a_change_at_home_needs_no_key_of_the_partner(pair, published):
    home = make.make_template(pair.home, code="T9", half_days=((2, "morning"),), room_kind=None)
    dora = make.make_clinician(pair.home, code="D1")
    own = make.make_session(pair.roster, home)
    second = pair.draft()
    pair.hold(second, own, dora, on=TUESDAY)

    assert publishing.needed_organisations(second) == {pair.mons.id}


def test_a_version_is_published_once(pair, published):
    with pytest.raises(Conflict, match="published"):
        publishing.publish(actor=pair.actor, version_id=published.id, revision=published.revision)


def test_a_draft_from_before_the_last_publication_is_outdated(pair, published):
    second, third = pair.draft(), pair.draft()
    pair.move(second, pair.sessions()[0], TUESDAY, "afternoon")
    pair.publish(second)

    with pytest.raises(Conflict, match="Another version was published"):
        pair.publish(third)


def test_a_blocking_breach_is_not_published(pair):
    draft = pair.draft()
    one, other = pair.sessions()
    pair.hold(draft, one, pair.ada)
    pair.hold(draft, other, pair.ada)

    with pytest.raises(InvalidInput, match="block publishing"):
        pair.publish(draft)


def test_leave_entered_after_the_edit_is_found_when_publishing(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    make.make_leave(pair.ada)

    with pytest.raises(InvalidInput) as refused:
        pair.publish(draft)

    assert "Dr Ada Exemple is absent" in str(next(iter(refused.value.problems.values())))


def test_a_warning_needs_a_reason_and_the_journal_keeps_it(pair):
    for organisation in (pair.mons, pair.maubeuge):
        make.add(RuleChoice(organisation_id=organisation.id, rule="agreement_in_force", strength="warn"))
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    pair.agreement.enrolments[0].valid_until = MONDAY
    pair.approve(draft)
    facts = {"version_id": draft.id, "revision": draft.revision, "actor": pair.actor}

    with pytest.raises(InvalidInput) as refused:
        publishing.publish(**facts)
    assert list(refused.value.problems) == ["reason"]

    publishing.publish(reason="the annex is signed", **facts)
    entry = db.session.query(JournalEntry).filter_by(deed="roster_version.published").one()
    assert entry.facts["reason"] == draft.reason == "the annex is signed"


def test_what_has_begun_is_not_rewritten(pair, published):
    second = pair.draft()
    pair.move(second, pair.sessions()[0], FRIDAY - timedelta(days=1))

    with pair.at(TUESDAY, 12), pytest.raises(Conflict, match="has begun meanwhile"):
        pair.publish(second)


def test_a_first_publication_in_mid_week_may_hold_what_has_begun(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada, on=MONDAY)

    with pair.at(TUESDAY, 12):
        pair.publish(draft)

    assert draft.state == "published"


def test_nobody_is_in_two_rosters_at_once(pair, published):
    """The rules see it too; the database has the last word when both are published at the same moment."""
    clinic = make.make_template(pair.home, code="T9")
    elsewhere = make.make_roster([pair.home], templates=[clinic], first_on=MONDAY + timedelta(weeks=4))
    [session] = make.sessions_of(elsewhere)
    version = make.make_version(elsewhere)
    make.place(version, session, on=TUESDAY, team={session.seats[0]: pair.ada})

    with pytest.raises(Conflict) as refused:
        publishing.replace_duties(version, {}, pair.states(version))

    assert "Dr Ada Exemple would be in two places at once" in refused.value.message
    assert str(pair.home.name) in refused.value.message
    assert str(pair.host.name) in refused.value.message


def test_a_session_keeps_the_duties_of_the_version_before_when_publishing_fails(pair, published):
    rows = duties()
    second = pair.draft()
    other = pair.sessions()[1]
    pair.edit("assign_seat", second, seat_id=other.seats[0].id, clinician_id=pair.ada.id)
    pair.move(second, other, TUESDAY)
    pair.approve(second)
    db.session.commit()

    with pytest.raises(InvalidInput):
        pair.publish(second)
    db.session.rollback()

    assert duties() == rows
    assert (published.state, second.state) == ("published", "draft")


def test_only_feeds_in_which_something_changes_wait_to_be_made_anew(pair, published):
    for who in (pair.ada, pair.bram):
        feeds.create_subscription(actor=None, feed="clinician", subject_id=who.id, variant=Variant("en"))
    second = pair.draft()
    pair.move(second, pair.sessions()[0], MONDAY)

    pair.publish(second)

    rows = db.session.query(FeedBytes).populate_existing().all()
    assert {row.subject_id for row in rows if row.made < row.wanted} == {pair.ada.id}
    assert all(row.gzipped for row in rows)


def test_a_manager_publishes_nothing(pair):
    make.make_account("manager.mons", roles={pair.mons: "manager"})
    draft = pair.draft()

    with pytest.raises(NotAllowed):
        publishing.publish(actor=pair.scope("manager.mons"), version_id=draft.id, revision=draft.revision)


@pytest.mark.parametrize("seed", range(3))
def test_sequences_never_go_back_and_what_is_the_same_is_not_revised(pair, seed):
    rng = random.Random(seed)
    choices = [(MONDAY, "morning"), (TUESDAY, "morning"), (TUESDAY, "afternoon"), (THURSDAY, "morning")]
    instant = make.NOW
    before, states = marks(), {}
    for _ in range(4):
        draft = pair.draft()
        for session in pair.sessions():
            if rng.random() < 0.5:
                _change(pair, draft, session, rng, choices)
        after = pair.states(draft)
        instant += timedelta(hours=1)
        with pair.at(instant.date(), instant.hour):
            try:
                pair.publish(draft)
            except InvalidInput:
                continue
        now = marks()
        for session in pair.sessions():
            keys = [("ClinicalSession", session.id), *(("Seat", seat.id) for seat in session.seats)]
            same = states.get(session.id) == after.get(session.id)
            assert all((now[key] == before[key]) is same for key in keys)
            assert all(now[key][0] >= before[key][0] for key in keys)
        before, states = now, after


def _change(pair, draft, session, rng, choices):
    on, half_day = rng.choice(choices)
    who = rng.choice([pair.ada, pair.bram])
    held = pair.states(draft).get(session.id)
    if held is None:
        pair.hold(draft, session, who, on=on, half_day=half_day)
    elif rng.random() < 0.3:
        pair.edit("remove_session", draft, session_id=session.id)
    elif rng.random() < 0.5:
        pair.move(draft, session, on, half_day)
    else:
        pair.edit("assign_seat", draft, seat_id=session.seats[0].id, clinician_id=who.id)
