"""A lawful plan at once: the scarcest sessions first, each with the team that costs least as things stand."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from solver.audit import audit
from solver.bounds import Rule, Scope
from solver.case import Case, case_of
from solver.demand import Group, Post, Stint
from solver.plan import Plan
from solver.problem import Held, Problem, Strength
from solver.terms import Facts

TRIP, VISIT, CHANGE, HABIT = 20, 10, 60, 5
"""Rough prices that order candidates; the audit has the exact ones."""

Team = list[tuple[int, str]]
"""Pairs of seat number and clinician."""


class _Choice(NamedTuple):
    score: int
    option: int


def greedy_plan(problem: Problem) -> Plan:
    """Give a lawful plan in milliseconds: what is published as far as it still holds, then session by session."""
    builder = _Builder(case_of(problem))
    for held in problem.published:
        builder.keep(held)
    for session, group in builder.waiting():
        builder.place(session, group)
    return _lawful(problem, Plan(tuple(builder.held.values())))


def _lawful(problem: Problem, plan: Plan) -> Plan:
    """Leave out sessions until no blocking rule is broken; hardly ever does anything."""
    while plan.held:
        broken = [b for b in audit(problem, plan).breaches if b.strength is Strength.BLOCK and b.sessions]
        if not broken:
            break
        plan = plan.without({breach.sessions[-1] for breach in broken})
    return plan


class _Builder:
    """A plan as it grows."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.facts = Facts(case.problem, case.demand, ())
        self.held: dict[str, Held] = {}
        self.visits: dict[str, int] = {c.id: c.past_visits for c in case.problem.clinicians}
        self.published = {h.session: h for h in case.problem.published}
        self.habits = {(h.clinician, h.site, h.weekday) for h in case.problem.habits}
        self.rules = [rule for rule in case.blocking if type(rule).bounds is not Rule.bounds]

    def waiting(self) -> list[tuple[str, Group]]:
        """Give the sessions not held, pinned ones first, then by priority, then those with the fewest choices."""
        sessions = [(s, g) for g in self.case.demand.groups for s in g.sessions if s not in self.held]
        return sorted(sessions, key=lambda pair: self._rank(pair[1]))

    def _rank(self, group: Group) -> tuple[bool, bool, int, int]:
        numbers = range(len(group.first.options))
        seats = range(len(group.seats))
        choices = [sum(len(self.case.candidates[Post(group.index, n), option]) for option in numbers) for n in seats]
        return not group.is_history, not group.pins, -group.first.priority, min(choices)

    def keep(self, held: Held) -> None:
        """Hold a session as published, if every part of it is still allowed."""
        group = self.case.demand.group_of[held.session]
        option = self.case.demand.options[group.index].get((held.on, held.half_day))
        seats = {self.case.demand.seat_of.get((held.session, seat)): who for seat, who in held.team}
        if option is None or set(seats) != set(range(len(group.seats))):
            return
        if all(who in self.case.candidates[Post(group.index, n), option] for n, who in _known(seats)):
            team = list(_known(seats))
            if self._try(held.session, group, option, team):
                self._hold(held.session, group, option, team)

    def place(self, session: str, group: Group) -> None:
        """Hold a session at the cheapest option that finds a team, or leave it."""
        choices = []
        for option in range(len(group.first.options)):
            posts = [Post(group.index, n) for n in range(len(group.seats))]
            if all(self.case.candidates[post, option] for post in posts):
                best = (
                    min(self._score(group, post, option, who) for who in self.case.candidates[post, option])
                    for post in posts
                )
                choices.append(_Choice(sum(best) + self._moved(session, group, option), option))
        for choice in sorted(choices):
            team = self._team(session, group, choice.option)
            if team is not None:
                self._hold(session, group, choice.option, team)
                return

    def _team(self, session: str, group: Group, option: int) -> Team | None:
        if self._broken((), [(group.index, option)], session):
            return None
        team: Team = []
        posts = [Post(group.index, n) for n in range(len(group.seats))]
        posts.sort(key=lambda p: (not group.seats[p.seat].exclusive, len(self.case.candidates[p, option])))
        for post in posts:
            taken = {who for n, who in team if group.seats[n].exclusive and group.seats[post.seat].exclusive}
            mates = {who for _, who in team}
            candidates = [who for who in self.case.candidates[post, option] if who not in taken]
            candidates.sort(key=lambda who: (who not in mates, self._score(group, post, option, who)))
            stint = group.stints[post.seat][option]
            chosen = next(
                (who for who in candidates if self._free(who, stint) and self._fits(who, stint, session)), None
            )
            if chosen is None:
                return None
            team.append((post.seat, chosen))
        return team if self._try(session, group, option, team) else None

    def _score(self, group: Group, post: Post, option: int, who: str) -> int:
        problem, stint = self.case.problem, group.stints[post.seat][option]
        site = stint.site
        score = len(self.facts.taken.get(who, ()))
        if stint.exclusive and site != problem.clinician[who].home_site:
            if not any(s.site == site and s.on == stint.on for s in self.facts.taken.get(who, ())):
                score += TRIP + VISIT * self.visits[who]
            if (who, site, stint.on.isoweekday()) in self.habits:
                score -= HABIT
        return score

    def _moved(self, session: str, group: Group, option: int) -> int:
        before = self.published.get(session)
        at = group.first.options[option]
        return CHANGE if before is not None and (before.on, before.half_day) != (at.on, at.half_day) else 0

    def _free(self, who: str, stint: Stint) -> bool:
        """Tell at a glance whether the person is not somewhere else at that time."""
        return not stint.exclusive or all(
            other.start_at >= stint.end_at or stint.start_at >= other.end_at or not other.exclusive
            for other in self.facts.taken.get(who, ())
        )

    def _fits(self, who: str, stint: Stint, session: str) -> bool:
        self.facts.taken.setdefault(who, {}).setdefault(stint, []).append(session)
        broken = self._broken((who,), (), session)
        self._drop(who, stint)
        return not broken

    def _drop(self, who: str, stint: Stint) -> None:
        self.facts.taken[who][stint].pop()
        if not self.facts.taken[who][stint]:
            del self.facts.taken[who][stint]

    def _try(self, session: str, group: Group, option: int, team: Team) -> bool:
        """Tell whether a whole team fits together."""
        stints = [(who, group.stints[n][option]) for n, who in team]
        for who, stint in stints:
            self.facts.taken.setdefault(who, {}).setdefault(stint, []).append(session)
        broken = self._broken({who for who, _ in stints}, [(group.index, option)], session)
        for who, stint in stints:
            self._drop(who, stint)
        return not broken

    def _broken(self, people: Iterable[str], places: list[tuple[int, int]] | tuple[()], session: str) -> bool:
        """Tell whether a blocking rule is broken for these people, or once one more session is held there."""
        taken = {who: sorted(self.facts.taken.get(who, ()), key=lambda s: (s.start_at, s.index)) for who in people}
        scope = replace(
            self._empty,
            stints={who: tuple(s for s in mine if s.exclusive) for who, mine in taken.items()},
            watches={who: tuple(s for s in mine if not s.exclusive) for who, mine in taken.items()},
            held=tuple(places),
        )
        for place in places:
            self.facts.held.setdefault(place, []).append(session)
        broken = any(self._beyond(rule, scope) for rule in self.rules)
        for place in places:
            self.facts.held[place].pop()
        return broken

    def _beyond(self, rule: Rule, scope: Scope) -> bool:
        return any(
            bound.cost is None and not bound.advice and bound.units(self.facts.total(bound.terms))
            for bound in rule.bounds(self.case.problem, scope)
        )

    @property
    def _empty(self) -> Scope:
        return Scope(self.case.demand, {}, {}, (), (), lambda: self.case.leaves, {}, {}, {})

    def _hold(self, session: str, group: Group, option: int, team: Team) -> None:
        for n, who in team:
            stint = group.stints[n][option]
            home = self.case.problem.clinician[who].home_site
            mine = self.facts.taken.setdefault(who, {})
            if stint.exclusive and stint.site != home and not any(s.on == stint.on for s in mine):
                self.visits[who] += 1
            mine.setdefault(stint, []).append(session)
        self.facts.held.setdefault((group.index, option), []).append(session)
        at, seats = group.first.options[option], self.case.problem.session[session].seats
        named = tuple((seats[n].id, who) for n, who in sorted(team))
        self.held[session] = Held(session, at.on, at.half_day, None, named)


def _known(seats: dict[int | None, str]) -> Iterator[tuple[int, str]]:
    return ((n, who) for n, who in seats.items() if n is not None)
