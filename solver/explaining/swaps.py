"""Who could change places with the person in a seat, where taking it over alone is not allowed or is dearer."""

from collections.abc import Iterator

from solver.audit import audit, why_not
from solver.explaining.comparing import rule_differences
from solver.explaining.placing import ORDER, candidates, has_skill, nearest
from solver.outcome import Reason, SwapVerdict
from solver.plan import Plan
from solver.problem import Clinician, Held, Problem, Seat, Session, Strength


def rank_swaps(problem: Problem, plan: Plan, session_id: str, seat_id: str) -> tuple[SwapVerdict, ...]:
    """Judge the exchanges of the person in a seat with each colleague who could take it, in another session.

    Both must have the role, specialty and side of the seats they change to.  Nothing for a session that is not held.

    Returns
    -------
    tuple[SwapVerdict, ...]
        Allowed exchanges by change of cost, then impossible ones, nearest to being allowed first.
    """
    present = plan.by_session.get(session_id)
    who = dict(present.team).get(seat_id) if present is not None else None
    if present is None or who not in problem.clinician:
        return ()
    swaps = _Swaps(problem, plan, present, seat_id, problem.clinician[who])
    return tuple(sorted(swaps.judged(), key=_rank))


class _Swaps:
    """The exchanges of one person."""

    def __init__(self, problem: Problem, plan: Plan, present: Held, seat: str, who: Clinician) -> None:
        self._problem, self._plan, self._present, self._seat, self._who = problem, plan, present, seat, who
        self._before = audit(problem, plan)

    def judged(self) -> Iterator[SwapVerdict]:
        """Give the verdicts, in no order."""
        session = self._problem.session[self._present.session]
        seat = _seat_of(session, self._seat)
        for colleague in candidates(self._problem, session, seat) if seat is not None else ():
            if colleague.id != self._who.id and colleague.id not in dict(self._present.team).values():
                yield from self._with(colleague)

    def _with(self, colleague: Clinician) -> Iterator[SwapVerdict]:
        for held, name in self._plan.by_clinician.get(colleague.id, ()):
            session = self._problem.session.get(held.session)
            seat = _seat_of(session, name) if session is not None else None
            free = self._who.id not in dict(held.team).values()
            if session is not None and seat is not None and free and self._could(session, seat):
                yield self._verdict(colleague.id, held, name)

    def _could(self, session: Session, seat: Seat) -> bool:
        """Tell whether the person asked about could take a seat for skill and side."""
        return has_skill(self._who, seat) and self._who in candidates(self._problem, session, seat)

    def _verdict(self, colleague: str, other: Held, name: str) -> SwapVerdict:
        mine = _given(self._present, self._seat, colleague)
        theirs = _given(other, name, self._who.id)
        without = self._plan.without([mine.session])
        reasons = self._against(without, theirs, mine)
        if reasons:
            return SwapVerdict(colleague, other.session, name, False, None, reasons)
        after = audit(self._problem, self._plan.with_held(mine).with_held(theirs))
        warnings = why_not(self._problem, without.with_held(theirs), mine, Strength.WARN)
        return SwapVerdict(
            clinician=colleague,
            session=other.session,
            seat=name,
            allowed=True,
            cost_change=after.cost - self._before.cost,
            warnings=warnings,
            rule_costs=rule_differences(self._before.rule_costs, after.rule_costs),
        )

    def _against(self, without: Plan, theirs: Held, mine: Held) -> tuple[Reason, ...]:
        """Give what the colleague's session and then this one would break, each with new people."""
        first = why_not(self._problem, without, theirs)
        return first or why_not(self._problem, without.with_held(theirs), mine)


def _given(held: Held, seat: str, who: str) -> Held:
    team = tuple((name, who if name == seat else person) for name, person in held.team)
    return Held(held.session, held.on, held.half_day, held.room, team)


def _seat_of(session: Session, name: str) -> Seat | None:
    return next((seat for seat in session.seats if seat.id == name), None)


def _rank(verdict: SwapVerdict) -> tuple[bool, int, int]:
    last = nearest(verdict.reasons)
    return not verdict.allowed, verdict.cost_change or 0, -ORDER.get(last.rule, 0) if last else 0
