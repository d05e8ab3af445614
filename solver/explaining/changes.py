"""Changes of facts that may let more sessions be held: what they do to a problem, and how they are said."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from solver.problem import (
    Absence,
    Agreement,
    AgreementLine,
    Clinician,
    Enrolment,
    HalfDay,
    Option,
    Paper,
    Problem,
    Room,
    RuleSetting,
    Session,
    Strength,
)
from solver.rules import RULES
from solver.text import N_, Fact, Message, hours, say


class ChangeKind(StrEnum):
    """What is changed; in the order in which people would rather do it."""

    MORE_A_DAY = "more_a_day"
    MORE_A_WEEK = "more_a_week"
    MORE_ABROAD = "more_abroad"
    OPEN_ROOM = "open_room"
    OFFER = "offer"
    UNPIN = "unpin"
    MOVE_DUTY = "move_duty"
    ENROL = "enrol"
    COVER = "cover"
    EXTEND_AGREEMENT = "extend_agreement"
    REGISTER = "register"
    INSURE = "insure"
    ADD_ROOM = "add_room"
    OPEN_SITE = "open_site"
    FREE_DAY = "free_day"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class FactChange:
    """One change of a fact; which members are used depends on the kind, the others keep their defaults.

    Parameters
    ----------
    kind
        ``more_a_day``, ``more_a_week`` and ``more_abroad`` raise a limit of ``clinician`` to ``number``;
        ``open_room`` opens ``room`` at ``on``, ``half_day``; ``add_room`` adds a room of ``room_kind`` with
        ``equipment`` there; ``offer`` offers ``session`` at one more half-day; ``unpin`` lets the pins of ``session``
        go; ``move_duty`` takes a fixed duty of ``clinician`` away; ``enrol`` enrols ``clinician`` in ``agreement``
        and ``cover`` lets it cover ``specialty``; ``extend_agreement``, ``register`` and ``insure`` make an
        agreement or a paper for ``country`` valid in [since, until); ``open_site`` and ``free_day`` take a closure
        or an absence back; ``warn`` lets ``rule`` warn instead of block.
    """

    kind: ChangeKind
    clinician: str = ""
    site: str = ""
    session: str = ""
    agreement: str = ""
    room: str = ""
    room_kind: str = ""
    equipment: tuple[str, ...] = ()
    rule: str = ""
    country: str = ""
    specialty: str = ""
    on: date | None = None
    half_day: HalfDay | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    since: date | None = None
    until: date | None = None
    number: int = 0

    def apply(self, problem: Problem) -> Problem:
        """Give the problem with this fact changed."""
        return _APPLY[self.kind](problem, self)

    def message(self, problem: Problem) -> Message:
        """Say what is to be done, in a whole sentence."""
        return say(TEXTS[self.kind], _facts(problem, self))

    @property
    def effort(self) -> int:
        """How unwilling people are to do it, from 0; the order of the kinds."""
        return list(ChangeKind).index(self.kind)

    @property
    def place(self) -> tuple[date, HalfDay]:
        """The half-day of a change that has one."""
        if self.on is None or self.half_day is None:
            raise ValueError(f"{self.kind} needs a half-day")
        return self.on, self.half_day

    @property
    def span(self) -> tuple[date, date]:
        """The days [since, until) of a change that has them."""
        if self.since is None or self.until is None:
            raise ValueError(f"{self.kind} needs two dates")
        return self.since, self.until

    @property
    def hours(self) -> tuple[datetime, datetime]:
        """The interval of a change that has one."""
        if self.start_at is None or self.end_at is None:
            raise ValueError(f"{self.kind} needs an interval")
        return self.start_at, self.end_at


def applied(problem: Problem, changes: Iterable[FactChange]) -> Problem:
    """Give the problem with all of these facts changed."""
    for change in changes:
        problem = change.apply(problem)
    return problem


def _facts(problem: Problem, change: FactChange) -> dict[str, Fact]:
    """Give what a sentence about a change may name; what is not needed does no harm but is left out."""
    names: dict[str, Fact] = {"number": change.number, "country": change.country, "specialty": change.specialty}
    for member, known in (
        ("clinician", problem.clinician),
        ("site", problem.site),
        ("room", problem.room),
    ):
        if getattr(change, member) in known:
            names[member] = known[getattr(change, member)].name
    if change.session:
        names["session"] = problem.session[change.session].title
    if change.agreement:
        names["agreement"] = problem.agreement[change.agreement].title
    for name, value in (("date", change.on), ("since", change.since), ("until", change.until)):
        if value is not None:
            names[name] = value
    if change.start_at is not None and change.end_at is not None and change.site in problem.site:
        names["hours"] = hours(change.start_at, change.end_at, problem.site[change.site].zone)
    names["room_kind"] = change.room_kind
    names["rule"] = next((rule.title for rule in RULES if rule.id == change.rule), change.rule)
    return {name: value for name, value in names.items() if f"%({name})" in TEXTS[change.kind]}


def _more_a_day(problem: Problem, change: FactChange) -> Problem:
    return _person(problem, change.clinician, lambda who: replace(who, max_sessions_per_day=change.number))


def _more_a_week(problem: Problem, change: FactChange) -> Problem:
    return _person(problem, change.clinician, lambda who: replace(who, max_sessions_per_week=change.number))


def _more_abroad(problem: Problem, change: FactChange) -> Problem:
    return _person(problem, change.clinician, lambda who: replace(who, max_days_abroad_per_week=change.number))


def _person(problem: Problem, name: str, make: Callable[[Clinician], Clinician]) -> Problem:
    return replace(problem, clinicians=tuple(make(c) if c.id == name else c for c in problem.clinicians))


def _agreed(problem: Problem, name: str, make: Callable[[Agreement], Agreement]) -> Problem:
    return replace(problem, agreements=tuple(make(a) if a.id == name else a for a in problem.agreements))


def _paper(change: FactChange, kind: str) -> Paper:
    return Paper(frozenset({change.country}), *change.span, kind)


def _register(problem: Problem, change: FactChange) -> Problem:
    paper = _paper(change, "registration")
    return _person(problem, change.clinician, lambda who: replace(who, registrations=(*who.registrations, paper)))


def _insure(problem: Problem, change: FactChange) -> Problem:
    paper = _paper(change, "insurance")
    return _person(problem, change.clinician, lambda who: replace(who, insurances=(*who.insurances, paper)))


def _enrol(problem: Problem, change: FactChange) -> Problem:
    new = Enrolment(change.clinician, *change.span)
    return _agreed(problem, change.agreement, lambda a: replace(a, enrolments=(*a.enrolments, new)))


def _cover(problem: Problem, change: FactChange) -> Problem:
    line = AgreementLine(change.specialty)
    return _agreed(problem, change.agreement, lambda a: replace(a, lines=(*a.lines, line)))


def _extend(problem: Problem, change: FactChange) -> Problem:
    def longer(agreement: Agreement) -> Agreement:
        since = min(agreement.valid_from, change.since or agreement.valid_from)
        return replace(agreement, valid_from=since, valid_until=max(agreement.valid_until, change.until or since))

    return _agreed(problem, change.agreement, longer)


def _open_room(problem: Problem, change: FactChange) -> Problem:
    more = change.place

    def opened(room: Room) -> Room:
        return room if room.open_at is None else replace(room, open_at=room.open_at | {more})

    return replace(problem, rooms=tuple(opened(r) if r.id == change.room else r for r in problem.rooms))


def _add_room(problem: Problem, change: FactChange) -> Problem:
    then = frozenset({change.place})
    new = Room(change.room, change.room, change.site, change.room_kind, frozenset(change.equipment), then)
    return replace(problem, rooms=(*problem.rooms, new))


def _offer(problem: Problem, change: FactChange) -> Problem:
    option = Option(*change.place, *change.hours)

    def offered(session: Session) -> Session:
        return replace(session, options=(*session.options, option))

    sessions = tuple(offered(s) if s.id == change.session else s for s in problem.sessions)
    return replace(problem, sessions=sessions)


def _unpin(problem: Problem, change: FactChange) -> Problem:
    return replace(problem, pins=tuple(pin for pin in problem.pins if pin.session != change.session or pin.history))


def _move_duty(problem: Problem, change: FactChange) -> Problem:
    gone = change.clinician, change.site, change.start_at
    kept = (d for d in problem.fixed_duties if (d.clinician, d.site, d.start_at) != gone)
    return replace(problem, fixed_duties=tuple(kept))


def _open_site(problem: Problem, change: FactChange) -> Problem:
    sites = (replace(s, closed_on=s.closed_on - {change.on}) if s.id == change.site else s for s in problem.sites)
    return replace(problem, sites=tuple(sites))


def _free_day(problem: Problem, change: FactChange) -> Problem:
    found: list[Absence] = []
    for absence in problem.absences:
        if absence.clinician != change.clinician:
            found.append(absence)
            continue
        start, end = change.hours
        before, after = min(absence.end_at, start), max(absence.start_at, end)
        found += [replace(absence, end_at=before)] if absence.start_at < before else []
        found += [replace(absence, start_at=after)] if after < absence.end_at else []
    return replace(problem, absences=tuple(found))


def _warn(problem: Problem, change: FactChange) -> Problem:
    settings = [s for s in problem.settings if s.rule != change.rule or s.applies_to is not None]
    present = problem.setting.get(change.rule) or RuleSetting(change.rule)
    return replace(problem, settings=(*settings, replace(present, strength=Strength.WARN)))


Apply = Callable[[Problem, FactChange], Problem]

_APPLY: Mapping[ChangeKind, Apply] = {
    ChangeKind.MORE_A_DAY: _more_a_day,
    ChangeKind.MORE_A_WEEK: _more_a_week,
    ChangeKind.MORE_ABROAD: _more_abroad,
    ChangeKind.OPEN_ROOM: _open_room,
    ChangeKind.OFFER: _offer,
    ChangeKind.UNPIN: _unpin,
    ChangeKind.MOVE_DUTY: _move_duty,
    ChangeKind.ENROL: _enrol,
    ChangeKind.COVER: _cover,
    ChangeKind.EXTEND_AGREEMENT: _extend,
    ChangeKind.REGISTER: _register,
    ChangeKind.INSURE: _insure,
    ChangeKind.ADD_ROOM: _add_room,
    ChangeKind.OPEN_SITE: _open_site,
    ChangeKind.FREE_DAY: _free_day,
    ChangeKind.WARN: _warn,
}

TEXTS: Mapping[ChangeKind, str] = {
    ChangeKind.MORE_A_DAY: N_("Let %(clinician)s work up to %(number)d sessions a day."),
    ChangeKind.MORE_A_WEEK: N_("Let %(clinician)s work up to %(number)d sessions a week."),
    ChangeKind.MORE_ABROAD: N_("Let %(clinician)s work up to %(number)d days abroad a week."),
    ChangeKind.OPEN_ROOM: N_("Open %(room)s on %(date)s, %(hours)s."),
    ChangeKind.OFFER: N_("Offer “%(session)s” at one more half-day: %(date)s, %(hours)s."),
    ChangeKind.UNPIN: N_("Unpin “%(session)s”."),
    ChangeKind.MOVE_DUTY: N_("Move the fixed duty of %(clinician)s at %(site)s on %(date)s."),
    ChangeKind.ENROL: N_("Enrol %(clinician)s in the agreement “%(agreement)s” from %(since)s to before %(until)s."),
    ChangeKind.COVER: N_("Let the agreement “%(agreement)s” cover %(specialty)s."),
    ChangeKind.EXTEND_AGREEMENT: N_("Keep the agreement “%(agreement)s” in force from %(since)s to before %(until)s."),
    ChangeKind.REGISTER: N_("Register %(clinician)s for %(country)s from %(since)s to before %(until)s."),
    ChangeKind.INSURE: N_("Insure %(clinician)s for %(country)s from %(since)s to before %(until)s."),
    ChangeKind.ADD_ROOM: N_("Find one more room of the kind “%(room_kind)s” at %(site)s on %(date)s, %(hours)s."),
    ChangeKind.OPEN_SITE: N_("Open %(site)s on %(date)s."),
    ChangeKind.FREE_DAY: N_("Have %(clinician)s give up the absence during this duty of %(date)s."),
    ChangeKind.WARN: N_("Let the rule “%(rule)s” warn instead of block."),
}
"""What is to be done, by kind."""
