"""Why not, where else, who else: questions about a plan, answered by the same rules that judge it."""

from collections.abc import Mapping
from dataclasses import replace

from solver.demand import demand_of
from solver.explaining.placing import against, candidates, nearest, nobody, shut
from solver.explaining.ranking import rank_candidates, rank_places
from solver.outcome import CandidateRefusal, Gap, Reason, SeatExplanation
from solver.plan import Plan
from solver.problem import Option, Problem, Seat, Session
from solver.text import N_, say

__all__ = ["explain_gaps", "rank_candidates", "rank_places"]

Shut = Mapping[Option, tuple[Reason, ...]]
"""Half-days, and for each why it is impossible whoever comes."""


def explain_gaps(problem: Problem, plan: Plan) -> tuple[Gap, ...]:
    """Explain every session that is not held, seat by seat, in the order of the problem."""
    demand = demand_of(problem)
    alike: dict[tuple[int, str], tuple[Session, Gap]] = {}
    gaps = []
    for session in problem.sessions:
        if session.id not in plan.by_session:
            key = demand.group_of[session.id].index, session.title
            if key not in alike:
                alike[key] = session, _gap(problem, plan, session)
            gaps.append(_named(*alike[key], session))
    return tuple(gaps)


def _named(first: Session, gap: Gap, session: Session) -> Gap:
    """Give the explanation of a session that is alike in all but the ids of itself and its seats."""
    ids = {one.id: other.id for one, other in zip(first.seats, session.seats, strict=True)}
    return replace(gap, session=session.id, seats=tuple(replace(seen, seat=ids[seen.seat]) for seen in gap.seats))


def _gap(problem: Problem, plan: Plan, session: Session) -> Gap:
    closed = {option: shut(problem, plan, session, option) for option in session.options}
    reachable = {option: reasons for option, reasons in closed.items() if not reasons}
    seats = tuple(_seat(problem, plan, session, seat, reachable or closed) for seat in session.seats)
    reasons = [] if session.options else [Reason("coverage", say(PAST, session=session.title))]
    # That a session is pinned elsewhere is no news as long as it could be held where it is pinned.
    reasons += [r for found in closed.values() for r in found if not reachable or r.rule != "pinned"]
    reasons += [nobody(problem, session, s) for s in session.seats if not candidates(problem, session, s)]
    return Gap(session.id, session.priority, seats, tuple(dict.fromkeys(reasons)))


def _seat(problem: Problem, plan: Plan, session: Session, seat: Seat, options: Shut) -> SeatExplanation:
    """Tell who is refused a seat at all of these half-days, and who is not."""
    refused: list[CandidateRefusal] = []
    free: list[str] = []
    for who in candidates(problem, session, seat):
        reason = nearest(
            next(against(problem, plan, session, seat, who.id, option, general), None)
            for option, general in options.items()
        )
        if reason is not None:
            refused.append(CandidateRefusal(who.id, reason))
        elif options:
            free.append(who.id)
    return SeatExplanation(seat.id, seat.role, tuple(refused), tuple(free))


PAST = N_("All half-days of “%(session)s” have passed.")
