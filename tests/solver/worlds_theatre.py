"""Random facts for the rules of theatre lists: minutes to be booked, seats that share the hours of a day, and goals."""

from dataclasses import replace

from solver.problem import RuleSetting, Strength, WorkLimit
from tests.solver.build import day

GOALS = ("waiting", "days_opened", "one_team_a_day")


def with_theatre_facts(rng, problem):
    """Give the problem with limits of booked minutes, some seats that do not occupy a person, and goals switched on."""
    named = {setting.rule for setting in problem.settings}
    goals = tuple(
        RuleSetting(rule, strength=Strength.WARN, weight=rng.randint(1, 30))
        for rule in GOALS
        if rule not in named and rng.random() < 0.7
    )
    return replace(
        problem,
        clinicians=tuple(replace(c, limits=(*c.limits, *_limits(rng))) for c in problem.clinicians),
        sessions=_sessions(rng, problem.sessions),
        settings=(*problem.settings, *goals),
    )


def _limits(rng):
    name = "booked_minutes_per_day"
    if rng.random() < 0.5:
        yield WorkLimit(name, high=rng.choice((0, 120, 240, 300, 480, 720)))
    if rng.random() < 0.5:
        yield WorkLimit(name, high=rng.choice((120, 240, 480)), on=day(rng.randrange(3)))


def _sessions(rng, sessions):
    """Give sessions of which some have only seats that do not occupy; those of one group stay alike."""
    shared = {group for group in dict.fromkeys(s.group for s in sessions) if rng.random() < 0.5}
    return tuple(
        replace(s, seats=tuple(replace(seat, exclusive=False) for seat in s.seats)) if s.group in shared else s
        for s in sessions
    )
