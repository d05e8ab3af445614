"""Duties and styles for tests of feeds; each function fills in what a test does not talk about."""

from datetime import UTC, date, datetime, time, timedelta
from gettext import NullTranslations
from itertools import count
from zoneinfo import ZoneInfo

from scheduler.duties import Colleague, Duty, LeaveFact, SessionFact, SitePlace, Subject, TravelBlock
from scheduler.feeds import feed_of
from scheduler.feeds.events import write_duty
from scheduler.feeds.ics import write_calendar
from scheduler.feeds.style import FeedStyle

REVISED_AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ENGLISH = NullTranslations().gettext

_numbers = count(1)


def make_place(timezone="Europe/Paris", *, id=1, name="CH de Maubeuge", town="Maubeuge"):
    return SitePlace(
        id=id,
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


def make_session(
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
    """A session by the clock of its site; an end at or before the start is the next day."""
    site = site or make_place()
    number = next(_numbers)
    last = on if ends > starts else on + timedelta(days=1)
    facts = {
        "uid": f"session-{number}",
        "sequence": 0,
        "session_id": number,
        "kind": "joint_theatre",
        "specialty": "urology",
        "room": "Theatre 1",
        "agreement": "Mons–Maubeuge, urology",
        "half_day": "morning",
        "team": (Colleague("Dr Ada Exemple", "lead"), Colleague("Dr Zoé Müller", "anaesthetist")),
        **facts,
    }
    return SessionFact(
        site=site,
        on_date=on,
        start_at=start_at or at_clock(on, starts, site.timezone),
        end_at=end_at or at_clock(last, ends, site.timezone),
        revised_at=revised_at,
        **facts,
    )


def make_leave(start_on=date(2026, 3, 9), end_on=date(2026, 3, 14), *, revised_at=REVISED_AT, **facts):
    """Days away; the last day is the one before the end."""
    number = next(_numbers)
    facts = {"uid": f"leave-{number}", "sequence": 0, "leave_id": number, "clinician_id": 1, **facts}
    return LeaveFact(start_on=start_on, end_on=end_on, revised_at=revised_at, **facts)


def make_block(duty, *, part="out", minutes=30, from_place=None):
    """The way to a duty, or from it when the part is ``back``."""
    home = from_place or make_place("Europe/Brussels", id=99, name="CHU Mons", town="Mons")
    is_back = part == "back"
    length = timedelta(minutes=minutes)
    return TravelBlock(
        duty_uid=duty.uid,
        seat_id=duty.seat_id,
        part=part,
        from_place=duty.site if is_back else home,
        to_place=home if is_back else duty.site,
        start_at=duty.end_at if is_back else duty.start_at - length,
        end_at=duty.end_at + length if is_back else duty.start_at,
        minutes=minutes,
        is_estimated=True,
    )


def make_subject(kind, **facts):
    facts = {"id": 1, "name": "CH de Maubeuge", "timezone": "Europe/Paris", **facts}
    return Subject(kind=kind, **facts)


def at_clock(day, clock, timezone):
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(timezone)).astimezone(UTC)


def make_style(**choices):
    return FeedStyle(**{"gettext": ENGLISH, "uid_domain": "roster.example", **choices})


def write(*duties, **choices):
    """The calendar of a clinician with these duties."""
    style = make_style(**choices)
    title = feed_of("clinician").name_of(make_subject("clinician", name="Dr Ada Exemple"), style.gettext)
    return write_calendar((write_duty(duty, style) for duty in duties), title=title, timezone="Europe/Brussels")


def joined(*events):
    """A calendar of written events."""
    return write_calendar(events, title="Roster", timezone="Europe/Brussels")


def lines_of(body):
    """The lines of a calendar, unfolded."""
    return body.decode().replace("\r\n ", "").split("\r\n")


def values_of(body, name):
    """The values of all properties of this name, as written."""
    return [line.split(":", 1)[1] for line in lines_of(body) if line.split(":", 1)[0].split(";", 1)[0] == name.upper()]
