"""Named checks of facts that do not go together: pins, papers, agreements, wishes, limits."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from solver.checking.sessions import Look
from solver.demand import Post
from solver.outcome import Finding, Severity
from solver.problem import Absence, Clinician, Option, Paper, Pin, Problem
from solver.terms import Assigned
from solver.text import N_, say


def pins_yield(look: Look) -> Iterator[Finding]:
    """Find pins that meet a rule or another pin of their session, and so are let go."""
    problem = look.problem
    for group in look.case.demand.groups:
        asked = {part for pin in group.pins for part in _parts(pin)}
        kept = {part for pin in look.case.pins.get(group.index, ()) for part in _parts(pin)}
        for part in sorted(asked - kept, key=str):
            person = problem.clinician.get(part[1])
            if person is not None:
                message = say(PERSON_PIN, session=group.first.title, clinician=person.name)
            else:
                message = say(PLACE_PIN, session=group.first.title)
            yield Finding("pins_yield", Severity.LOOK, message, group.sessions, (person.id,) if person else (), 1)


def _parts(pin: Pin) -> Iterator[tuple[str, str]]:
    """Give what a pin pins, one thing at a time."""
    if pin.on is not None or pin.half_day is not None:
        yield "time", f"{pin.on} {pin.half_day}"
    if pin.room is not None:
        yield "room", pin.room
    if pin.clinician is not None:
        yield f"seat {pin.seat}", pin.clinician


def pins_clash(look: Look) -> Iterator[Finding]:
    """Find people who are pinned to two sessions at the same time."""
    problem = look.problem
    pinned: dict[str, dict[str, Option]] = {}
    for session in problem.sessions:
        pins = look.case.pins.get(look.case.demand.group_of[session.id].index, ())
        options = [o for o in session.options if all(_allows(pin, o) for pin in pins)]
        if len(options) == 1:
            for pin in pins:
                seat = next((s for s in session.seats if s.id == pin.seat), None)
                if pin.clinician is not None and (seat is None or seat.exclusive):
                    pinned.setdefault(pin.clinician, {})[session.id] = options[0]
    for who, places in pinned.items():
        for (one, first), (other, second) in combinations(places.items(), 2):
            if first.start_at < second.end_at and second.start_at < first.end_at:
                names = {"one": problem.session[one].title, "other": problem.session[other].title}
                message = say(PINS_CLASH, names, clinician=problem.clinician[who].name, date=first.on)
                yield Finding("pins_clash", Severity.GAP, message, (one, other), (who,), 1)


def _allows(pin: Pin, option: Option) -> bool:
    return pin.on in (None, option.on) and pin.half_day in (None, option.half_day)


def pins_on_absent(look: Look) -> Iterator[Finding]:
    """Find people pinned to a session while they are absent."""
    problem = look.problem
    absences = look.case.demand.absences
    for pin in problem.pins:
        if pin.clinician in absences and not pin.history:
            session = problem.session[pin.session]
            options = [o for o in session.options if _allows(pin, o)]
            away = [o for o in options if any(_meets(a, o) for a in absences[pin.clinician])]
            if options and len(away) == len(options):
                who = problem.clinician[pin.clinician]
                message = say(PIN_ON_ABSENT, clinician=who.name, session=session.title, date=away[0].on)
                yield Finding("pins_on_absent", Severity.LOOK, message, (session.id,), (who.id,), 1)


def _meets(absence: Absence, option: Option) -> bool:
    return absence.start_at < option.end_at and option.start_at < absence.end_at


def published_left(look: Look) -> Iterator[Finding]:
    """Find published sessions whose people may no longer do what was published."""
    problem, case = look.problem, look.case
    for held in problem.published:
        group = case.demand.group_of[held.session]
        number = case.demand.options[group.index].get((held.on, held.half_day))
        if number is None or group.is_history:
            continue
        gone = [who for name, who in held.team if not _may(look, held.session, name, who, number)]
        if gone:
            title = problem.session[held.session].title
            names = ", ".join(problem.clinician[who].name for who in gone)
            message = say(PUBLISHED_LEFT, session=title, date=held.on, people=names, count=len(gone))
            yield Finding("published_left", Severity.LOOK, message, (held.session,), tuple(gone), len(gone))


def _may(look: Look, session: str, seat: str, who: str, option: int) -> bool:
    post = look.case.demand.seat_of.get((session, seat))
    group = look.case.demand.group_of[session].index
    return post is not None and Assigned(who, Post(group, post), option) in look.case.lawful


def agreements_empty(look: Look) -> Iterator[Finding]:
    """Find agreements in force under which nobody is enrolled in the planned weeks."""
    first, last = _weeks(look.problem)
    for agreement in look.problem.agreements:
        live = agreement.lines and agreement.valid_from < last and first < agreement.valid_until
        enrolled = [e for e in agreement.enrolments if e.valid_from < last and first < e.valid_until]
        if live and not enrolled:
            count = len(agreement.enrolments)
            message = say(AGREEMENT_EMPTY, agreement=agreement.title, count=count)
            sessions = tuple(s.id for s in look.problem.sessions if s.agreement == agreement.id)
            yield Finding("agreements_empty", Severity.LOOK, message, sessions)


def agreements_ending(look: Look) -> Iterator[Finding]:
    """Find agreements that end within the planned weeks."""
    first, last = _weeks(look.problem)
    for agreement in look.problem.agreements:
        if first < agreement.valid_until < last:
            sessions = tuple(
                s.id
                for s in look.problem.sessions
                if s.agreement == agreement.id and any(o.on >= agreement.valid_until for o in s.options)
            )
            title, until = agreement.title, agreement.valid_until
            message = say(AGREEMENT_ENDING, agreement=title, until=until, count=len(sessions))
            yield Finding("agreements_ending", Severity.LOOK, message, sessions)


def papers_ending(look: Look) -> Iterator[Finding]:
    """Find papers that end within the planned weeks without another one to follow."""
    first, last = _weeks(look.problem)
    for who in look.problem.clinicians:
        for papers, text in ((who.registrations, REGISTRATION_ENDING), (who.insurances, INSURANCE_ENDING)):
            for country in sorted({c for paper in papers for c in paper.countries}):
                until = _covered_until(papers, country, first)
                if first < until < last:
                    message = say(text, clinician=who.name, country=country, until=until)
                    yield Finding("papers_ending", Severity.LOOK, message, (), (who.id,))


def _covered_until(papers: tuple[Paper, ...], country: str, on: date) -> date:
    """Give the first day that no paper covers."""
    while True:
        ends = [paper.valid_until for paper in papers if paper.covers(country, on)]
        if not ends:
            return on
        on = max(ends)


def travel_estimated(look: Look) -> Iterator[Finding]:
    """Find ways between sites in use whose minutes nobody has confirmed."""
    problem = look.problem
    used = {session.site for session in problem.sessions}
    used |= {problem.clinician[who].home_site for who, stints in look.case.leaves.stints.items() if stints}
    lines = [t for t in problem.travel if t.estimated and {t.one, t.other} <= used]
    if lines:
        first = lines[0]
        names = {"one": problem.site[first.one].name, "other": problem.site[first.other].name}
        message = say(TRAVEL_ESTIMATED, names, count=len(lines))
        yield Finding("travel_estimated", Severity.LOOK, message, missing=len(lines))


def wishes_on_leave(look: Look) -> Iterator[Finding]:
    """Find wishes to work on days of leave."""
    problem = look.problem
    wanted = [(wish.clinician, wish.on) for wish in problem.wishes if wish.wanted]
    wanted += [(p.clinician, p.on) for p in problem.preferences if p.liking > 0]
    for who, on in dict.fromkeys(wanted):
        if any(_is_away(a, on) for a in look.case.demand.absences.get(who, ())):
            message = say(WISH_ON_LEAVE, clinician=problem.clinician[who].name, date=on)
            yield Finding("wishes_on_leave", Severity.LOOK, message, (), (who,))


def _is_away(absence: Absence, on: date) -> bool:
    """Tell whether an absence takes the working hours of a day."""
    return absence.start_at.date() <= on < absence.end_at.date() or (
        absence.start_at.date() == on and absence.end_at - absence.start_at >= timedelta(hours=8)
    )


def limits_clash(look: Look) -> Iterator[Finding]:
    """Find contracts that ask for more sessions than the weeks, or their own limit a week, allow."""
    for who in look.problem.clinicians:
        for limit in who.limits:
            have = _possible(look, who, limit.kind) if limit.name == "sessions" else 0
            if limit.name == "sessions" and (limit.low or 0) > have:
                missing = (limit.low or 0) - have
                message = say(LIMIT_TOO_HIGH, clinician=who.name, low=limit.low or 0, have=have, missing=missing)
                yield Finding("limits_clash", Severity.LOOK, message, (), (who.id,), missing)


def _possible(look: Look, who: Clinician, kind: str) -> int:
    """Give how many sessions of a kind a person could take at most."""
    groups = look.case.demand.groups
    found = {p.post.group for p in look.case.leaves.placings if p.clinician == who.id}
    offered = sum(groups[g].size for g in found if not kind or groups[g].first.kind == kind)
    return min(offered, who.max_sessions_per_week * look.problem.weeks)


def _weeks(problem: Problem) -> tuple[date, date]:
    return problem.first_on, problem.first_on + timedelta(weeks=problem.weeks)


PERSON_PIN = N_("“%(session)s”: the pin on %(clinician)s contradicts a rule or another pin, and is let go.")
PLACE_PIN = N_("“%(session)s”: the pin on its half-day or room contradicts a rule or another pin, and is let go.")
PINS_CLASH = N_("%(clinician)s is pinned to two sessions at once on %(date)s: “%(one)s” and “%(other)s”.")
PIN_ON_ABSENT = N_("%(clinician)s is pinned to “%(session)s” and is absent then (%(date)s).")
PUBLISHED_LEFT = N_(
    "“%(session)s” of %(date)s was published with people who may no longer do it: %(people)s (people: %(count)d)."
)
AGREEMENT_EMPTY = N_(
    "Nobody is enrolled in the agreement “%(agreement)s” in these weeks (enrolments at other times: %(count)d)."
)
AGREEMENT_ENDING = N_(
    "The agreement “%(agreement)s” is in force until before %(until)s only (sessions offered from then on: %(count)d)."
)
REGISTRATION_ENDING = N_("The registration of %(clinician)s for %(country)s ends in these weeks, before %(until)s.")
INSURANCE_ENDING = N_("The insurance of %(clinician)s for %(country)s ends in these weeks, before %(until)s.")
TRAVEL_ESTIMATED = N_(
    "Travel times in use have not been confirmed, that between %(one)s and %(other)s among them (ways: %(count)d)."
)
WISH_ON_LEAVE = N_("%(clinician)s asks to work on %(date)s and is absent on that day.")
LIMIT_TOO_HIGH = N_(
    "The contract of %(clinician)s asks for more sessions than these weeks allow (at least: %(low)d; possible:"
    " %(have)d; missing: %(missing)d)."
)
