"""Random but plausible problems in four sizes, for tests, benchmarks and bug reports.

Everything is invented.  Sites lie on both sides of a border; teams visit the partner across it for
consultations and joint theatre lists.  Traps are planted: leave, lapsing papers, insurance that lacks a
country, late enrolment, closed days and night duties.  The same size and seed always give the same problem.
"""

import math
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from solver.generated_sessions import FIRST_ON, Place, rooms_for, sessions_of_week
from solver.problem import (
    Absence,
    Agreement,
    AgreementLine,
    Clinician,
    Enrolment,
    FixedDuty,
    Habit,
    HalfDay,
    Paper,
    Pin,
    Preference,
    Problem,
    Room,
    Session,
    Site,
    Travel,
)

SIZES: dict[str, tuple[int, int, int]] = {
    "pilot": (2, 12, 25),
    "zone": (6, 80, 250),
    "network": (20, 400, 1500),
    "region": (60, 1500, 6000),
}
"""Numbers of sites, clinicians, and sessions a week."""

SPECIALTIES = ("urology", "medical oncology", "ophthalmology", "cardiology", "nephrology", "orthopaedics")

ROADS = ((10, 40), (30, 52), (70, 60), (math.inf, 75))
"""Average speed in km/h for roads up to so many km; plus six minutes to get out and in."""

Coordinates = tuple[float, float]
"""Latitude and longitude in degrees."""


def generate(size: str, seed: int, *, weeks: int = 1) -> Problem:
    """Give the problem of this size (a key of ``SIZES``) and seed.

    Raises
    ------
    ValueError
        When the size is not known.
    """
    if size not in SIZES:
        raise ValueError(f"size must be one of {', '.join(SIZES)}")
    site_count, clinician_count, session_count = SIZES[size]
    rng = Random(f"{size}-{seed}")
    places = _places(rng, site_count, clinician_count // site_count)
    clinicians = _clinicians(rng, places, clinician_count)
    agreements = _agreements(rng, places, clinicians, weeks)
    sessions: list[Session] = []
    rooms: list[Room] = []
    for i, place in enumerate(places):
        own = [a for a in agreements if a.id.endswith(f"-{place.site.id}")]
        count = session_count // site_count + (i < session_count % site_count)
        found = [s for week in range(weeks) for s in sessions_of_week(rng, place, own, count=count, week=week)]
        sessions += found
        rooms += rooms_for(place, found, weeks)
    homes = {p.site.id: p for p in places}
    return Problem(
        first_on=FIRST_ON,
        weeks=weeks,
        title=f"{size} {seed}",
        sites=tuple(p.site for p in places),
        rooms=tuple(rooms),
        clinicians=tuple(clinicians),
        sessions=tuple(sessions),
        agreements=tuple(agreements),
        travel=_travel(places),
        absences=_absences(rng, clinicians, homes, weeks),
        fixed_duties=_fixed_duties(rng, clinicians, homes),
        pins=_pins(rng, sessions),
        habits=_habits(rng, agreements),
        preferences=_preferences(rng, clinicians),
    )


def estimated_minutes(one: Coordinates, other: Coordinates) -> int:
    """Give the estimated minutes by road between two points (latitude, longitude in degrees).

    Notes
    -----
    Road = 1.3 x great circle; six minutes plus the road at the average speed for its length.
    """
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, p)) for p in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    road_km = 1.3 * 2 * 6371 * math.asin(math.sqrt(half))
    speed = next(kmh for up_to, kmh in ROADS if road_km <= up_to)
    return round(6 + 60 * road_km / speed)


def _places(rng: Random, count: int, team: int) -> list[Place]:
    """Sites along a border that runs from west to east: odd ones north of it, even ones south."""
    kinds = max(2, min(4, team // 5))
    places = []
    for i in range(count):
        cluster, within = divmod(i, 6)
        north = i % 2 == 0
        far = "LU" if i % 10 == 4 and count > 6 else "BE"
        country = far if north else "FR"
        turn = cluster % len(SPECIALTIES)
        closed = {FIRST_ON + timedelta(days=rng.randrange(5))} if count > 2 and rng.random() < 0.1 else set()
        site = Site(
            id=f"{country}-{i + 1:02}",
            name=f"Hospital {i + 1:02} ({country})",
            country=country,
            organisation=f"org-{i + 1:02}",
            zone={"BE": "Europe/Brussels", "FR": "Europe/Paris", "LU": "Europe/Luxembourg"}[country],
            closed_on=frozenset(closed),
        )
        places.append(
            Place(
                site,
                50.3 - 0.05 * cluster + (0.1 if north else -0.06) + rng.uniform(-0.04, 0.04),
                2.9 + 0.55 * cluster + 0.16 * (within // 2) + rng.uniform(-0.05, 0.05),
                (SPECIALTIES + SPECIALTIES)[turn : turn + kinds],
            )
        )
    return places


def _travel(places: list[Place]) -> tuple[Travel, ...]:
    return tuple(
        Travel(a.site.id, b.site.id, _minutes(a, b), estimated=True)
        for i, a in enumerate(places)
        for b in places[i + 1 :]
    )


def _minutes(one: Place, other: Place) -> int:
    return estimated_minutes((one.latitude, one.longitude), (other.latitude, other.longitude))


def _partners(place: Place, places: list[Place]) -> list[Place]:
    """Give the two nearest sites across the border."""
    abroad = [p for p in places if p.site.country != place.site.country]
    return sorted(abroad, key=lambda p: (_minutes(place, p), p.site.id))[:2]


def _clinicians(rng: Random, places: list[Place], count: int) -> list[Clinician]:
    people = []
    every = 5 if count // len(places) >= 10 else 3
    for i in range(count):
        number, index = divmod(i, len(places))
        place = places[index]
        anaesthetist = number % every == every - 1
        turn = (number - number // every) % len(place.specialties)
        specialty = "anaesthesia" if anaesthetist else place.specialties[turn]
        people.append(_clinician(rng, f"c{i + 1:04}", place, specialty, _partners(place, places)))
    return people


def _clinician(rng: Random, name: str, place: Place, specialty: str, partners: list[Place]) -> Clinician:
    home = place.site.country
    abroad = sorted({p.site.country for p in partners})
    anaesthetist = specialty == "anaesthesia"
    share = rng.choice((1.0, 1.0, 1.0, 0.8, 0.6))
    contracts = {"FR": ("praticien hospitalier", "praticien contractuel")}.get(home, ("self-employed", "employee"))
    contract = rng.choice(contracts)
    registrations = [_paper({home}, 700)]
    insured = {home}
    if not anaesthetist:
        for country in abroad:
            lapses = rng.random() < 0.06
            registrations.append(_paper({country}, rng.randrange(1, 5) if lapses else 700))
        if rng.random() >= 0.05:
            insured |= set(abroad)
    return Clinician(
        id=name,
        name=f"Dr {name.upper()} {specialty.title()}",
        home_site=place.site.id,
        specialties=frozenset({specialty}),
        roles=frozenset({"lead", "anaesthetist"} if anaesthetist else {"lead", "surgeon", "counterpart", "cover"}),
        contract=contract,
        share=share,
        registrations=tuple(registrations),
        insurances=(_paper(insured, 400, kind="insurance"),),
        max_sessions_per_week=max(2, round(9 * share)),
        max_sessions_per_day=2 + (rng.random() < 0.3),
        max_days_abroad_per_week=rng.choice((1, 2, 2, 3)),
        travel_counts=contract in ("employee", "praticien hospitalier"),
        past_visits=rng.randrange(4),
    )


def _paper(countries: set[str], days: int, *, kind: str = "registration") -> Paper:
    """Give a paper that is valid until so many days after the first planned day."""
    return Paper(frozenset(countries), FIRST_ON - timedelta(days=900), FIRST_ON + timedelta(days=days), kind)


def _agreements(rng: Random, places: list[Place], people: list[Clinician], weeks: int) -> list[Agreement]:
    """One agreement for each host and partner that sends visitors there."""
    begins, ends = FIRST_ON - timedelta(days=365), FIRST_ON + timedelta(days=365)
    found = []
    for host in places:
        for sender in _partners(host, places):
            team = [p for p in people if p.home_site == sender.site.id and "anaesthesia" not in p.specialties]
            late = FIRST_ON + timedelta(days=7)
            enrolled = [
                Enrolment(p.id, late if weeks == 1 and rng.random() < 0.04 else begins, ends)
                for p in team
                if rng.random() < 0.75 or p in team[: len(sender.specialties)]
            ]
            found.append(
                Agreement(
                    id=f"{sender.site.id}-{host.site.id}",
                    title=f"{sender.site.name} visits {host.site.name}",
                    organisations=frozenset({sender.site.organisation, host.site.organisation}),
                    valid_from=begins,
                    valid_until=ends,
                    lines=tuple(AgreementLine(s) for s in (*host.specialties, "anaesthesia")),
                    enrolments=tuple(enrolled),
                )
            )
    return found


def _absences(rng: Random, people: list[Clinician], homes: dict[str, Place], weeks: int) -> tuple[Absence, ...]:
    """Some are on leave for a day, some for a week, one in twenty each."""
    found = []
    for person in people:
        draw = rng.random()
        if draw < 0.1:
            days = 5 if draw < 0.05 else 1
            first = 7 * rng.randrange(weeks) + (0 if days == 5 else rng.randrange(5))
            start = _local(homes[person.home_site], first, time(0))
            found.append(Absence(person.id, start, _local(homes[person.home_site], first + days, time(0))))
    return tuple(found)


def _fixed_duties(rng: Random, people: list[Clinician], homes: dict[str, Place]) -> tuple[FixedDuty, ...]:
    """Some have a night at home in the first week."""
    found = []
    for person in people:
        if rng.random() < 0.06:
            place, day = homes[person.home_site], rng.randrange(5)
            start, end = _local(place, day, time(20)), _local(place, day + 1, time(8))
            found.append(FixedDuty(person.id, place.site.id, FIRST_ON + timedelta(days=day), start, end))
    return tuple(found)


def _local(place: Place, day: int, clock: time) -> datetime:
    zone = ZoneInfo(place.site.zone)
    return datetime.combine(FIRST_ON + timedelta(days=day), clock, zone).astimezone(UTC)


def _pins(rng: Random, sessions: list[Session]) -> tuple[Pin, ...]:
    """One session in fifty has a half-day that may not change."""
    chosen = [s for s in sessions if len(s.options) > 1 and rng.random() < 0.02]
    options = [(s.id, rng.choice(s.options)) for s in chosen]
    return tuple(Pin(session, on=option.on, half_day=option.half_day) for session, option in options)


def _habits(rng: Random, agreements: list[Agreement]) -> tuple[Habit, ...]:
    """Half of the enrolled have a weekday on which they usually visit."""
    found = {}
    for agreement in agreements:
        host = agreement.id[-5:]
        for enrolment in agreement.enrolments:
            if rng.random() < 0.5:
                found[enrolment.clinician, host] = rng.randrange(1, 6)
    return tuple(Habit(who, site, weekday) for (who, site), weekday in found.items())


def _preferences(rng: Random, people: list[Clinician]) -> tuple[Preference, ...]:
    """One in three likes or dislikes a half-day of the first week."""
    halves = (HalfDay.MORNING, HalfDay.AFTERNOON, HalfDay.EVENING)
    return tuple(
        Preference(
            person.id,
            FIRST_ON + timedelta(days=rng.randrange(5)),
            rng.choice(halves),
            rng.choice((-3, -2, -1, 2)),
        )
        for person in people
        if rng.random() < 0.33
    )
