"""Where else a session could be, and who else could take a seat, with what it would cost."""

from collections.abc import Iterator
from datetime import date, timedelta

from solver.audit import audit, why_not
from solver.explaining.comparing import rule_differences
from solver.explaining.placing import (
    ORDER,
    WHOLE,
    Team,
    against,
    candidates,
    free_team,
    has_skill,
    held_at,
    nearest,
    nobody,
    shut,
)
from solver.outcome import Audit, PlaceVerdict, Reason, SeatVerdict
from solver.plan import Plan
from solver.problem import HalfDay, Held, Option, Problem, Session, Strength
from solver.rooms import fits
from solver.text import N_, say


def rank_places(problem: Problem, plan: Plan, session_id: str) -> tuple[PlaceVerdict, ...]:
    """Judge all half-days of the session's week and all rooms of its kind, with the session's present team.

    A session that is not held is judged with a team that is free then.

    Returns
    -------
    tuple[PlaceVerdict, ...]
        Allowed places by change of cost, then impossible ones: offered half-days first, each by time.
    """
    return _Places(problem, plan, problem.session[session_id]).ranked()


def rank_candidates(problem: Problem, plan: Plan, session_id: str, seat_id: str) -> tuple[SeatVerdict, ...]:
    """Judge everyone who has the role and specialty of a seat, with all else as planned.

    In a session that is not held, a person is judged at each of its half-days and the best one counts.

    Returns
    -------
    tuple[SeatVerdict, ...]
        Allowed people by change of cost, then impossible ones, nearest to being allowed first.
    """
    session = problem.session[session_id]
    seats = _Seats(problem, plan, session, seat_id)
    able = [who.id for who in problem.clinicians if has_skill(who, seats.seat)]
    return tuple(sorted((seats.judged(who) for who in able), key=_seat_rank))


class _Places:
    """The places of a session in its week."""

    def __init__(self, problem: Problem, plan: Plan, session: Session) -> None:
        self._problem, self._plan, self._session = problem, plan, session
        self._present = plan.by_session.get(session.id)
        self._before = audit(problem, plan)
        self._rooms = tuple(room.id for room in problem.rooms if fits(room, session)) or (None,)
        used = {option.half_day for one in problem.sessions for option in one.options}
        self._columns = [half_day for half_day in HalfDay if half_day in used]

    def ranked(self) -> tuple[PlaceVerdict, ...]:
        """Give the verdicts in the order of ``rank_places``."""
        offered = {(option.on, option.half_day): option for option in self._session.options}
        listed: list[PlaceVerdict] = []
        other: list[PlaceVerdict] = []
        for on in self._days():
            for half_day in self._columns:
                option = offered.get((on, half_day))
                if option is None:
                    reason = Reason(WHOLE, say(NOT_OFFERED, session=self._session.title, date=on))
                    other += self._refused(on, half_day, (reason,))
                else:
                    listed += self._at(option)
        return (*sorted(listed, key=lambda v: (v.cost_change is None, v.cost_change or 0)), *other)

    def _days(self) -> list[date]:
        """Give the days of the week in which the session is or could be held."""
        firsts = [option.on for option in self._session.options] or [self._problem.first_on]
        on = self._present.on if self._present is not None else firsts[0]
        monday = on - timedelta(days=on.isoweekday() - 1)
        return [monday + timedelta(days=n) for n in range(7)]

    def _refused(self, on: date, half_day: HalfDay, reasons: tuple[Reason, ...]) -> Iterator[PlaceVerdict]:
        for room in self._rooms:
            yield PlaceVerdict(on, half_day, room, False, None, reasons)

    def _at(self, option: Option) -> Iterator[PlaceVerdict]:
        team = self._team(option)
        if team is None:
            yield from self._refused(option.on, option.half_day, self._no_team(option))
            return
        after: Audit | None = None
        for room in self._rooms:
            held = held_at(self._session, option, team, room)
            reasons = why_not(self._problem, self._plan, held)
            if reasons:
                yield PlaceVerdict(option.on, option.half_day, room, False, None, reasons)
                continue
            if after is None:
                # No rule prices a room, so one audit serves all rooms of the half-day.
                after = audit(self._problem, self._plan.with_held(held))
                cost, touched = (
                    after.cost - self._before.cost,
                    rule_differences(self._before.rule_costs, after.rule_costs),
                )
            warnings = why_not(self._problem, self._plan, held, Strength.WARN)
            yield PlaceVerdict(option.on, option.half_day, room, True, cost, (), warnings, touched)

    def _team(self, option: Option) -> Team | None:
        if self._present is not None:
            return self._present.team
        return free_team(self._problem, self._plan, self._session, option)

    def _no_team(self, option: Option) -> tuple[Reason, ...]:
        """Say why nobody holds the session then: what shuts the half-day, or what keeps people out of its seats."""
        problem, plan, session = self._problem, self._plan, self._session
        reasons = shut(problem, plan, session, option)
        if reasons:
            return reasons
        found = [Reason(WHOLE, say(NO_TEAM, session=session.title, date=option.on))]
        for seat in session.seats:
            able = candidates(problem, session, seat)
            firsts = (next(against(problem, plan, session, seat, who.id, option), None) for who in able)
            found += [first for first in firsts if first is not None]
            found += [] if able else [nobody(problem, session, seat)]
        return tuple(dict.fromkeys(found))


class _Seats:
    """The people who could take one seat."""

    def __init__(self, problem: Problem, plan: Plan, session: Session, seat: str) -> None:
        self._problem, self._plan, self._session = problem, plan, session
        self.seat = next(s for s in session.seats if s.id == seat)
        self._present = plan.by_session.get(session.id)
        self._before = audit(problem, plan)

    def judged(self, who: str) -> SeatVerdict:
        """Give the verdict on one person."""
        if self._present is not None:
            return self._in_place_of(self._present, who)
        found = [self._at(option, who) for option in self._session.options]
        return min(found, key=_seat_rank, default=SeatVerdict(who, False, None))

    def _in_place_of(self, present: Held, who: str) -> SeatVerdict:
        others = tuple((seat, person) for seat, person in present.team if seat != self.seat.id)
        held = Held(present.session, present.on, present.half_day, present.room, (*others, (self.seat.id, who)))
        reasons = why_not(self._problem, self._plan, held)
        return SeatVerdict(who, False, None, reasons) if reasons else self._allowed(held, who)

    def _at(self, option: Option, who: str) -> SeatVerdict:
        """Judge a person in a session that is not held: with a team that is free then, if there is one."""
        problem, plan, session = self._problem, self._plan, self._session
        reasons = (*against(problem, plan, session, self.seat, who, option), *shut(problem, plan, session, option))
        if reasons:
            return SeatVerdict(who, False, None, tuple(dict.fromkeys(reasons)))
        team = free_team(problem, plan, session, option, {self.seat.id: who})
        if team is None:
            no_team = Reason(WHOLE, say(NO_TEAM, session=session.title, date=option.on))
            return SeatVerdict(who, False, None, (no_team,))
        return self._allowed(held_at(session, option, team), who)

    def _allowed(self, held: Held, who: str) -> SeatVerdict:
        after = audit(self._problem, self._plan.with_held(held))
        warnings = why_not(self._problem, self._plan, held, Strength.WARN)
        cost = after.cost - self._before.cost
        return SeatVerdict(who, True, cost, (), warnings, rule_differences(self._before.rule_costs, after.rule_costs))


def _seat_rank(verdict: SeatVerdict) -> tuple[bool, int, int]:
    last = nearest(verdict.reasons)
    return not verdict.allowed, verdict.cost_change or 0, -ORDER.get(last.rule, 0) if last else 0


NOT_OFFERED = N_("“%(session)s” is not offered at this half-day of %(date)s.")
NO_TEAM = N_("No whole team is free for “%(session)s” at this half-day of %(date)s.")
