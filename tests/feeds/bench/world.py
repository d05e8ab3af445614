"""Writes the database that is measured: so many clinicians with so many duties each, all of them subscribed to.

Clinicians work in couples: the first visits the second's site under an agreement, half a year back and more than a
year ahead.  Everything is published.  In one coming week each couple has a single session, and the roster of that
week has a draft, approved by all hospitals, that moves every one of these sessions to the afternoon.
"""

import hashlib
import random
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count, islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, create_engine, text, update

from scheduler.extensions import Base
from scheduler.feeds.window import feed_window
from scheduler.models import RosterVersion

Row = dict[str, Any]

LANGUAGE = "fr"
SUBSCRIPTIONS_EACH = 10
COUPLES_PER_PAIR = 100
"""A pair of sites is two hospitals with so many clinicians each."""

CLOCK = {"morning": ("08:30", "12:30"), "afternoon": ("13:30", "17:30")}
WEEK = ((1, "morning"), (2, "morning"), (2, "afternoon"), (3, "morning"), (4, "morning"), (5, "morning"))
"""When a couple works in a usual week."""
CHANGED_WEEK = ((3, "morning"),)
CHANGED_TO = "afternoon"

FIRST_NAMES = ("Aurélie", "Benoît", "Chloé", "Delphine", "Étienne", "Françoise", "Grégory", "Hélène", "Ingrid", "Joël")
LAST_NAMES = ("Dumont", "Lefèvre", "Van den Broeck", "Müller", "Delacroix", "Noël", "Peeters", "Schmit", "Thill", "Roy")
TOWNS = ("Mons", "Maubeuge", "Tournai", "Lille", "Arlon", "Mont-Saint-Martin", "Chimay", "Fourmies", "Ypres", "Roubaix")

LONG_AGO, FAR_AHEAD = date(2020, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: clinicians (an even number), duties of each, addresses of each clinician's feed."""

    clinicians: int = 1000
    events: int = 500
    addresses: int = SUBSCRIPTIONS_EACH

    @property
    def couples(self) -> int:
        """How many pairs of clinicians work together."""
        return self.clinicians // 2

    @property
    def pairs(self) -> int:
        """How many pairs of sites there are."""
        return max(1, -(-self.couples // COUPLES_PER_PAIR))

    @property
    def subscriptions(self) -> int:
        """How many addresses there are."""
        return self.clinicians * self.addresses


@dataclass(frozen=True, slots=True)
class Slot:
    """A half-day at which every couple has a session; ``number`` counts those of a week."""

    week_on: date
    number: int
    on: date
    half_day: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The half-days at which there are sessions, and the week whose sessions will move."""

    slots: tuple[Slot, ...]
    changed_on: date


def calendar_of(size: Size, today: date) -> Calendar:
    """Give as many half-days as a clinician has duties, around the week after next, all within the feeds' window.

    Raises
    ------
    ValueError
        When the window is too short for so many.
    """
    from_at, until_at = feed_window(today)
    first, last = from_at.date() + timedelta(days=1), until_at.date() - timedelta(days=5)  # whole working weeks
    changed = _monday(today) + timedelta(weeks=2)
    slots: list[Slot] = []
    for week_on in _weeks_around(changed, first, last):
        for number, (weekday, half_day) in enumerate(CHANGED_WEEK if week_on == changed else WEEK):
            slots.append(Slot(week_on, number, week_on + timedelta(days=weekday - 1), half_day))
    if len(slots) < size.events:
        raise ValueError(f"The feeds' window has room for {len(slots)} duties, not for {size.events}.")
    return Calendar(tuple(sorted(slots[: size.events], key=lambda slot: (slot.on, slot.number))), changed)


def _weeks_around(middle: date, first: date, last: date) -> Iterator[date]:
    yield middle
    for away in count(1):
        ahead, back = middle + timedelta(weeks=away), middle - timedelta(weeks=away)
        if ahead > last and back < first:
            return
        yield from (monday for monday in (ahead, back) if first <= monday <= last)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def token_of(clinician: int, number: int) -> str:
    """Give the secret of one address of a clinician's feed; only here it can be worked out."""
    digest = hashlib.sha256(f"benchmark {clinician} {number}".encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def path_of(clinician: int, number: int = 0) -> str:
    """Give the path of a clinician's feed by one of its addresses."""
    return f"/cal/{token_of(clinician, number)}/roster.ics"


def seat_uid(seat_id: int) -> str:
    """Give the iCalendar identity of a seat."""
    return str(UUID(bytes=hashlib.sha256(f"seat {seat_id}".encode()).digest()[:16], version=4))


def write_world(database_url: str, size: Size, *, now: datetime) -> float:
    """Fill an empty database whose tables are there; give the seconds that it took."""
    started = time.perf_counter()
    writer = _Writer(size, calendar_of(size, now.astimezone(ZoneInfo("Europe/Brussels")).date()), now)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.execute(text("PRAGMA synchronous=OFF"))
        for name, rows in writer.tables():
            _insert(connection, Base.metadata.tables[name], rows)
        connection.execute(
            update(RosterVersion)
            .where(RosterVersion.number == 1)
            .values(state="published", published_at=writer.revised_at)
        )
        connection.execute(text("ANALYZE"))
    engine.dispose()
    return time.perf_counter() - started


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    waiting = iter(rows)
    while some := list(islice(waiting, 20_000)):
        connection.execute(table.insert(), some)


def _session_id(size: Size, couple: int, slot: int) -> int:
    return couple * size.events + slot + 1


class _Writer:
    """Gives the rows of all tables, those that others refer to first."""

    def __init__(self, size: Size, calendar: Calendar, now: datetime) -> None:
        self.size, self.calendar, self.now = size, calendar, now
        self.revised_at = now.replace(microsecond=0) - timedelta(days=100)
        self.random = random.Random(1)
        self.weeks = sorted({slot.week_on for slot in calendar.slots})
        self.version_of = {week_on: i for i, week_on in enumerate(self.weeks, 1)}
        self.draft = len(self.weeks) + 1
        self.times = {slot: _interval(slot.on, slot.half_day) for slot in calendar.slots}

    def tables(self) -> Iterator[tuple[str, Iterable[Row]]]:
        """Give each table's name and rows."""
        yield from self._places()
        yield from self._people()
        yield from self._plans()
        yield from self._rosters()
        yield from self._feeds()

    def _places(self) -> Iterator[tuple[str, Iterable[Row]]]:
        sites = range(1, 2 * self.size.pairs + 1)
        yield (
            "organisation",
            ({"id": i, "code": f"ORG{i}", "name": f"Hôpital {i}", "country": _country(i)} for i in sites),
        )
        yield "site", (self._site(i) for i in sites)
        yield (
            "room",
            (
                {
                    "id": couple + 1,
                    "code": f"ROOM{couple + 1}",
                    "site_id": self._host_site(couple),
                    "name": f"Consultation {couple + 1}",
                    "kind": "consulting",
                }
                for couple in range(self.size.couples)
            ),
        )
        yield (
            "travel_time",
            (
                {"one_id": 2 * i + 1, "other_id": 2 * i + 2, "minutes": 35, "kilometres": 30.0}
                for i in range(self.size.pairs)
            ),
        )
        yield (
            "half_day_times",
            (
                {"site_id": None, "kind": None, "half_day": half_day, "starts": starts, "ends": ends}
                for half_day, (starts, ends) in CLOCK.items()
            ),
        )

    def _site(self, i: int) -> Row:
        town = TOWNS[(i - 1) % len(TOWNS)]
        return {
            "id": i,
            "code": f"SITE{i}",
            "organisation_id": i,
            "name": f"Centre hospitalier de {town}",
            "town": town,
            "country": _country(i),
            "timezone": _zone(i),
            "holiday_calendar": _country(i),
            "latitude": 50.27785 + i / 100,
            "longitude": 3.97267,
            "languages": ["fr"],
        }

    def _people(self) -> Iterator[tuple[str, Iterable[Row]]]:
        everyone = range(1, self.size.clinicians + 1)
        yield "specialty", [{"id": 1, "name": "urology"}]
        yield "clinical_role", [{"id": 1, "code": "lead"}, {"id": 2, "code": "counterpart"}]
        yield "clinician", (self._clinician(i) for i in everyone)
        yield "clinician_specialty", ({"clinician_id": i, "specialty_id": 1} for i in everyone)
        yield "clinician_clinical_role", ({"clinician_id": i, "clinical_role_id": 2 - i % 2} for i in everyone)
        yield (
            "affiliation",
            (
                {
                    "clinician_id": i,
                    "organisation_id": self._home_site(i),
                    "site_id": self._home_site(i),
                    "contract": "employee",
                    "is_home": True,
                }
                for i in everyone
            ),
        )
        yield (
            "registration",
            (
                {"clinician_id": i, "country": country, "kind": "registration", **_for_ever()}
                for i in everyone
                for country in ("BE", "FR")
            ),
        )
        yield "insurance", ({"clinician_id": i, "countries": ["BE", "FR"], **_for_ever()} for i in everyone)
        yield "account", (self._account(i) for i in range(self.size.clinicians + 1))
        yield (
            "access_grant",
            chain(
                ({"account_id": i + 1, "organisation_id": self._home_site(i), "role": "clinician"} for i in everyone),
                (
                    {"account_id": 1, "organisation_id": i, "role": "coordinator"}
                    for i in range(1, 2 * self.size.pairs + 1)
                ),
            ),
        )

    def _clinician(self, i: int) -> Row:
        first, last = self.random.choice(FIRST_NAMES), self.random.choice(LAST_NAMES)
        return {
            "id": i,
            "code": f"C{i:05}",
            "uid": str(UUID(int=self.random.getrandbits(128), version=4)),
            "name": f"Dr {first} {last} {i}",
            "sort_name": f"{last} {i}",
            "languages": ["fr"],
            "a1_valid_until": FAR_AHEAD,
        }

    def _account(self, i: int) -> Row:
        """Account 1 coordinates everywhere; account i + 1 belongs to clinician i."""
        return {
            "id": i + 1,
            "login": f"clinician{i}" if i else "coordinator",
            "name": f"Account {i}",
            "password_hash": "none",
            "language": LANGUAGE,
            "clinician_id": i or None,
            "created_at": self.revised_at,
        }

    def _plans(self) -> Iterator[tuple[str, Iterable[Row]]]:
        pairs = range(1, self.size.pairs + 1)
        yield (
            "cooperation_agreement",
            (
                {
                    "id": i,
                    "code": f"AGREEMENT{i}",
                    "title": f"{TOWNS[2 * i - 2]}–{TOWNS[2 * i - 1]}, urologie"
                    if i <= 5
                    else f"Convention {i}, urologie",
                    "kind": "visiting",
                    "home_organisation_id": 2 * i - 1,
                    "host_organisation_id": 2 * i,
                    "home_site_id": 2 * i - 1,
                    "host_site_id": 2 * i,
                    **_for_ever(),
                }
                for i in pairs
            ),
        )
        yield "agreement_line", ({"agreement_id": i, "specialty_id": 1} for i in pairs)
        yield (
            "agreement_enrolment",
            (
                {"agreement_id": self._pair(couple), "clinician_id": 2 * couple + 1, **_for_ever()}
                for couple in range(self.size.couples)
            ),
        )
        yield (
            "session_template",
            (
                {
                    "id": i,
                    "code": f"TEMPLATE{i}",
                    "agreement_id": i,
                    "site_id": 2 * i,
                    "kind": "consultation",
                    "specialty": "urology",
                    "sessions_per_week": COUPLES_PER_PAIR * len(WEEK),
                    "anchor_on": self.weeks[0],
                    "room_kind": "consulting",
                }
                for i in pairs
            ),
        )
        yield (
            "template_half_day",
            (
                {"template_id": i, "weekday": weekday, "half_day": half_day}
                for i in pairs
                for weekday in range(1, 6)
                for half_day in CLOCK
            ),
        )
        yield (
            "demand",
            (
                {"id": 2 * i - 1 + k, "template_id": i, "position": k, "role_id": 1 + k, "side": side}
                for i in pairs
                for k, side in enumerate(("visitor", "host"))
            ),
        )
        yield "demand_specialty", ({"demand_id": i, "specialty_id": 1} for i in range(1, 2 * self.size.pairs + 1))

    def _rosters(self) -> Iterator[tuple[str, Iterable[Row]]]:
        yield (
            "roster",
            (
                {"id": i, "title": f"Semaine du {week_on}", "first_on": week_on}
                for week_on, i in self.version_of.items()
            ),
        )
        yield (
            "roster_site_week",
            (
                {"roster_id": i, "site_id": site, "week_on": week_on}
                for week_on, i in self.version_of.items()
                for site in range(1, 2 * self.size.pairs + 1)
            ),
        )
        yield "roster_version", chain((self._version(i, i) for i in self.version_of.values()), [self._draft()])
        yield "clinical_session", (self._session(couple, i) for couple, i in self._held())
        yield "seat", (self._seat(couple, i, k) for couple, i in self._held() for k in (0, 1))
        yield (
            "placement",
            chain(
                (self._placement(couple, i) for couple, i in self._held()),
                (self._moved(couple, i) for couple, i in self._changed()),
            ),
        )
        yield (
            "assignment",
            chain(
                (self._assignment(couple, i, k) for couple, i in self._held() for k in (0, 1)),
                (self._assignment(couple, i, k, drafted=True) for couple, i in self._changed() for k in (0, 1)),
            ),
        )
        yield "published_duty", (self._duty(couple, i, k) for couple, i in self._held() for k in (0, 1))
        yield (
            "approval",
            (
                {"version_id": self.draft, "organisation_id": i, "account_id": 1, "approved_at": self.revised_at}
                for i in range(1, 2 * self.size.pairs + 1)
            ),
        )

    def _held(self) -> Iterator[tuple[int, int]]:
        return ((couple, i) for couple in range(self.size.couples) for i in range(len(self.calendar.slots)))

    def _changed(self) -> Iterator[tuple[int, int]]:
        changed = [i for i, slot in enumerate(self.calendar.slots) if slot.week_on == self.calendar.changed_on]
        return ((couple, i) for couple in range(self.size.couples) for i in changed)

    def _version(self, i: int, roster_id: int, *, number: int = 1) -> Row:
        return {
            "id": i,
            "roster_id": roster_id,
            "number": number,
            "created_at": self.revised_at,
            "created_by_id": 1,
            "based_on_id": None,
        }

    def _draft(self) -> Row:
        based_on = self.version_of[self.calendar.changed_on]
        return {**self._version(self.draft, based_on, number=2), "based_on_id": based_on}

    def _session(self, couple: int, i: int) -> Row:
        slot = self.calendar.slots[i]
        return {
            "id": _session_id(self.size, couple, i),
            "template_id": self._pair(couple),
            "roster_id": self.version_of[slot.week_on],
            "week_on": slot.week_on,
            "index": couple % COUPLES_PER_PAIR * len(WEEK) + slot.number,
            "uid": str(UUID(int=self.random.getrandbits(128), version=4)),
            "revised_at": self.revised_at,
        }

    def _seat(self, couple: int, i: int, k: int) -> Row:
        session_id = _session_id(self.size, couple, i)
        return {
            "id": 2 * session_id - 1 + k,
            "session_id": session_id,
            "demand_id": 2 * self._pair(couple) - 1 + k,
            "index": 0,
            "uid": seat_uid(2 * session_id - 1 + k),
            "revised_at": self.revised_at,
        }

    def _placement(self, couple: int, i: int) -> Row:
        slot = self.calendar.slots[i]
        return {
            "id": _session_id(self.size, couple, i),
            "version_id": self.version_of[slot.week_on],
            "session_id": _session_id(self.size, couple, i),
            **self._when_and_where(couple, i),
        }

    def _moved(self, couple: int, i: int) -> Row:
        on = self.calendar.slots[i].on
        start_at, end_at = _interval(on, CHANGED_TO)
        moved = {"half_day": CHANGED_TO, "start_at": start_at, "end_at": end_at}
        return {**self._placement(couple, i), "id": self._drafted(couple), "version_id": self.draft, **moved}

    def _drafted(self, couple: int) -> int:
        return self.size.couples * self.size.events + couple + 1

    def _assignment(self, couple: int, i: int, k: int, *, drafted: bool = False) -> Row:
        session_id = _session_id(self.size, couple, i)
        return {
            "placement_id": self._drafted(couple) if drafted else session_id,
            "seat_id": 2 * session_id - 1 + k,
            "clinician_id": 2 * couple + 1 + k,
        }

    def _duty(self, couple: int, i: int, k: int) -> Row:
        session_id = _session_id(self.size, couple, i)
        return {
            "seat_id": 2 * session_id - 1 + k,
            "version_id": self.version_of[self.calendar.slots[i].week_on],
            "session_id": session_id,
            "clinician_id": 2 * couple + 1 + k,
            "is_exclusive": True,
            **self._when_and_where(couple, i),
        }

    def _when_and_where(self, couple: int, i: int) -> Row:
        slot = self.calendar.slots[i]
        start_at, end_at = self.times[slot]
        return {
            "on_date": slot.on,
            "half_day": slot.half_day,
            "start_at": start_at,
            "end_at": end_at,
            "room_id": couple + 1,
        }

    def _feeds(self) -> Iterator[tuple[str, Iterable[Row]]]:
        everyone = range(1, self.size.clinicians + 1)
        yield (
            "feed_bytes",
            ({"id": i, "feed": "clinician", "subject_id": i, "language": LANGUAGE, "options": ""} for i in everyone),
        )
        yield (
            "feed_subscription",
            (
                {
                    "bytes_id": i,
                    "account_id": i + 1,
                    "organisation_id": self._home_site(i),
                    "clinician_id": i,
                    "token_hash": hashlib.sha256(token_of(i, number).encode()).hexdigest(),
                    "created_at": self.now,
                }
                for number in range(self.size.addresses)
                for i in everyone
            ),
        )

    def _pair(self, couple: int) -> int:
        return couple // COUPLES_PER_PAIR + 1

    def _host_site(self, couple: int) -> int:
        return 2 * self._pair(couple)

    def _home_site(self, clinician: int) -> int:
        couple, is_host = divmod(clinician - 1, 2)
        return self._host_site(couple) - 1 + is_host


def _for_ever() -> Mapping[str, date]:
    return {"valid_from": LONG_AGO, "valid_until": FAR_AHEAD}


def _country(site: int) -> str:
    return "BE" if site % 2 else "FR"


def _zone(site: int) -> str:
    return "Europe/Brussels" if site % 2 else "Europe/Paris"


def _interval(on: date, half_day: str) -> tuple[datetime, datetime]:
    starts, ends = (datetime.fromisoformat(f"{on}T{clock}") for clock in CLOCK[half_day])
    tz = ZoneInfo("Europe/Paris")
    return starts.replace(tzinfo=tz).astimezone(UTC), ends.replace(tzinfo=tz).astimezone(UTC)
