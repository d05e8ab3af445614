"""A plan: which sessions are held when, where and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from solver.problem import HalfDay, Held


@dataclass(frozen=True)
class Plan:
    """The held sessions of a problem; a session that is not listed is not held (a gap)."""

    held: tuple[Held, ...] = ()

    @cached_property
    def by_session(self) -> dict[str, Held]:
        """Held sessions by session id."""
        return {h.session: h for h in self.held}

    @cached_property
    def by_clinician(self) -> dict[str, tuple[tuple[Held, str], ...]]:
        """For each clinician the pairs of held session and seat id, in order of day and half-day."""
        found: dict[str, list[tuple[Held, str]]] = {}
        order = {half_day: n for n, half_day in enumerate(HalfDay)}
        for held in sorted(self.held, key=lambda h: (h.on, order[h.half_day], h.session)):
            for seat, clinician in held.team:
                found.setdefault(clinician, []).append((held, seat))
        return {who: tuple(items) for who, items in found.items()}

    @cached_property
    def by_day(self) -> dict[date, tuple[Held, ...]]:
        """Held sessions by day."""
        found: dict[date, list[Held]] = {}
        for held in self.held:
            found.setdefault(held.on, []).append(held)
        return {day: tuple(items) for day, items in found.items()}

    def with_held(self, held: Held) -> "Plan":
        """Give a plan in which this session is held like that, whatever it was before."""
        return Plan((*(h for h in self.held if h.session != held.session), held))

    def without(self, sessions: Iterable[str]) -> "Plan":
        """Give a plan in which these sessions are not held."""
        gone = set(sessions)
        return Plan(tuple(h for h in self.held if h.session not in gone))
