"""What the database refuses by itself, whoever asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduler import models
from scheduler.extensions import db
from scheduler.models import refusal_of
from tests.migrations.rows import EIGHT, MONDAY, Rows, duty, make_rows, placement


@pytest.fixture
def rows(database: Flask) -> Rows:
    return make_rows()


@pytest.fixture
def published(rows: Rows) -> Rows:
    """The rows, with a placement, an assignment and a pin in the version, which is published."""
    db.session.add_all([placement(rows), models.SessionPin(version_id=rows.draft, session_id=rows.session)])
    db.session.flush()
    _set_state(rows, "published")
    return rows


def _set_state(rows: Rows, state: str) -> None:
    db.session.execute(update(models.RosterVersion).where(models.RosterVersion.id == rows.draft).values(state=state))


@contextmanager
def refused(name: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as caught:
        yield
    assert refusal_of(caught.value) == name


# --- duties ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 4), (1, 2), (-1, 5), (-1, 0.01), (3.99, 6)],
    ids=["same", "within", "around", "before", "after"],
)
def test_a_duty_that_overlaps_another_of_the_same_clinician_is_refused(rows: Rows, start: float, end: float) -> None:
    db.session.add(duty(rows, 0, rows.ann, 0, 4))
    db.session.flush()

    with refused("overlapping_duty"):
        db.session.add(duty(rows, 1, rows.ann, start, end))
        db.session.flush()


@pytest.mark.parametrize(("start", "end"), [(-2, 0), (4, 8)], ids=["before", "after"])
def test_duties_may_touch(rows: Rows, start: float, end: float) -> None:
    db.session.add_all([duty(rows, 0, rows.ann, 0, 4), duty(rows, 1, rows.ann, start, end)])

    db.session.flush()


def test_duties_of_two_clinicians_may_overlap(rows: Rows) -> None:
    db.session.add_all([duty(rows, 0, rows.ann, 0, 4), duty(rows, 1, rows.ben, 0, 4)])

    db.session.flush()


def test_a_duty_that_does_not_occupy_the_clinician_may_overlap(rows: Rows) -> None:
    db.session.add(duty(rows, 0, rows.ann, 0, 4))
    db.session.add(duty(rows, 1, rows.ann, 0, 48, is_exclusive=False))
    db.session.flush()

    db.session.add(duty(rows, 2, rows.ann, 24, 28))
    db.session.flush()


@pytest.mark.parametrize("change", ["clinician", "time", "kind"])
def test_an_update_cannot_make_duties_overlap(rows: Rows, change: str) -> None:
    db.session.add(duty(rows, 0, rows.ann, 0, 4))
    other = {
        "clinician": duty(rows, 1, rows.ben, 0, 4),
        "time": duty(rows, 1, rows.ann, 4, 8),
        "kind": duty(rows, 1, rows.ann, 0, 4, is_exclusive=False),
    }[change]
    db.session.add(other)
    db.session.flush()

    with refused("overlapping_duty"):
        if change == "clinician":
            other.clinician_id = rows.ann
        elif change == "time":
            other.start_at = EIGHT + timedelta(hours=3)
        else:
            other.is_exclusive = True
        db.session.flush()


def test_a_duty_does_not_overlap_itself(rows: Rows) -> None:
    moved = duty(rows, 0, rows.ann, 0, 4)
    db.session.add(moved)
    db.session.flush()

    moved.start_at = EIGHT + timedelta(hours=1)
    db.session.flush()


# --- leave ----------------------------------------------------------------------------------------


def leave(rows: Rows, clinician: int, first: int, last: int) -> models.Leave:
    return models.Leave(
        clinician_id=clinician,
        kind="annual",
        start_on=MONDAY + timedelta(days=first),
        end_on=MONDAY + timedelta(days=last),
        entered_at=EIGHT,
    )


def test_overlapping_leave_of_one_clinician_is_refused(rows: Rows) -> None:
    db.session.add(leave(rows, rows.ann, 0, 5))
    db.session.flush()

    with refused("overlapping_leave"):
        db.session.add(leave(rows, rows.ann, 4, 6))
        db.session.flush()


def test_leave_may_touch_and_two_clinicians_may_be_away_together(rows: Rows) -> None:
    db.session.add_all([leave(rows, rows.ann, 0, 5), leave(rows, rows.ann, 5, 6), leave(rows, rows.ben, 0, 5)])

    db.session.flush()


def test_leave_cannot_be_prolonged_into_other_leave(rows: Rows) -> None:
    first = leave(rows, rows.ann, 0, 5)
    db.session.add_all([first, leave(rows, rows.ann, 5, 6)])
    db.session.flush()

    with refused("overlapping_leave"):
        first.end_on = MONDAY + timedelta(days=6)
        db.session.flush()


# --- published versions ---------------------------------------------------------------------------

ROWS_OF_A_VERSION = [models.Placement, models.Assignment, models.SessionPin]


@pytest.mark.parametrize("state", ["published", "superseded", "discarded"])
@pytest.mark.parametrize("model", ROWS_OF_A_VERSION)
def test_rows_of_a_version_that_is_no_draft_cannot_be_deleted(rows: Rows, model: type, state: str) -> None:
    db.session.add_all([placement(rows), models.SessionPin(version_id=rows.draft, session_id=rows.session)])
    db.session.flush()
    _set_state(rows, state)

    with refused("published_is_immutable"):
        db.session.execute(delete(model))


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (models.Placement, {"half_day": "afternoon"}),
        (models.Assignment, {"clinician_id": 2}),
        (models.SessionPin, {"seat_id": 1}),
    ],
)
def test_rows_of_a_published_version_cannot_be_changed(published: Rows, model: type, change: dict[str, object]) -> None:
    with refused("published_is_immutable"):
        db.session.execute(update(model).values(**change))


def test_nothing_can_be_added_to_a_published_version(published: Rows) -> None:
    held = db.session.scalars(select(models.Placement)).one()
    pin = db.session.scalars(select(models.SessionPin)).one()
    seat = published.seats[1]
    place = {
        column.key: getattr(held, column.key)
        for column in models.Placement.__table__.columns
        if column.key not in ("id", "session_id")
    }
    db.session.expunge_all()
    for statement in (
        insert(models.Placement).values(session_id=published.session, **place),
        insert(models.Assignment).values(placement_id=held.id, seat_id=seat, clinician_id=published.ben),
        insert(models.SessionPin).values(version_id=pin.version_id, session_id=pin.session_id, seat_id=seat),
    ):
        with refused("published_is_immutable"), db.session.begin_nested():
            db.session.execute(statement)


def test_rows_cannot_be_moved_from_a_draft_into_a_published_version(published: Rows) -> None:
    draft = models.RosterVersion(roster_id=published.roster, number=2, created_at=EIGHT)
    db.session.add(draft)
    db.session.flush()
    db.session.execute(
        insert(models.SessionPin).values(version_id=draft.id, session_id=published.session, seat_id=published.seats[0])
    )

    with refused("published_is_immutable"):
        db.session.execute(
            update(models.SessionPin).where(models.SessionPin.version_id == draft.id).values(version_id=published.draft)
        )


def test_a_draft_can_be_changed_and_deleted(rows: Rows) -> None:
    db.session.add_all([placement(rows), models.SessionPin(version_id=rows.draft, session_id=rows.session)])
    db.session.flush()

    db.session.execute(update(models.Placement).values(half_day="afternoon"))
    db.session.execute(delete(models.RosterVersion).where(models.RosterVersion.id == rows.draft))

    assert db.session.scalars(select(models.Assignment)).all() == []


def test_a_published_version_may_only_be_superseded(published: Rows) -> None:
    for change in ({"state": "draft"}, {"state": "discarded"}, {"reason": "x"}, {"state": "superseded", "number": 9}):
        with refused("published_is_immutable"), db.session.begin_nested():
            db.session.execute(update(models.RosterVersion).values(**change))

    _set_state(published, "superseded")
    for change in ({"state": "published"}, {"state": "draft"}, {"findings": {"cost": 1}}):
        with refused("published_is_immutable"), db.session.begin_nested():
            db.session.execute(update(models.RosterVersion).values(**change))


@pytest.mark.parametrize("state", ["published", "superseded"])
def test_a_version_that_was_published_cannot_be_deleted(published: Rows, state: str) -> None:
    if state != "published":
        _set_state(published, state)

    with refused("published_is_immutable"):
        db.session.execute(delete(models.RosterVersion))


# --- the journal ----------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", [update(models.JournalEntry).values(deed="other"), delete(models.JournalEntry)])
def test_journal_entries_stay_as_they_are(rows: Rows, statement: object) -> None:
    db.session.add(models.JournalEntry(done_at=EIGHT, deed="made", subject="roster", previous_hash="", hash="a"))
    db.session.flush()

    with refused("append_only"):
        db.session.execute(statement)


def test_a_key_that_refuses_is_no_refusal_of_a_guard(rows: Rows) -> None:
    with pytest.raises(IntegrityError) as caught:
        db.session.execute(insert(models.ClinicalRole).values(code="lead"))

    assert refusal_of(caught.value) is None
