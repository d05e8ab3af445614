"""Random facts for the rules of working time and of contracts, wishes, and settings for some people or places."""

from dataclasses import replace
from datetime import timedelta

from solver.problem import AppliesTo, PastWeek, RuleSetting, Strength, Succession, Wish, WorkLimit
from tests.solver.build import MONDAY, day, fixed_duty, paper

KINDS = ("consultation", "mdt", "theatre")
LIMITS = (
    *(("minutes", 300, 900), ("minutes_per_week", 300, 900), ("minutes_per_day", 200, 600)),
    *(("sessions", 1, 3), ("nights", 0, 2), ("weekends", 0, 1)),
    *(("days_in_a_row", 1, 3), ("nights_in_a_row", 1, 2), ("days_off_in_a_row", 1, 3)),
)
SCOPED = (
    "daily_rest",
    "rest_after_night",
    "average_week",
    "registration",
    "coverage",
    "max_sessions",
    "trips",
    "wishes",
)
BY_PLACE = ("daily_rest", "registration", "coverage")
DUTIES = (
    ((-1, "20:00", "08:00"),),
    ((-1, "08:00", "12:00"),),
    ((4, "08:00", "22:00"), (6, "10:00", "12:00")),
    ((0, "05:30", "08:00"), (1, "05:30", "08:00"), (2, "06:30", "08:00")),
    tuple((n, "07:00", "07:30") for n in range(3, 7)),
    tuple((n, "20:00", "08:00") for n in range(3, 7)),
)


def with_time_facts(rng, problem, *, scoped=True):
    """Give the problem with such facts beside its own; some sessions become theatre lists, move or grow longer."""
    abroad = rng.random() < 0.4
    sites = tuple(replace(s, country="LU") if abroad and s.id == "s3" else s for s in problem.sites)
    changes = {s.group: (rng.choice((0, 0, 1, 3)), rng.random() < 0.3, rng.choice((0, 0, 6))) for s in problem.sessions}
    names = [c.id for c in problem.clinicians]
    return replace(
        problem,
        sites=sites,
        clinicians=tuple(_clinician(rng, person) for person in problem.clinicians),
        sessions=tuple(_session(session, *changes[session.group]) for session in problem.sessions),
        fixed_duties=(*problem.fixed_duties, *(duty for who in names for duty in _duties(rng, who, sites))),
        past_weeks=tuple(
            PastWeek(who, MONDAY - timedelta(weeks=1), (("BE", 60 * rng.randint(60, 92)),))
            for who in names
            if rng.random() < 0.5
        ),
        successions=tuple(
            Succession(rng.choice((*KINDS, "night", "evening")), rng.choice((*KINDS, "morning")))
            for _ in range(rng.randint(0, 2))
        ),
        wishes=tuple(
            Wish(
                rng.choice(names),
                day(rng.randrange(4)),
                rng.choice(("", *KINDS, "night")),
                rng.random() < 0.5,
                rng.randint(1, 9),
            )
            for _ in range(rng.randint(0, 3))
        ),
        settings=(*problem.settings, *_longest(rng), *(_scoped(rng) if scoped else ())),
        pins=(),
        published=(),
        preferences=(),
    )


def _clinician(rng, person):
    limits = tuple(_limit(rng, *kind) for kind in rng.sample(LIMITS, rng.choice((0, 1, 1, 2))))
    return replace(
        person,
        limits=limits,
        contract=rng.choice((person.contract, "employee")),
        opt_out_hours=rng.choice((0, 0, 6)),
        registrations=(*person.registrations, paper("LU")),
        insurances=(*person.insurances, paper("LU", kind="insurance")),
        max_sessions_per_week=rng.randint(3, 9),
        max_sessions_per_day=rng.randint(2, 4),
    )


def _limit(rng, name, least, most):
    high = rng.choice((None, rng.randint(least, most)))
    low = rng.choice((None, least, 2 if name.endswith("in_a_row") else None))
    low = low if high is None or low is None else min(low, high)
    kind = rng.choice(("", *KINDS, "evening")) if name in ("sessions", "nights_in_a_row") else ""
    return WorkLimit(name, low, high, kind)


def _session(session, shift, is_list, hours):
    """Move a session by days, make a list of it, or let it last longer."""
    options = tuple(
        replace(
            o,
            on=o.on + timedelta(days=shift),
            start_at=o.start_at + timedelta(days=shift),
            end_at=o.end_at + timedelta(days=shift, hours=hours if o.half_day.value == "afternoon" else 0),
        )
        for o in session.options
    )
    return replace(session, options=options, kind="theatre" if is_list else session.kind)


def _duties(rng, who, sites):
    """Give few duties or none, or many of one kind that leave room for little more."""
    site, kind = rng.choice(sites).id, rng.choice(("", *KINDS))
    for number, start, end in rng.choice((*[()] * 8, *DUTIES)):
        yield fixed_duty(who, site, number, start, end, kind=kind)


def _longest(rng):
    if rng.random() < 0.5:
        yield RuleSetting("longest_week", params=(("hours_BE", rng.randint(6, 20)),))


def _scoped(rng):
    for rule in rng.sample(SCOPED, rng.choice((0, 1, 2))):
        places = {"sites": _some(rng, ("s1", "s2")), "kinds": _some(rng, KINDS)} if rule in BY_PLACE else {}
        applies_to = AppliesTo(contracts=_some(rng, ("employee",)), countries=_some(rng, ("BE", "FR")), **places)
        strength = rng.choice((None, Strength.WARN, Strength.OFF, Strength.INFO))
        yield RuleSetting(rule, strength=strength, weight=rng.choice((None, 7)), applies_to=applies_to)


def _some(rng, names):
    return frozenset(name for name in names if rng.random() < 0.4)
