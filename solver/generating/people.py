"""Clinicians of generated problems, their papers, agreements, leave and wishes.  All of them are invented."""

from datetime import time, timedelta
from random import Random

from solver.generating.sites import KNOWN, Cooperation, Place, Weeks
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
    Preference,
)

PILOT_STAFF = {
    "BE-MONS-SJ": ("medical oncology", "urology", "urology", "urology", "anaesthesia", "medical oncology"),
    "FR-MAUBEUGE": ("urology", "medical oncology", "urology", "anaesthesia", "urology", "anaesthesia"),
}
"""Specialties of the staff of a pilot."""

PILOT_VISITORS = ("c0001", "c0003", "c0005", "c0007")
"""The oncologist and the three urologists of Mons who visit Maubeuge every week of a pilot."""

CONTRACTS = {"FR": ("praticien hospitalier", "praticien contractuel")}
OTHER_CONTRACTS = ("self-employed", "employee")

LONG = 700
"""Days that papers are valid which are no trap."""


def clinicians_for(
    rng: Random, places: list[Place], cooperations: list[Cooperation], *, count: int, weeks: Weeks
) -> list[Clinician]:
    """Give the staff, dealt out to the places in turn; one in five, in small places one in three, anaesthetises."""
    hosts: dict[str, list[Place]] = {place.site.id: [] for place in places}
    for cooperation in cooperations:
        hosts[cooperation.sender.site.id].append(cooperation.host)
    people = []
    for i in range(count):
        name, place = f"c{i + 1:04}", places[i % len(places)]
        specialty = _specialty(place, i // len(places))
        pilot = len(places) == len(PILOT_STAFF)
        visits = specialty != "anaesthesia" and (not pilot or name in PILOT_VISITORS)
        person = _clinician(rng, name, place, specialty, hosts[place.site.id] if visits else [], weeks)
        people.append(person)
    return people


def _specialty(place: Place, number: int) -> str:
    if len(place.specialties) == 2:
        return PILOT_STAFF[place.site.id][number]
    turn = number - number // 5
    return "anaesthesia" if number % 5 == 4 else place.specialties[turn % len(place.specialties)]


def _clinician(rng: Random, name: str, place: Place, specialty: str, hosts: list[Place], weeks: Weeks) -> Clinician:
    site = place.site
    abroad = sorted({host.site.country for host in hosts})
    always = name in PILOT_VISITORS and len(place.specialties) == 2
    anaesthetist = specialty == "anaesthesia"
    share = rng.choice((1.0, 1.0, 1.0, 0.8, 0.6))
    contract = rng.choice(CONTRACTS.get(site.country, OTHER_CONTRACTS))
    lapsing = [country for country in abroad if rng.random() < (0.3 if always else 0.06)]
    # A lapse in a pilot leaves the days on which the team visits.
    lapse = 7 * weeks.count - 3 if always else 7 * (weeks.count - 1) + rng.randrange(1, 5)
    registrations = [
        _paper({country}, weeks, lapse if country in lapsing else LONG) for country in (site.country, *abroad)
    ]
    everywhere = {site.country, *abroad}
    insured = everywhere if always or rng.random() >= 0.05 else {site.country}
    languages = set(site.languages)
    for host in hosts:
        languages |= host.site.languages if rng.random() < 0.95 else set()
    return Clinician(
        id=name,
        name=f"Dr {name.upper()} {specialty.title()}",
        home_site=site.id,
        specialties=frozenset({specialty}),
        roles=frozenset({"lead", "anaesthetist"} if anaesthetist else {"lead", "surgeon", "counterpart", "cover"}),
        contract=contract,
        share=share,
        registrations=tuple(registrations),
        insurances=(_paper(insured, weeks, 400, kind="insurance"),),
        max_sessions_per_week=max(2, round(9 * share)),
        max_sessions_per_day=2 + (rng.random() < 0.3 and not always),
        max_days_abroad_per_week=1 + (specialty != "urology") if always else rng.choice((1, 2, 2, 3)),
        travel_counts=contract in ("employee", "praticien hospitalier"),
        past_visits=rng.randrange(4),
        languages=frozenset(languages),
        certificates=(_paper(everywhere, weeks, LONG, kind="a1"),) if abroad else (),
    )


def _paper(countries: set[str], weeks: Weeks, days: int, *, kind: str = "registration") -> Paper:
    """Give a paper that is valid until so many days after the first planned day."""
    return Paper(frozenset(countries), weeks.day(-900), weeks.day(days), kind)


def agreements_for(
    rng: Random, cooperations: list[Cooperation], people: list[Clinician], weeks: Weeks
) -> list[Agreement]:
    """Give one agreement for each cooperation.

    One in sixteen is over after the last Wednesday, but none that is known; one enrolment in twenty begins too late
    or in the middle of the week, but none in a pilot.
    """
    found = []
    for cooperation in cooperations:
        sender, host = cooperation.sender.site, cooperation.host.site
        pilot = len(cooperation.host.specialties) == 2
        ends = weeks.day(7 * weeks.count - 4 if rng.random() < 0.06 and (sender.id, host.id) not in KNOWN else 400)
        team = [p for p in people if p.home_site == sender.id and p.specialties.intersection(cooperation.specialties)]
        enrolments = []
        for number, person in enumerate(team):
            enrolled = rng.random() < 0.75 or number < len(cooperation.specialties)
            late = weeks.day(rng.choice((2, 7))) if rng.random() < 0.05 and not pilot else weeks.day(-365)
            if person.id in PILOT_VISITORS if pilot else enrolled:
                enrolments.append(Enrolment(person.id, late, weeks.day(400)))
        found.append(
            Agreement(
                id=cooperation.id,
                title=f"{sender.name} visits {host.name}",
                organisations=frozenset({sender.organisation, host.organisation}),
                valid_from=weeks.day(-365),
                valid_until=ends,
                lines=tuple(AgreementLine(s) for s in (*cooperation.host.specialties, "anaesthesia")),
                enrolments=tuple(enrolments),
                evaluated_on=weeks.day(-rng.randrange(30, 360)),
            )
        )
    return found


def absences_for(rng: Random, people: list[Clinician], homes: dict[str, Place], weeks: Weeks) -> tuple[Absence, ...]:
    """Give leave: one in twenty is away for a day, one in twenty for a week; of a pilot's visitors one, on a Monday."""
    found = []
    pilot = len(homes) == len(PILOT_STAFF)
    away = rng.choice(PILOT_VISITORS[1:])
    for person in people:
        draw, week, day = rng.random(), rng.randrange(weeks.count), rng.randrange(5)
        days = 5 if draw < 0.05 else 1 if draw < 0.1 else 0
        first = 7 * week + (0 if days == 5 else day)
        if pilot and person.id in PILOT_VISITORS:
            days, first = int(person.id == away), 7 * week
        if days:
            site = homes[person.home_site].site
            found.append(Absence(person.id, weeks.at(site, first, time(0)), weeks.at(site, first + days, time(0))))
    return tuple(found)


def fixed_duties_for(
    rng: Random, people: list[Clinician], homes: dict[str, Place], weeks: Weeks
) -> tuple[FixedDuty, ...]:
    """Give the nights that some have at home in the first week; in a pilot nobody who visits."""
    found = []
    pilot = len(homes) == len(PILOT_STAFF)
    for person in people:
        draw, day = rng.random(), rng.randrange(5)
        if draw < 0.06 and not (pilot and person.id in PILOT_VISITORS):
            site = homes[person.home_site].site
            start, end = weeks.at(site, day, time(20)), weeks.at(site, day + 1, time(8))
            found.append(FixedDuty(person.id, site.id, weeks.day(day), start, end))
    return tuple(found)


def habits_for(rng: Random, agreements: list[Agreement]) -> tuple[Habit, ...]:
    """Give the weekdays on which half of the enrolled usually visit."""
    found = {}
    for agreement in agreements:
        host = agreement.id.rsplit("/", 1)[1]
        for enrolment in agreement.enrolments:
            if rng.random() < 0.5:
                found[enrolment.clinician, host] = rng.randrange(1, 6)
    return tuple(Habit(who, site, weekday) for (who, site), weekday in found.items())


def preferences_for(
    rng: Random, people: list[Clinician], habits: tuple[Habit, ...], weeks: Weeks
) -> tuple[Preference, ...]:
    """Give wishes: one in three likes or dislikes a half-day, and one habit in eight is disliked as well."""
    halves = (HalfDay.MORNING, HalfDay.AFTERNOON, HalfDay.EVENING)
    found = {}
    for person in people:
        if rng.random() < 0.33:
            day, half_day = weeks.day(rng.randrange(5)), rng.choice(halves)
            found[person.id, day, half_day] = rng.choice((-3, -2, -1, 2))
    for habit in habits:
        if rng.random() < 0.125:
            found[habit.clinician, weeks.first_on + timedelta(days=habit.weekday - 1), HalfDay.MORNING] = -3
    return tuple(Preference(who, on, half_day, liking) for (who, on, half_day), liking in found.items())
