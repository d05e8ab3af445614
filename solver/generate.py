"""Random but plausible problems in four sizes, for tests, benchmarks and bug reports.

Sites, their places and the distances between them are real (see ``solver.generating.sites``); people, papers, rooms,
agreements and sessions are invented.  Teams visit the partner across the border for consultations and joint theatre
lists.  Traps are planted: leave, part-time work, lapsing papers, insurance that lacks a country, late enrolment,
agreements that end within the week, closed days and holidays of one side, night duties, evenings abroad, wishes that
contradict habits.  The same size and seed always give the same problem.
"""

from datetime import date
from random import Random

from solver.generating.lines import with_lines
from solver.generating.people import (
    absences_for,
    agreements_for,
    clinicians_for,
    fixed_duties_for,
    habits_for,
    preferences_for,
)
from solver.generating.sessions import rooms_for, sessions_of_week
from solver.generating.sites import SIZES as SIZES
from solver.generating.sites import Cooperation, Place, Weeks, cooperations_of, places_for, travel_between
from solver.generating.sites import estimated_minutes as estimated_minutes
from solver.problem import Pin, Problem, Room, Session

FIRST_ON = date(2027, 3, 1)
"""A Monday without holidays near it."""


def generate(size: str, seed: int, *, weeks: int = 1, lines: bool = False, first_on: date = FIRST_ON) -> Problem:
    """Give the problem of this size (a key of ``SIZES``) and seed.

    Parameters
    ----------
    weeks
        Numbers of sessions are for each week.
    lines
        Whether to add round-the-clock duty lines and the people for them; the rest stays the same.
    first_on
        A Monday; holidays of both sides are known for 2026 to 2028.

    Raises
    ------
    ValueError
        When the size is not known.
    """
    if size not in SIZES:
        raise ValueError(f"size must be one of {', '.join(SIZES)}")
    rng, span = Random(f"{size}-{seed}"), Weeks(first_on, weeks)
    places = places_for(size, rng, span)
    homes = {place.site.id: place for place in places}
    cooperations = cooperations_of(places)
    people = clinicians_for(rng, places, cooperations, count=SIZES[size][1], weeks=span)
    agreements = agreements_for(rng, cooperations, people, span)
    sessions, rooms = _planned(rng, places, cooperations, SIZES[size][2], span)
    habits = habits_for(rng, agreements)
    problem = Problem(
        first_on=first_on,
        weeks=weeks,
        title=f"{size} {seed}",
        sites=tuple(place.site for place in places),
        rooms=tuple(rooms),
        clinicians=tuple(people),
        sessions=tuple(sessions),
        agreements=tuple(agreements),
        travel=travel_between(places),
        absences=absences_for(rng, people, homes, span),
        fixed_duties=fixed_duties_for(rng, people, homes, span),
        pins=_pins(rng, sessions),
        habits=habits,
        preferences=preferences_for(rng, people, habits, span),
    )
    return with_lines(problem, Random(f"{size}-{seed}-lines"), places, cooperations, span) if lines else problem


def _planned(
    rng: Random, places: list[Place], cooperations: list[Cooperation], count: int, weeks: Weeks
) -> tuple[list[Session], list[Room]]:
    """Give the sessions and rooms of all places."""
    sessions: list[Session] = []
    rooms: list[Room] = []
    for i, place in enumerate(places):
        hosted = [cooperation for cooperation in cooperations if cooperation.host is place]
        number = _share(count, i, places, hosted)
        for week in range(weeks.count):
            sessions += sessions_of_week(rng, place, hosted, count=number, weeks=weeks, week=week)
        own = [session for session in sessions if session.site == place.site.id]
        rooms += rooms_for(place, own, weeks)
    return sessions, rooms


def _share(count: int, i: int, places: list[Place], hosted: list[Cooperation]) -> int:
    """Give how many sessions a place has: all the same, but in a pilot more for the host."""
    if len(places) == SIZES["pilot"][0]:
        return 15 if hosted else count - 15
    return count // len(places) + (i < count % len(places))


def _pins(rng: Random, sessions: list[Session]) -> tuple[Pin, ...]:
    """One session in fifty has a half-day that may not change."""
    chosen = [s for s in sessions if len(s.options) > 1 and rng.random() < 0.02]
    options = [(s.id, rng.choice(s.options)) for s in chosen]
    return tuple(Pin(session, on=option.on, half_day=option.half_day) for session, option in options)
