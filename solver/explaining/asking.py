"""Questions about a problem and a plan on the command line, answered in words or as one line of JSON."""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from solver.checking.prechecks import check_problem
from solver.engines.process import EnginePool
from solver.explain import explain_gaps
from solver.explaining.choosing import Choice, why_this_person
from solver.explaining.contrast import Contrast, Wanted, why_not_instead
from solver.explaining.pin_conflicts import PinConflict, pin_conflicts
from solver.explaining.remedies import Remedy, remedies
from solver.explaining.swaps import rank_swaps
from solver.explaining.tradeoff import TradeOffPoint, trade_off
from solver.outcome import Gap, RuleCost
from solver.plan import Plan
from solver.problem import InvalidProblem, Pin, Problem
from solver.records_json import encode_record

FINE, FOUND = 0, 1

ReadProblem = Callable[[Path], Problem]
ReadPlan = Callable[[Path], Plan]
Lines = Iterator[str]


def add_check(commands: Any, read: ReadProblem) -> None:
    """Add the command that runs the named checks."""
    checking = commands.add_parser("check", help="say what cannot go well whatever the solver does")
    checking.add_argument("problem", type=Path, help="problem as JSON")
    checking.add_argument("--json", action="store_true", help="print the findings as one line of JSON")
    checking.set_defaults(run=lambda given: _check(given, read(given.problem)))


def add_explain(commands: Any, read: ReadProblem, read_plan: ReadPlan, seconds: Callable[[str], float]) -> None:
    """Add the command that answers questions about a plan."""
    explaining = commands.add_parser("explain", help="say why sessions are not held, and answer other questions")
    explaining.add_argument("problem", type=Path, help="problem as JSON")
    explaining.add_argument("outcome", type=Path, help="outcome or plan as JSON")
    explaining.add_argument("--session", default="", help="only this session; held: why these people")
    explaining.add_argument("--what-must-give", action="store_true", help="which facts to change so that gaps close")
    explaining.add_argument("--why-not", metavar="CLINICIAN", default="", help="what it costs to have someone work")
    explaining.add_argument("--on", type=_date, help="on this day (with --why-not)")
    explaining.add_argument("--site", default="", help="at this site (with --why-not)")
    explaining.add_argument("--trade-off", nargs=2, metavar="GOAL", help="what one goal gains when another gives way")
    explaining.add_argument("--seconds", type=seconds, default=10.0, help="time for each question (default: 10)")
    explaining.add_argument("--json", action="store_true", help="print the answer as one line of JSON")
    explaining.set_defaults(run=lambda given: _explain(given, read(given.problem), read_plan(given.outcome)))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a date like 2027-01-31, not {text!r}") from None


def _check(given: argparse.Namespace, problem: Problem) -> int:
    found, conflicts = check_problem(problem), pin_conflicts(problem)
    lines = [f"{finding.severity.value}: {finding.message} ({finding.check})" for finding in found]
    lines += [line for conflict in conflicts for line in _conflict_lines(problem, conflict)]
    data = {"findings": _data(found), "pins": _data(conflicts)}
    _print(given, data, iter(lines or ["Nothing found."]))
    return FOUND if lines else FINE


def _conflict_lines(problem: Problem, conflict: PinConflict) -> Lines:
    """Tell which pin cannot stand, with which others, why, and what would let it."""
    title = problem.session[conflict.session].title
    yield f"pin: {title} ({conflict.session}): {_pin(problem, conflict.pin)} is let go."
    yield from (f"  contradicts {_pin(problem, other)}" for other in conflict.others)
    yield from (f"  {reason.message} ({reason.rule})" for reason in conflict.reasons)
    for remedy in conflict.remedies:
        yield "  it would stand after: " + " ".join(str(message) for message in remedy.messages)


def _pin(problem: Problem, pin: Pin) -> str:
    who = problem.clinician[pin.clinician].name if pin.clinician is not None else ""
    room = problem.room[pin.room].name if pin.room is not None else ""
    parts = (pin.on, pin.half_day.value if pin.half_day is not None else "", room, pin.seat, who)
    return "the pin on " + ", ".join(str(part) for part in parts if part)


def _explain(given: argparse.Namespace, problem: Problem, plan: Plan) -> int:
    _known("--session", given.session, problem.session)
    _known("--why-not", given.why_not, problem.clinician)
    _known("--site", given.site, problem.site)
    _one_question(given)
    if given.why_not:
        return _why_not(given, problem, plan)
    if given.trade_off:
        return _trade_off(given, problem, plan)
    if given.what_must_give:
        return _what_must_give(given, problem, plan)
    if given.session in plan.by_session:
        return _why_these(given, problem, plan)
    return _gaps(given, problem, plan)


def _known(option: str, name: str, known: dict[str, Any]) -> None:
    if name and name not in known:
        raise InvalidProblem(option, f"{name!r} is not known")


def _one_question(given: argparse.Namespace) -> None:
    """Refuse what would be left unanswered."""
    asked = {"--why-not": given.why_not, "--what-must-give": given.what_must_give, "--trade-off": given.trade_off}
    questions = [option for option, value in asked.items() if value]
    if len(questions) > 1:
        raise InvalidProblem(questions[1], f"only one question can be asked at a time, and {questions[0]} is one")
    for option, value in (("--on", given.on), ("--site", given.site)):
        if value and not given.why_not:
            raise InvalidProblem(option, "goes with --why-not only")


def _gaps(given: argparse.Namespace, problem: Problem, plan: Plan) -> int:
    gaps = [gap for gap in explain_gaps(problem, plan) if given.session in ("", gap.session)]
    lines = [line for gap in gaps for line in _gap_lines(problem, gap)]
    _print(given, gaps, iter(lines or ["Every session is held."]))
    return FOUND if gaps else FINE


def _gap_lines(problem: Problem, gap: Gap) -> Lines:
    yield f"{problem.session[gap.session].title} ({gap.session}), priority {gap.priority}, is not held."
    yield from (f"  {reason.message} ({reason.rule})" for reason in gap.reasons)
    for seat in gap.seats:
        yield f"  Seat {seat.seat}:" if seat.refusals or seat.free else f"  Seat {seat.seat}: nobody"
        yield from (f"    {problem.clinician[who].name}: could take it" for who in seat.free)
        for refusal in seat.refusals:
            name, reason = problem.clinician[refusal.clinician].name, refusal.reason
            yield f"    {name}: {reason.message} ({reason.rule})"


def _why_these(given: argparse.Namespace, problem: Problem, plan: Plan) -> int:
    seats = [name for name, who in plan.by_session[given.session].team if who in problem.clinician]
    choices = [why_this_person(problem, plan, given.session, seat) for seat in seats]
    swaps = {seat: rank_swaps(problem, plan, given.session, seat) for seat in seats}
    lines = [line for choice in choices for line in _choice_lines(problem, choice)]
    for seat, found in swaps.items():
        for swap in found:
            if swap.allowed:
                name, other = problem.clinician[swap.clinician].name, problem.session[swap.session].title
                lines.append(f"Seat {seat}: could change places with {name} in {other}: {_signed(swap.cost_change)}")
    data = {"choices": _data(choices), "swaps": {seat: _data(found) for seat, found in swaps.items()}}
    _print(given, data, iter(lines))
    return FINE


def _choice_lines(problem: Problem, choice: Choice) -> Lines:
    yield f"Seat {choice.seat}: {problem.clinician[choice.clinician].name}"
    yield from (f"  {why.message}" for why in choice.reasons)
    for verdict in choice.others:
        name = problem.clinician[verdict.clinician].name
        if verdict.allowed:
            yield f"  {name}: {_signed(verdict.cost_change)}{_rules(verdict.rule_costs)}"
        else:
            yield f"  {name}: {verdict.reasons[0].message} ({', '.join(r.rule for r in verdict.reasons)})"


def _what_must_give(given: argparse.Namespace, problem: Problem, plan: Plan) -> int:
    names = [given.session] if given.session else [s.id for s in problem.sessions if s.id not in plan.by_session]
    with EnginePool() as pool:
        found = {name: remedies(problem, plan, name, seconds=given.seconds, pool=pool) for name in names}
    lines = [line for name, some in found.items() for line in _remedy_lines(problem, name, some)]
    _print(given, {name: _data(some) for name, some in found.items()}, iter(lines or ["Every session is held."]))
    return FOUND if names else FINE


def _remedy_lines(problem: Problem, name: str, found: Sequence[Remedy]) -> Lines:
    yield f"{problem.session[name].title} ({name})" + ("" if found else ": no small set of changes was found")
    for remedy in found:
        words = " ".join(str(message) for message in remedy.messages) or "It can be held as things are."
        least = "" if remedy.cost_is_least else " at most"
        doubt = "" if remedy.minimal else ", perhaps less is enough"
        yield f"  {words} (cost {_signed(remedy.cost_change)}{least}{doubt})"


def _why_not(given: argparse.Namespace, problem: Problem, plan: Plan) -> int:
    wanted = Wanted(given.why_not, on=given.on, site=given.site, session=given.session)
    found = why_not_instead(problem, plan, wanted, seconds=given.seconds)
    _print(given, found, _contrast_lines(problem, found))
    return FINE


def _contrast_lines(problem: Problem, found: Contrast) -> Lines:
    if found.possible is None:
        yield "Time was up before a plan was found, or the proof that there is none."
    elif not found.possible:
        yield "No rule-abiding plan does this."
    elif found.proven:
        yield f"This changes the cost by {_signed(found.at_most)}{_rules(found.rule_costs)}"
    else:
        least = "" if found.at_least is None else f" and at least {_signed(found.at_least)}"
        yield f"This changes the cost by at most {_signed(found.at_most)}{least}{_rules(found.rule_costs)}"
    for change in found.changes:
        team = ", ".join(problem.clinician[who].name for _, who in change.after.team) if change.after else ""
        where = f"{change.after.on}, {change.after.half_day.value}: {team}" if change.after else "not held any more"
        yield f"  {problem.session[change.session].title} ({change.session}): {where}"
    for place in found.forbidden:
        rules = ", ".join(reason.rule for reason in place.reasons)
        yield f"  {problem.session[place.session].title}, {place.on}: {place.reasons[0].message} ({rules})"


def _trade_off(given: argparse.Namespace, problem: Problem, plan: Plan) -> int:
    del plan
    one, other = given.trade_off
    try:
        found = trade_off(problem, one, other, seconds=given.seconds)
    except ValueError as wrong:
        raise InvalidProblem("--trade-off", str(wrong)) from None
    _print(given, found, _curve_lines(found))
    return FINE


def _curve_lines(found: Sequence[TradeOffPoint]) -> Lines:
    for point in found:
        proof = "proven" if point.proven else "not proven"
        goals = "; ".join(f"{goal.rule} {goal.cost} ({goal.units} units)" for goal in (point.one, point.other))
        yield f"{goals}; {point.gaps} sessions not held; cost {point.cost}; {proof}"


def _rules(costs: Sequence[RuleCost]) -> str:
    return ": " + ", ".join(f"{one.rule} {_signed(one.cost)}" for one in costs) if costs else ""


def _signed(cost: int | None) -> str:
    return f"{cost or 0:+d}"


def _data(records: Sequence[Any]) -> list[Any]:
    return [encode_record(record) for record in records]


def _print(given: argparse.Namespace, answer: Any, lines: Lines) -> None:
    """Print an answer as asked for: records, or what has been made of them already, as JSON; else the lines."""
    if not given.json:
        print("\n".join(lines))
        return
    if isinstance(answer, Sequence):
        answer = _data(answer)
    elif not isinstance(answer, dict):
        answer = encode_record(answer)
    print(json.dumps(answer, ensure_ascii=False))
