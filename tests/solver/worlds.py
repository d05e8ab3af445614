"""Random small problems full of edge cases, and random plans for them, reckless or careful."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from solver.audit import refusals
from solver.plan import Plan
from solver.problem import (
    Agreement,
    AgreementLine,
    Enrolment,
    Habit,
    HalfDay,
    Held,
    Pin,
    Preference,
    Problem,
    RuleSetting,
    Side,
    Site,
    Strength,
    Travel,
)
from tests.solver.build import (
    FAR_OFF,
    LONG_AGO,
    MONDAY,
    absence,
    clinician,
    day,
    fixed_duty,
    option,
    paper,
    room,
    seat,
    session,
)

SPECIALTIES = ("urology", "cardiology")
ROLES = ("lead", "counterpart")
CLOCKS = (
    ("morning", "08:30", "12:30"),
    ("morning", "08:00", "13:00"),
    ("midday", "12:30", "13:30"),
    ("afternoon", "13:30", "17:30"),
    ("evening", "18:00", "21:30"),
    ("night", "20:00", "08:00"),
)
WARNABLE = ("registration", "insurance", "agreement_in_force", "daily_rest", "max_sessions", "travel_time")


def random_problem(rng, *, pins=True, goals=True, people=4, sessions=4, settings=True):
    """Give a random problem over three sites, of which two lie in one country."""
    sites = _sites(rng)
    staff = [_clinician(rng, f"c{i}", rng.choice(sites).id) for i in range(rng.randint(2, people))]
    agreements = [_agreement(rng, f"a{i}", staff) for i in range(rng.randint(1, 2))]
    rooms = [
        room(f"r{i}", rng.choice(sites).id, equipment=frozenset(rng.sample(("x", "y"), rng.randint(0, 2))))
        for i in range(rng.randint(1, 4))
    ]
    work = [s for i in range(rng.randint(1, sessions)) for s in _sessions(rng, f"s{i}", sites, agreements)]
    work = work[:sessions]
    facts = Problem(
        first_on=MONDAY,
        weeks=1,
        sites=sites,
        rooms=tuple(rooms),
        clinicians=tuple(staff),
        sessions=tuple(work),
        agreements=tuple(agreements),
        travel=tuple(Travel(a, b, rng.choice((15, 40, 90))) for a, b in (("s1", "s2"), ("s1", "s3"), ("s2", "s3"))),
        absences=tuple(absence(c.id, rng.randrange(3)) for c in staff if rng.random() < 0.15),
        fixed_duties=tuple(_duty(rng, c.id, sites) for c in staff if rng.random() < 0.25),
        settings=tuple(_settings(rng)) if settings else (),
    )
    if goals:
        facts = replace(
            facts,
            published=random_plan(rng, facts, careful=False).held if rng.random() < 0.4 else (),
            habits=tuple(Habit(c.id, rng.choice(sites).id, rng.randint(1, 3)) for c in staff if rng.random() < 0.5),
            preferences=tuple(
                Preference(c.id, day(rng.randrange(3)), rng.choice(list(HalfDay)), rng.randint(-3, 3))
                for c in staff
                if rng.random() < 0.6
            ),
        )
    return replace(facts, pins=tuple(_pins(rng, facts))) if pins else facts


def random_plan(rng, problem, *, careful, rooms=False):
    """Give a random plan; a careful one asks the filters about each person first."""
    held = []
    for one in problem.sessions:
        if one.options and rng.random() < 0.8:
            chosen = rng.choice(one.options)
            team = _team(rng, problem, one, chosen, careful)
            if team is not None:
                named = rng.choice(problem.rooms).id if rooms and one.room_kind and problem.rooms else None
                held.append(Held(one.id, chosen.on, chosen.half_day, named, team))
    return Plan(tuple(held))


def _team(rng, problem, one, chosen, careful):
    team = []
    for place in one.seats:
        able = [c for c in problem.clinicians if place.role in c.roles or rng.random() < 0.1]
        if careful:
            able = [
                c for c in problem.clinicians if next(refusals(problem, one.id, place.id, c.id, chosen), None) is None
            ]
        if not able:
            if careful or rng.random() < 0.9:
                return None
            continue
        team.append((place.id, rng.choice(able).id))
    return tuple(team)


def _sites(rng):
    def days(chance):
        return frozenset({day(rng.randrange(3))}) if rng.random() < chance else frozenset()

    return tuple(
        Site(name, f"Site {name}", country, organisation, "UTC", days(0.1), days(0.1))
        for name, country, organisation in (("s1", "BE", "o1"), ("s2", "FR", "o2"), ("s3", "BE", "o3"))
    )


def _clinician(rng, name, home):
    countries = [c for c in ("BE", "FR") if rng.random() < 0.85]
    return clinician(
        name,
        home,
        roles=rng.sample(ROLES, rng.randint(1, 2)),
        specialties=frozenset(rng.sample(SPECIALTIES, rng.randint(1, 2))),
        contract=rng.choice(("self-employed", "employee")),
        share=rng.choice((1.0, 0.8, 0.5)),
        registrations=tuple(
            paper(c, start=rng.choice((LONG_AGO, LONG_AGO, day(1))), end=rng.choice((FAR_OFF, FAR_OFF, day(2))))
            for c in countries
        ),
        insurances=(paper(*rng.choice((("BE", "FR"), ("BE", "FR"), ("BE",))), kind="insurance"),),
        max_sessions_per_week=rng.randint(1, 4),
        max_sessions_per_day=rng.randint(1, 3),
        max_days_abroad_per_week=rng.randint(0, 3),
        travel_counts=rng.random() < 0.5,
        past_visits=rng.randrange(3),
    )


def _agreement(rng, name, staff):
    lines = tuple(
        AgreementLine(s, frozenset({"consultation"}) if rng.random() < 0.3 else frozenset())
        for s in SPECIALTIES
        if rng.random() < 0.9
    )
    enrolled = tuple(
        Enrolment(c.id, LONG_AGO, rng.choice((FAR_OFF, FAR_OFF, day(1)))) for c in staff if rng.random() < 0.85
    )
    parties = frozenset(rng.choice((("o1", "o2", "o3"), ("o1", "o2"), ("o2", "o3"))))
    return Agreement(name, f"Pact {name}", parties, LONG_AGO, rng.choice((FAR_OFF, day(2))), lines, enrolled)


def _sessions(rng, name, sites, agreements):
    """Give one session, or a few that are alike."""
    places = rng.sample([(d, c) for d in range(3) for c in CLOCKS], rng.randint(1, 4))
    offered = {(d, c[0]): option(d, *c) for d, c in places}
    seats = [
        seat(
            f"seat{i}",
            rng.choice(ROLES),
            *rng.sample(SPECIALTIES, rng.randint(1, 2)),
            side=rng.choice((Side.ANY, Side.ANY, Side.VISITOR, Side.HOST)),
        )
        for i in range(rng.choice((1, 1, 2)))
    ]
    if rng.random() < 0.25:
        seats.append(seat("cover", rng.choice(ROLES), *SPECIALTIES, exclusive=False, cover_hours=24))
    one = session(
        name,
        rng.choice(sites).id,
        tuple(offered[key] for key in sorted(offered, key=str)),
        seats,
        kind=rng.choice(("consultation", "mdt")),
        room_kind="consulting" if rng.random() < 0.5 else None,
        equipment=frozenset({"x"} if rng.random() < 0.3 else ()),
        agreement=rng.choice((None, rng.choice(agreements).id)),
        priority=rng.randrange(3),
        counts_as_session=rng.random() < 0.85,
    )
    count = rng.choice((1, 1, 2, 3))
    return [replace(one, id=f"{name}-{n}", group=name) for n in range(count)]


def _duty(rng, who, sites):
    start, end = rng.choice((("08:00", "12:00"), ("20:00", "08:00"), ("14:00", "16:00")))
    flags = {"exclusive": rng.random() < 0.7, "counts_as_session": rng.random() < 0.7}
    return fixed_duty(who, rng.choice(sites).id, rng.randrange(3), start, end, **flags)


def _pins(rng, problem):
    for one in problem.sessions:
        if one.options and rng.random() < 0.2:
            chosen = rng.choice(one.options)
            yield rng.choice(
                (
                    Pin(one.id, on=chosen.on, half_day=chosen.half_day),
                    Pin(one.id, on=chosen.on),
                    Pin(one.id, seat=one.seats[0].id, clinician=rng.choice(problem.clinicians).id),
                )
            )


def _settings(rng):
    for rule in WARNABLE:
        if rng.random() < 0.15:
            yield RuleSetting(rule, strength=rng.choice((Strength.WARN, Strength.INFO, Strength.OFF)))


def seeded(seed):
    """Give a source of randomness."""
    return Random(seed)


def a_day_later(held):
    """Give a held session moved to the next day, where it may not be offered."""
    return replace(held, on=held.on + timedelta(days=1))
