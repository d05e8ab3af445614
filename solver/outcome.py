"""What a solve gives, and what an audit finds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from solver.plan import Plan
from solver.problem import HalfDay, Strength
from solver.text import Message


class SolveStatus(StrEnum):
    """How far a solve came.  A plan exists in every case but ``FAILED``; gaps are no failure."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule forbids a placing; the message is complete and carries numbers."""

    rule: str
    message: Message


@dataclass(frozen=True, slots=True)
class Breach:
    """A bound or filter that a plan does not keep.

    Parameters
    ----------
    units
        How far beyond the limit, at least 1.
    sessions, clinicians
        Ids of what it touches, for marking them on the board.
    """

    rule: str
    strength: Strength
    message: Message
    units: int = 1
    sessions: tuple[str, ...] = ()
    clinicians: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCost:
    """What a rule or goal costs in a plan."""

    rule: str
    units: int
    cost: int


@dataclass(frozen=True, slots=True)
class Audit:
    """The judgement of a plan by the rules alone, without any solver."""

    cost: int
    rule_costs: tuple[RuleCost, ...]
    breaches: tuple[Breach, ...]

    @property
    def lawful(self) -> bool:
        """Tell whether no blocking rule is broken."""
        return all(b.strength is not Strength.BLOCK for b in self.breaches)


class Severity(StrEnum):
    """What a finding before solving means: these sessions cannot be held, some of them cannot, or worth a look."""

    STOPS = "stops"
    GAP = "gap"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a named check finds wrong with a problem before it is solved.

    Parameters
    ----------
    check
        Id of the check.
    sessions, clinicians
        Ids of what it touches.
    missing
        The number that lacks, where there is one: sessions that cannot be held, rooms, people.
    """

    check: str
    severity: Severity
    message: Message
    sessions: tuple[str, ...] = ()
    clinicians: tuple[str, ...] = ()
    missing: int = 0


@dataclass(frozen=True, slots=True)
class CandidateRefusal:
    """The first rule that keeps one clinician out of a seat."""

    clinician: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class SeatExplanation:
    """Why a seat could not be filled: each candidate who has the role and specialty, and the first rule that forbids.

    ``free`` lists candidates whom no rule forbids; then another seat, the room or the worth of other sessions decides.
    """

    seat: str
    role: str
    refusals: tuple[CandidateRefusal, ...]
    free: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A session that is not held, explained seat by seat; ``reasons`` concern the session itself (room, agreement)."""

    session: str
    priority: int
    seats: tuple[SeatExplanation, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceVerdict:
    """Whether a session could be held at this half-day and room with its present (or given) team.

    ``cost_change`` is the change of the whole plan's cost; None when a blocking rule forbids the place.
    ``rule_costs`` are the rules touched, each with the change of its units and cost.
    """

    on: date
    half_day: HalfDay
    room: str | None
    allowed: bool
    cost_change: int | None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    rule_costs: tuple[RuleCost, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatVerdict:
    """Whether a clinician could take a seat as the plan stands, and what it would cost.

    ``rule_costs`` are the rules touched, each with the change of its units and cost.
    """

    clinician: str
    allowed: bool
    cost_change: int | None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    rule_costs: tuple[RuleCost, ...] = ()


@dataclass(frozen=True, slots=True)
class SwapVerdict:
    """Whether the person in a seat could change places with a colleague in another session, and what it would cost.

    Parameters
    ----------
    clinician
        The colleague, who would take the seat asked about.
    session, seat
        Where the colleague is planned, and the other would go.
    """

    clinician: str
    session: str
    seat: str
    allowed: bool
    cost_change: int | None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    rule_costs: tuple[RuleCost, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a running solve.

    Parameters
    ----------
    phase
        building, presolve, searching or done.
    cost, rule_costs
        Of the best plan so far, by its audit.
    gaps
        Number of sessions that it does not hold.
    plan
        Only when it is better than the one told before, and at the end.
    engine
        What has found the latest news: ``greedy``, an engine, or ``neighbourhoods``.
    """

    phase: str
    seconds: float
    cost: int | None = None
    bound: float | None = None
    gaps: int | None = None
    plan: Plan | None = None
    rule_costs: tuple[RuleCost, ...] = ()
    engine: str = ""

    @property
    def gap(self) -> float | None:
        """Give (cost - bound) / cost; None as long as either is missing."""
        if self.cost is None or self.bound is None:
            return None
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a solve: the best plan, its audited cost, and how good it is known to be.

    Parameters
    ----------
    bound
        No plan can cost less.
    yielded_pins
        Messages about pins that met a rule and were let go.
    versions
        Pairs of library name and version that produced the plan.
    start_seconds
        What was waited for an engine's process to come up; not part of ``seconds``.
    """

    status: SolveStatus
    plan: Plan
    cost: int
    bound: float
    rule_costs: tuple[RuleCost, ...]
    breaches: tuple[Breach, ...]
    gaps: tuple[Gap, ...]
    yielded_pins: tuple[Message, ...] = ()
    engine: str = ""
    seed: int = 0
    seconds: float = 0.0
    first_plan_seconds: float | None = None
    versions: tuple[tuple[str, str], ...] = ()
    note: str = ""
    start_seconds: float = 0.0

    @property
    def gap(self) -> float:
        """Give (cost - bound) / cost, 0 when proven optimal or free of cost."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost else 0.0
