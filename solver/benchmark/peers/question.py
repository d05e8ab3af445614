"""A problem as other solvers are told it: who may take which seat when, and the bounds of all rules, spelt out.

A *choice* is one person in one seat of one session at one half-day: what a tutorial makes a Boolean of.  Filters
have gone into the list of choices; a bound counts choices, or asks whether any of some is taken.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from solver.case import Case, case_of
from solver.demand import Group, Stint
from solver.plan import Plan
from solver.problem import Held, Problem
from solver.terms import AnyOf, Assigned, HeldAt, Present, Term, Unserved, Works

Json = dict[str, Any]
Choice = tuple[int, int, int, str, Stint]
"""Numbers of session, seat and option, the clinician, and the stint that the seat means there."""


class Question:
    """The choices and bounds of a problem.

    Attributes
    ----------
    choices
        In a fixed order; a peer's answer names them by number.
    unstated
        Ids of rules with bounds that choices cannot say; these bounds are left out.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._case = case_of(problem)
        self.choices: list[Choice] = list(_choices(self._case))
        self.unstated: tuple[str, ...] = ()
        self._by_stint: dict[tuple[str, int], list[int]] = {}
        self._by_post: dict[tuple[int, int, int, str], list[int]] = {}
        self._lead: dict[tuple[int, int], list[int]] = {}
        group_of = self._case.demand.group_of
        for number, (session, seat, option, who, stint) in enumerate(self.choices):
            group = group_of[problem.sessions[session].id].index
            self._by_stint.setdefault((who, stint.index), []).append(number)
            self._by_post.setdefault((group, seat, option, who), []).append(number)
            if seat == 0:
                self._lead.setdefault((group, option), []).append(number)

    def to_json(self) -> Json:
        """Give all that a peer is told."""
        people = {person.id: n for n, person in enumerate(self.problem.clinicians)}
        start = min((c[4].start_at for c in self.choices), default=None)
        return {
            "sessions": [[len(s.seats), len(s.options)] for s in self.problem.sessions],
            "choices": [
                [s, seat, option, people[who], stint.index, stint.exclusive]
                for s, seat, option, who, stint in self.choices
            ],
            "stints": [
                [int((s.start_at - start).total_seconds()) // 60, int((s.end_at - start).total_seconds()) // 60]
                for s in self._case.demand.stints
                if start is not None
            ],
            "bounds": list(self._bounds()),
        }

    def plan(self, taken: Iterable[int]) -> Plan:
        """Give the plan of some choices; a session with an empty seat is not held."""
        teams: dict[tuple[int, int], dict[int, str]] = {}
        for number in taken:
            session, seat, option, who, _ = self.choices[number]
            teams.setdefault((session, option), {})[seat] = who
        return Plan(tuple(self._held(*place, team) for place, team in teams.items() if self._is_whole(place[0], team)))

    def _is_whole(self, session: int, team: dict[int, str]) -> bool:
        return len(team) == len(self.problem.sessions[session].seats)

    def _held(self, number: int, option: int, team: dict[int, str]) -> Held:
        session = self.problem.sessions[number]
        at = session.options[option]
        return Held(session.id, at.on, at.half_day, None, tuple((s.id, team[n]) for n, s in enumerate(session.seats)))

    def _bounds(self) -> Iterator[Json]:
        unstated: dict[str, None] = {}
        for rule in self._case.rules:
            for bound in rule.bounds(self.problem, self._case.leaves):
                price = rule.price(bound)
                if price == 0:
                    continue
                parts = [(amount, self._part(term)) for amount, term in bound.terms]
                if any(part is None for _, part in parts):
                    unstated[rule.id] = None
                    continue
                known = [(amount, *part) for amount, part in parts if part is not None]
                yield {
                    "rule": rule.id,
                    "low": bound.low,
                    "high": bound.high,
                    "cost": price,
                    "constant": sum(amount * constant for amount, _, constant, _ in known),
                    "terms": [[amount * sign, once, numbers] for amount, (sign, once), _, numbers in known if numbers],
                }
        self.unstated = tuple(unstated)

    def _part(self, term: Term) -> tuple[tuple[int, bool], int, list[int]] | None:
        """Give sign and whether it counts once, a constant, and the choices counted; None where these cannot say it."""
        match term:
            case Works() | Present():
                return (1, isinstance(term, Present)), 0, self._numbers(term)
            case Assigned() | HeldAt():
                return (1, False), 0, self._numbers(term)
            case AnyOf():
                return (1, True), 0, list(dict.fromkeys(n for inner in term.terms for n in self._numbers(inner)))
            case Unserved():
                group = self._case.demand.groups[term.group]
                return (-1, False), group.size, self._served(group)
            case _:
                return None

    def _numbers(self, term: Term) -> list[int]:
        match term:
            case Works() | Present():
                return [n for s in term.stints for n in self._by_stint.get((term.clinician, s.index), ())]
            case Assigned():
                return self._by_post.get((*term.post, term.option, term.clinician), [])
            case HeldAt():
                return self._lead.get((term.group, term.option), [])
            case _:
                return []

    def _served(self, group: Group) -> list[int]:
        return [n for option in range(len(group.first.options)) for n in self._lead.get((group.index, option), ())]


def _choices(case: Case) -> Iterator[Choice]:
    number = {session.id: n for n, session in enumerate(case.problem.sessions)}
    for (post, option), team in case.candidates.items():
        group = case.demand.groups[post.group]
        for session in group.sessions:
            for who in team:
                yield number[session], post.seat, option, who, group.stints[post.seat][option]
