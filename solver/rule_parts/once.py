"""Facts that follow from a problem alone, worked out when first asked for and kept with it."""

from collections.abc import Callable
from typing import TypeVar, cast

from solver.problem import Problem

T = TypeVar("T")


def once(problem: Problem, name: str, work_out: Callable[[Problem], T]) -> T:
    """Give what ``work_out`` makes of a problem, made at the first call with this name."""
    known = problem.__dict__
    key = f"_once_{name}"
    if key not in known:
        known[key] = work_out(problem)
    return cast("T", known[key])
