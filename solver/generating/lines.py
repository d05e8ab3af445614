"""Round-the-clock duty lines of generated problems: at home, on site, and mobile emergency teams (SMUR)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from random import Random

from solver.generating.people import CONTRACTS, OTHER_CONTRACTS
from solver.generating.sites import Cooperation, Place, Weeks
from solver.problem import Clinician, HalfDay, Option, Paper, Problem, Seat, Session, Side

DAY = (HalfDay.MORNING, time(8), time(20))
NIGHT = (HalfDay.NIGHT, time(20), time(8))
"""Half-day and local start and end of a duty; a night ends on the next day."""

STAFF = {"on_call_site": ("intensive care", "duty", 5), "smur": ("emergency medicine", "smur", 6)}
"""Specialty, role and number of the people added to a site for a line of each kind."""


@dataclass(frozen=True, slots=True)
class Line:
    """A duty line as one site mans it.

    Parameters
    ----------
    choice
        1 where it is called first, 2 where it is called next.
    days
        Days of the week, from 0, on which the site has this choice; all its nights begin on them.
    all_day
        Whether it is manned by day on weekdays too.
    """

    name: str
    kind: str
    place: Place
    specialty: str
    choice: int = 1
    days: tuple[int, ...] = tuple(range(7))
    all_day: bool = False


def with_lines(
    problem: Problem, rng: Random, places: list[Place], cooperations: list[Cooperation], weeks: Weeks
) -> Problem:
    """Add duty lines on all days of all weeks, and the people who man them; all else stays as it is.

    Specialists are on call at home, shared with the first partner: one side from Monday to Thursday, the other from
    Friday to Sunday, and whoever has handed over is called second.  Intensivists are on site by night and at
    weekends.  Mobile emergency teams have their base on one side and their second choice on the other.
    """
    partner: dict[str, Place] = {}
    for cooperation in cooperations:
        partner.setdefault(cooperation.host.site.id, cooperation.sender)
    lines = [line for place in places for line in _lines(place, partner.get(place.site.id))]
    sessions = tuple(session for line in lines for session in _sessions(line, weeks))
    on_call = {(line.place.site.id, line.specialty) for line in lines if line.kind == "on_call_home"}
    people = [
        replace(p, roles=p.roles | {"on_call"}) if any((p.home_site, s) in on_call for s in p.specialties) else p
        for p in problem.clinicians
    ]
    added = _people(rng, lines, weeks)
    return replace(problem, clinicians=(*people, *added), sessions=problem.sessions + sessions)


def _lines(place: Place, partner: Place | None) -> Iterator[Line]:
    """Give the lines whose base, or whose first half of the week, is at a place."""
    site, specialty = place.site.id, place.specialties[0]
    yield Line(f"on_call_site/{site}", "on_call_site", place, "intensive care")
    shared = partner is not None and specialty in partner.specialties
    first, rest = (tuple(range(4)), (4, 5, 6)) if shared else (tuple(range(7)), ())
    name = f"on_call_home/{site}/{specialty}"
    yield Line(name, "on_call_home", place, specialty, days=first)
    if partner is not None and shared:
        yield Line(name, "on_call_home", place, specialty, choice=2, days=rest)
        yield Line(name, "on_call_home", partner, specialty, days=rest)
        yield Line(name, "on_call_home", partner, specialty, choice=2, days=first)
    if place.has_smur:
        yield Line(f"smur/{site}", "smur", place, "emergency medicine", all_day=True)
        if partner is not None:
            yield Line(f"smur/{site}", "smur", partner, "emergency medicine", choice=2, all_day=True)


def _sessions(line: Line, weeks: Weeks) -> Iterator[Session]:
    site, first = line.place.site, line.choice == 1
    role = "on_call" if line.kind == "on_call_home" else STAFF[line.kind][1]
    exclusive = line.kind != "on_call_home" and first
    for day in (7 * week + day for week in range(weeks.count) for day in line.days):
        for half_day, start, end in (DAY, NIGHT) if line.all_day or day % 7 > 4 else (NIGHT,):
            over = int(half_day is HalfDay.NIGHT)
            option = Option(weeks.day(day), half_day, weeks.at(site, day, start), weeks.at(site, day + over, end))
            group = f"{line.name}/{site.id}/{line.choice}/{day + 1}/{half_day}"
            yield Session(
                id=group,
                title=f"{line.kind.replace('_', ' ').capitalize()} {line.specialty}",
                group=group,
                site=site.id,
                kind=line.kind,
                options=(option,),
                seats=(Seat("duty", role, (line.specialty,), Side.HOST, exclusive=exclusive),),
                priority=2 if first else 0,
                counts_as_session=False,
                line=line.name,
                line_choice=line.choice,
            )


def _people(rng: Random, lines: list[Line], weeks: Weeks) -> Iterator[Clinician]:
    """Give the people added for each line that the staff of its site cannot man."""
    number = 0
    for kind, site in dict.fromkeys((line.kind, line.place.site) for line in lines if line.kind in STAFF):
        specialty, role, count = STAFF[kind]
        for _ in range(count):
            number += 1
            name, here = f"d{number:04}", frozenset({site.country})
            contract = rng.choice(CONTRACTS.get(site.country, OTHER_CONTRACTS))
            yield Clinician(
                id=name,
                name=f"Dr {name.upper()} {specialty.title()}",
                home_site=site.id,
                specialties=frozenset({specialty}),
                roles=frozenset({role}),
                contract=contract,
                share=rng.choice((1.0, 1.0, 0.8)),
                registrations=(Paper(here, weeks.day(-900), weeks.day(700)),),
                insurances=(Paper(here, weeks.day(-900), weeks.day(400), "insurance"),),
                travel_counts=contract in ("employee", "praticien hospitalier"),
                languages=site.languages,
            )
