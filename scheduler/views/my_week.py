"""The week of a clinician, on a phone first."""

import re
from datetime import date, timedelta

from flask import Blueprint, render_template, request, url_for

from scheduler import clock
from scheduler.queries.week import load_week
from scheduler.security import SIGNED_IN, access, current_scope
from scheduler.services.downloads import REMINDERS

blueprint = Blueprint("my_week", __name__)


@blueprint.get("/my-week")
@access(SIGNED_IN)
def show() -> str:
    """Show the week that the address names, this week if it names none."""
    monday = monday_asked()
    return render_template(
        "week/my_week.html",
        week=load_week(current_scope(), monday),
        week_name=week_name(monday),
        reminders=REMINDERS,
        previous_url=week_url(monday - timedelta(weeks=1)),
        next_url=week_url(monday + timedelta(weeks=1)),
        printed_at=clock.now(),
    )


def monday_asked() -> date:
    """Give the Monday of the ISO week in the address, e.g. ``?week=2026-W48``."""
    match = re.fullmatch(r"(2\d{3})-W(\d{2})", request.args.get("week", ""))
    try:
        if match:
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        pass  # no such week in that year
    return clock.monday_of(clock.today())


def week_url(monday: date) -> str:
    """Give the address of a week's page."""
    return url_for("my_week.show", week=week_name(monday))


def week_name(monday: date) -> str:
    """Give a week as addresses name it: 2026-W48."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"
