"""A problem with its rules applied: who may take which seat where, and which pins stand.

Everything here follows from the problem alone, is worked out when first asked for, and is kept with the problem.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from solver.bounds import Ask, Rule, Scope
from solver.demand import Group, Post, Stint, demand_of
from solver.outcome import Reason
from solver.problem import Clinician, Pin, Problem, Seat, Strength
from solver.rules import active_rules
from solver.terms import Assigned
from solver.text import N_, Message, say

ABOUT_THE_PERSON = frozenset({"clinician", "site", "country", "kind", "agreement", "seat", "specialties"})
"""Facts that are known before a half-day is chosen."""

Candidates = tuple[str, ...]


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
        key = _readings(rule, ask)
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
    def _lawful(self) -> dict[tuple[Post, int], Candidates]:
        """Who passes all blocking filters but the pins, by post and option."""
        filters = [rule for rule in self.filters if rule.strength is Strength.BLOCK and "pins" not in rule.on]
        early = [rule for rule in filters if ABOUT_THE_PERSON.issuperset(rule.on)]
        late = [rule for rule in filters if rule not in early]
        passing = _Passing(self.problem, filters, self._regarded)
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


class _Passing:
    """Who passes which filters, as masks over the clinicians of a problem.

    A filter is asked once for each class of people whom it cannot tell apart, and each combination of what else it
    reads.
    """

    def __init__(self, problem: Problem, rules: Iterable[Rule], regarded: Mapping[Rule, set[str]]) -> None:
        self.problem = problem
        self._bit = {person.id: 1 << n for n, person in enumerate(problem.clinicians)}
        self._names: dict[int, Candidates] = {0: ()}
        self.everyone = (1 << len(problem.clinicians)) - 1
        self._regarded = {rule: self._mask(regarded[rule]) for rule in rules}
        self._alike = {rule: self._classes(rule) for rule in rules}
        self._able: dict[tuple[Rule, Seat], int] = {}
        self._turns = {rule: _sorted_turns(rule, problem) for rule in rules}
        self._asked: dict[tuple[Rule, object], tuple[int, int]] = {}

    def _mask(self, names: Iterable[str]) -> int:
        mask = 0
        for name in names:
            mask |= self._bit[name]
        return mask

    def _classes(self, rule: Rule) -> list[int]:
        """Give for each clinician the mask of all whom a filter cannot tell from them."""
        everyone = [
            () if "clinician" not in rule.on else _traits(rule, person) or person.id
            for person in self.problem.clinicians
        ]
        masks: dict[object, int] = {}
        for n, traits in enumerate(everyone):
            masks[traits] = masks.get(traits, 0) | 1 << n
        return [masks[traits] for traits in everyone]

    def names(self, people: int) -> Candidates:
        """Give the ids of the clinicians of a mask, in the order of the problem."""
        if people not in self._names:
            numbers = range(people.bit_length())
            self._names[people] = tuple(self.problem.clinicians[n].id for n in numbers if people >> n & 1)
        return self._names[people]

    def of(self, rules: Iterable[Rule], ask: Ask, people: int) -> int:
        """Give who of these people passes these filters at the place of a question."""
        session = ask.session
        for rule in rules:
            if not people:
                break
            if rule.applies_to.place(session.site, session.kind):
                regarded = self._regarded[rule] & people
                if regarded:
                    passing = self._passing(rule, ask, regarded)
                    people &= ~regarded | passing
        return people

    def _passing(self, rule: Rule, ask: Ask, people: int) -> int:
        people &= self._able_to(rule, ask.seat)
        key = (rule, _readings(rule, ask, self._turns[rule]))
        asked, passing = self._asked.get(key, (0, 0))
        left = people & ~asked
        if left:
            alike = self._alike[rule]
            while left:
                number = (left & -left).bit_length() - 1
                asked |= alike[number]
                exact = Ask(ask.problem, ask.problem.clinicians[number], ask.group, ask.seat_number, ask.option_number)
                if rule.may(exact) is None:
                    passing |= alike[number]
                left &= ~asked
            self._asked[key] = asked, passing
        return people & passing

    def _able_to(self, rule: Rule, seat: Seat) -> int:
        if type(rule).able is Rule.able:
            return self.everyone
        key = rule, seat
        if key not in self._able:
            able = rule.able(self.problem, seat)
            self._able[key] = self.everyone if able is None else self._mask(able)
        return self._able[key]


def _traits(rule: Rule, person: Clinician) -> tuple[object, ...]:
    return tuple(getattr(person, name) for name in rule.of_person)


def _sorted_turns(rule: Rule, problem: Problem) -> list[date] | None:
    turns = rule.turns(problem)
    return None if turns is None else sorted(set(turns))


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


def _readings(rule: Rule, ask: Ask, turns: list[date] | None = None) -> tuple[object, ...]:
    """Give what a filter reads of a placing, the clinician left out; with ``turns``, of days how many went before."""
    found = [_reading(name, ask) for name in rule.on if name != "clinician"]
    if turns is not None:
        found = [bisect_right(turns, part) if isinstance(part, date) else part for part in found]
    return tuple(found)


def _reading(name: str, ask: Ask) -> object:
    match name:
        case "site":
            return ask.session.site
        case "country":
            return ask.site.country
        case "line":
            return bool(ask.session.line)
        case "kind":
            return ask.session.kind
        case "agreement":
            return ask.session.agreement
        case "seat":
            return ask.seat.role, ask.seat.specialties, ask.seat.side
        case "specialties":
            return ask.seat.specialties
        case "day":
            return ask.option.on
        case "stint":
            return ask.stint.index
        case "pins":
            return ask.pins
        case _:
            return ask.group.index, ask.seat_number, ask.option_number


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
