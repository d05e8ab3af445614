"""Enters the leave that someone brings along in a calendar file.

Nothing of the file is kept: its titles may tell why someone is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler import clock
from scheduler.errors import InvalidInput, NotAllowed
from scheduler.imports.days import in_parts, merged, touched_days, without
from scheduler.imports.dry_run import DryRun, plan_import
from scheduler.imports.records import CalendarFile, Days, Window
from scheduler.models import Leave
from scheduler.queries.leave import duties_hit, entered_days, find_absentee
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.leave import LONGEST_DAYS, NOT_YOURS, TOO_LONG, enter_leave
from scheduler.text import N_

NOTHING_CHOSEN = N_("Nothing was ticked, so nothing is entered.")
OUTSIDE = N_("Leave is imported for days from today on, within two years.")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was entered, and how many published sessions lose someone by it."""

    leaves: tuple[Leave, ...]
    hits: int


def import_window(*, actor: Scope, clinician_id: int) -> Window:
    """Give the days for which the clinician's leave may be imported, in the zone of the home site.

    Raises
    ------
    NotFound
        When there is no such clinician in sight.
    NotAllowed
        When the actor is neither the clinician nor a coordinator of the clinician's hospital.
    """
    person, is_allowed = find_absentee(actor, clinician_id)
    if not is_allowed:
        raise NotAllowed(NOT_YOURS)
    zone = person.home.site.timezone
    return Window.of(clock.today(zone), zone)


def dry_run(*, actor: Scope, clinician_id: int, file: CalendarFile) -> DryRun:
    """Give what the import of a file would do; nothing is changed.

    Raises
    ------
    NotFound, NotAllowed
        As ``import_window``.
    """
    window = import_window(actor=actor, clinician_id=clinician_id)
    home = ZoneInfo(window.zone)
    duties = duties_hit(actor, clinician_id, window.from_on, window.until_on)
    return plan_import(
        file,
        entered=_entered(clinician_id, window),
        duties=[touched_days(duty.start_at, duty.end_at, home) for duty in duties],
    )


def enter_days(*, actor: Scope, clinician_id: int, kind: str, chosen: Sequence[Days]) -> Imported:
    """Enter the chosen days by the rules of entering leave by hand; days that are entered already are left alone.

    Days that overlap or follow each other become one leave.

    Raises
    ------
    NotFound, NotAllowed
        As ``import_window``.
    InvalidInput
        When nothing is chosen, a stretch is too long, all lie outside the window, or the kind is unknown.
    """
    window = import_window(actor=actor, clinician_id=clinician_id)
    wanted = _within(chosen, window)
    missing = in_parts(without(wanted, _entered(clinician_id, window)), LONGEST_DAYS)
    hits = {duty.seat_id for days in missing for duty in duties_hit(actor, clinician_id, days.start_on, days.end_on)}
    leaves = tuple(
        enter_leave(actor=actor, clinician_id=clinician_id, kind=kind, start_on=days.start_on, end_on=days.end_on)
        for days in missing
    )
    if leaves:
        _tell(actor, clinician_id, leaves)
    return Imported(leaves, len(hits))


def _within(chosen: Sequence[Days], window: Window) -> tuple[Days, ...]:
    """Give the chosen days that lie within the window; midnight may have passed since they were shown."""
    if not chosen:
        raise InvalidInput(NOTHING_CHOSEN)
    if any(days.number > LONGEST_DAYS for days in chosen):
        raise InvalidInput(TOO_LONG)
    whole = Days(window.from_on, window.until_on)
    inside = tuple(
        Days(max(days.start_on, whole.start_on), min(days.end_on, whole.end_on))
        for days in chosen
        if days.touches(whole)
    )
    if not inside:
        raise InvalidInput(OUTSIDE)
    return inside


def _entered(clinician_id: int, window: Window) -> tuple[Days, ...]:
    return merged(Days(*days) for days in entered_days(clinician_id, window.from_on, window.until_on))


def _tell(actor: Scope, clinician_id: int, leaves: Sequence[Leave]) -> None:
    """Tell the journal that these leaves, which have entries of their own, came from a file."""
    person = leaves[0].clinician
    journal.record(
        actor=actor,
        deed="leave.imported",
        subject="clinician",
        subject_id=clinician_id,
        organisation_ids=[person.home.organisation_id],
        facts={"leave_ids": [leave.id for leave in leaves]},
    )
