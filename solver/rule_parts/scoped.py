"""Rules that are set otherwise for some people or places: each way of setting them judges its own part.

A setting with ``applies_to`` changes a rule for some; of several that concern the same, the last one listed holds.
Everything is judged by exactly one setting:

- a placing by that for its person and session;
- a bound about people, where settings tell people apart, by that of its people: rules that compare or add up people
  do so among those for whom the rule is set alike;
- a bound about work, where settings tell sites or kinds apart, by that for all of the work, and by the general one
  where they differ.

Rules that add up the work of all places cannot be set by place, since no setting would see the whole sum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from solver.bounds import AppliesTo, Ask, Bound, ClashRule, Rule, Scope
from solver.demand import Stint, demand_of
from solver.problem import Clinician, Problem, RuleSetting
from solver.terms import AnyOf, Assigned, Changes, EndsAt, Facts, Flawed, HeldAt, InRoom, Present, Term, Unserved, Works
from solver.text import Message

PEOPLE = ("contracts", "not_contracts", "countries", "organisations")
PLACES = ("sites", "kinds")
GENERAL = -1
"""Number of the setting that holds for all whom no other names."""


class Part(NamedTuple):
    """What a setting is asked about: a person, or none; a site and kind, or none."""

    who: str | None
    site: str | None
    kind: str | None


class Division:
    """The settings of one rule that each hold for some."""

    def __init__(self, problem: Problem, parts: Sequence[AppliesTo]) -> None:
        self.problem = problem
        self.parts = parts
        self.by_place = any(part.sites or part.kinds for part in parts)
        self._known: dict[Part, int] = {}
        self._places: dict[Stint, tuple[str, str]] = {}

    def choice(self, asked: Part) -> int:
        """Give the number of the setting that holds for a person and place."""
        found = self._known.get(asked)
        if found is None:
            numbers = [n for n, part in enumerate(self.parts) if self._names(part, asked)]
            found = self._known[asked] = numbers[-1] if numbers else GENERAL
        return found

    def could_be(self, number: int, who: str) -> bool:
        """Tell whether a setting holds for a person at some place."""
        person = self.problem.clinician[who]
        if not self.by_place:
            return self.choice(Part(who, None, None)) == number
        return number == GENERAL or self.parts[number].person(self.problem, person)

    def of(self, bound: Bound) -> int:
        """Give the number of the setting that judges a bound: by its people, else by the sessions that it counts."""
        asked = {part for _, term in bound.terms for part in self._asked(term)}
        people = {part for part in asked if part.who is not None}
        if not asked:
            people = {
                Part(str(x), None, None) for x in bound.subject if isinstance(x, str) and x in self.problem.clinician
            }
        found = {self.choice(part) for part in people or asked or {Part(None, None, None)}}
        return found.pop() if len(found) == 1 else GENERAL

    def _names(self, part: AppliesTo, asked: Part) -> bool:
        if asked.who is not None:
            if not part.person(self.problem, self.problem.clinician[asked.who]):
                return False
        elif any(getattr(part, name) for name in PEOPLE):
            return False
        if asked.site is None or asked.kind is None:
            return not (part.sites or part.kinds)
        return part.place(asked.site, asked.kind)

    def _asked(self, term: Term) -> Iterator[Part]:
        groups = demand_of(self.problem).groups
        match term:
            case AnyOf():
                for inner in term.terms:
                    yield from self._asked(inner)
            case Works() | Present():
                yield from (self._at(term.clinician, stint) for stint in term.stints)
            case Changes() | EndsAt():
                yield from (self._at(term.clinician, stint) for _, stints in term.labels for stint in stints)
            case Assigned():
                yield self._in(term.clinician, groups[term.post.group].first.id)
            case HeldAt() | Unserved():
                yield self._in(None, groups[term.group].first.id)
            case InRoom():
                yield from (self._in(None, session) for session in term.sessions)
            case Flawed():
                yield self._in(None, term.session)

    def _in(self, who: str | None, session: str) -> Part:
        found = self.problem.session.get(session)
        return Part(who, found.site, found.kind) if found and self.by_place else Part(who, None, None)

    def _at(self, who: str, stint: Stint) -> Part:
        if not self.by_place:
            return Part(who, None, None)
        if not self._places:
            for group in demand_of(self.problem).groups:
                place = group.first.site, group.first.kind
                self._places.update((other, place) for stints in group.stints for other in stints)
        return Part(who, *self._places[stint])


class Scoped(Rule):
    """A rule as one of several settings has it, confined to what this setting judges."""

    def __init__(self, rule: Rule, division: Division, number: int) -> None:
        super().__init__()
        for name in ("id", "title", "why", "source", "source_ids", "is_goal", "can_change", "strength", "weight"):
            setattr(self, name, getattr(rule, name))
        self.unit, self.params, self.labels, self.applies_to = rule.unit, rule.params, rule.labels, rule.applies_to
        self.on = tuple(dict.fromkeys((*rule.on, "clinician", "site", "kind")))
        self.rule = rule
        self.division = division
        self.number_of_setting = number
        self._leaves: tuple[Scope, Scope] | None = None

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Ask the rule about its own people only."""
        mine = self.division.could_be(self.number_of_setting, clinician.id)
        return mine and type(self.rule).may is not Rule.may and self.rule.regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Let the rule answer what this setting judges."""
        asked = Part(ask.clinician.id, ask.session.site, ask.session.kind)
        mine = self.division.choice(asked) == self.number_of_setting
        return self.rule.may(ask) if mine else None

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give the bounds that this setting judges."""
        for bound in self.rule.bounds(problem, self._mine(scope)):
            if self.division.of(bound) == self.number_of_setting:
                yield bound

    def _mine(self, scope: Scope) -> Scope:
        """Give the part of a scope that people for whom this setting may hold make up."""
        own = {who: self.division.could_be(self.number_of_setting, who) for who in scope.stints}
        return replace(
            scope,
            stints={who: stints for who, stints in scope.stints.items() if own[who]},
            watches={who: stints for who, stints in scope.watches.items() if own[who]},
            placings=tuple(placing for placing in scope.placings if own[placing.clinician]),
            leaves=lambda: self._mine_of_leaves(scope.leaves()),
        )

    def _mine_of_leaves(self, leaves: Scope) -> Scope:
        if self._leaves is None or self._leaves[0] is not leaves:
            self._leaves = leaves, self._mine(leaves)
        return self._leaves[1]

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Say what the rule says."""
        return self.rule.describe(problem, bound, facts)


def as_set(problem: Problem, rule: type[Rule], settings: Sequence[RuleSetting]) -> Iterator[Rule]:
    """Give a rule once for each way in which it is set: in general first, then by the settings for some."""
    general = next((s for s in settings if s.applies_to is None), None)
    some = [s for s in settings if s.applies_to is not None]
    if not some:
        yield rule(general)
        return
    division = Division(problem, [s.applies_to for s in some if s.applies_to is not None])
    base = rule(general)
    yield Scoped(base, division, GENERAL)
    for number, setting in enumerate(some):
        # What a setting for some leaves open is as in general.
        strength = base.strength if setting.strength is None else setting.strength
        weight = base.weight if setting.weight is None else setting.weight
        whole = replace(setting, strength=strength, weight=weight, params=(*base.params.items(), *setting.params))
        yield Scoped(rule(whole), division, number)


def varies_by(rule: type[Rule]) -> tuple[str, ...]:
    """Give the fields of ``applies_to`` by which a rule can be set otherwise."""
    if not rule.can_change and not rule.is_goal:
        return ()
    by_place = rule.by_place or rule.bounds is Rule.bounds or issubclass(rule, ClashRule)
    return (*PEOPLE, *PLACES) if by_place else PEOPLE
