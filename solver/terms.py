"""What may be counted in a plan, and how each count is read off it.

A term is a fact that a bound weighs: how often a clinician is present at some stints, whether at all, whether a
group is held at a half-day, and so on.  ``Facts`` is a plan indexed for reading; the compiler knows the same
terms as sums of columns.  A new kind of fact touches these two places and nowhere else.
"""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from solver.demand import Demand, Group, Post, Stint
from solver.plan import Plan
from solver.problem import Held, Problem
from solver.text import N_, Message, say


class Works(NamedTuple):
    """How many seats a clinician takes at these stints: double booking is 2."""

    clinician: str
    stints: tuple[Stint, ...]


class Present(NamedTuple):
    """1 when a clinician takes any seat at any of these stints, else 0."""

    clinician: str
    stints: tuple[Stint, ...]


class Assigned(NamedTuple):
    """How many seats of one kind a clinician takes at one option of its group."""

    clinician: str
    post: Post
    option: int


class HeldAt(NamedTuple):
    """How many sessions of a group are held at one of its options."""

    group: int
    option: int


class Unserved(NamedTuple):
    """How many sessions of a group are not held."""

    group: int


class InRoom(NamedTuple):
    """How many of these sessions are held in a named room; always 0 while rooms are not named."""

    room: str
    sessions: tuple[str, ...]


class Flawed(NamedTuple):
    """1 when a session is held, but not whole or not at one of its half-days; no solver can do that."""

    session: str


class AnyOf(NamedTuple):
    """1 when any of these terms (Works, Present, Assigned, HeldAt) is above zero, else 0."""

    terms: "tuple[Term, ...]"


Labels = tuple[tuple[str, tuple[Stint, ...]], ...]
"""Names, such as sites, with the stints of each.  A stint named twice has the first name."""


class Changes(NamedTuple):
    """How often the label of a clinician's work differs from that of the labelled work before.

    Parameters
    ----------
    labels
        Work at stints without a label, and days off, are passed over.
    start
        The label before the first labelled work; empty: that work is no change.

    Notes
    -----
    Work is taken in order of day; within a day what occupies the person comes in order of start, and cover after
    it.  Two seats at one stint are one piece of work.
    """

    clinician: str
    labels: Labels
    start: str = ""


class EndsAt(NamedTuple):
    """1 when the last label of a clinician's work, or ``start`` where none is worked, is this one, else 0.

    The other parameters are those of ``Changes``.
    """

    clinician: str
    labels: Labels
    start: str
    label: str


Term = Works | Present | Assigned | HeldAt | Unserved | InRoom | Flawed | AnyOf | Changes | EndsAt
Weighted = tuple[tuple[int, Term], ...]
"""Terms with their integer amounts."""


class Facts:
    """A plan, or a part of one, indexed so that terms can be read off.  Sessions are named by id.

    With ``people``, only what these clinicians do is read, and of the others only that their sessions are held.
    """

    def __init__(
        self, problem: Problem, demand: Demand, held: Iterable[Held], people: frozenset[str] | None = None
    ) -> None:
        self.demand = demand
        self.people = people
        self.taken: dict[str, dict[Stint, list[str]]] = {}
        self.assigned: dict[tuple[str, Post, int], list[str]] = {}
        self.held: dict[tuple[int, int], list[str]] = {}
        self.rooms: dict[str, list[str]] = {}
        self.flaws: dict[str, Message] = {}
        self.placed: dict[str, tuple[Held, int]] = {}
        for item in held:
            self._take(problem, item)

    def _take(self, problem: Problem, held: Held) -> None:
        group = self.demand.group_of.get(held.session)
        number = None if group is None else self.demand.options[group.index].get((held.on, held.half_day))
        if group is None or number is None:
            self.flaws[held.session] = _misplaced(problem, held)
            return
        if held.session in self.placed:
            self.flaws[held.session] = say(TWICE, session=problem.session[held.session].title)
            return
        self.placed[held.session] = (held, number)
        self.held.setdefault((group.index, number), []).append(held.session)
        if held.room is not None:
            self.rooms.setdefault(held.room, []).append(held.session)
        flaw = self._take_team(problem, held, group, number)
        if flaw is not None:
            self.flaws[held.session] = flaw

    def _take_team(self, problem: Problem, held: Held, group: Group, number: int) -> Message | None:
        filled = set()
        flaw = None
        for seat, clinician in held.team:
            index = self.demand.seat_of.get((held.session, seat))
            if index is None or index in filled or clinician not in problem.clinician:
                flaw = say(STRANGER, session=problem.session[held.session].title)
                continue
            filled.add(index)
            if self.people is not None and clinician not in self.people:
                continue
            stint = group.stints[index][number]
            self.taken.setdefault(clinician, {}).setdefault(stint, []).append(held.session)
            self.assigned.setdefault((clinician, Post(group.index, index), number), []).append(held.session)
        missing = [seat for i, seat in enumerate(group.seats) if i not in filled]
        if missing:
            title = problem.session[held.session].title
            flaw = say(EMPTY_SEAT, session=title, role=missing[0].role, missing=len(missing))
        return flaw

    def value(self, term: Term) -> int:
        """Give the value of a term."""
        match term:
            case Works():
                mine = self.taken.get(term.clinician)
                return sum(len(mine.get(stint, ())) for stint in term.stints) if mine else 0
            case Present():
                mine = self.taken.get(term.clinician)
                return int(mine is not None and any(mine.get(stint) for stint in term.stints))
            case Unserved():
                group = self.demand.groups[term.group]
                numbers = range(len(group.first.options))
                return group.size - sum(len(self.held.get((term.group, i), ())) for i in numbers)
            case AnyOf():
                return int(any(self.value(inner) > 0 for inner in term.terms))
            case Changes():
                passed = [term.start] * bool(term.start) + self._labels(term)
                return sum(before != after for before, after in pairwise(passed))
            case EndsAt():
                return int([term.start, *self._labels(term)][-1] == term.label)
            case _:
                return len(self.sessions(term))

    def _labels(self, term: Changes | EndsAt) -> list[str]:
        """Give the labels of a clinician's work in order."""
        label = label_of(term.labels)
        taken = (s for s, sessions in self.taken.get(term.clinician, {}).items() if sessions and s in label)
        return [label[stint] for stint in sorted(taken, key=order_of_work)]

    def total(self, terms: Weighted) -> int:
        """Give the weighted sum of terms."""
        return sum(amount * self.value(term) for amount, term in terms)

    def sessions(self, term: Term) -> list[str]:
        """Give the sessions that a term counts, or for ``Unserved`` those that it misses."""
        match term:
            case Works() | Present():
                mine = self.taken.get(term.clinician, {})
                return [name for stint in term.stints for name in mine.get(stint, ())]
            case Assigned():
                return self.assigned.get(term, [])
            case HeldAt():
                return self.held.get(term, [])
            case Unserved():
                return [s for s in self.demand.groups[term.group].sessions if s not in self.placed]
            case InRoom():
                here = self.rooms.get(term.room, ())
                return [name for name in term.sessions if name in here]
            case Flawed():
                return [term.session] if term.session in self.flaws else []
            case AnyOf():
                return list(dict.fromkeys(name for inner in term.terms for name in self.sessions(inner)))
            case Changes() | EndsAt():
                return self.sessions(Works(term.clinician, tuple(label_of(term.labels))))


def label_of(labels: Labels) -> dict[Stint, str]:
    """Give the label of each stint that has one."""
    found: dict[Stint, str] = {}
    for label, stints in labels:
        for stint in stints:
            found.setdefault(stint, label)
    return found


def people_of(term: Term) -> list[str]:
    """Give the clinicians that a term names, with repeats."""
    match term:
        case Works() | Present() | Assigned() | Changes() | EndsAt():
            return [term.clinician]
        case AnyOf():
            return [who for inner in term.terms for who in people_of(inner)]
        case _:
            return []


def order_of_work(stint: Stint) -> tuple[date, bool, datetime, int]:
    """Give what the pieces of one person's work are ordered by: day, then cover last, then start."""
    return stint.on, not stint.exclusive, stint.start_at, stint.index


STRANGER = N_("“%(session)s” names a person or a seat that is not known here.")
EMPTY_SEAT = N_("“%(session)s” is not held whole: the seat “%(role)s” is empty (empty seats: %(missing)d).")
MISPLACED = N_("“%(session)s” cannot be held on %(date)s at this half-day.")
TWICE = N_("“%(session)s” is held twice in this plan.")
UNKNOWN_SESSION = N_("The plan holds a session that is not part of the question.")


def facts_of(problem: Problem, demand: Demand, plan: Plan) -> Facts:
    """Give the facts of a whole plan."""
    return Facts(problem, demand, plan.held)


def _misplaced(problem: Problem, held: Held) -> Message:
    session = problem.session.get(held.session)
    if session is None:
        return say(UNKNOWN_SESSION)
    return say(MISPLACED, session=session.title, date=held.on)
