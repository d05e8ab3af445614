"""Calendar files to keep: made for one reader at one moment, and never looked at again by a program."""

from collections.abc import Iterable
from datetime import timedelta

from flask import current_app

from config import Config
from scheduler.duties import Duty
from scheduler.errors import InvalidInput
from scheduler.feeds.events import write_duty, write_session
from scheduler.feeds.ics import write_calendar
from scheduler.feeds.style import FeedStyle
from scheduler.i18n import gettext_for
from scheduler.queries.version_sessions import VersionSessions
from scheduler.text import N_

REMINDERS = {
    "": N_("No reminder"),
    "30": N_("30 minutes before"),
    "60": N_("1 hour before"),
    "120": N_("2 hours before"),
    "1440": N_("1 day before"),
}
"""Minutes before the start at which a file may ask for an alarm, and their names, in the order shown to people."""
NO_SUCH_REMINDER = N_("Please choose one of the reminders offered.")


def reminder_of(minutes: str) -> timedelta | None:
    """Give how long before the start a calendar program is to remind; None for never.

    Raises
    ------
    InvalidInput
        When it is none of REMINDERS.
    """
    if minutes not in REMINDERS:
        raise InvalidInput(NO_SUCH_REMINDER)
    return timedelta(minutes=int(minutes)) if minutes else None


def write_duties(
    duties: Iterable[Duty], *, title: str, timezone: str, language: str, reminder: timedelta | None
) -> bytes:
    """Give a calendar file of duties; ``timezone`` is the IANA zone that it names."""
    style = _style(language)
    events = [write_duty(duty, style, reminder=reminder) for duty in duties]
    return write_calendar(events, title=title, timezone=timezone)


def write_version(version: VersionSessions, *, title: str, language: str, reminder: timedelta | None) -> bytes:
    """Give a calendar file of the sessions of a version."""
    style = _style(language)
    events = [write_session(fact, style, reminder=reminder) for fact in version.sessions]
    return write_calendar(events, title=title, timezone=version.timezone)


def _style(language: str) -> FeedStyle:
    config: Config = current_app.config["PASSERELLE"]
    return FeedStyle(gettext=gettext_for(language), uid_domain=config.calendar_uid_domain, public_url=config.public_url)
