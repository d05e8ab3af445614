"""Where the links in calendars lead: the page of one duty, and the way to a session of the published roster."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler.clock import monday_of
from scheduler.errors import NotFound
from scheduler.queries.calendar_pages import find_session, load_duty_page, session_of_seat
from scheduler.security import SIGNED_IN, access, current_scope
from scheduler.services.downloads import REMINDERS
from scheduler.views.my_week import week_url

blueprint = Blueprint("duties", __name__)


@blueprint.get("/duties/<int:seat_id>")
@access(SIGNED_IN)
def show(seat_id: int) -> ResponseReturnValue:
    """Show a published duty; a seat that nobody holds any more leads to its session."""
    try:
        page = load_duty_page(current_scope(), seat_id)
    except NotFound:
        return show_session(session_of_seat(seat_id))
    return render_template(
        "duties/duty.html",
        page=page,
        duty=page.duty,
        week_url=week_url(monday_of(page.duty.on_date)),
        reminders=REMINDERS,
    )


@blueprint.get("/sessions/<int:session_id>")
@access(SIGNED_IN)
def show_session(session_id: int) -> ResponseReturnValue:
    """Lead to a session of the published roster."""
    found = find_session(current_scope(), session_id)
    address = url_for(
        "rosters.sessions.show", roster_id=found.roster_id, number=found.number, session_id=found.session_id
    )
    return redirect(address, code=303)
