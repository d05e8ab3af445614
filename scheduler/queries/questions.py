"""Questions that the solver looks into in the background, and its answers, with names instead of ids.

Whatever an answer says obeys the same discretion as the page of a gap: what concerns sessions or people whom the
reader does not see is counted and not told.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scheduler.answers import (
    CONTRAST,
    PLAN,
    REMEDIES,
    Remedies,
    RemediesAsked,
    TradeOffAsked,
    answer_from_json,
    asked_from_json,
)
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, SolveRun
from scheduler.queries.discretion import Discretion, discretion_of, seen_sessions
from scheduler.queries.problem import build_problem
from scheduler.queries.problem_sessions import session_title
from scheduler.queries.roster_access import Reach, find_roster, find_version
from scheduler.queries.roster_people import known_clinicians
from scheduler.queries.session_states import load_sessions
from scheduler.scope import Scope
from scheduler.text import N_, Message, say
from solver.case import case_of
from solver.explaining.changes import FactChange
from solver.explaining.comparing import PlanChange
from solver.explaining.contrast import Contrast, Forbidden, Wanted
from solver.explaining.remedies import Remedy
from solver.explaining.tradeoff import TradeOffPoint
from solver.outcome import RuleCost
from solver.problem import Held
from solver.rules import RULES

ABOUT_SESSION = (REMEDIES, CONTRAST)
"""Kinds of questions about one session."""

TEXT_REMEDIES = N_("What would have to change so that “%(session)s” can be held?")
TEXT_CONTRAST = N_("Why is “%(session)s” not done by %(clinician)s?")
TEXT_CONTRAST_ON = N_("Why is “%(session)s” not done by %(clinician)s on %(date)s?")
TEXT_TRADE_OFF = N_("What does “%(rule)s” gain when “%(other_rule)s” gives way?")
UNSEEN_CHANGE = N_("Something changes at another hospital that you do not see.")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule and what it costs more or less; ``title`` and ``unit`` are to be translated."""

    title: str
    unit: str
    units: int
    cost: int


@dataclass(frozen=True, slots=True)
class RemedyLine:
    """A set of changes, each as a sentence; none where the session can be held as things are."""

    sentences: tuple[Message, ...]
    verified: bool
    minimal: bool
    cost_change: int
    cost_is_least: bool


@dataclass(frozen=True, slots=True)
class RemediesAnswer:
    """What would have to change, the easiest first; ``left_out`` sessions break rules and were not kept."""

    lines: tuple[RemedyLine, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class HeldLine:
    """How a session is held; ``unknown`` counts people whom the reader may not know of."""

    on: date
    half_day: str
    names: tuple[str, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A session that would be held otherwise; None: not held."""

    session_id: int
    kind: str
    specialty: str
    before: HeldLine | None
    after: HeldLine | None


@dataclass(frozen=True, slots=True)
class ForbiddenLine:
    """A half-day at which rules forbid what is asked for, whatever else is planned."""

    on: date
    half_day: str
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ContrastAnswer:
    """What it would cost to do as asked; see ``solver.explaining.contrast.Contrast``.

    ``unseen`` counts the sessions that would be held otherwise and that the reader does not see.
    """

    possible: bool | None
    at_most: int | None
    at_least: int | None
    proven: bool
    rules: tuple[RuleLine, ...]
    changes: tuple[ChangeLine, ...]
    unseen: int
    forbidden: tuple[ForbiddenLine, ...]


@dataclass(frozen=True, slots=True)
class PointLine:
    """A plan between two goals; ``is_present`` marks the one at the weights as they are."""

    one: RuleLine
    other: RuleLine
    cost: int
    gaps: int
    proven: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class TradeOffAnswer:
    """Plans from the best for one goal to the best for the other; titles are to be translated."""

    one_title: str
    other_title: str
    points: tuple[PointLine, ...]


Answer = RemediesAnswer | ContrastAnswer | TradeOffAnswer


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question about a version; ``session_id`` is the session it is about, ``answer`` None until there is one."""

    kind: str
    text: Message
    number: int | None
    session_id: int | None
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question as listed with the session that it is about."""

    run_id: int
    text: Message
    state: str


def check_question(scope: Scope, reach: Reach, run: SolveRun) -> None:
    """Refuse a question about a session or a person whom the account does not see.

    Raises
    ------
    NotFound
        When it is none of the account's.
    """
    if run.kind not in ABOUT_SESSION:
        return
    session_id = int(run.asked["session"])
    if session_id not in seen_sessions(scope, reach, run.roster_id):
        raise NotFound()
    if run.kind == CONTRAST and run.asked["clinician"] not in _known_names(scope, [session_id]):
        raise NotFound()


def load_question(scope: Scope, run_id: int) -> QuestionPage:
    """Load a question and its answer.

    Raises
    ------
    NotFound
        When there is no such question for this account.
    """
    run = db.session.get(SolveRun, run_id)
    if run is None or run.kind == PLAN:
        raise NotFound()
    _, reach = find_roster(scope, run.roster_id)
    check_question(scope, reach, run)
    telling = _Telling(scope, reach, run.roster_id)
    asked = asked_from_json(run.kind, run.asked)
    is_about_session = run.kind in ABOUT_SESSION
    return QuestionPage(
        kind=run.kind,
        text=telling.question(asked),
        number=run.base_version.number if run.base_version is not None else None,
        session_id=int(run.asked["session"]) if is_about_session else None,
        answer=telling.answer(run.kind, run.outcome, asked) if run.outcome is not None else None,
    )


def list_questions(scope: Scope, version_id: int, session_id: int) -> tuple[QuestionRow, ...]:
    """Give the questions about a session of a version that were answered or are being looked into, latest first.

    Raises
    ------
    NotFound
        When the roster is none of the account's.
    """
    runs = db.session.scalars(
        select(SolveRun)
        .where(
            SolveRun.base_version_id == version_id,
            SolveRun.kind.in_(ABOUT_SESSION),
            SolveRun.state.in_(("queued", "running", "done")),
        )
        .order_by(SolveRun.id.desc())
    ).all()
    mine = [run for run in runs if run.asked["session"] == str(session_id)]
    if not mine:
        return ()
    _, reach = find_roster(scope, mine[0].roster_id)
    if reach.agreement_ids is not None or session_id not in seen_sessions(scope, reach, mine[0].roster_id):
        return ()
    telling = _Telling(scope, reach, mine[0].roster_id)
    rows = ((run, asked_from_json(run.kind, run.asked)) for run in mine)
    return tuple(
        QuestionRow(run.id, telling.question(asked), run.state)
        for run, asked in rows
        if not isinstance(asked, Wanted) or asked.clinician in telling.names
    )


def goals_in_force(scope: Scope, roster_id: int, number: int) -> tuple[tuple[str, str], ...]:
    """Give the goals that count in a roster: pairs of the rule's id and its title, to be translated.

    Raises
    ------
    NotFound
        When there is no such version for this account.
    """
    version, _ = find_version(scope, roster_id, number)
    rules = case_of(build_problem(roster_id, version.id, for_solving=False)).rules
    return tuple(dict.fromkeys((rule.id, rule.title) for rule in rules if rule.is_goal))


def rule_lines(costs: Iterable[RuleCost]) -> tuple[RuleLine, ...]:
    """Give costs of rules with their titles; rules that are there no more are left out."""
    rules = {rule.id: rule for rule in RULES}
    return tuple(
        RuleLine(rules[one.rule].title, rules[one.rule].unit, one.units, one.cost) for one in costs if one.rule in rules
    )


class _Telling:
    """Tells one reader about questions and answers of one roster."""

    def __init__(self, scope: Scope, reach: Reach, roster_id: int) -> None:
        self._discretion: Discretion = discretion_of(scope, reach, roster_id)
        self._sessions: Mapping[int, ClinicalSession] = load_sessions(self._discretion.seen)
        self.names = _known_names(scope, self._discretion.seen)

    def question(self, asked: RemediesAsked | Wanted | TradeOffAsked) -> Message:
        """Say a question in a sentence."""
        if isinstance(asked, TradeOffAsked):
            one, other = rule_lines([RuleCost(asked.one, 0, 0), RuleCost(asked.other, 0, 0)])
            return say(TEXT_TRADE_OFF, rule=one.title, other_rule=other.title)
        session = session_title(self._sessions[int(asked.session)].template)
        if isinstance(asked, RemediesAsked):
            return say(TEXT_REMEDIES, session=session)
        facts = {"session": session, "clinician": self.names[asked.clinician]}
        return say(TEXT_CONTRAST, facts) if asked.on is None else say(TEXT_CONTRAST_ON, facts, date=asked.on)

    def answer(self, kind: str, kept: str, asked: RemediesAsked | Wanted | TradeOffAsked) -> Answer:
        """Put an answer in words."""
        found = answer_from_json(kind, json.loads(kept))
        if isinstance(found, Contrast):
            return self._contrast(found)
        if isinstance(found, Remedies):
            # Two ways that read alike, of morning and afternoon perhaps, are told once.
            lines: dict[tuple[Message, ...], RemedyLine] = {}
            for line in map(self._remedy, found.remedies):
                lines.setdefault(line.sentences, line)
            return RemediesAnswer(tuple(lines.values()), found.left_out)
        goals = [RuleCost(rule, 0, 0) for rule in (asked.one, asked.other)] if isinstance(asked, TradeOffAsked) else []
        one, other = rule_lines(goals)
        return TradeOffAnswer(one.title, other.title, tuple(map(_point, found.points)))

    def _remedy(self, remedy: Remedy) -> RemedyLine:
        pairs = zip(remedy.changes, remedy.messages, strict=True)
        return RemedyLine(
            sentences=tuple(self._change(change, message) for change, message in pairs),
            verified=remedy.verified,
            minimal=remedy.minimal,
            cost_change=remedy.cost_change,
            cost_is_least=remedy.cost_is_least,
        )

    def _change(self, change: FactChange, message: Message) -> Message:
        is_unseen = change.session and int(change.session) not in self._discretion.seen
        if is_unseen or (change.clinician and change.clinician not in self.names):
            return say(UNSEEN_CHANGE)
        return self._discretion.message(message)

    def _contrast(self, found: Contrast) -> ContrastAnswer:
        seen = [one for one in found.changes if int(one.session) in self._discretion.seen]
        return ContrastAnswer(
            possible=found.possible,
            at_most=found.at_most,
            at_least=found.at_least,
            proven=found.proven,
            rules=rule_lines(found.rule_costs),
            changes=tuple(self._changed(one) for one in seen),
            unseen=len(found.changes) - len(seen),
            forbidden=tuple(self._forbidden(one) for one in found.forbidden),
        )

    def _changed(self, change: PlanChange) -> ChangeLine:
        template = self._sessions[int(change.session)].template
        return ChangeLine(
            session_id=int(change.session),
            kind=template.kind,
            specialty=template.specialty,
            before=self._held(change.before),
            after=self._held(change.after),
        )

    def _held(self, held: Held | None) -> HeldLine | None:
        if held is None:
            return None
        known = tuple(self.names[who] for _, who in held.team if who in self.names)
        return HeldLine(held.on, held.half_day.value, known, len(held.team) - len(known))

    def _forbidden(self, one: Forbidden) -> ForbiddenLine:
        reasons = self._discretion.messages(reason.message for reason in one.reasons)
        return ForbiddenLine(one.on, one.half_day.value, reasons)


def _point(point: TradeOffPoint) -> PointLine:
    one, other = rule_lines([point.one, point.other])
    return PointLine(one, other, point.cost, point.gaps, point.proven, is_present=point.factors == (1, 1))


def _known_names(scope: Scope, session_ids: Iterable[int]) -> dict[str, str]:
    """Give by code the names of those whom the account may know of when it plans these sessions."""
    templates = {session.template for session in load_sessions(session_ids).values()}
    known = known_clinicians(scope, templates)
    rows = db.session.execute(select(Clinician.code, Clinician.name).where(Clinician.id.in_(known)))
    return dict(rows.all())
