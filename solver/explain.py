"""Why not, where else, who else: questions about a plan, answered by the same rules that judge it."""

from solver.outcome import CandidateRefusal, Gap, Reason, SeatExplanation
from solver.placing import against, candidates, nearest, nobody, shut
from solver.plan import Plan
from solver.problem import Option, Problem, Seat, Session
from solver.ranking import rank_candidates, rank_places
from solver.text import N_, say

__all__ = ["explain_gaps", "rank_candidates", "rank_places"]


def explain_gaps(problem: Problem, plan: Plan) -> tuple[Gap, ...]:
    """Explain every session that is not held, seat by seat, in the order of the problem."""
    return tuple(_gap(problem, plan, s) for s in problem.sessions if s.id not in plan.by_session)


def _gap(problem: Problem, plan: Plan, session: Session) -> Gap:
    closed = {option: shut(problem, plan, session, option) for option in session.options}
    reachable = [option for option in session.options if not closed[option]]
    seats = tuple(_seat(problem, plan, session, seat, reachable or list(session.options)) for seat in session.seats)
    reasons = [] if session.options else [Reason("coverage", say(PAST, session=session.title))]
    # That a session is pinned elsewhere is no news as long as it could be held where it is pinned.
    reasons += [r for found in closed.values() for r in found if not reachable or r.rule != "pinned"]
    reasons += [nobody(problem, session, s) for s in session.seats if not candidates(problem, session, s)]
    return Gap(session.id, session.priority, seats, tuple(dict.fromkeys(reasons)))


def _seat(problem: Problem, plan: Plan, session: Session, seat: Seat, options: list[Option]) -> SeatExplanation:
    """Tell who is refused a seat at all of these half-days, and who is not."""
    refused: list[CandidateRefusal] = []
    free: list[str] = []
    for who in candidates(problem, session, seat):
        firsts = (next(against(problem, plan, session, seat, who.id, option), None) for option in options)
        reason = nearest(firsts)
        if reason is not None:
            refused.append(CandidateRefusal(who.id, reason))
        elif options:
            free.append(who.id)
    return SeatExplanation(seat.id, seat.role, tuple(refused), tuple(free))


PAST = N_("All half-days of “%(session)s” have passed.")
