"""Random facts for the rules on duty lines, papers, volumes, notice and the home service."""

from dataclasses import replace
from datetime import timedelta

from solver.problem import FollowUp, HomeMinimum, PastWeek
from tests.solver.build import FAR_OFF, LONG_AGO, MONDAY, day, paper

LANGUAGES = ("fr", "nl")
ZONES = ("Z1", "Z2")
SPECIALTIES = ("urology", "cardiology")


def with_border_facts(rng, problem):
    """Give the problem with such facts beside its own.

    Here and there its sessions become parts of lines or theatre lists, get more seats, or move to the weekend.
    """
    agreements = tuple(_agreement(rng, one) for one in problem.agreements)
    changes = {session.group: _change(rng) for session in problem.sessions}
    return replace(
        problem,
        sites=tuple(replace(s, languages=_some(rng, LANGUAGES), access_zones=_some(rng, ZONES)) for s in problem.sites),
        clinicians=tuple(_clinician(rng, person) for person in problem.clinicians),
        agreements=agreements,
        sessions=tuple(_session(session, *changes[session.group]) for session in problem.sessions),
        today=rng.choice((None, MONDAY, MONDAY - timedelta(days=12))),
        past_weeks=tuple(_weeks(rng, problem)),
        home_minimums=tuple(
            HomeMinimum(rng.choice(problem.sites).id, specialty, rng.randint(0, 2))
            for specialty in SPECIALTIES
            if rng.random() < 0.5
        ),
        follow_ups=tuple(_follow_ups(rng, problem)),
    )


def _some(rng, names):
    return frozenset(rng.sample(names, rng.choice((0, 1, 1, 2))))


def _clinician(rng, person):
    declared = tuple(
        replace(one, kind="temporary_declaration") if rng.random() < 0.4 else one for one in person.registrations
    )
    a1 = (paper("BE", "FR", end=rng.choice((FAR_OFF, day(1))), kind="a1"),) if rng.random() < 0.5 else ()
    return replace(person, languages=_some(rng, LANGUAGES), registrations=declared, certificates=a1)


def _agreement(rng, agreement):
    lines = tuple(
        replace(line, min_per_week=rng.choice((None, 1, 2)), max_per_week=rng.choice((None, 2, 2, 3)))
        for line in agreement.lines
    )
    contracts = ("", "", "employee", "self-employed")
    enrolments = tuple(replace(one, contract=rng.choice(contracts)) for one in agreement.enrolments)
    evaluated = rng.choice((None, LONG_AGO, MONDAY.replace(year=MONDAY.year - 1)))
    return replace(agreement, lines=lines, enrolments=enrolments, evaluated_on=evaluated)


def _change(rng):
    """Give a line, whether on call, whether a theatre list, the number of seats more, and of days later."""
    line = rng.choice(("Line 1", "Line 2")) if rng.random() < 0.4 else ""
    return line, rng.random() < 0.6, rng.random() < 0.3, rng.choice((0, 0, 0, 2)), rng.choice((0, 0, 4))


def _session(session, line, on_call, is_list, more, days):
    later = timedelta(days=days)
    options = tuple(
        replace(o, on=o.on + later, start_at=o.start_at + later, end_at=o.end_at + later) for o in session.options
    )
    extra = tuple(replace(session.seats[0], id=f"more{n}") for n in range(more))
    session = replace(session, options=options, seats=session.seats + extra)
    if not line:
        return replace(session, kind="joint_theatre") if is_list else session
    seats = tuple(replace(seat, exclusive=seat.exclusive and not on_call) for seat in session.seats)
    return replace(session, line=line, line_choice=1 + is_list, seats=seats)


def _weeks(rng, problem):
    for person in problem.clinicians:
        known = rng.choice((0, 0, 3, 14))
        for n in range(1, known + 1):
            yield PastWeek(
                person.id,
                MONDAY - timedelta(weeks=n),
                minutes=(("BE", rng.choice((300, 1200))), ("FR", rng.choice((0, 600)))),
                visits=(("FR", rng.randrange(2)),),
                nights=rng.randrange(2),
                weekends=rng.randrange(2),
                early_starts=rng.randrange(2),
            )


def _follow_ups(rng, problem):
    for person in problem.clinicians:
        if rng.random() < 0.4:
            first = rng.randint(-3, 2)
            yield FollowUp(person.id, rng.choice(problem.sites).id, day(first), day(first + rng.randint(1, 4)))
