"""Sessions and rooms of generated problems: what is planned at a site in a week."""

from dataclasses import dataclass
from datetime import time
from random import Random

from solver.generating.sites import Cooperation, Place, Weeks
from solver.problem import HalfDay, Option, Room, Seat, Session, Side

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
"""Order in which the sessions of a site are drawn that hosts visitors of two partners or more."""

MIX_OF_ONE = (
    *("home", "visit", "theatre", "home", "mdt", "home", "home", "preop", "home", "visit"),
    *("ward_round", "home", "home", "home", "home", "home", "evening", "visit", "home", "home"),
)
"""The same for a site with one partner."""

PILOT_HOST = (
    *("visit", "theatre", "visit", "mdt", "home", "visit", "theatre", "visit"),
    *("mdt", "home", "preop", "ward_round", "late_visit", "home", "home"),
)
"""The week of Maubeuge: two consultations of the oncologist from Mons, and five sessions of the urologists."""

PILOT_SENDER = ("home", "home", "evening", "home", "home", "ward_round", "home", "home", "home", "home")
"""The week of Mons."""

KINDS = {
    "home": "consultation",
    "visit": "consultation",
    "late_visit": "consultation",
    "evening": "consultation",
    "theatre": "joint_theatre",
    "preop": "preop_consultation",
}
"""Kind of session of each draw that is not its own kind."""

VISITS = ("visit", "late_visit", "theatre", "mdt")
"""Draws for which visitors come."""

HALVES = (HalfDay.MORNING, HalfDay.AFTERNOON)
"""When a theatre is allotted to the cooperation."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What is to be planned: the kind of draw, its specialty and cooperation, and how many came before it."""

    mix: str
    place: Place
    specialty: str
    cooperation: Cooperation | None
    turn: int

    @property
    def group(self) -> str:
        """Sessions with the same name here may be interchangeable."""
        owner = self.place.site.id if self.cooperation is None else self.cooperation.id
        day = f"/{self.turn % 5}" if self.mix == "mdt" else ""
        return f"{owner}/{self.mix}/{self.specialty}{day}"


def sessions_of_week(
    rng: Random, place: Place, cooperations: list[Cooperation], *, count: int, weeks: Weeks, week: int
) -> list[Session]:
    """Give the sessions of a site in one week; the cooperations are those it hosts."""
    offered: dict[str, tuple[Option, ...]] = {}
    numbers: dict[str, int] = {}
    found: list[Session] = []
    for draw in _draws(place, cooperations, count):
        group = draw.group
        if group not in offered:
            offered[group] = _options(rng, draw, weeks, week)
        numbers[group] = numbers.get(group, 0) + 1
        found.append(_session(f"{group}/w{week + 1}/{numbers[group]}", draw, offered[group]))
    return found


def _draws(place: Place, cooperations: list[Cooperation], count: int) -> list[Draw]:
    """Give what a site plans; with one partner it hosts fewer visits, with none no visits at all."""
    turns: dict[str, int] = {}
    draws = []
    for i in range(count):
        mix = _mix(place, cooperations, i, turns)
        turn = turns[mix] = turns.get(mix, -1) + 1
        away = mix not in ("home", "evening") and cooperations
        cooperation = cooperations[turn % len(cooperations)] if away else None
        specialties = place.specialties
        if cooperation is not None and mix in VISITS:
            specialties = cooperation.surgical if mix in ("theatre", "late_visit") else cooperation.specialties
            turn //= len(cooperations)
        draws.append(Draw(mix, place, specialties[turn % len(specialties)], cooperation, turns[mix]))
    return draws


def _mix(place: Place, cooperations: list[Cooperation], i: int, turns: dict[str, int]) -> str:
    if len(place.specialties) == 2:
        return PILOT_HOST[i % len(PILOT_HOST)] if cooperations else PILOT_SENDER[i % len(PILOT_SENDER)]
    mix = MIX[i % len(MIX)] if len(cooperations) > 1 else MIX_OF_ONE[i % len(MIX_OF_ONE)]
    if mix in VISITS and not cooperations:
        return "home"
    if mix == "evening" and cooperations and turns.get("evening", -1) > turns.get("late_visit", -1):
        return "late_visit"
    return mix


def _options(rng: Random, draw: Draw, weeks: Weeks, week: int) -> tuple[Option, ...]:
    days: list[int]
    spells: tuple[str, ...]
    mix = draw.mix
    if mix == "theatre":
        days, spells = [2, 3], ("theatre_morning", "theatre_afternoon")
    elif mix == "mdt":
        days, spells = [(draw.turn + 2) % 5], ("midday",)
    elif mix == "preop":
        days, spells = [0], ("morning", "afternoon")
    elif mix == "ward_round":
        days, spells = [4], ("morning",)
    elif mix in ("evening", "late_visit"):
        days, spells = [0, 1, 2, 3], ("evening",)
    elif mix == "visit":
        days, spells = sorted(rng.sample(range(5), rng.choice((2, 3, 5)))), ("morning", "afternoon")
    else:
        days, spells = list(range(5)), ("morning", "afternoon")
    return tuple(_option(draw.place, weeks, 7 * week + day, spell) for day in days for spell in spells)


def _option(place: Place, weeks: Weeks, day: int, spell: str) -> Option:
    half_day, start, end = CLOCK[spell]
    return Option(weeks.day(day), half_day, weeks.at(place.site, day, start), weeks.at(place.site, day, end))


def _session(name: str, draw: Draw, options: tuple[Option, ...]) -> Session:
    mix, specialty = draw.mix, draw.specialty
    rooms = {"theatre": "theatre", "mdt": "meeting", "ward_round": None}
    return Session(
        id=name,
        title=f"{KINDS.get(mix, mix).replace('_', ' ').capitalize()} {specialty}",
        group=draw.group,
        site=draw.place.site.id,
        kind=KINDS.get(mix, mix),
        options=options,
        seats=_seats(mix, specialty, draw.place),
        agreement=draw.cooperation.id if draw.cooperation is not None else None,
        room_kind=rooms.get(mix, "consulting"),
        equipment=frozenset({"endoscopy"} if mix == "theatre" and specialty == "urology" else ()),
        priority={"ward_round": 0, "evening": 0, "late_visit": 0, "theatre": 2}.get(mix, 1),
        counts_as_session=mix != "mdt",
    )


def _seats(mix: str, specialty: str, place: Place) -> tuple[Seat, ...]:
    own = (specialty,)
    other = (place.specialties[(place.specialties.index(specialty) + 1) % len(place.specialties)],)
    third = (
        (place.specialties[place.specialties.index(specialty) - 1],) if len(place.specialties) > 2 else ("anaesthesia",)
    )
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
            Seat("host", "lead", third, Side.HOST),
            Seat("surgeon", "surgeon", other, Side.ANY),
        )
    if mix == "preop":
        return (Seat("anaesthetist", "anaesthetist", ("anaesthesia",), Side.HOST),)
    return (Seat("lead", "lead", own, Side.VISITOR if mix in VISITS else Side.HOST),)


def rooms_for(place: Place, sessions: list[Session], weeks: Weeks) -> list[Room]:
    """Give the rooms of a site: enough for its sessions, with little to spare in theatre."""
    site = place.site.id

    def wanted(kind: str) -> int:
        return -(-sum(s.room_kind == kind for s in sessions) // weeks.count)

    theatres = [
        frozenset((weeks.day(7 * w + d), h) for w in range(weeks.count) for d in days for h in HALVES)
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
