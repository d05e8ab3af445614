"""Sites of generated problems: real hospitals on both sides of a border, who visits whom, and the roads between.

Names, towns, zones and coordinates are facts; the coordinates are those of Eurostat GISCO healthcare services
(2020), save three placed by hand, as the first line of ``generated_sites.csv`` says.  The largest size adds five
invented second campuses.  Cooperations follow distance and zones, and all minutes by road are estimated.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from solver.problem import Site, Travel

SIZES: dict[str, tuple[int, int, int]] = {
    "pilot": (2, 12, 25),
    "zone": (6, 80, 250),
    "network": (20, 400, 1500),
    "region": (60, 1500, 6000),
}
"""Numbers of sites, clinicians, and sessions a week."""

SPECIALTIES = ("urology", "medical oncology", "ophthalmology", "cardiology", "nephrology", "orthopaedics")

SURGICAL = frozenset({"urology", "ophthalmology", "orthopaedics"})
"""Specialties with joint theatre lists."""

ALONG_THE_BORDER = {
    "LITTORAL": 5,
    "MRTW-URSA": 0,
    "TOURNAI-VALENCIENNES": 0,
    "MOMAU": 0,
    "THIERACHE": 1,
    "ARDENNES": 2,
    "LUXLOR": 3,
    "LLS": 3,
}
"""The zones from the sea to the Moselle, with the first of the specialties that their sites share."""

OBSERVED = "LLS"
"""The Luxlorsan area has an observatory, and no access zone."""

KNOWN = (("BE-MONS-SJ", "FR-MAUBEUGE"), ("BE-MOUSCRON", "FR-TOURCOING"))
"""Pairs of sites that are known to send visitors."""

ROADS = ((10, 40), (30, 52), (70, 60), (math.inf, 75))
"""Average speed in km/h for roads up to so many km; plus six minutes to get out and in."""

Coordinates = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """The planned weeks: a Monday and how many."""

    first_on: date
    count: int

    def day(self, number: int) -> date:
        """Give the date so many days after the first."""
        return self.first_on + timedelta(days=number)

    def at(self, site: Site, day: int, clock: time) -> datetime:
        """Give the instant of a site's clock on a day, counted from the first."""
        return datetime.combine(self.day(day), clock, ZoneInfo(site.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A site, where it lies, its zones (never none: else those of the nearest site with one), its specialties."""

    site: Site
    coordinates: Coordinates
    zones: tuple[str, ...]
    specialties: tuple[str, ...]
    has_smur: bool


@dataclass(frozen=True, slots=True)
class Cooperation:
    """Clinicians of one place visit another, for the specialties that both have."""

    sender: Place
    host: Place

    @property
    def id(self) -> str:
        """Sites of sender and host."""
        return f"{self.sender.site.id}/{self.host.site.id}"

    @property
    def specialties(self) -> tuple[str, ...]:
        """What sender and host share, in the order of the host."""
        return tuple(s for s in self.host.specialties if s in self.sender.specialties)

    @property
    def surgical(self) -> tuple[str, ...]:
        """What is shared in theatre."""
        return tuple(s for s in self.specialties if s in SURGICAL) or self.specialties


def places_for(size: str, rng: Random, weeks: Weeks) -> list[Place]:
    """Give the places of a size."""
    names = list(SIZES)
    rows = [row for row in _rows("generated_sites.csv") if names.index(row["size"]) <= names.index(size)]
    places = []
    for row in rows:
        zones = tuple(row["zones"].split()) or _zones_of_nearest(row)
        turn = ALONG_THE_BORDER[zones[0]]
        site = Site(
            id=row["code"],
            name=row["name"],
            country=row["country"],
            organisation=row["organisation"],
            zone=row["time_zone"],
            holidays=_holidays(row["holidays"], weeks),
            closed_on=_closed(rng, row["country"], size, weeks),
            languages=frozenset(row["languages"].split()),
            access_zones=frozenset(row["zones"].split()) - {OBSERVED},
        )
        specialties = (SPECIALTIES * 2)[turn : turn + {"pilot": 2, "zone": 3}.get(size, 4)]
        places.append(Place(site, _coordinates(row), zones, specialties, row["smur"] == "1"))
    return places


def _closed(rng: Random, country: str, size: str, weeks: Weeks) -> frozenset[date]:
    """Close one site in ten for a day of the first week; in every other pilot the French one, on a Friday."""
    draw, day = rng.random(), rng.randrange(5)
    if size == "pilot":
        return frozenset({weeks.day(4)} if country == "FR" and draw < 0.5 else ())
    return frozenset({weeks.day(day)} if draw < 0.1 else ())


def cooperations_of(places: list[Place]) -> list[Cooperation]:
    """Give who visits whom, by host: known pairs first, then the nearest across the border, two for each site.

    A site that found no partner so may be a third or fourth partner of its nearest.  In a pilot only the known
    sender sends.
    """
    pairs = _pairs(places)
    partners: dict[str, list[Place]] = {place.site.id: [] for place in places}
    for most, lonely in ((2, False), (4, True)):
        for one, other in pairs:
            mine, theirs = partners[one.site.id], partners[other.site.id]
            if other not in mine and max(len(mine), len(theirs)) < most and not (lonely and mine and theirs):
                mine.append(other)
                theirs.append(one)
    senders = {KNOWN[0][0]} if len(places) == SIZES["pilot"][0] else set(partners)
    return [Cooperation(p, host) for host in places for p in partners[host.site.id] if p.site.id in senders]


def travel_between(places: list[Place]) -> tuple[Travel, ...]:
    """Give the minutes between all places, all estimated: from the table of roads, else by ``estimated_minutes``."""
    return tuple(
        Travel(one.site.id, other.site.id, _minutes(one, other), estimated=True)
        for i, one in enumerate(places)
        for other in places[i + 1 :]
    )


def estimated_minutes(one: Coordinates, other: Coordinates) -> int:
    """Give the estimated minutes by road between two points (latitude, longitude in degrees).

    Notes
    -----
    Road = 1.3 x great circle; six minutes plus the road at the average speed for its length.
    """
    road_km = 1.3 * _straight_km(one, other)
    speed = next(kmh for up_to, kmh in ROADS if road_km <= up_to)
    return round(6 + 60 * road_km / speed)


def _straight_km(one: Coordinates, other: Coordinates) -> float:
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, p)) for p in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


def _minutes(one: Place, other: Place) -> int:
    known = _roads().get(frozenset((one.site.id, other.site.id)))
    return estimated_minutes(one.coordinates, other.coordinates) if known is None else known


def _pairs(places: list[Place]) -> list[tuple[Place, Place]]:
    """Give the pairs across a border within one zone or two neighbouring ones, known ones first, nearest first."""
    known = {frozenset(pair) for pair in KNOWN}

    def order(pair: tuple[Place, Place]) -> tuple[object, ...]:
        ids = [place.site.id for place in pair]
        return frozenset(ids) not in known, _minutes(*pair), *ids

    across = (
        (one, other)
        for i, one in enumerate(places)
        for other in places[i + 1 :]
        if one.site.country != other.site.country and _near(one, other)
    )
    return sorted(across, key=order)


def _near(one: Place, other: Place) -> bool:
    order = list(ALONG_THE_BORDER)
    return any(abs(order.index(a) - order.index(b)) <= 1 for a in one.zones for b in other.zones)


def _zones_of_nearest(row: dict[str, str]) -> tuple[str, ...]:
    zoned = [other for other in _rows("generated_sites.csv") if other["zones"]]
    nearest = min(zoned, key=lambda other: _straight_km(_coordinates(row), _coordinates(other)))
    return tuple(nearest["zones"].split())


def _coordinates(row: dict[str, str]) -> Coordinates:
    return float(row["latitude"]), float(row["longitude"])


def _holidays(calendar: str, weeks: Weeks) -> frozenset[date]:
    dates = (
        date.fromisoformat(row["on_date"]) for row in _rows("generated_holidays.csv") if row["calendar"] == calendar
    )
    return frozenset(on for on in dates if weeks.first_on <= on < weeks.day(7 * weeks.count))


@cache
def _roads() -> dict[frozenset[str], int]:
    return {frozenset((row["one"], row["other"])): int(row["minutes"]) for row in _rows("generated_travel.csv")}


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    return tuple(_read(name))


def _read(name: str) -> Iterator[dict[str, str]]:
    """Give the rows of a table beside this module, whose first line says where it comes from."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        next(file)
        yield from csv.DictReader(file)
