"""Calendar files to download, for who is signed in: a duty, a week, a version of a roster."""

from urllib.parse import quote

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from scheduler import i18n
from scheduler.feeds.addresses import slug_of
from scheduler.queries.calendar_pages import load_duty_page
from scheduler.queries.duties import my_week
from scheduler.queries.version_sessions import load_version_sessions
from scheduler.security import SIGNED_IN, access, current_scope
from scheduler.services import downloads
from scheduler.views.my_week import monday_asked

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/duties/<int:seat_id>/duty.ics")
@access(SIGNED_IN)
def duty(seat_id: int) -> Response:
    """Give one published duty."""
    found = load_duty_page(current_scope(), seat_id).duty
    kind, place = i18n.term(found.kind, "session_kind"), found.site.town or found.site.name
    body = downloads.write_duties(
        [found],
        title=_("%(kind)s, %(place)s", kind=kind, place=place),
        timezone=found.site.timezone,
        language=i18n.current_language(),
        reminder=downloads.reminder_of(request.args.get("reminder", "")),
    )
    return _file(body, f"{found.on_date} {kind} {place}")


@blueprint.get("/my-week/week.ics")
@access(SIGNED_IN)
def week() -> Response:
    """Give the reader's duties of the week that the address names, this week if it names none."""
    found = my_week(current_scope(), monday_asked())
    year, number, _day = found.monday.isocalendar()
    title = _("Week %(number)s of %(year)s, %(name)s", number=number, year=year, name=found.clinician_name)
    body = downloads.write_duties(
        found.duties,
        title=title,
        timezone=found.timezone,
        language=i18n.current_language(),
        reminder=downloads.reminder_of(request.args.get("reminder", "")),
    )
    return _file(body, title)


@blueprint.get("/rosters/<int:roster_id>/versions/<int:number>/roster.ics")
@access("coordinator", "administrator", "manager", "clinician")
def version(roster_id: int, number: int) -> Response:
    """Give the sessions of a version that is or was published."""
    found = load_version_sessions(current_scope(), roster_id, number)
    title = _("%(roster)s, version %(number)s", roster=found.title, number=number)
    body = downloads.write_version(
        found,
        title=title,
        language=i18n.current_language(),
        reminder=downloads.reminder_of(request.args.get("reminder", "")),
    )
    return _file(body, title)


def _file(body: bytes, name: str) -> Response:
    """Answer with a file to keep, named in ASCII for old programs and in full for the others.

    Source
    ------
    RFC 6266 section 4.3 and appendix D.
    """
    response = Response(body, content_type="text/calendar; charset=utf-8")
    full = quote(f"{name}.ics", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{slug_of(name)}.ics\"; filename*=UTF-8''{full}"
    return response
