"""Writes one event of a calendar.  Equal facts give equal bytes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Component, Event

from scheduler.duties import Duty, LeaveFact, SessionFact, SitePlace, TravelBlock
from scheduler.feeds import wording
from scheduler.feeds.lines import Text, folded
from scheduler.feeds.style import FeedStyle
from scheduler.feeds.timezones import CENTRAL_EUROPEAN_ZONES, is_twofold

ON_CALL_KINDS = frozenset({"on_call", "postop_cover"})
"""Session kinds in the category OnCall, beside all that leaves one free."""
PRIVATE_ZONE = "Europe/Brussels"
"""Zone of all events that say only when: that of the site would tell the country."""


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """One event as it stands in a calendar.

    Parameters
    ----------
    start_at, end_at
        Instants; of an all-day event the midnights of its dates in UTC.
    zone
        IANA zone in which its times are written; None: UTC, or dates.
    body
        The lines from BEGIN:VEVENT to END:VEVENT, folded.
    """

    uid: str
    start_at: datetime
    end_at: datetime
    zone: str | None
    body: bytes


def write_duty(duty: Duty, style: FeedStyle, *, reminder: timedelta | None = None) -> WrittenEvent:
    """Write a clinician's duty; with a reminder so long before it, which only downloads have."""
    event = _event(duty.uid, style, sequence=duty.sequence, revised_at=duty.revised_at)
    zone = _add_times(event, duty.start_at, duty.end_at, zone=_zone_of(duty.site, style))
    _add_state(event, is_busy=duty.is_exclusive, is_cancelled=duty.is_cancelled)
    event.add("class", "PRIVATE")
    event.add("summary", Text(wording.summary_of_duty(duty, style)))
    if not style.is_private:
        if not style.is_lean:
            event.add("description", Text(wording.description_of_duty(duty, style)))
        _add_place(event, duty.site, style, room=duty.room)
        event.add("categories", [_category(duty.kind, is_exclusive=duty.is_exclusive)])
        _add_link(event, f"duties/{duty.seat_id}", style)
    if not duty.is_cancelled:
        _add_reminder(event, reminder)
    return WrittenEvent(str(event["uid"]), duty.start_at, duty.end_at, zone, _lines(event))


def write_session(fact: SessionFact, style: FeedStyle, *, reminder: timedelta | None = None) -> WrittenEvent:
    """Write a session with its team."""
    event = _event(fact.uid, style, sequence=fact.sequence, revised_at=fact.revised_at)
    zone = _add_times(event, fact.start_at, fact.end_at, zone=_zone_of(fact.site, style))
    _add_state(event, is_busy=True, is_cancelled=fact.is_cancelled)
    event.add("summary", Text(wording.summary_of_session(fact, style)))
    if not style.is_private:
        if not style.is_lean:
            event.add("description", Text(wording.description_of_session(fact, style)))
        _add_place(event, fact.site, style, room=fact.room)
        event.add("categories", [_category(fact.kind, is_exclusive=True)])
        _add_link(event, f"sessions/{fact.session_id}", style)
    if not fact.is_cancelled:
        _add_reminder(event, reminder)
    return WrittenEvent(str(event["uid"]), fact.start_at, fact.end_at, zone, _lines(event))


def write_public(fact: SessionFact, style: FeedStyle) -> WrittenEvent:
    """Write what anyone may know of a session: which care, where, when."""
    event = _event(fact.uid, style, sequence=fact.sequence, revised_at=fact.revised_at)
    zone = _add_times(event, fact.start_at, fact.end_at, zone=_zone_of(fact.site, style))
    _add_state(event, is_busy=False, is_cancelled=fact.is_cancelled)
    event.add("summary", Text(wording.summary_of_care(fact, style)))
    if not style.is_lean:
        event.add("description", Text(wording.description_of_care(fact, style)))
    _add_place(event, fact.site, style)
    event.add("categories", ["Session"])
    return WrittenEvent(str(event["uid"]), fact.start_at, fact.end_at, zone, _lines(event))


def write_leave(fact: LeaveFact, style: FeedStyle) -> WrittenEvent:
    """Write days away, whatever for."""
    event = _event(fact.uid, style, sequence=fact.sequence, revised_at=fact.revised_at)
    event.add("dtstart", fact.start_on)
    event.add("dtend", fact.end_on)
    _add_state(event, is_busy=True, busy_word="OOF")
    event.add("class", "PRIVATE")
    event.add("summary", Text(wording.summary_of_leave(style)))
    if not style.is_private:
        event.add("description", Text(wording.state_of(fact.revised_at, style.gettext)))
        event.add("categories", ["Leave"])
    return WrittenEvent(str(event["uid"]), _midnight(fact.start_on), _midnight(fact.end_on), None, _lines(event))


def write_travel(block: TravelBlock, style: FeedStyle, *, revised_at: datetime, sequence: int) -> WrittenEvent:
    """Write the time on the road to or from a duty; a duty has at most one of each."""
    way = "travel-back" if block.part == "back" else "travel"
    event = _event(f"{block.duty_uid}-{way}", style, sequence=sequence, revised_at=revised_at)
    zone = _add_times(event, block.start_at, block.end_at, zone=_zone_of(block.to_place, style))
    _add_state(event, is_busy=True)
    event.add("class", "PRIVATE")
    event.add("summary", Text(wording.summary_of_travel(block, style)))
    if not style.is_private:
        if not style.is_lean:
            event.add("description", Text(wording.description_of_travel(block, style, revised_at=revised_at)))
        event.add("location", Text(wording.location_of(block.to_place)))
        event.add("categories", ["Travel"])
    return WrittenEvent(str(event["uid"]), block.start_at, block.end_at, zone, _lines(event))


def _event(uid: str, style: FeedStyle, *, sequence: int, revised_at: datetime) -> Event:
    """Begin an event; all its stamps are those of its revision, so that the bytes stay."""
    event = Event()
    event.add("uid", f"{uid}@{style.uid_domain}")
    event.add("sequence", sequence)
    for stamp in ("dtstamp", "last-modified", "created"):
        event.add(stamp, revised_at.astimezone(UTC))
    return event


def _zone_of(site: SitePlace, style: FeedStyle) -> str:
    """Give the zone in which the times of an event at a site are written."""
    return PRIVATE_ZONE if style.is_private else site.timezone


def _add_times(event: Event, start_at: datetime, end_at: datetime, *, zone: str) -> str | None:
    """Write both ends in a zone and give it, or both in UTC and give None.

    Readers disagree on which of two equal clock times is meant, so such an end sends both ends to UTC.
    """
    is_local = zone in CENTRAL_EUROPEAN_ZONES and not any(is_twofold(at, zone) for at in (start_at, end_at))
    tz = ZoneInfo(zone) if is_local else UTC
    event.add("dtstart", start_at.astimezone(tz))
    event.add("dtend", end_at.astimezone(tz))
    return zone if is_local else None


def _add_state(event: Event, *, is_busy: bool, is_cancelled: bool = False, busy_word: str = "BUSY") -> None:
    takes_time = is_busy and not is_cancelled
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if takes_time else "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", busy_word if takes_time else "FREE")


def _add_place(event: Event, site: SitePlace, style: FeedStyle, *, room: str | None = None) -> None:
    event.add("location", Text(wording.location_of(site, room)))
    if not style.is_lean:
        event.add("geo", (site.latitude, site.longitude))


def _add_link(event: Event, path: str, style: FeedStyle) -> None:
    if style.public_url:
        event.add("url", f"{style.public_url}/{path}")


def _add_reminder(event: Event, before: timedelta | None) -> None:
    """Let the reader's program ring once."""
    if before is None:
        return
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", Text(str(event["summary"])))
    event.add_component(alarm)


def _category(kind: str, *, is_exclusive: bool) -> str:
    return "OnCall" if kind in ON_CALL_KINDS or not is_exclusive else "Session"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _lines(component: Component) -> bytes:
    return folded(str(line) for line in component.content_lines() if line)
