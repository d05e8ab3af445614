"""What is pinned stays as it is."""

from collections.abc import Iterator

from solver.bounds import Ask, Bound, Rule, Scope
from solver.demand import demand_of
from solver.problem import Problem
from solver.terms import Facts, Unserved
from solver.text import N_, Message, say

HISTORY_COST = 10_000
"""Cost of a session of the past that a plan leaves out: nothing is worth rewriting the past for."""


class Pinned(Rule):
    """A pinned half-day, room or person stays; a pin that meets another filter has yielded before it is asked."""

    id = "pinned"
    title = N_("What is pinned stays as it is")
    why = N_("People have decided it, or it has already happened.")
    source = N_("Pins set by the coordinators")
    can_change = False
    unit = N_("session of the past left out")
    on = ("clinician", "placing", "pins")

    def may(self, ask: Ask) -> Message | None:
        """Refuse another half-day than the pinned one, another person, and half-days without the pinned room."""
        option, title = ask.option, ask.session.title
        for pin in ask.pins:
            if pin.on not in (None, option.on) or pin.half_day not in (None, option.half_day):
                return say(OTHER_TIME, session=title, date=pin.on or option.on)
            if pin.seat == ask.seat.id and pin.clinician not in (None, ask.clinician.id):
                return say(OTHER_PERSON, session=title, clinician=ask.problem.clinician[str(pin.clinician)].name)
            fitting = demand_of(ask.problem).fitting[ask.group.index][ask.option_number]
            if pin.room is not None and pin.room not in fitting:
                return say(OTHER_ROOM, session=title, room=ask.problem.room[pin.room].name, date=option.on)
        return None

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a price for each session of the past that is not held."""
        for group in scope.demand.history:
            if group.first.options:
                subject = (group.index,)
                yield Bound(subject, ((1, Unserved(group.index)),), high=0, cost=HISTORY_COST)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the session of the past."""
        missing = facts.sessions(bound.terms[0][1])
        return say(REWRITTEN, session=problem.session[missing[0]].title)


OTHER_TIME = N_("“%(session)s” is pinned to another half-day (%(date)s).")
OTHER_PERSON = N_("This seat of “%(session)s” is pinned to %(clinician)s.")
OTHER_ROOM = N_("“%(session)s” is pinned to %(room)s, which is not free for it on %(date)s.")
REWRITTEN = N_("“%(session)s” lies in the past and is left out of the plan.")
