"""Duties and styles for tests of feeds; each function fills in what a test does not talk about."""

from datetime import UTC, date, datetime, time, timedelta
from gettext import NullTranslations
from itertools import count
from zoneinfo import ZoneInfo

from scheduler.duties import Colleague, Duty, SitePlace
from scheduler.feeds.clinician import write_clinician_feed
from scheduler.feeds.style import FeedStyle

REVISED_AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ENGLISH = NullTranslations().gettext

_numbers = count(1)


def make_place(timezone="Europe/Paris", *, name="CH de Maubeuge", town="Maubeuge"):
    return SitePlace(
        id=1,
        code="FR-MAUBEUGE",
        name=name,
        town=town,
        country="FR",
        timezone=timezone,
        latitude=50.27785,
        longitude=3.97267,
    )


def make_duty(
    on=date(2026, 3, 3),
    starts="08:30",
    ends="12:30",
    *,
    site=None,
    start_at=None,
    end_at=None,
    revised_at=REVISED_AT,
    **facts,
):
    """A duty by the clock of its site; an end at or before the start is the next day."""
    site = site or make_place()
    number = next(_numbers)
    last = on if ends > starts else on + timedelta(days=1)
    facts = {
        "uid": f"duty-{number}",
        "sequence": 0,
        "seat_id": number,
        "session_id": number,
        "clinician_id": 1,
        "clinician_name": "Dr Ada Exemple",
        "role": "lead",
        "kind": "consultation",
        "specialty": "urology",
        "room": "Consulting 1",
        "agreement": "Mons–Maubeuge, urology",
        "half_day": "morning",
        "is_exclusive": True,
        "is_visit": True,
        "colleagues": (Colleague("Dr Zoé Müller", "anaesthetist"),),
        **facts,
    }
    return Duty(
        site=site,
        on_date=on,
        start_at=start_at or at_clock(on, starts, site.timezone),
        end_at=end_at or at_clock(last, ends, site.timezone),
        revised_at=revised_at,
        **facts,
    )


def at_clock(day, clock, timezone):
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(timezone)).astimezone(UTC)


def make_style(**choices):
    return FeedStyle(**{"gettext": ENGLISH, "uid_domain": "roster.example", **choices})


def write(*duties, **choices):
    return write_clinician_feed(duties, make_style(**choices), name="Dr Ada Exemple", timezone="Europe/Brussels")


def lines_of(body):
    """The lines of a calendar, unfolded."""
    return body.decode().replace("\r\n ", "").split("\r\n")


def values_of(body, name):
    """The values of all properties of this name, as written."""
    return [line.split(":", 1)[1] for line in lines_of(body) if line.split(":", 1)[0].split(";", 1)[0] == name.upper()]
