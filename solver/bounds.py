"""What a rule is made of: filters, bounds, and the scope in which facts may be non-zero.

A rule has one or both of two shapes and no solver code.  Its *filter* ``may`` tells whether one person may take
one seat at one half-day, from the facts named in ``on``.  Its *bounds* say that weighted counts of facts lie
between limits.  A rule never decides by what is missing from the scope: whether a bound applies, and how it is
worded, follows from the problem alone, or model and audit would differ.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from solver.demand import Demand, Group, Stint
from solver.facts import AppliesTo as AppliesTo
from solver.problem import Clinician, Option, Pin, Problem, RuleSetting, Seat, Session, Site, Strength
from solver.terms import Assigned, Facts, Present, Weighted
from solver.text import N_, Fact, Message, say

WARN_WEIGHT = 500
"""Cost of one unit of a warning: more than any goal but mandatory coverage."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a filter: may this clinician take this seat of these sessions at this option?

    Parameters
    ----------
    pins
        The pins of the session that stand (those that met another filter have yielded).
    """

    problem: Problem
    clinician: Clinician
    group: Group
    seat_number: int
    option_number: int
    pins: tuple[Pin, ...] = ()

    @property
    def session(self) -> Session:
        """The session, or the first of several that are alike."""
        return self.group.first

    @property
    def seat(self) -> Seat:
        """The seat asked for."""
        return self.session.seats[self.seat_number]

    @property
    def option(self) -> Option:
        """The half-day asked for."""
        return self.session.options[self.option_number]

    @property
    def stint(self) -> Stint:
        """The stretch of presence that the seat means there."""
        return self.group.stints[self.seat_number][self.option_number]

    @property
    def site(self) -> Site:
        """Where the session takes place."""
        return self.problem.site[self.session.site]

    @property
    def is_visitor(self) -> bool:
        """Tell whether the clinician works outside the home organisation there."""
        return self.problem.is_visitor(self.clinician.id, self.session.site)


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """Weighted facts that should lie between limits (both included; None: open).

    Parameters
    ----------
    subject
        What it is about, in the rule's own terms; ``describe`` makes a sentence of it.  A bound about one clinician
        names that person by id.
    cost
        Cost of one unit beyond a limit.  None leaves it to the rule: nothing may go beyond when the rule blocks,
        else its weight is paid.
    advice
        Shown and never paid for nor enforced, whatever the strength of the rule.
    """

    subject: tuple[object, ...]
    terms: Weighted
    low: int | None = None
    high: int | None = None
    cost: int | None = None
    advice: bool = False

    def units(self, value: int) -> int:
        """Give how far a value lies beyond the limits."""
        below = self.low - value if self.low is not None else 0
        above = value - self.high if self.high is not None else 0
        return max(below, above, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """How long a clinician's stretches of days in a row may be in the planned weeks.

    ``most`` None: work has no end.  The least lengths are not asked of stretches that touch either end of the weeks.
    """

    clinician: str
    most: int | None
    least: int
    least_off: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Where facts may be non-zero: what the filters leave (solver), or what a plan holds (audit).

    Parameters
    ----------
    stints
        By clinician, what occupies the person, in order of start.
    watches
        By clinician, what does not (post-operative cover), in order of start.
    placings
        Who may take which seats where.
    held
        Pairs of group and option number.
    rooms, options
        Sessions by named room, and the option of each of them; empty while rooms are not named.
    flaws
        What is wrong with sessions that are not held whole.
    leaves
        Gives the scope that the filters leave, which follows from the problem alone.
    """

    demand: Demand
    stints: Mapping[str, tuple[Stint, ...]]
    watches: Mapping[str, tuple[Stint, ...]]
    placings: tuple[Assigned, ...]
    held: tuple[tuple[int, int], ...]
    leaves: "Callable[[], Scope]"
    rooms: Mapping[str, tuple[str, ...]]
    options: Mapping[str, Option]
    flaws: Mapping[str, Message]


class Rule:
    """A statement that a plan should keep; subclasses give its words, its values and one or both of its shapes.

    Attributes
    ----------
    id, title, why, source, source_ids
        What people read on the rules page; source_ids are the ids of the collected sources.
    is_goal
        A goal has a weight and no strength.
    can_change
        False when no hospital may weaken the rule, because a person or room cannot be in two places.
    may_block
        False when a plan without sessions breaks the rule, which warns at most then: there always is a lawful plan.
    by_place
        Whether the rule can be set otherwise for some sites or kinds: each of its bounds speaks of the same work in
        whatever scope it is found.  Filters, and bounds about two pieces of work, always can.
    strength, weight, params
        Defaults, replaced by the setting given.
    labels
        What each parameter is called where people set it, with its unit; one for all countries.
    unit
        What one unit of cost stands for.
    on
        What the filter reads: some of clinician; site, country, kind and agreement of the session; seat (role,
        specialties and side) or its specialties alone; day; stint; placing (anything about group, seat and
        option); pins.
    of_person
        The attributes of the clinician that decide the filter's answer, its words aside; empty: who it is.
    """

    id: str = ""
    title: str = ""
    why: str = ""
    source: str = ""
    source_ids: tuple[str, ...] = ()
    is_goal: bool = False
    can_change: bool = True
    may_block: bool = True
    by_place: bool = False
    strength: Strength = Strength.BLOCK
    weight: int = WARN_WEIGHT
    unit: str = N_("breach")
    params: Mapping[str, Fact] = {}
    labels: Mapping[str, str] = {}
    on: tuple[str, ...] = ()
    of_person: tuple[str, ...] = ()
    applies_to: AppliesTo = AppliesTo()

    def __init__(self, setting: RuleSetting | None = None) -> None:
        if setting is None:
            return
        if setting.strength is not None and (self.can_change or self.is_goal):
            too_much = setting.strength is Strength.BLOCK and not self.may_block
            self.strength = Strength.WARN if too_much else setting.strength
        if setting.weight is not None:
            self.weight = setting.weight
        self.params = {**self.params, **dict(setting.params)}

    @property
    def is_on(self) -> bool:
        """Tell whether the rule is applied at all."""
        return self.strength is not Strength.OFF

    def number(self, name: str, country: str = "") -> int:
        """Give a whole-number limit; one for a country, named ``limit_XX``, goes before the general one."""
        known: dict[tuple[str, str], int] = self.__dict__.setdefault("_numbers", {})
        if (name, country) not in known:
            known[name, country] = int(float(str(self.params.get(f"{name}_{country}", self.params[name]))))
        return known[name, country]

    def price(self, bound: Bound | None = None) -> int | None:
        """Give the cost of one unit of a bound or, without one, of a refused placing; None when it blocks."""
        if (bound is not None and bound.advice) or self.strength is Strength.INFO:
            return 0
        if bound is not None and bound.cost is not None:
            return bound.cost
        return None if self.strength is Strength.BLOCK and not self.is_goal else self.weight

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Tell whether the filter could refuse this clinician anything; where not, it is not asked."""
        return self.applies_to.person(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Give the reason against a placing, or None."""
        del ask
        return None

    def traits(self, problem: Problem, clinician: Clinician) -> object:
        """Give what decides the filter's answer about a clinician, its words aside; by default from ``of_person``."""
        del problem
        return tuple(getattr(clinician, name) for name in self.of_person) or clinician.id

    def able(self, problem: Problem, seat: Seat) -> Iterable[str] | None:
        """Give the only people whom the filter could let take a seat, where that is quickly told; None: anybody."""
        del problem, seat
        return None

    def shortlist(self, ask: Ask) -> Iterable[str] | None:
        """Give the only people whom the filter could let pass at the place of a question; None: anybody."""
        del ask
        return None

    def turns(self, problem: Problem) -> Iterable[date] | None:
        """Give the days from which the filter's answer may be another one than the day before; None: any day."""
        del problem
        return None

    def is_joint(self, problem: Problem) -> bool:
        """Tell whether bounds weigh people or sites together, so that one placing is judged within the whole plan."""
        del problem
        return False

    def bounds(self, problem: Problem, scope: Scope) -> Iterable[Bound]:
        """Give the bounds whose facts may be non-zero in this scope."""
        del problem, scope
        return ()

    def stretches(self, problem: Problem) -> Iterable[Stretch]:
        """Give the stretches of days that every plan which keeps the rule has; it tells engines what bounds say too."""
        del problem
        return ()

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Say in a whole sentence how a bound is not kept."""
        del problem, bound, facts
        return say(self.title)


class ClashRule(Rule, ABC):
    """A rule that some pairs of stints of one person exclude each other.

    Attributes
    ----------
    personal
        False when ``clash`` answers the same for everybody whom the rule concerns.
    """

    personal: bool = True

    def reach(self, problem: Problem) -> timedelta:
        """Give the time after a stint's end within which another may clash with it."""
        del problem
        return timedelta()

    @abstractmethod
    def clash(self, problem: Problem, clinician: Clinician, first: Stint, later: Stint) -> bool:
        """Tell whether two stints exclude each other; ``first`` starts no later than ``later``."""

    def alone(self, problem: Problem, scope: Scope) -> Iterable[Bound]:
        """Give the bounds that are no clashes of two stints."""
        del problem, scope
        return ()

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clashing pair, and the others."""
        yield from self.alone(problem, scope)
        reach = self.reach(problem)
        for who, stints in scope.stints.items():
            clinician = problem.clinician[who]
            if self.applies_to.person(problem, clinician):
                for first, later in close_pairs(stints, reach):
                    if self.clash(problem, clinician, first, later):
                        yield clash_bound(who, first, later)


def close_pairs(stints: tuple[Stint, ...], reach: timedelta) -> Iterator[tuple[Stint, Stint]]:
    """Give the pairs of stints, in order of start, of which the later starts within reach of the first's end."""
    for i, first in enumerate(stints):
        last = first.end_at + reach
        for later in stints[i + 1 :]:
            if later.start_at >= last:
                break
            yield first, later


def clash_bound(clinician: str, first: Stint, later: Stint) -> Bound:
    """Give the bound that a clinician is present at one of two stints at most."""
    terms = ((1, Present(clinician, (first,))), (1, Present(clinician, (later,))))
    return Bound((clinician, first, later), terms, high=1)
