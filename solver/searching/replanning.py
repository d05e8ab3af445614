"""Plan anew from a plan that people know: with few changes, only the gaps, or keeping a share of it.

Each way is a change of the question, so that solving, audit and explanations work as ever: audit an outcome against
the problem that was solved.
"""

from dataclasses import replace
from enum import StrEnum

from solver.audit import audit
from solver.plan import Plan
from solver.problem import MOST_WEIGHT, Held, Pin, Problem, RuleSetting, Strength

FEWEST_CHANGES_WEIGHT = 300
"""Cost of a changed seat or half-day where changes should be few: more than any comfort, less than a held session."""


class Replanning(StrEnum):
    """How much of the published plan a new one may change."""

    EVERYTHING = "everything"
    FEWEST_CHANGES = "fewest_changes"
    FILL_GAPS = "fill_gaps"
    KEEP_SHARE = "keep_share"


def replanned(problem: Problem, mode: Replanning | str, *, keep_percent: int = 0, base: Plan | None = None) -> Problem:
    """Give the question of planning anew from a base.

    Parameters
    ----------
    mode
        ``everything``: the question as it is.  ``fewest_changes``: each change costs more than comfort gains, and
        the more the nearer to ``problem.today`` it is, as the goal of stability says.  ``fill_gaps``: what the base
        holds is pinned as it is, half-day and people, as far as that is still lawful.  ``keep_share``: at least
        ``keep_percent`` percent of the base's seats keep their person and half-day.
    base
        The plan that people know; None: the published one.

    Raises
    ------
    ValueError
        When the mode is not known, or the percentage does not lie between 0 and 100.
    """
    chosen = Replanning(mode)
    if not 0 <= keep_percent <= 100:
        raise ValueError("keep_percent must lie between 0 and 100")
    if base is not None:
        problem = replace(problem, published=base.held)
    match chosen:
        case Replanning.FEWEST_CHANGES:
            return _with_few_changes(problem)
        case Replanning.FILL_GAPS:
            return replace(problem, pins=(*problem.pins, *_pins(problem)))
        case Replanning.KEEP_SHARE:
            params = (("percent", keep_percent),)
            return _with(problem, RuleSetting("keep_share", strength=Strength.WARN, params=params))
        case _:
            return problem


def _with_few_changes(problem: Problem) -> Problem:
    own = _own(problem, "stability")
    weight = max(FEWEST_CHANGES_WEIGHT, own.weight or 0) if own is not None else FEWEST_CHANGES_WEIGHT
    params = own.params if own is not None else ()
    return _with(problem, RuleSetting("stability", Strength.BLOCK, min(weight, MOST_WEIGHT), params))


def _own(problem: Problem, rule: str) -> RuleSetting | None:
    """Give the setting of a rule that holds for all."""
    return next((s for s in problem.settings if s.rule == rule and s.applies_to is None), None)


def _with(problem: Problem, setting: RuleSetting) -> Problem:
    """Give the problem with a rule set for all, whatever was set before."""
    others = tuple(s for s in problem.settings if s.rule != setting.rule)
    return replace(problem, settings=(*others, setting))


def _pins(problem: Problem) -> list[Pin]:
    """Pin each held session that breaks no blocking rule; a pin that meets a filter yields by itself."""
    known = [held for held in problem.published if held.session in problem.session]
    breaches = audit(problem, Plan(tuple(known))).breaches
    broken = {name for b in breaches if b.strength is Strength.BLOCK for name in b.sessions}
    return [pin for held in known if held.session not in broken for pin in _pins_of(problem, held)]


def _pins_of(problem: Problem, held: Held) -> list[Pin]:
    session = problem.session[held.session]
    if (held.on, held.half_day) not in {(option.on, option.half_day) for option in session.options}:
        return []
    seats = {seat.id for seat in session.seats}
    people = [(seat, who) for seat, who in held.team if seat in seats and who in problem.clinician]
    return [
        Pin(held.session, on=held.on, half_day=held.half_day),
        *(Pin(held.session, seat=seat, clinician=who) for seat, who in people),
    ]
