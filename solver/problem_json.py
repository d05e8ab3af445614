"""Problem, Plan and Outcome to and from JSON: snapshots, interface, bug reports.

The published form of a problem is ``problem.schema.json`` beside this file;
``python -m solver schema`` prints it.
"""

from typing import Any, cast

from solver.outcome import Outcome
from solver.plan import Plan
from solver.problem import FORMAT, InvalidProblem, Problem
from solver.records_json import decode_record, encode_record, record_schema


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """Give the JSON object of a problem; the same problem always gives the same object."""
    return _stamped(problem)


def problem_from_json(data: Any) -> Problem:
    """Give the problem that a JSON object states.

    Raises
    ------
    InvalidProblem
        With the path of the wrong field, e.g. ``sessions[3].options[0].start_at``.
    """
    return cast(Problem, decode_record(Problem, _unstamped(data)))


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Give the JSON object of a plan."""
    return _stamped(plan)


def plan_from_json(data: Any) -> Plan:
    """Give the plan that a JSON object states.

    Raises
    ------
    InvalidProblem
        With the path of the wrong field.
    """
    return cast(Plan, decode_record(Plan, _unstamped(data)))


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Give the JSON object of an outcome."""
    return _stamped(outcome)


def outcome_from_json(data: Any) -> Outcome:
    """Give the outcome that a JSON object states.

    Raises
    ------
    InvalidProblem
        With the path of the wrong field.
    """
    return cast(Outcome, decode_record(Outcome, _unstamped(data)))


def problem_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a problem, as published in ``problem.schema.json``."""
    own, definitions = record_schema(Problem)
    stamp = {"const": FORMAT, "description": "Number of the format; other numbers are refused."}
    own["properties"] = {"format": stamp} | own["properties"]
    own["required"] = ["format", *own["required"]]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A planning problem"}
    return head | own | {"$defs": definitions}


def _stamped(record: Problem | Plan | Outcome) -> dict[str, Any]:
    return {"format": FORMAT} | encode_record(record)


def _unstamped(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise InvalidProblem("(top)", "must be an object")
    if "format" not in data:
        raise InvalidProblem("format", "is missing")
    if data["format"] != FORMAT:
        raise InvalidProblem("format", f"must be {FORMAT}, the only format this version reads")
    return {name: value for name, value in data.items() if name != "format"}
