"""Writes iCalendar; the only user of icalendar.  The same duties always give the same bytes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from unicodedata import category
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.prop import vDuration, vText

from scheduler.duties import Colleague, Duty
from scheduler.terms_text import shown, text_of
from scheduler.text import N_

PRODUCT_ID = "-//Passerelle//Roster//EN"
"""Without a version: one that moved with each release would change every ETag."""

REFRESH = timedelta(hours=1)
SUMMARY_LENGTH = 60
"""Phones cut longer ones."""

CENTRAL_EUROPEAN_ZONES = frozenset(
    {"Europe/Amsterdam", "Europe/Berlin", "Europe/Brussels", "Europe/Luxembourg", "Europe/Paris"}
)
"""Zones that keep the clock change below since 1996; events of any other zone are written in UTC."""

ZONE_LINES = """\
BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
"""
"""By hand: yearly rules with the onset in the local time before the change, which every known reader takes right."""

END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class FeedStyle:
    """How a feed is written, whatever duties it shows.

    Parameters
    ----------
    gettext
        Translates an English text into the feed's language; equal for equal languages.
    uid_domain
        Right-hand side of every UID; must never change.
    public_url
        Address of the app, for links to a duty's page; empty: no links.
    is_private
        Show that someone is busy, not where or with what.
    """

    gettext: Callable[[str], str]
    uid_domain: str
    public_url: str = ""
    is_private: bool = False


def write_calendar(duties: Iterable[Duty], style: FeedStyle, *, title: str, timezone: str) -> bytes:
    """Give a whole calendar, one event per duty, in the order of time.

    Source
    ------
    RFC 5545 sections 3.4 and 3.6.5; RFC 7986 sections 5.1 and 5.7; MS-OXCICAL 2.1.3.1.1.15.
    """
    ordered = sorted(duties, key=lambda duty: (duty.start_at, duty.end_at, duty.uid))
    zones = sorted({zone for duty in ordered if (zone := written_zone(duty))})
    return b"".join(
        [
            _calendar_head(title, timezone),
            *(_zone_block(zone) for zone in zones),
            *(_event_block(duty, style) for duty in ordered),
            END,
        ]
    )


def written_zone(duty: Duty) -> str | None:
    """Give the zone in which a duty's times are written, or None for UTC.

    Readers disagree on which of two equal clock times is meant, so such an end sends both ends to UTC.
    """
    zone = duty.site.timezone
    if zone not in CENTRAL_EUROPEAN_ZONES or any(_is_twofold(moment, zone) for moment in (duty.start_at, duty.end_at)):
        return None
    return zone


def _is_twofold(moment: datetime, zone: str) -> bool:
    local = moment.astimezone(ZoneInfo(zone))
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _calendar_head(title: str, timezone: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _one_line(title))
    calendar.add("x-wr-calname", _one_line(title))
    calendar.add("x-wr-timezone", timezone)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return calendar.to_ical().removesuffix(END)


@lru_cache
def _zone_block(zone: str) -> bytes:
    return ZONE_LINES.format(zone=zone).replace("\n", "\r\n").encode()


@lru_cache(maxsize=10_000)
def _event_block(duty: Duty, style: FeedStyle) -> bytes:
    """Give one event; a duty that did not change since the last feed costs nothing."""
    event = Event()
    event.add("uid", f"{duty.uid}@{style.uid_domain}")
    event.add("sequence", duty.sequence)
    event.add("dtstamp", duty.revised_at.astimezone(UTC))
    event.add("last-modified", duty.revised_at.astimezone(UTC))
    zone = written_zone(duty)
    tz = ZoneInfo(zone) if zone else UTC
    event.add("dtstart", duty.start_at.astimezone(tz))
    event.add("dtend", duty.end_at.astimezone(tz))
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE" if duty.is_exclusive else "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "BUSY" if duty.is_exclusive else "FREE")
    if style.is_private:
        event.add("summary", _one_line(style.gettext(N_("Busy"))))
    else:
        _add_facts(event, duty, style)
    return event.to_ical()


def _add_facts(event: Event, duty: Duty, style: FeedStyle) -> None:
    event.add("summary", _summary(duty, style.gettext))
    event.add("description", vText(_plain(_description(duty, style.gettext))))
    event.add("location", _location(duty))
    event.add("geo", (duty.site.latitude, duty.site.longitude))
    event.add("categories", ["Session" if duty.is_exclusive else "OnCall"])
    if style.public_url:
        event.add("url", _address(duty, style.public_url))


def _summary(duty: Duty, gettext: Callable[[str], str]) -> str:
    """Give at most 60 characters, the most useful first: where one must be, for what, in which town."""
    what = duty.room if duty.room and duty.is_exclusive else gettext(text_of(duty.kind, "session_kind"))
    text = gettext(N_("%(what)s · %(specialty)s – %(place)s"))
    specialty = gettext(text_of(duty.specialty, "specialty"))
    summary = _one_line(text % {"what": what, "specialty": specialty, "place": duty.site.town or duty.site.name})
    return summary if len(summary) <= SUMMARY_LENGTH else summary[: SUMMARY_LENGTH - 1].rstrip() + "…"


def _description(duty: Duty, gettext: Callable[[str], str]) -> str:
    kind, role = gettext(text_of(duty.kind, "session_kind")), gettext(text_of(duty.role, "clinical_role"))
    lines = [
        kind if role == kind else gettext(N_("%(kind)s, role: %(role)s")) % {"kind": kind, "role": role},
        gettext(N_("Specialty: %(specialty)s")) % {"specialty": gettext(text_of(duty.specialty, "specialty"))},
    ]
    if duty.colleagues:
        names = ", ".join(_colleagues(duty.colleagues, gettext))
        lines.append(gettext(N_("With: %(names)s")) % {"names": names})
    if duty.agreement:
        lines.append(gettext(N_("Agreement: %(agreement)s")) % {"agreement": shown(duty.agreement, gettext)})
    revised = duty.revised_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    lines.append(gettext(N_("State of %(moment)s UTC")) % {"moment": revised})
    return "\n".join(_one_line(line) for line in lines)


def _colleagues(colleagues: Iterable[Colleague], gettext: Callable[[str], str]) -> list[str]:
    """Name each colleague once, with all the roles held there."""
    roles: dict[str, list[str]] = {}
    for colleague in colleagues:
        roles.setdefault(colleague.name, []).append(gettext(text_of(colleague.role, "clinical_role")))
    text = gettext(N_("%(name)s (%(role)s)"))
    return [text % {"name": name, "role": ", ".join(dict.fromkeys(held))} for name, held in roles.items()]


def _location(duty: Duty) -> str:
    site = duty.site
    town = None if site.town.casefold() in site.name.casefold() else site.town
    return _one_line(", ".join(part for part in (site.name, town, duty.room) if part))


def _address(duty: Duty, public_url: str) -> str:
    year, week, _ = duty.on_date.isocalendar()
    return f"{public_url}/my-week?week={year}-W{week:02}"


def _one_line(text: str) -> str:
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Put a space for what RFC 5545 section 3.3.11 forbids in a text: control characters other than the line's end."""
    return "".join(sign if sign == "\n" or category(sign) not in ("Cc", "Cs") else " " for sign in text)
