"""Where else, who else, and why not: the solver's verdicts about a version, with names instead of ids."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler import clock
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, RosterVersion, Seat
from scheduler.queries.discretion import Discretion, discretion_of
from scheduler.queries.findings import findings_of
from scheduler.queries.problem import build_problem, plan_of
from scheduler.queries.questions import RuleLine, rule_lines
from scheduler.queries.roster_access import find_version_by_id
from scheduler.queries.roster_people import known_clinicians
from scheduler.queries.session_states import load_sessions, states_of
from scheduler.scope import Scope
from scheduler.text import N_, Message, say
from solver import explain
from solver.explaining.choosing import Choice, why_this_person
from solver.outcome import Gap, PlaceVerdict, Reason, SeatExplanation, SeatVerdict
from solver.plan import Plan
from solver.problem import Option, Problem

PAST = N_("This half-day is past.")
BEGUN = N_("“%(session)s” has begun and cannot be changed any more.")
PINNED = N_("“%(session)s” is pinned. Unpin it before you change it.")


@dataclass(frozen=True, slots=True)
class Place:
    """A half-day and room for a session.

    Parameters
    ----------
    cost_change
        Change of the version's cost; None where a blocking rule forbids the place.
    reasons, warnings
        What forbids it; what it would cost.
    is_present
        Whether the session is there now.
    """

    on: date
    half_day: str
    start_at: datetime | None
    end_at: datetime | None
    timezone: str
    room_id: int | None
    room_name: str
    allowed: bool
    cost_change: int | None
    reasons: tuple[Message, ...]
    warnings: tuple[Message, ...]
    is_present: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clinician for a seat; ``is_present`` tells who has it now.

    Parameters
    ----------
    reasons
        All rules that forbid it as things stand, the first first.
    rules
        The rules touched, each with the change of its units and cost, dearest first.
    """

    clinician_id: int
    name: str
    site_name: str
    country: str
    allowed: bool
    cost_change: int | None
    reasons: tuple[Message, ...]
    warnings: tuple[Message, ...]
    is_present: bool
    rules: tuple[RuleLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatQuestion:
    """Who could take a seat, the best first, and why the one who has it does.

    Parameters
    ----------
    why
        What speaks for whoever has the seat; nothing when nobody has.
    days
        The days at which the session may still be held.
    """

    candidates: tuple[Candidate, ...]
    why: tuple[Message, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one clinician cannot take a seat."""

    clinician_id: int
    name: str
    reason: Message


@dataclass(frozen=True, slots=True)
class SeatGap:
    """Why a seat stays empty.

    Parameters
    ----------
    free
        Pairs of id and name of those whom no rule keeps out.
    others
        Number of people of the other hospital whom the account may not know of.
    """

    seat_id: int
    role: str
    refusals: tuple[Refusal, ...]
    free: tuple[tuple[int, str], ...]
    others: int


@dataclass(frozen=True, slots=True)
class GapExplanation:
    """Why a session is not held: what concerns the session itself, and then seat by seat."""

    session_id: int
    priority: int
    reasons: tuple[Message, ...]
    seats: tuple[SeatGap, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """A version as a problem and a plan, and the session asked about."""

    version: RosterVersion
    session: ClinicalSession
    problem: Problem
    plan: Plan
    discretion: Discretion

    @property
    def key(self) -> str:
        """The session's id in the problem."""
        return str(self.session.id)


def places(scope: Scope, version_id: int, session_id: int) -> tuple[Place, ...]:
    """Judge all half-days and rooms of a session in its week, the best first.

    Raises
    ------
    NotFound
        When there is no such version or session for this account.
    """
    question = _ask(scope, version_id, session_id)
    verdicts = explain.rank_places(question.problem, question.plan, question.key)
    options = {(o.on, o.half_day): o for o in question.problem.session[question.key].options}
    found = [_place(question, verdict, options.get((verdict.on, verdict.half_day))) for verdict in verdicts]
    return tuple(sorted(found, key=lambda place: not place.allowed))


def candidates(scope: Scope, version_id: int, seat_id: int) -> tuple[Candidate, ...]:
    """Judge everyone known to the account who has the role and specialty of a seat, the best first.

    Raises
    ------
    NotFound
        When there is no such version or seat for this account.
    """
    seat = db.session.get(Seat, seat_id)
    if seat is None:
        raise NotFound()
    question = _ask(scope, version_id, seat.session_id)
    verdicts = explain.rank_candidates(question.problem, question.plan, question.key, str(seat_id))
    people = _people((v.clinician for v in verdicts), known_clinicians(scope, [question.session.template]))
    held = question.plan.by_session.get(question.key)
    present = dict(held.team).get(str(seat_id)) if held is not None else None
    return tuple(_candidate(question, verdict, people, present) for verdict in verdicts if verdict.clinician in people)


def seat_question(scope: Scope, version_id: int, seat_id: int) -> SeatQuestion:
    """Tell who could take a seat, of those known to the account, and why the one who has it does.

    Raises
    ------
    NotFound
        When there is no such version or seat for this account.
    """
    seat = db.session.get(Seat, seat_id)
    if seat is None:
        raise NotFound()
    question = _ask(scope, version_id, seat.session_id)
    problem, plan, key = question.problem, question.plan, question.key
    choice = why_this_person(problem, plan, key, str(seat_id)) if key in plan.by_session else None
    verdicts = explain.rank_candidates(problem, plan, key, str(seat_id)) if choice is None else choice.others
    known = _people((c.id for c in problem.clinicians), known_clinicians(scope, [question.session.template]))
    now = clock.now()
    return SeatQuestion(
        candidates=tuple(_candidate(question, one, known, None) for one in verdicts if one.clinician in known),
        why=tuple(_why(question, choice, known)) if choice is not None else (),
        days=tuple(sorted({option.on for option in problem.session[key].options if option.start_at > now})),
    )


def _why(question: _Question, choice: Choice, known: Mapping[str, Clinician]) -> Iterator[Message]:
    """Say what speaks for a person; who may not be known of is not named beside."""
    for why in choice.reasons:
        names_another = any(name == "other" for name, _ in why.message.facts)
        if not names_another or set(why.clinicians) <= known.keys():
            yield question.discretion.message(why.message)


def gap_of(scope: Scope, version_id: int, session_id: int) -> GapExplanation | None:
    """Explain why a session is not held, as kept with the version; None when it is held or nobody looked.

    Raises
    ------
    NotFound
        When there is no such version or session for this account.
    """
    version, session, discretion = _find(scope, version_id, session_id)
    if session_id in states_of(version.id):
        return None
    kept = next((g for g in findings_of(version.findings).gaps if int(g.session) == session_id), None)
    if kept is None:
        return None
    codes = (code for seat in kept.seats for code in (*seat.free, *(r.clinician for r in seat.refusals)))
    return _explanation(kept, _people(codes, known_clinicians(scope, [session.template])), discretion)


def _find(scope: Scope, version_id: int, session_id: int) -> tuple[RosterVersion, ClinicalSession, Discretion]:
    version, reach = find_version_by_id(scope, version_id)
    session = load_sessions([session_id]).get(session_id)
    if session is None or session.roster_id != version.roster_id or not reach.sees_drafts:
        raise NotFound()
    discretion = discretion_of(scope, reach, version.roster_id)
    if session_id not in discretion.seen:
        raise NotFound()
    return version, session, discretion


def _ask(scope: Scope, version_id: int, session_id: int) -> _Question:
    version, session, discretion = _find(scope, version_id, session_id)
    problem = build_problem(version.roster_id, version.id, for_solving=False)
    return _Question(version, session, problem, plan_of(version), discretion)


def _place(question: _Question, verdict: PlaceVerdict, option: Option | None) -> Place:
    site = question.session.template.site
    held = question.plan.by_session.get(question.key)
    reasons = _bars(question, option) or _messages(verdict.reasons, question.discretion)
    is_open = verdict.allowed and not _bars(question, option)
    return Place(
        on=verdict.on,
        half_day=verdict.half_day.value,
        start_at=option.start_at if option is not None else None,
        end_at=option.end_at if option is not None else None,
        timezone=site.timezone,
        room_id=int(verdict.room) if verdict.room is not None else None,
        room_name=question.problem.room[verdict.room].name if verdict.room is not None else "",
        allowed=is_open,
        cost_change=verdict.cost_change if is_open else None,
        reasons=reasons,
        warnings=_messages(verdict.warnings, question.discretion),
        is_present=held is not None
        and (held.on, held.half_day, held.room) == (verdict.on, verdict.half_day, verdict.room),
    )


def _bars(question: _Question, option: Option | None) -> tuple[Message, ...]:
    """Say what forbids a place whatever the rules say: the past, and pins of this draft."""
    now, title = clock.now(), question.problem.session[question.key].title
    present = states_of(question.version.id).get(question.session.id)
    if present is not None and present.start_at <= now:
        return (say(BEGUN, session=title),)
    if any(pin.session_id == question.session.id for pin in question.version.pins):
        return (say(PINNED, session=title),)
    return (say(PAST),) if option is not None and option.start_at <= now else ()


def _candidate(
    question: _Question, verdict: SeatVerdict, people: Mapping[str, Clinician], present: str | None
) -> Candidate:
    person = people[verdict.clinician]
    problem = question.problem
    home = problem.site[problem.clinician[verdict.clinician].home_site]
    return Candidate(
        clinician_id=person.id,
        name=person.name,
        site_name=home.name,
        country=home.country,
        allowed=verdict.allowed,
        cost_change=verdict.cost_change,
        reasons=_messages(verdict.reasons, question.discretion),
        warnings=_messages(verdict.warnings, question.discretion),
        is_present=verdict.clinician == present,
        rules=rule_lines(verdict.rule_costs),
    )


def _explanation(gap: Gap, people: Mapping[str, Clinician], discretion: Discretion) -> GapExplanation:
    return GapExplanation(
        session_id=int(gap.session),
        priority=gap.priority,
        reasons=_messages(gap.reasons, discretion),
        seats=tuple(_seat_gap(seat, people, discretion) for seat in gap.seats),
    )


def _seat_gap(seat: SeatExplanation, people: Mapping[str, Clinician], discretion: Discretion) -> SeatGap:
    refusals = tuple(
        Refusal(people[r.clinician].id, people[r.clinician].name, discretion.message(r.reason.message))
        for r in seat.refusals
        if r.clinician in people
    )
    free = tuple((people[code].id, people[code].name) for code in seat.free if code in people)
    others = len(seat.refusals) + len(seat.free) - len(refusals) - len(free)
    return SeatGap(seat_id=int(seat.seat), role=seat.role, refusals=refusals, free=free, others=others)


def _messages(reasons: Iterable[Reason], discretion: Discretion) -> tuple[Message, ...]:
    return discretion.messages(reason.message for reason in reasons)


def _people(codes: Iterable[str], known: frozenset[int]) -> dict[str, Clinician]:
    rows = db.session.scalars(select(Clinician).where(Clinician.code.in_(set(codes)), Clinician.id.in_(known)))
    return {row.code: row for row in rows}
