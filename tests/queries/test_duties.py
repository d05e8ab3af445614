"""Duties and leave as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.errors import NotFound
from scheduler.queries.duties import duties_of_clinician, duties_published, my_week
from scheduler.queries.leave import duties_hit, list_leave
from tests import factories as make
from tests.services.pair import MONDAY, THURSDAY, TUESDAY, WEDNESDAY

FROM, TO = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)


@pytest.fixture
def published(pair):
    draft = pair.draft()
    [theatre] = pair.sessions(pair.theatre)
    pair.hold(draft, pair.sessions()[0], pair.ada, on=TUESDAY)
    pair.hold(draft, theatre, pair.bram, pair.carl, pair.carl, on=WEDNESDAY)
    pair.publish(draft)
    return draft


def test_a_duty_tells_who_where_when_as_what_with_whom(pair, published):
    [theatre] = pair.sessions(pair.theatre)

    [duty] = duties_of_clinician(pair.bram.id, FROM, TO)

    seat = theatre.seats[0]
    assert (duty.uid, duty.sequence, duty.revised_at) == (seat.uid, 0, published.published_at)
    assert (duty.kind, duty.role, duty.specialty, duty.room) == ("joint_theatre", "lead", "urology", "Theatre 1")
    assert (duty.site.name, duty.site.timezone, duty.agreement) == (
        pair.host.name,
        "Europe/Paris",
        pair.agreement.title,
    )
    assert (duty.is_visit, duty.is_exclusive) == (True, True)
    assert [(c.name, c.role) for c in duty.colleagues] == [
        ("Dr Carl Fictive", "counterpart"),
        ("Dr Carl Fictive", "cover"),
    ]


def test_cover_is_a_duty_of_its_own(pair, published):
    operation, cover = duties_of_clinician(pair.carl.id, FROM, TO)

    assert (operation.kind, operation.is_visit) == ("joint_theatre", False)
    assert (cover.kind, cover.is_exclusive, cover.start_at) == ("postop_cover", False, operation.end_at)
    assert [c.name for c in cover.colleagues] == ["Dr Bram Voorbeeld"]


def test_a_duty_belongs_to_every_window_that_it_touches(pair, published):
    [duty] = duties_of_clinician(pair.ada.id, FROM, TO)
    minute = timedelta(minutes=1)

    assert duties_of_clinician(pair.ada.id, duty.end_at - minute, TO) == (duty,)
    assert duties_of_clinician(pair.ada.id, duty.end_at, TO) == ()
    assert duties_of_clinician(pair.ada.id, FROM, duty.start_at) == ()
    assert duties_of_clinician(pair.ada.id, FROM, duty.start_at + minute) == (duty,)


def test_drafts_are_no_duties(pair, published):
    draft = pair.draft()
    pair.move(draft, pair.sessions()[0], THURSDAY)

    assert [d.on_date for d in duties_of_clinician(pair.ada.id, FROM, TO)] == [TUESDAY]


def test_all_duties_of_a_site(pair, published):
    assert len(duties_published(from_at=FROM, to_at=TO)) == 4
    assert len(duties_published(from_at=FROM, to_at=TO, site_ids=[pair.host.id])) == 4
    assert duties_published(from_at=FROM, to_at=TO, site_ids=[pair.home.id]) == ()
    assert len(duties_published(from_at=FROM, to_at=TO, roster_id=pair.roster.id)) == 4


def test_my_week_is_cut_at_midnight_at_home(pair, published):
    make.make_account("ada", roles={pair.mons: "clinician"}, clinician=pair.ada)
    scope = pair.scope("ada")

    assert [d.on_date for d in my_week(scope, MONDAY).duties] == [TUESDAY]
    assert my_week(scope, MONDAY + timedelta(days=7)).duties == ()
    with pytest.raises(NotFound):
        my_week(pair.actor, MONDAY)


def test_who_sees_what_of_leave(pair):
    make.make_leave(pair.ada, start_on=THURSDAY, days=2, kind="study")
    make.make_leave(pair.carl, start_on=THURSDAY, days=1)
    make.make_account("ada", roles={pair.mons: "clinician"}, clinician=pair.ada)
    make.make_account("manager.mons", roles={pair.mons: "manager"})
    make.make_account("coordinator.stranger", roles={make.make_organisation("STRANGER"): "coordinator"})

    seen = {
        login: [(row.clinician_name, row.kind, row.can_cancel) for row in list_leave(pair.scope(login))]
        for login in ("coordinator.mons", "coordinator.maubeuge", "manager.mons", "ada", "coordinator.stranger")
    }

    assert seen == {
        "coordinator.mons": [("Dr Ada Exemple", "study", True)],
        "coordinator.maubeuge": [("Dr Ada Exemple", "", False), ("Dr Carl Fictive", "annual", True)],
        "manager.mons": [("Dr Ada Exemple", "", False)],
        "ada": [("Dr Ada Exemple", "study", True)],
        "coordinator.stranger": [],
    }


def test_leave_is_listed_with_its_last_day(pair):
    make.make_leave(pair.ada, start_on=THURSDAY, days=2)
    make.make_leave(pair.ada, start_on=make.NOW.date() - timedelta(days=5), days=3)

    [row] = list_leave(pair.actor)

    assert (row.start_on, row.last_on) == (THURSDAY, THURSDAY + timedelta(days=1))


def test_the_duties_that_leave_would_hit(pair, published):
    assert [d.on_date for d in duties_hit(pair.actor, pair.ada.id, TUESDAY, WEDNESDAY)] == [TUESDAY]
    assert duties_hit(pair.actor, pair.ada.id, WEDNESDAY, THURSDAY) == ()
