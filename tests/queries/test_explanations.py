"""Where else, who else, and why not."""

import pytest

from scheduler.errors import NotFound
from scheduler.queries import explanations
from tests import factories as make
from tests.services.pair import FRIDAY, MONDAY, THURSDAY, TUESDAY


@pytest.fixture
def draft(pair):
    draft = pair.draft()
    pair.hold(draft, pair.sessions()[0], pair.ada)
    return draft


def place_at(places, on, half_day, room):
    return next(p for p in places if (p.on, p.half_day, p.room_id) == (on, half_day, room.id))


def test_places_are_judged_and_named(pair, draft):
    make.make_leave(pair.ada, start_on=THURSDAY, days=1)

    places = explanations.places(pair.actor, draft.id, pair.sessions()[0].id)

    here = place_at(places, TUESDAY, "morning", pair.rooms[0])
    assert (here.is_present, here.room_name, here.timezone) == (True, "Room 1", "Europe/Paris")
    there = place_at(places, TUESDAY, "afternoon", pair.rooms[1])
    assert (there.allowed, there.is_present) == (True, False)
    away = place_at(places, THURSDAY, "morning", pair.rooms[0])
    assert (away.allowed, away.cost_change) == (False, None)
    assert "Dr Ada Exemple is absent" in str(away.reasons[0])
    assert [p.allowed for p in places] == sorted((p.allowed for p in places), reverse=True)


def test_past_half_days_are_no_places(pair, draft):
    with pair.at(TUESDAY, 6):
        places = explanations.places(pair.actor, draft.id, pair.sessions()[0].id)

    past = place_at(places, MONDAY, "morning", pair.rooms[0])
    assert (past.allowed, str(past.reasons[0])) == (False, "This half-day is past.")


def test_what_has_begun_or_is_pinned_has_no_other_place(pair, draft):
    session = pair.sessions()[0]
    with pair.at(TUESDAY, 10):
        begun = explanations.places(pair.actor, draft.id, session.id)
    pair.edit("pin_session", draft, session_id=session.id)
    pinned = explanations.places(pair.actor, draft.id, session.id)

    assert not any(p.allowed for p in (*begun, *pinned))
    assert "has begun" in str(begun[0].reasons[0])
    assert "is pinned" in str(pinned[0].reasons[0])


def test_candidates_are_ranked_with_reasons(pair, draft):
    make.make_leave(pair.bram)
    seat = pair.sessions()[0].seats[0]

    found = {c.name: c for c in explanations.candidates(pair.actor, draft.id, seat.id)}

    assert (found["Dr Ada Exemple"].allowed, found["Dr Ada Exemple"].is_present) == (True, True)
    assert "Dr Bram Voorbeeld is absent" in str(found["Dr Bram Voorbeeld"].reasons[0])
    assert not found["Dr Carl Fictive"].allowed
    assert (found["Dr Bram Voorbeeld"].site_name, found["Dr Bram Voorbeeld"].country) == (pair.home.name, "BE")


def test_a_gap_is_explained_seat_by_seat(pair, draft):
    make.make_leave(pair.carl)
    [theatre] = pair.sessions(pair.theatre)
    draft = pair.draft()

    gap = explanations.gap_of(pair.actor, draft.id, theatre.id)

    visitor, counterpart, _ = gap.seats
    assert {name for _, name in visitor.free} == {"Dr Ada Exemple", "Dr Bram Voorbeeld"}
    assert [(r.name, "absent" in str(r.reason)) for r in counterpart.refusals] == [("Dr Carl Fictive", True)]


def test_each_side_is_told_of_the_hosts_people_and_of_those_who_are_enrolled(pair, draft):
    make.make_clinician(pair.home, code="D1", name="Dr Dora Essai", roles=("lead", "counterpart"))
    [theatre] = pair.sessions(pair.theatre)
    lead, counterpart, _ = theatre.seats
    draft = pair.draft()

    seen = {
        (side, seat.id): {c.name for c in explanations.candidates(scope, draft.id, seat.id)}
        for side, scope in (("mons", pair.actor), ("maubeuge", pair.partner))
        for seat in (lead, counterpart)
    }
    gap = explanations.gap_of(pair.partner, draft.id, theatre.id)

    both = {"Dr Ada Exemple", "Dr Bram Voorbeeld", "Dr Carl Fictive"}
    assert {side: names for (side, seat), names in seen.items() if seat == counterpart.id} == {
        "mons": both | {"Dr Dora Essai"},
        "maubeuge": both,
    }
    assert [seat.others for seat in gap.seats] == [1, 0, 0]


def test_a_held_session_is_no_gap(pair, draft):
    assert explanations.gap_of(pair.actor, draft.id, pair.sessions()[0].id) is None


def test_strangers_and_clinicians_are_told_nothing(pair, draft):
    session = pair.sessions()[0]
    pair.publish(draft)
    make.make_account("stranger", roles={make.make_organisation("STRANGER"): "coordinator"})
    make.make_account("ada", roles={pair.mons: "clinician"}, clinician=pair.ada)

    for login in ("stranger", "ada"):
        for ask, of in (
            (explanations.places, session.id),
            (explanations.candidates, session.seats[0].id),
            (explanations.gap_of, session.id),
        ):
            with pytest.raises(NotFound):
                ask(pair.scope(login), draft.id, of)


def test_a_session_of_another_roster_is_not_found(pair, draft):
    roster = make.make_roster([], templates=[pair.visit], first_on=FRIDAY.replace(month=12, day=28))
    foreign = make.sessions_of(roster)[0]

    with pytest.raises(NotFound):
        explanations.places(pair.actor, draft.id, foreign.id)
