"""A problem with its rules applied: who may take which seat where, and which pins stand.

Everything here follows from the problem alone, is worked out when first asked for, and is kept with the problem.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from solver.bounds import Ask, Rule, Scope
from solver.demand import Group, Post, Stint, demand_of
from solver.outcome import Reason
from solver.passing import Candidates, Passing, Reading
from solver.problem import Pin, Problem, Strength
from solver.rules import active_rules
from solver.terms import Assigned
from solver.text import N_, Message, say

ABOUT_THE_PERSON = frozenset({"clinician", "site", "country", "kind", "agreement", "seat", "specialties"})
"""Facts that are known before a half-day is chosen."""


class Case:
    """A problem and what its filters leave of it.

    Attributes
    ----------
    rules
        Rules and goals in force, in the order of the registry.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.demand = demand_of(problem)
        self.rules = active_rules(problem)
        self.blocking = tuple(r for r in self.rules if r.strength is Strength.BLOCK and not r.is_goal)
        filters = [rule for rule in self.rules if type(rule).may is not Rule.may]
        self._answers: dict[Rule, dict[object, dict[str, Message | None]]] = {rule: {} for rule in filters}
        self._regarded = {
            rule: {person.id for person in problem.clinicians if rule.regards(problem, person)} for rule in filters
        }
        self.filters = tuple(rule for rule in filters if self._regarded[rule])
        self._readings = {rule: Reading(rule) for rule in filters}
        self._history = {
            (group.index, pin.seat, pin.clinician, pin.on, pin.half_day)
            for group in self.demand.groups
            for pin in group.pins
            if pin.history
        }

    # Asking single filters

    def regards(self, rule: Rule, clinician: str) -> bool:
        """Tell whether a filter could refuse this clinician anything."""
        return clinician in self._regarded[rule]

    def answer(self, rule: Rule, ask: Ask) -> Message | None:
        """Give a filter's reason against a placing, or None; asked once for each combination of what it reads."""
        session, person = ask.session, ask.clinician
        if not rule.applies_to.place(session.site, session.kind) or person.id not in self._regarded[rule]:
            return None
        key = self._readings[rule].of(ask)
        answers = self._answers[rule].setdefault(key, {})
        name = person.id if "clinician" in rule.on else ""
        if name not in answers:
            answers[name] = rule.may(ask)
        return answers[name]

    def refusals(self, ask: Ask, strength: Strength = Strength.BLOCK) -> Iterator[tuple[Rule, Reason]]:
        """Give the reasons of all filters of this strength against a placing, in the order of the registry."""
        if not self.is_history(ask):
            for rule in self.filters:
                if rule.strength is strength:
                    message = self.answer(rule, ask)
                    if message is not None:
                        yield rule, Reason(rule.id, message)

    def is_history(self, ask: Ask) -> bool:
        """Tell whether the placing is a pinned fact of the past, which no filter can undo."""
        if not self._history:
            return False
        option = ask.option
        fact = (ask.group.index, ask.seat.id, ask.clinician.id, option.on, option.half_day)
        return fact in self._history

    def ask(self, clinician: str, post: Post, option: int) -> Ask:
        """Give the question whether a clinician may take a seat at an option."""
        group = self.demand.groups[post.group]
        pins = self.pins.get(post.group, ())
        return Ask(self.problem, self.problem.clinician[clinician], group, post.seat, option, pins)

    # The whole table

    @cached_property
    def _passing(self) -> Passing:
        return Passing(self.problem, self._regarded)

    @cached_property
    def _lawful(self) -> dict[tuple[Post, int], Candidates]:
        """Who passes all blocking filters but the pins, by post and option."""
        filters = [rule for rule in self.filters if rule.strength is Strength.BLOCK and "pins" not in rule.on]
        early = [rule for rule in filters if ABOUT_THE_PERSON.issuperset(rule.on)]
        late = [rule for rule in filters if rule not in early]
        passing = self._passing
        found: dict[tuple[Post, int], Candidates] = {}
        for group in self.demand.groups:
            numbers = range(len(group.first.options))
            for seat in range(len(group.seats)):
                if not self.problem.clinicians:
                    found.update(((Post(group.index, seat), option), ()) for option in numbers)
                    continue
                people = passing.everyone
                for option in numbers:
                    ask = Ask(self.problem, self.problem.clinicians[0], group, seat, option)
                    people = passing.of(early, ask, people) if option == 0 else people
                    names = passing.names(passing.of(late, ask, people))
                    found[Post(group.index, seat), option] = self._with_history(group, seat, option, names)
        return found

    def refused(self, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Assigned]]:
        """Give the placings left by the blocking filters that each of these filters refuses, where it can."""
        for rule in rules:
            if "pins" in rule.on:
                asked = (placing for placing in self.leaves.placings if self.regards(rule, placing.clinician))
                yield from ((rule, p) for p in asked if self.answer(rule, self.ask(*p)) is not None)
                continue
            for (post, option), names in self.candidates.items():
                if names:
                    ask = self.ask(names[0], post, option)
                    yield from ((rule, Assigned(who, post, option)) for who in self._passing.refused(rule, ask, names))

    def _with_history(self, group: Group, seat: int, option: int, names: Candidates) -> Candidates:
        if group.is_history:
            for pin in group.pins:
                if pin.clinician is not None and pin.clinician not in names:
                    ask = Ask(self.problem, self.problem.clinician[pin.clinician], group, seat, option)
                    if self.is_history(ask):
                        names = (*names, pin.clinician)
        return names

    @cached_property
    def _pins(self) -> tuple[dict[int, tuple[Pin, ...]], tuple[Message, ...]]:
        standing: dict[int, tuple[Pin, ...]] = {}
        yielded: list[Message] = []
        for group in self.demand.groups:
            if group.pins:
                kept, gone = self._settle(group)
                standing[group.index] = kept
                yielded.extend(gone)
        return standing, tuple(yielded)

    def _settle(self, group: Group) -> tuple[tuple[Pin, ...], list[Message]]:
        """Give what stands of a group's pins, one part each, and what is said about those that yield."""
        parts = [part for pin in group.pins for part in _parts(pin)]
        options = range(len(group.first.options))
        kept: list[Pin] = []
        gone: list[Message] = []
        for part in parts:
            open_to = [i for i in options if all(self._grants(group, i, pin) for pin in (*kept, part))]
            if open_to:
                kept.append(part)
            else:
                gone.extend(self._yields(group, part, kept))
        return tuple(kept), gone

    def _grants(self, group: Group, option: int, pin: Pin) -> bool:
        """Tell whether an option leaves room for one part of a pin."""
        at = group.first.options[option]
        if pin.clinician is not None:
            return any(
                pin.seat == seat.id and pin.clinician in self._lawful[Post(group.index, n), option]
                for n, seat in enumerate(group.seats)
            )
        if pin.room is not None:
            return pin.room in self.demand.fitting[group.index][option]
        fits = pin.on in (None, at.on) and pin.half_day in (None, at.half_day)
        return fits and all(self._lawful[Post(group.index, n), option] for n in range(len(group.seats)))

    def _yields(self, group: Group, part: Pin, kept: list[Pin]) -> Iterator[Message]:
        title = group.first.title  # interchangeable sessions differ in nothing that is said here
        if part.clinician is not None:
            person = self.problem.clinician[part.clinician].name
            yield say(PERSON_YIELDS, session=title, clinician=person)
            yield from self._why(group, part, kept)
        elif part.room is not None:
            yield say(ROOM_YIELDS, session=title, room=self.problem.room[part.room].name)
        else:
            yield say(TIME_YIELDS, session=title)

    def _why(self, group: Group, part: Pin, kept: list[Pin]) -> Iterator[Message]:
        for number in range(len(group.first.options)):
            if all(self._grants(group, number, pin) for pin in kept):
                for n, seat in enumerate(group.seats):
                    if seat.id == part.seat:
                        ask = Ask(self.problem, self.problem.clinician[str(part.clinician)], group, n, number)
                        reasons = (reason.message for _, reason in self.refusals(ask))
                        yield from list(reasons)[:1]
                return

    @property
    def pins(self) -> dict[int, tuple[Pin, ...]]:
        """The pins that stand, by group."""
        return self._pins[0]

    @property
    def yielded_pins(self) -> tuple[Message, ...]:
        """What is said about pins that met a rule and were let go."""
        return self._pins[1]

    @cached_property
    def candidates(self) -> dict[tuple[Post, int], Candidates]:
        """Who may take each post at each option; nobody where some seat of the team has no candidate."""
        found: dict[tuple[Post, int], Candidates] = {}
        pinned = [rule for rule in self.filters if "pins" in rule.on and rule.strength is Strength.BLOCK]
        for group in self.demand.groups:
            posts = [Post(group.index, n) for n in range(len(group.seats))]
            for option in range(len(group.first.options)):
                teams = [self._after_pins(pinned, post, option) for post in posts]
                for post, team in zip(posts, teams, strict=True):
                    found[post, option] = team if all(teams) else ()
        return found

    def _after_pins(self, rules: list[Rule], post: Post, option: int) -> Candidates:
        lawful = self._lawful[post, option]
        if post.group not in self.pins:
            return lawful
        asks = [(who, self.ask(who, post, option)) for who in lawful]
        return tuple(who for who, ask in asks if all(self.answer(rule, ask) is None for rule in rules))

    @cached_property
    def lawful(self) -> frozenset[tuple[str, Post, int]]:
        """The placings that the filters leave, for asking about one."""
        return frozenset(self.leaves.placings)

    @cached_property
    def leaves(self) -> Scope:
        """The scope that the filters leave."""
        placings = tuple(
            Assigned(who, post, option) for (post, option), team in self.candidates.items() for who in team
        )
        held = tuple(
            (post.group, option) for (post, option), team in self.candidates.items() if post.seat == 0 and team
        )
        stints, watches = by_clinician(self, placings)
        return Scope(self.demand, stints, watches, placings, held, lambda: self.leaves, {}, {}, {})


def case_of(problem: Problem) -> Case:
    """Give the case of a problem, worked out once for each problem."""
    found = problem.__dict__.get("_case")
    if not isinstance(found, Case):
        found = problem.__dict__["_case"] = Case(problem)
    return found


def by_clinician(
    case: Case, placings: Iterable[Assigned]
) -> tuple[dict[str, tuple[Stint, ...]], dict[str, tuple[Stint, ...]]]:
    """Give what occupies each clinician, and what does not, each in order of start."""
    groups = case.demand.groups
    found: dict[str, dict[Stint, None]] = {}
    for who, post, option in placings:
        found.setdefault(who, {})[groups[post.group].stints[post.seat][option]] = None
    ordered = {who: sorted(stints, key=lambda s: (s.start_at, s.index)) for who, stints in found.items() if stints}
    busy = {who: tuple(s for s in stints if s.exclusive) for who, stints in ordered.items()}
    watching = {who: tuple(s for s in stints if not s.exclusive) for who, stints in ordered.items()}
    return busy, watching


def _parts(pin: Pin) -> Iterator[Pin]:
    """Give the parts of a pin that stand or yield one by one: half-day, then room, then person."""
    if pin.on is not None or pin.half_day is not None:
        yield Pin(pin.session, on=pin.on, half_day=pin.half_day, history=pin.history)
    if pin.room is not None:
        yield Pin(pin.session, room=pin.room, history=pin.history)
    if pin.seat is not None and pin.clinician is not None:
        yield Pin(pin.session, seat=pin.seat, clinician=pin.clinician, history=pin.history)


PERSON_YIELDS = N_("%(clinician)s is no longer pinned to “%(session)s”, because a rule forbids it.")
ROOM_YIELDS = N_("“%(session)s” is no longer pinned to %(room)s, because the room does not fit or is closed.")
TIME_YIELDS = N_("“%(session)s” is no longer pinned to its half-day, because nobody could hold it then.")
