"""Calendars of every kind around the clock changes, each with what a reader must see in it."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import cycle, product

from scheduler.duties import Colleague
from scheduler.feeds import FEEDS, FEEDS_BY_ID, wording
from scheduler.feeds.events import write_duty, write_leave, write_public, write_session, write_travel
from scheduler.feeds.ics import write_calendar
from scheduler.feeds.variants import Variant
from scheduler.i18n import gettext_for
from tests.feeds import build
from tests.feeds.readers.seen import Seen

ZONES = ("Europe/Brussels", "Europe/Paris", "Europe/Luxembourg")
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28))
LANGUAGES = ("en", "fr", "nl", "de")
DAYS_AROUND = range(-7, 7)
PATTERNS = (("08:30", "12:30"), ("13:30", "17:30"), ("18:00", "22:15"), ("20:00", "08:00"))
DOMAIN = "roster.example"
REMINDER = timedelta(hours=1)


@dataclass(frozen=True)
class Calendar:
    """A calendar as it is served, and its events as they are meant."""

    name: str
    body: bytes
    meant: tuple[Seen, ...]


@cache
def calendars_of_feeds():
    """Give every kind of feed in its variants.

    Together those of duties hold every day, hour and zone around the changes, and so do those of sessions.
    """
    made = []
    for is_of_duties in (True, False):
        feeds = [feed for feed in FEEDS if (feed.events == "duties") is is_of_duties]
        alike = [(feed, variant) for feed in feeds for variant in variants_of(feed)]
        for number, (feed, variant) in enumerate(alike):
            part = [*nights(ZONES[number % 3]), *slots()[number :: len(alike)]]
            made.append(calendar_of(feed, variant, list(dict.fromkeys(part))))
    return tuple(made)


@cache
def calendars_of_downloads():
    """Give what can be downloaded once: a duty, a week, a version of a roster; with a reminder and without."""
    made = []
    for number, language in enumerate(LANGUAGES):
        reminder = (None, REMINDER)[number % 2]
        gettext = gettext_for(language)
        style = build.make_style(gettext=gettext, public_url="https://roster.example")
        for zone in ZONES:
            for duty in duties_at(nights(zone)):
                made.append(_joined(f"{duty.uid} {language}", [tell_duty(duty, style, reminder=reminder)], gettext))
        duties, facts = duties_at(week_of(CHANGES[1])[number::4]), sessions_at(week_of(CHANGES[2])[number::4])
        made.append(
            _joined(f"week {language}", [tell_duty(duty, style, reminder=reminder) for duty in duties], gettext)
        )
        version = [tell_session(fact, style, reminder=reminder) for fact in facts]
        made.append(_joined(f"version {language}", version, gettext))
    return tuple(made)


def calendar_with_unheard_of_zones():
    """Give a feed whose zones bear names that no machine knows: what the file tells of them has to be enough."""
    calendar = calendar_of(FEEDS_BY_ID["clinician"], Variant("en"), slots()[::31])
    body = re.sub(rb"(TZID[=:])Europe/", rb"\1Unheard-of/", calendar.body)
    return replace(calendar, name="unheard-of zones", body=body)


def variants_of(feed):
    """Give a feed with each of its choices, with all of them and with none; each language comes up."""
    sets = [(), *((option,) for option in feed.choices), feed.choices[1:], feed.choices]
    sets = list(dict.fromkeys(sets))
    sets += [()] * (len(LANGUAGES) - len(sets))
    return [Variant.of(language, ",".join(chosen)) for chosen, language in zip(sets, cycle(LANGUAGES), strict=False)]


def calendar_of(feed, variant, times):
    """Give a feed with events at these times."""
    gettext = gettext_for(variant.language)
    style = feed.style(variant, gettext, uid_domain=DOMAIN, public_url="https://roster.example")
    told = list(_told(feed, variant, times, style))
    return _joined(f"{feed.id} {variant.language} {variant.options}".strip(), told, gettext)


# --- when -----------------------------------------------------------------------------------------


@cache
def slots():
    """Give zone and both ends of every slot around the changes: each day's, and those in doubled and skipped hours."""
    return tuple(
        slot
        for zone, change in product(ZONES, CHANGES)
        for day in DAYS_AROUND
        for slot in [*_slots_of_day(zone, change + timedelta(days=day)), *(_odd_slots(zone, change) if not day else [])]
    )


def nights(zone):
    """Give the nights in which the clocks of a zone change."""
    return [_slots_of_day(zone, change - timedelta(days=1))[-1] for change in CHANGES]


def week_of(change):
    return [slot for slot in slots() if slot[1].date() > change - timedelta(days=7) and slot[1].date() <= change]


def _slots_of_day(zone, day):
    return [
        (zone, build.at_clock(day, starts, zone), build.at_clock(day + timedelta(days=ends < starts), ends, zone))
        for starts, ends in PATTERNS
    ]


def _odd_slots(zone, change):
    """Slots around the moment of the change, 01:00 UTC: ends in the hour that comes twice, and where one is skipped."""
    moment = datetime(change.year, change.month, change.day, 1, tzinfo=UTC)
    half = timedelta(minutes=30)
    ends = [moment - 2 * half, moment - half, moment, moment + half, moment + 2 * half]
    around = [(zone, moment - 6 * half, end) for end in ends] + [(zone, end, moment + 8 * half) for end in ends]
    clock = build.at_clock(change, "02:30", zone)  # which is skipped in spring: the clock shows 03:30 instead
    return [*around, (zone, moment - half, moment + half), (zone, moment - 8 * half, clock)]


# --- what -----------------------------------------------------------------------------------------


@cache
def place_in(zone):
    """A site whose name has every sign that means something in iCalendar."""
    town = zone.partition("/")[2]
    return build.make_place(zone, name=f"Hôpital, bât. B; \\{town}: « Été » & Cœur", town="Liège–Süd")


@cache
def duty_at(slot, number):
    zone, start_at, end_at = slot
    return build.make_duty(
        start_at.date(),
        site=place_in(zone),
        start_at=start_at,
        end_at=end_at,
        uid=f"duty-{zone}-{start_at:%Y%m%dT%H%M}-{end_at:%Y%m%dT%H%M}-{number}",
        room=f"Salle {number}, aile Ü; 2",
        is_exclusive=number % 4 != 3,
        sequence=number,
    )


@cache
def session_at(slot, number):
    zone, start_at, end_at = slot
    return build.make_session(
        start_at.date(),
        site=place_in(zone),
        start_at=start_at,
        end_at=end_at,
        uid=f"session-{zone}-{start_at:%Y%m%dT%H%M}-{end_at:%Y%m%dT%H%M}-{number}",
        room=f"Salle {number}",
        kind="consultation",
        team=(Colleague("Dr Zoé Müller-D’Hondt", "lead"), Colleague("Dr Ada, l’Exemple", "anaesthetist")),
    )


def duties_at(times):
    return [duty_at(slot, number % 5) for number, slot in enumerate(times)]


def sessions_at(times):
    return [session_at(slot, number % 5) for number, slot in enumerate(times)]


# --- what is written, beside what is meant --------------------------------------------------------


def tell_duty(duty, style, *, reminder=None):
    location = "" if style.is_private else wording.location_of(duty.site, duty.room)
    return write_duty(duty, style, reminder=reminder), _meant(duty, wording.summary_of_duty(duty, style), location)


def tell_session(fact, style, *, reminder=None):
    location = "" if style.is_private else wording.location_of(fact.site, fact.room)
    return write_session(fact, style, reminder=reminder), _meant(
        fact, wording.summary_of_session(fact, style), location
    )


def tell_public(fact, style):
    return write_public(fact, style), _meant(fact, wording.summary_of_care(fact, style), wording.location_of(fact.site))


def tell_leave(fact, style):
    seen = Seen(f"{fact.uid}@{DOMAIN}", fact.start_on, fact.end_on, wording.summary_of_leave(style), "", "CONFIRMED")
    return write_leave(fact, style), seen


def tell_travel(block, style):
    way = "travel-back" if block.part == "back" else "travel"
    seen = Seen(
        f"{block.duty_uid}-{way}@{DOMAIN}",
        block.start_at,
        block.end_at,
        wording.summary_of_travel(block, style),
        "" if style.is_private else wording.location_of(block.to_place),
        "CONFIRMED",
    )
    return write_travel(block, style, revised_at=build.REVISED_AT, sequence=0), seen


def _meant(record, summary, location):
    status = "CANCELLED" if record.is_cancelled else "CONFIRMED"
    return Seen(f"{record.uid}@{DOMAIN}", record.start_at, record.end_at, summary, location, status)


def _told(feed, variant, times, style):
    tell = {"duties": tell_duty, "sessions": tell_session, "public": tell_public}[feed.events]
    records = duties_at(times) if feed.events == "duties" else sessions_at(times)
    for number, record in enumerate(records):
        yield tell(replace(record, is_cancelled=variant.with_cancelled and number % 3 == 0), style)
    if variant.with_travel:
        for duty in records[:8]:
            for part in ("out", "back"):
                yield tell_travel(build.make_block(duty, part=part, minutes=45), style)
    if variant.with_leave:
        for number, change in enumerate(CHANGES):
            days = change - timedelta(days=1), change + timedelta(days=number + 1)
            yield tell_leave(build.make_leave(*days, uid=f"leave-{number}"), style)


def _joined(name, told, gettext):
    title = gettext("Roster – %(name)s") % {"name": "Dr Zoé, d’Exemple; B"}
    body = write_calendar((event for event, _ in told), title=title, timezone="Europe/Brussels", color="steelblue")
    return Calendar(name, body, tuple(seen for _, seen in told))
