"""Sessions and rooms of generated problems: what is planned at a site in a week."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from solver.problem import Agreement, HalfDay, Option, Room, Seat, Session, Side, Site

FIRST_ON = date(2027, 3, 1)
"""A Monday without holidays near it."""

CLOCK = {
    "morning": (HalfDay.MORNING, time(8, 30), time(12, 30)),
    "midday": (HalfDay.MIDDAY, time(12, 30), time(13, 30)),
    "afternoon": (HalfDay.AFTERNOON, time(13, 30), time(17, 30)),
    "evening": (HalfDay.EVENING, time(18, 0), time(20, 0)),
    "theatre_morning": (HalfDay.MORNING, time(8, 0), time(13, 0)),
    "theatre_afternoon": (HalfDay.AFTERNOON, time(13, 30), time(18, 0)),
}
"""Half-day and local start and end of the spells in which sessions are held."""

MIX = (
    *("home", "visit", "theatre", "home", "mdt", "visit", "home", "preop", "home", "visit"),
    *("ward_round", "home", "home", "theatre", "visit", "home", "evening", "visit", "home", "home"),
)
"""Order in which the sessions of a site are drawn."""

KINDS = {
    "home": "consultation",
    "visit": "consultation",
    "evening": "consultation",
    "theatre": "joint_theatre",
    "preop": "preop_consultation",
}
"""Kind of session of each draw that is not its own kind."""


HALVES = (HalfDay.MORNING, HalfDay.AFTERNOON)
"""When a theatre is allotted to the cooperation."""


@dataclass(frozen=True, slots=True)
class Place:
    """A site, where it lies (degrees), and the specialties it has."""

    site: Site
    latitude: float
    longitude: float
    specialties: tuple[str, ...]


def sessions_of_week(rng: Random, place: Place, agreements: list[Agreement], *, count: int, week: int) -> list[Session]:
    """Give the sessions of a site in one week."""
    offered: dict[str, tuple[Option, ...]] = {}
    numbers: dict[str, int] = {}
    found: list[Session] = []
    for i in range(count):
        mix = MIX[i % len(MIX)]
        turn = numbers.get(mix, 0)
        numbers[mix] = turn + 1
        specialty = place.specialties[turn % len(place.specialties)]
        agreement = agreements[turn // len(place.specialties) % len(agreements)]
        if mix in ("home", "evening"):
            group = f"{place.site.id}/{mix}/{specialty}"
        else:
            group = f"{agreement.id}/{mix}/{specialty}"
        if mix == "mdt":
            group += f"/{turn % 5}"
        if group not in offered:
            offered[group] = _options(rng, place, mix, turn, week)
        numbers[group] = numbers.get(group, 0) + 1
        name = f"{group}/w{week + 1}/{numbers[group]}"
        found.append(_session(name, mix, place, specialty, agreement, offered[group]))
    return found


def _options(rng: Random, place: Place, mix: str, turn: int, week: int) -> tuple[Option, ...]:
    days: list[int]
    spells: tuple[str, ...]
    if mix == "theatre":
        days, spells = [2, 3], ("theatre_morning", "theatre_afternoon")
    elif mix == "mdt":
        days, spells = [turn % 5], ("midday",)
    elif mix == "preop":
        days, spells = [0], ("morning", "afternoon")
    elif mix == "ward_round":
        days, spells = [4], ("morning",)
    elif mix == "evening":
        days, spells = [0, 1, 2, 3], ("evening",)
    elif mix == "visit":
        days, spells = sorted(rng.sample(range(5), rng.choice((2, 3, 5)))), ("morning", "afternoon")
    else:
        days, spells = list(range(5)), ("morning", "afternoon")
    zone = ZoneInfo(place.site.zone)
    return tuple(_option(FIRST_ON + timedelta(days=7 * week + day), spell, zone) for day in days for spell in spells)


def _option(on: date, spell: str, zone: ZoneInfo) -> Option:
    half_day, start, end = CLOCK[spell]
    start_at, end_at = (datetime.combine(on, clock, zone).astimezone(UTC) for clock in (start, end))
    return Option(on, half_day, start_at, end_at)


def _session(
    name: str, mix: str, place: Place, specialty: str, agreement: Agreement, options: tuple[Option, ...]
) -> Session:
    group = name.rsplit("/", 2)[0]
    rooms = {"theatre": "theatre", "mdt": "meeting", "ward_round": None}
    away = mix not in ("home", "evening")
    return Session(
        id=name,
        title=f"{KINDS.get(mix, mix).replace('_', ' ').capitalize()} {specialty}",
        group=group,
        site=place.site.id,
        kind=KINDS.get(mix, mix),
        options=options,
        seats=_seats(mix, specialty, place),
        agreement=agreement.id if away else None,
        room_kind=rooms.get(mix, "consulting"),
        equipment=frozenset({"endoscopy"} if mix == "theatre" and specialty == place.specialties[0] else ()),
        priority={"ward_round": 0, "evening": 0, "theatre": 2}.get(mix, 1),
        counts_as_session=mix != "mdt",
    )


def _seats(mix: str, specialty: str, place: Place) -> tuple[Seat, ...]:
    own = (specialty,)
    other = (place.specialties[(place.specialties.index(specialty) + 1) % len(place.specialties)],)
    if mix == "theatre":
        return (
            Seat("lead", "lead", own, Side.VISITOR),
            Seat("counterpart", "counterpart", own, Side.HOST),
            Seat("anaesthetist", "anaesthetist", ("anaesthesia",), Side.HOST),
            Seat("cover", "cover", own, Side.HOST, exclusive=False, cover_hours=48),
        )
    if mix == "mdt":
        return (
            Seat("visitor", "lead", own, Side.VISITOR),
            Seat("host", "lead", own, Side.HOST),
            Seat("surgeon", "surgeon", other, Side.ANY),
        )
    if mix == "preop":
        return (Seat("anaesthetist", "anaesthetist", ("anaesthesia",), Side.HOST),)
    return (Seat("lead", "lead", own, Side.VISITOR if mix == "visit" else Side.HOST),)


def rooms_for(place: Place, sessions: list[Session], weeks: int) -> list[Room]:
    """Give the rooms of a site: enough for its sessions, with little to spare in theatre."""
    site = place.site.id

    def wanted(kind: str) -> int:
        return -(-sum(s.room_kind == kind for s in sessions) // weeks)

    theatres = [
        frozenset({(FIRST_ON + timedelta(days=7 * w + d), h) for w in range(weeks) for d in days for h in HALVES})
        for days in ((2, 3), (3,), (2,))
    ]
    rooms = [
        Room(f"{site}-c{n + 1}", f"Consulting room {n + 1}", site, "consulting")
        for n in range(2 + wanted("consulting") // 8)
    ]
    rooms.append(Room(f"{site}-m1", "Meeting room", site, "meeting"))
    for n in range(1 + wanted("theatre") // 4):
        equipment = frozenset({"endoscopy"} if n % 2 == 0 else ())
        rooms.append(Room(f"{site}-t{n + 1}", f"Theatre {n + 1}", site, "theatre", equipment, theatres[n % 3]))
    return rooms
