"""Entering the leave of a calendar file."""

from datetime import timedelta

import pytest

from scheduler import clock
from scheduler.errors import InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.imports.records import CANCELLED, FREE, CalendarFile, Days, FoundEvent
from scheduler.models import JournalEntry, Leave
from scheduler.services import journal, leave, leave_import
from tests import factories as make
from tests.services.pair import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, day

SATURDAY = day(5)


def enter(pair, *chosen, actor=None, who=None, kind="annual"):
    return leave_import.enter_days(
        actor=actor or pair.actor, clinician_id=(who or pair.ada).id, kind=kind, chosen=[Days(*days) for days in chosen]
    )


def stored():
    return [(one.start_on, one.end_on, one.kind) for one in db.session.query(Leave).order_by(Leave.start_on)]


def dry_run(pair, *found, actor=None):
    events = tuple(
        one if isinstance(one, FoundEvent) else FoundEvent("away", days=Days(*one), on=one[0]) for one in found
    )
    return leave_import.dry_run(actor=actor or pair.actor, clinician_id=pair.ada.id, file=CalendarFile(events))


def test_days_are_entered_as_leave_of_the_kind_chosen(pair):
    imported = enter(pair, (MONDAY, TUESDAY), (THURSDAY, SATURDAY), kind="study")

    assert stored() == [(MONDAY, TUESDAY, "study"), (THURSDAY, SATURDAY, "study")]
    assert len(imported.leaves) == 2


def test_a_clinician_enters_the_own_leave(pair):
    make.make_account("ada", roles={pair.mons: "clinician"}, clinician=pair.ada)
    ada = pair.scope("ada")

    [entered] = enter(pair, (MONDAY, TUESDAY), actor=ada).leaves

    assert entered.entered_by_id == ada.account_id
    with pytest.raises(NotFound):
        enter(pair, (MONDAY, TUESDAY), actor=ada, who=pair.bram)


def test_partners_and_managers_neither_look_nor_enter(pair):
    make.make_account("manager.mons", roles={pair.mons: "manager"})

    for actor in (pair.partner, pair.scope("manager.mons")):
        with pytest.raises(NotAllowed):
            dry_run(pair, (MONDAY, TUESDAY), actor=actor)
        with pytest.raises(NotAllowed):
            enter(pair, (MONDAY, TUESDAY), actor=actor)


def test_strangers_find_nobody(pair):
    make.make_account("coordinator.stranger", roles={make.make_organisation("STRANGER"): "coordinator"})

    with pytest.raises(NotFound):
        enter(pair, (MONDAY, TUESDAY), actor=pair.scope("coordinator.stranger"))


def test_days_that_overlap_or_follow_each_other_become_one_leave(pair):
    enter(pair, (MONDAY, WEDNESDAY), (TUESDAY, THURSDAY), (THURSDAY, FRIDAY))

    assert stored() == [(MONDAY, FRIDAY, "annual")]


def test_the_same_days_again_change_nothing(pair):
    enter(pair, (MONDAY, WEDNESDAY), (FRIDAY, SATURDAY))
    before, entries = stored(), journal.last_hash()

    again = enter(pair, (MONDAY, WEDNESDAY), (FRIDAY, SATURDAY), kind="other")

    assert (again.leaves, again.hits) == ((), 0)
    assert stored() == before
    assert journal.last_hash() == entries


def test_days_that_are_entered_are_left_alone(pair):
    leave.enter_leave(actor=pair.actor, clinician_id=pair.ada.id, kind="parental", start_on=TUESDAY, end_on=WEDNESDAY)

    enter(pair, (MONDAY, FRIDAY))

    assert stored() == [
        (MONDAY, TUESDAY, "annual"),
        (TUESDAY, WEDNESDAY, "parental"),
        (WEDNESDAY, FRIDAY, "annual"),
    ]


def test_more_than_a_year_in_a_row_is_entered_in_parts(pair):
    enter(pair, (MONDAY, day(300)), (day(200), day(500)))

    assert [(start_on, end_on) for start_on, end_on, _ in stored()] == [(MONDAY, day(366)), (day(366), day(500))]


def test_days_that_have_passed_meanwhile_are_left_out(pair):
    with pair.at(TUESDAY, 8):
        enter(pair, (MONDAY, WEDNESDAY))

    assert [(start_on, end_on) for start_on, end_on, _ in stored()] == [(TUESDAY, WEDNESDAY)]


@pytest.mark.parametrize(
    ("chosen", "kind", "sentence"),
    [
        ([], "annual", "Nothing was ticked"),
        ([(MONDAY, TUESDAY)], "sickness", "kinds of leave"),
        ([(MONDAY, day(367))], "annual", "a year at most"),
        ([(day(-60), day(-50))], "annual", "within two years"),
        ([(day(800), day(810))], "annual", "within two years"),
    ],
)
def test_what_may_not_be_is_refused_whole(pair, chosen, kind, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        enter(pair, *chosen, kind=kind)

    assert stored() == []


def test_the_journal_tells_of_each_leave_and_of_the_import_without_kind_or_title(pair):
    imported = enter(pair, (MONDAY, TUESDAY), (THURSDAY, FRIDAY), kind="parental")

    entries = db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).limit(3).all()
    assert [entry.deed for entry in reversed(entries)] == ["leave.entered", "leave.entered", "leave.imported"]
    assert entries[0].facts == {"leave_ids": [one.id for one in imported.leaves]}
    assert (entries[0].subject, entries[0].subject_id) == ("clinician", pair.ada.id)
    assert entries[0].organisation_ids == [pair.mons.id]
    assert journal.verify() is None
    assert all("parental" not in str(entry.facts) for entry in entries)


def test_published_sessions_that_are_hit_are_counted(pair):
    version = pair.draft()
    pair.hold(version, pair.sessions()[0], pair.ada, on=TUESDAY)
    pair.publish(version)

    rows = dry_run(pair, (MONDAY, WEDNESDAY), (THURSDAY, FRIDAY)).rows
    imported = enter(pair, (MONDAY, WEDNESDAY), (THURSDAY, FRIDAY))

    assert [row.hits for row in rows] == [1, 0]
    assert imported.hits == 1


def test_a_dry_run_tells_what_is_entered_and_what_overlaps(pair):
    enter(pair, (MONDAY, TUESDAY))

    rows = dry_run(pair, (MONDAY, TUESDAY), (MONDAY, THURSDAY), (FRIDAY, SATURDAY)).rows

    assert [(row.missing, row.entered, row.overlaps) for row in rows] == [
        ((), (Days(MONDAY, TUESDAY),), True),
        ((Days(TUESDAY, THURSDAY),), (Days(MONDAY, TUESDAY),), True),
        ((Days(FRIDAY, SATURDAY),), (), False),
    ]
    assert [row.is_chosen for row in rows] == [False, True, True]


def test_a_dry_run_changes_nothing(pair):
    dry_run(pair, (MONDAY, TUESDAY))

    assert stored() == []


def test_what_the_calendar_shows_otherwise_than_away_is_not_chosen_beforehand(pair):
    found = [
        FoundEvent("", days=Days(day(n), day(n + 1)), on=day(n), state=state)
        for n, state in enumerate([FREE, CANCELLED])
    ]

    plan = dry_run(pair, *found, FoundEvent("short", on=MONDAY, problem="short"))

    assert [row.is_chosen for row in plan.rows] == [False, False]
    assert [one.title for one in plan.unusable] == ["short"]


def test_the_window_is_that_of_the_home_site(pair):
    with pair.at(SATURDAY, 23):  # past midnight in Brussels
        window = leave_import.import_window(actor=pair.actor, clinician_id=pair.ada.id)

        assert (window.from_on, window.zone) == (SATURDAY + timedelta(days=1), "Europe/Brussels")
        assert clock.now().date() == SATURDAY
