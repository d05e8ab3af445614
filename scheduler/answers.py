"""Answers of the solver to questions about a plan, as JSON and back: what the worker keeps and pages read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solver.explaining.contrast import Contrast, Wanted, why_not_instead
from solver.explaining.remedies import Remedy, remedies
from solver.explaining.tradeoff import TradeOffPoint, trade_off
from solver.plan import Plan
from solver.problem import Problem
from solver.records_json import decode_record, encode_record
from solver.searching.greedy import lawful_part

PLAN, REMEDIES, CONTRAST, TRADE_OFF = "plan", "remedies", "contrast", "trade_off"
"""What a run gives: a plan, or the answer to a question."""


@dataclass(frozen=True, slots=True)
class RemediesAsked:
    """What would have to change so that a session can be held?"""

    session: str


@dataclass(frozen=True, slots=True)
class TradeOffAsked:
    """What does one goal gain when another gives way?  Both by the ids of their rules."""

    one: str
    other: str


Asked = RemediesAsked | Wanted | TradeOffAsked
_KINDS: dict[type, str] = {RemediesAsked: REMEDIES, Wanted: CONTRAST, TradeOffAsked: TRADE_OFF}
_TYPES: dict[str, type] = {kind: of for of, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Remedies:
    """The answer to ``RemediesAsked``.

    ``left_out`` counts the sessions of the plan that break blocking rules, so that no plan could keep them.
    """

    remedies: tuple[Remedy, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class TradeOff:
    """The answer to ``TradeOffAsked``."""

    points: tuple[TradeOffPoint, ...]


Answer = Remedies | Contrast | TradeOff
_ANSWERS: dict[str, type] = {REMEDIES: Remedies, CONTRAST: Contrast, TRADE_OFF: TradeOff}


def kind_of(asked: Asked) -> str:
    """Give the kind of run that answers a question."""
    return _KINDS[type(asked)]


def asked_to_json(asked: Asked) -> dict[str, Any]:
    """Give a question as JSON."""
    return encode_record(asked)


def asked_from_json(kind: str, data: Mapping[str, Any]) -> Asked:
    """Read a question of this kind."""
    asked: Asked = decode_record(_TYPES[kind], dict(data))
    return asked


def answer(problem: Problem, plan: Plan, asked: Asked, seconds: float) -> dict[str, Any]:
    """Ask the solver, and give its answer as JSON.

    Parameters
    ----------
    seconds
        Time for the search; starting an engine does not count.
    """
    return encode_record(_answered(problem, plan, asked, seconds))


def answer_from_json(kind: str, data: Mapping[str, Any]) -> Answer:
    """Read the answer to a question of this kind."""
    found: Answer = decode_record(_ANSWERS[kind], dict(data))
    return found


def _answered(problem: Problem, plan: Plan, asked: Asked, seconds: float) -> Answer:
    match asked:
        case RemediesAsked(session):
            lawful = lawful_part(problem, plan)
            found = remedies(problem, lawful, session, seconds=seconds)
            return Remedies(found, left_out=len(plan.held) - len(lawful.held))
        case TradeOffAsked(one, other):
            return TradeOff(trade_off(problem, one, other, seconds=seconds))
        case Wanted():
            return why_not_instead(problem, plan, asked, seconds=seconds)
