"""Small worlds for solver tests: two sites, a few clinicians and sessions; what is not named is harmless.

Sites: ``home`` (BE, organisation Home) and ``away`` (FR, organisation Away), 30 minutes apart.  Clinicians
live at ``home``, have every paper and are enrolled in the one agreement between both.  Clock times are UTC.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from solver.plan import Plan
from solver.problem import (
    Absence,
    Agreement,
    AgreementLine,
    Clinician,
    Enrolment,
    FixedDuty,
    HalfDay,
    Held,
    Option,
    Paper,
    Problem,
    Room,
    Seat,
    Session,
    Side,
    Site,
    Travel,
)

MONDAY = date(2026, 3, 2)
LONG_AGO, FAR_OFF = date(2020, 1, 1), date(2030, 1, 1)
CLOCK = {
    "morning": ("08:30", "12:30"),
    "midday": ("12:30", "13:30"),
    "afternoon": ("13:30", "17:30"),
    "evening": ("18:00", "20:00"),
    "night": ("20:00", "08:00"),
}
HOME = Site("home", "Home Hospital", "BE", "Home", zone="UTC")
AWAY = Site("away", "Away Hospital", "FR", "Away", zone="UTC")


def day(number: int) -> date:
    """Give a day of the planned weeks: 0 is the first Monday."""
    return MONDAY + timedelta(days=number)


def at(number: int, clock: str) -> datetime:
    """Give an instant: day number and clock time."""
    return datetime.combine(day(number), time.fromisoformat(clock), UTC)


def option(number: int = 0, half_day: str = "morning", start: str = "", end: str = "") -> Option:
    """Give an option at the usual times of the half-day, or at others."""
    usual_start, usual_end = CLOCK[half_day]
    first, last = at(number, start or usual_start), at(number, end or usual_end)
    return Option(day(number), HalfDay(half_day), first, last if last > first else last + timedelta(days=1))


def seat(id: str = "lead", role: str = "lead", *specialties: str, side: str = "any", **more: Any) -> Seat:
    """Give a seat; urology when no specialty is named."""
    return Seat(id, role, specialties or ("urology",), Side(side), **more)


def session(
    id: str,
    site: str = "home",
    options: Option | Sequence[Option] = (),
    seats: Iterable[Seat] = (),
    **more: Any,
) -> Session:
    """Give a consultation without room, on Monday morning unless said otherwise, with one seat ``lead``."""
    given = (options,) if isinstance(options, Option) else tuple(options)
    values = {"title": id, "group": id, "kind": "consultation", **more}
    return Session(id=id, site=site, options=given or (option(),), seats=tuple(seats) or (seat(),), **values)


def paper(*countries: str, start: date = LONG_AGO, end: date = FAR_OFF, kind: str = "registration") -> Paper:
    """Give a paper valid in these countries."""
    return Paper(frozenset(countries), start, end, kind)


def clinician(id: str, home: str = "home", *, roles: Iterable[str] = ("lead",), **more: Any) -> Clinician:
    """Give a self-employed urologist with papers for both countries."""
    values: dict[str, Any] = {
        "name": f"Dr {id}",
        "specialties": frozenset({"urology"}),
        "contract": "self-employed",
        "registrations": (paper("BE"), paper("FR")),
        "insurances": (paper("BE", "FR", kind="insurance"),),
        **more,
    }
    return Clinician(id=id, home_site=home, roles=frozenset(roles), **values)


def room(id: str, site: str = "home", kind: str = "consulting", **more: Any) -> Room:
    """Give a room that is always open."""
    return Room(id, id, site, kind, **more)


def agreement(people: Iterable[Clinician], id: str = "pact", **more: Any) -> Agreement:
    """Give the agreement between Home and Away, in force, with all specialties and all people enrolled."""
    people = tuple(people)
    specialties = sorted({s for c in people for s in c.specialties})
    values: dict[str, Any] = {
        "title": "Home and Away",
        "organisations": frozenset({"Home", "Away"}),
        "valid_from": LONG_AGO,
        "valid_until": FAR_OFF,
        "lines": tuple(AgreementLine(s) for s in specialties),
        "enrolments": tuple(Enrolment(c.id, LONG_AGO, FAR_OFF) for c in people),
        **more,
    }
    return Agreement(id=id, **values)


def problem(clinicians: Sequence[Clinician], sessions: Sequence[Session], **more: Any) -> Problem:
    """Give a one-week problem over ``home`` and ``away`` with one agreement in force."""
    values: dict[str, Any] = {
        "first_on": MONDAY,
        "weeks": 1,
        "sites": (HOME, AWAY),
        "rooms": (),
        "agreements": (agreement(clinicians),),
        "travel": (Travel("home", "away", 30),),
        **more,
    }
    return Problem(clinicians=tuple(clinicians), sessions=tuple(sessions), **values)


def held(session: Session, *people: str, option: int = 0, room: str | None = None) -> Held:
    """Give the session as held at its nth option, its seats filled in order."""
    chosen = session.options[option]
    team = tuple((s.id, who) for s, who in zip(session.seats, people, strict=True))
    return Held(session.id, chosen.on, chosen.half_day, room, team)


def plan(*items: Held) -> Plan:
    """Give a plan of these held sessions."""
    return Plan(tuple(items))


def absence(clinician: str, number: int, start: str = "00:00", end: str = "23:59") -> Absence:
    """Give an absence within one day."""
    return Absence(clinician, at(number, start), at(number, end))


def fixed_duty(clinician: str, site: str, number: int, start: str, end: str, **more: Any) -> FixedDuty:
    """Give a duty outside the question."""
    first, last = at(number, start), at(number, end)
    return FixedDuty(clinician, site, day(number), first, last if last > first else last + timedelta(days=1), **more)
