"""What an audit found in a version: the record that is kept with it as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solver.outcome import Breach, Gap, RuleCost
from solver.problem import Strength
from solver.records_json import decode_record, encode_record
from solver.text import Message


@dataclass(frozen=True, slots=True)
class Findings:
    """The judgement of one version by the rules.

    Parameters
    ----------
    cost
        None for a version that was never judged.
    bound
        No plan can cost less; None when nobody asked a solver.
    status
        A solve's status, or ``edited``.
    gaps
        Sessions not held, explained seat by seat.
    notes
        Pins that met a rule and were let go.
    """

    cost: int | None = None
    bound: float | None = None
    status: str = ""
    rule_costs: tuple[RuleCost, ...] = ()
    breaches: tuple[Breach, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[Message, ...] = ()

    def of_strength(self, strength: Strength) -> tuple[Breach, ...]:
        """Give the breaches of rules of this strength."""
        return tuple(b for b in self.breaches if b.strength is strength)


def findings_to_json(findings: Findings) -> dict[str, Any]:
    """Give the JSON object kept in ``RosterVersion.findings``."""
    return encode_record(findings)


def findings_of(kept: Mapping[str, Any]) -> Findings:
    """Read ``RosterVersion.findings``."""
    found: Findings = decode_record(Findings, dict(kept))
    return found
