"""Enters and cancels leave."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduler import clock
from scheduler.errors import InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import LEAVE_KINDS, Assignment, Clinician, Demand, Leave, Placement, RosterVersion, Seat
from scheduler.queries.feed_touches import Touched
from scheduler.queries.leave import find_absentee
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.feeds import mark_stale
from scheduler.services.judging import judge_version
from scheduler.services.revisions import later
from scheduler.text import N_, say

LONGEST_DAYS = 366

UNKNOWN_KIND = N_("Choose one of the kinds of leave.")
BACKWARDS = N_("The last day comes before the first.")
TOO_LONG = N_("A leave lasts a year at most. Enter a longer one in parts.")
OVERLAP = N_("There is leave already from %(first)s to %(last)s.")
NOT_YOURS = N_("Leave is entered by the clinician or a coordinator of the clinician's hospital.")
IS_OVER = N_("This leave is over and stays in the record.")


def enter_leave(*, actor: Scope, clinician_id: int, kind: str, start_on: date, end_on: date) -> Leave:
    """Enter that a clinician is away on all days of [start_on, end_on).

    Raises
    ------
    NotFound
        When there is no such clinician in sight.
    NotAllowed
        When the actor is neither the clinician nor a coordinator of the clinician's hospital.
    InvalidInput
        With problems by field: unknown kind, wrong days, or leave that is there already.
    """
    person = _absentee(actor, clinician_id)
    _check_input(person, kind, start_on, end_on)
    now = clock.now()
    leave = Leave(
        clinician_id=person.id,
        kind=kind,
        start_on=start_on,
        end_on=end_on,
        entered_by_id=actor.account_id,
        entered_at=now,
        revised_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(leave)
    except IntegrityError:
        # Someone entered the same days between our look and our writing.
        _check_input(person, kind, start_on, end_on)
        raise
    _judge_drafts(person, start_on, end_on)
    _tell(actor, "leave.entered", leave, person)
    return leave


def cancel_leave(*, actor: Scope, leave_id: int) -> Leave | None:
    """Take a leave back; of one that has begun, the days from today on.

    Returns
    -------
    Leave | None
        What stays: the days that are past, if there are any.

    Raises
    ------
    NotFound
        When there is no such leave in sight.
    NotAllowed
        When the actor is neither the clinician nor a coordinator of the clinician's hospital.
    InvalidInput
        When the leave is over.
    """
    leave = db.session.get(Leave, leave_id)
    if leave is None:
        raise NotFound()
    person = _absentee(actor, leave.clinician_id)
    today, end_on = clock.today(person.home.site.timezone), leave.end_on
    if end_on <= today:
        raise InvalidInput(IS_OVER)
    if leave.start_on < today:
        leave.end_on = today
        leave.sequence += 1
        leave.revised_at = later(leave.revised_at, clock.now())
        _tell(actor, "leave.shortened", leave, person)
    else:
        _tell(actor, "leave.cancelled", leave, person)
        db.session.delete(leave)
    db.session.flush()
    _judge_drafts(person, max(leave.start_on, today), end_on)
    return leave if leave.start_on < today else None


def _judge_drafts(person: Clinician, start_on: date, end_on: date) -> None:
    """Have the drafts judged again in which a seat of the clinician, a cover included, touches these days."""
    zone = ZoneInfo(person.home.site.timezone)
    first, last = (datetime.combine(on, time(), zone).astimezone(UTC) for on in (start_on, end_on))
    seats = db.session.execute(
        select(RosterVersion, Placement.start_at, Placement.end_at, Demand.cover_hours)
        .join(RosterVersion.placements)
        .join(Placement.assignments)
        .join(Assignment.seat)
        .join(Seat.demand)
        .where(RosterVersion.state == "draft", Assignment.clinician_id == person.id, Placement.start_at < last)
        .order_by(RosterVersion.id)
    )
    hit = {
        draft: None
        for draft, start_at, end_at, cover_hours in seats
        if first < (end_at if cover_hours is None else end_at + timedelta(hours=cover_hours))
        and (start_at if cover_hours is None else end_at) < last
    }
    for draft in hit:
        judge_version(draft)
    db.session.flush()


def _absentee(actor: Scope, clinician_id: int) -> Clinician:
    person, is_allowed = find_absentee(actor, clinician_id)
    if not is_allowed:
        raise NotAllowed(NOT_YOURS)
    return person


def _check_input(person: Clinician, kind: str, start_on: date, end_on: date) -> None:
    problems = {}
    if kind not in LEAVE_KINDS:
        problems["kind"] = say(UNKNOWN_KIND)
    if start_on >= end_on:
        problems["end_on"] = say(BACKWARDS)
    elif (end_on - start_on).days > LONGEST_DAYS:
        problems["end_on"] = say(TOO_LONG)
    else:
        other = db.session.scalar(
            select(Leave)
            .where(Leave.clinician_id == person.id, Leave.start_on < end_on, Leave.end_on > start_on)
            .order_by(Leave.start_on)
            .limit(1)
        )
        if other is not None:
            last = date.fromordinal(other.end_on.toordinal() - 1)
            problems["start_on"] = say(OVERLAP, first=other.start_on, last=last)
    if problems:
        raise InvalidInput(next(iter(problems.values())), problems)


def _tell(actor: Scope, deed: str, leave: Leave, person: Clinician) -> None:
    """Tell the journal, without the kind: administrators read it and may not know."""
    mark_stale(Touched.of(clinician=[person.id]))
    journal.record(
        actor=actor,
        deed=deed,
        subject="leave",
        subject_id=leave.id,
        organisation_ids=[person.home.organisation_id],
        facts={"clinician_id": person.id, "start_on": leave.start_on, "end_on": leave.end_on},
    )
