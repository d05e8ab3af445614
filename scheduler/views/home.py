"""The start page: what this person has to see and do first."""

from datetime import timedelta

from flask import Blueprint, render_template

from scheduler import clock
from scheduler.duties import Duty
from scheduler.queries import home as today
from scheduler.queries.calendar_addresses import list_stopping_addresses
from scheduler.queries.duties import duties_of_clinician
from scheduler.queries.leave import list_leave
from scheduler.queries.rosters import list_rosters
from scheduler.queries.week import load_week
from scheduler.scope import Scope
from scheduler.security import SIGNED_IN, access, current_scope
from scheduler.text import N_
from scheduler.views import navigation
from scheduler.views.my_week import week_url

blueprint = Blueprint("home", __name__)
blueprint.app_context_processor(navigation.page_context)

LEAVE_AHEAD = timedelta(weeks=2)
"""How far ahead the start page tells who is on leave."""
DUTIES_AHEAD = timedelta(weeks=26)
"""How far ahead the next duty is looked for."""
ROSTERS_SHOWN = 12
"""Rosters on a manager's start page."""
DEEDS = {
    "account.created": N_("Account created"),
    "account.role_granted": N_("Access role given"),
    "account.password_changed": N_("Password changed"),
    "account.disabled": N_("Account closed"),
    "agreement.released": N_("Consultations shown to the public"),
    "agreement.withheld": N_("Consultations hidden from the public"),
    "clinician.renamed": N_("Clinician renamed"),
    "demonstration.loaded": N_("Demonstration loaded"),
    "feed.expired": N_("Calendar address ended, as nobody used it"),
    "feed.revoked": N_("Calendar address ended"),
    "feed.rotated": N_("Calendar address replaced"),
    "feed.subscribed": N_("Calendar address made"),
    "leave.cancelled": N_("Leave taken back"),
    "leave.entered": N_("Leave entered"),
    "leave.imported": N_("Leave imported from a calendar file"),
    "leave.shortened": N_("Leave ended early"),
    "organisation.created": N_("Organisation created"),
    "question.answered": N_("Question answered by the solver"),
    "question.asked": N_("Question put to the solver"),
    "room.renamed": N_("Room renamed"),
    "roster.created": N_("Roster created"),
    "roster_version.approval_withdrawn": N_("Approval of a draft taken back"),
    "roster_version.approved": N_("Draft approved"),
    "roster_version.discarded": N_("Draft discarded"),
    "roster_version.pinned": N_("Pinned in a draft"),
    "roster_version.published": N_("Roster published"),
    "roster_version.redone": N_("Change of a draft made again"),
    "roster_version.seat_assigned": N_("Team changed in a draft"),
    "roster_version.session_moved": N_("Session moved in a draft"),
    "roster_version.session_placed": N_("Session added to a draft"),
    "roster_version.session_removed": N_("Session taken off a draft"),
    "roster_version.solved": N_("Draft made by solving"),
    "roster_version.started": N_("Draft started"),
    "roster_version.undone": N_("Change of a draft undone"),
    "roster_version.unpinned": N_("Pin removed in a draft"),
    "rule.exception_removed": N_("Exception to a rule taken back"),
    "rule.set": N_("Rule set"),
    "site.renamed": N_("Site renamed"),
    "solve.failed": N_("Solve failed"),
    "solve.finished": N_("Solve finished"),
    "solve.requested": N_("Solve asked for"),
    "solve.stopped": N_("Solve stopped"),
}
"""What the deeds of the journal are called."""


@blueprint.get("/")
@access(SIGNED_IN)
def show() -> str:
    """Show what the access roles of this account make worth knowing today."""
    scope = current_scope()
    return render_template("home/home.html", today=clock.today(), scope=scope, **_sections(scope))


def _sections(scope: Scope) -> dict[str, object]:
    """Give what each part of the page shows; None for parts that are not for this person."""
    coordinates, manages = scope.has_role("coordinator"), scope.has_role("manager")
    administers = scope.has_role("administrator")
    keeps = coordinates or administers
    weeks = today.list_weeks(scope) if coordinates else None
    return {
        "stopping": list_stopping_addresses(scope),
        "weeks": weeks,
        "waiting": sum(roster.is_waiting for week in weeks or () for roster in week.rosters),
        "rosters": list_rosters(scope)[:ROSTERS_SHOWN] if manages and not coordinates else None,
        "week": load_week(scope, clock.monday_of(clock.today())) if scope.clinician_id is not None else None,
        "next_duty": _next_duty(scope),
        "week_url": week_url,
        "monday_of": clock.monday_of,
        "away": _away(scope) if coordinates else None,
        "expiring": today.list_expiring(scope) if keeps else None,
        "accounts": today.list_accounts_of(scope) if administers else None,
        "entries": today.list_latest_entries(scope) if administers else None,
        "deeds": DEEDS,
        "organisations": today.list_organisations() if scope.is_platform_administrator else None,
    }


def _next_duty(scope: Scope) -> Duty | None:
    """Give the next published duty that has not begun."""
    if scope.clinician_id is None:
        return None
    now = clock.now()
    ahead = duties_of_clinician(scope.clinician_id, now, now + DUTIES_AHEAD)
    return next((duty for duty in ahead if duty.start_at > now), None)


def _away(scope: Scope) -> list[object]:
    last = clock.monday_of(clock.today()) + LEAVE_AHEAD
    return [row for row in list_leave(scope) if row.start_on < last]
