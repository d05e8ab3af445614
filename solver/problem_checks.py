"""What the facts of a planning question must not contradict."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from solver.facts import Agreement, AppliesTo, Clinician, Enrolment, InvalidProblem, Paper, Session, WorkLimit

if TYPE_CHECKING:
    from solver.problem import Problem

MOST_WEEKS = 104
MOST_COVER_HOURS = 336
MOST_MINUTES = 100_000
MOST_COUNT = 10_000
MOST_WEIGHT = 1_000_000

LIMITS = (
    "minutes",
    "minutes_per_week",
    "minutes_per_day",
    "sessions",
    "nights",
    "weekends",
    "days_in_a_row",
    "nights_in_a_row",
    "days_off_in_a_row",
    "booked_minutes_per_day",
    "organisations",
)
"""Names of what a contract may limit."""


def check(problem: "Problem") -> None:
    """Refuse facts that contradict one another.

    Raises
    ------
    InvalidProblem
        With the path of the first wrong value.
    """
    if problem.first_on.isoweekday() != 1:
        raise InvalidProblem("first_on", "must be a Monday")
    if not 1900 <= problem.first_on.year <= 9000:
        raise InvalidProblem("first_on", "must lie between the years 1900 and 9000")
    _within("weeks", problem.weeks, 1, MOST_WEEKS)
    _within("travel_margin_minutes", problem.travel_margin_minutes, 0, MOST_MINUTES)
    sites = _unique("sites", (s.id for s in problem.sites))
    rooms = _unique("rooms", (r.id for r in problem.rooms))
    clinicians = _unique("clinicians", (c.id for c in problem.clinicians))
    agreements = _unique("agreements", (a.id for a in problem.agreements))
    _unique("sessions", (s.id for s in problem.sessions))
    for i, site in enumerate(problem.sites):
        _check_zone(f"sites[{i}].zone", site.zone)
    for i, room in enumerate(problem.rooms):
        _known(f"rooms[{i}].site", room.site, sites)
    for i, person in enumerate(problem.clinicians):
        _known(f"clinicians[{i}].home_site", person.home_site, sites)
        _check_clinician(f"clinicians[{i}]", person)
    for i, agreement in enumerate(problem.agreements):
        _check_agreement(f"agreements[{i}]", agreement, clinicians)
    for i, session in enumerate(problem.sessions):
        _check_session(problem, f"sessions[{i}]", session, sites, agreements)
    for name in ("absences", "fixed_duties"):
        for i, spell in enumerate(getattr(problem, name)):
            _known(f"{name}[{i}].clinician", spell.clinician, clinicians)
            _interval(f"{name}[{i}]", spell.start_at, spell.end_at)
    for i, duty in enumerate(problem.fixed_duties):
        _known(f"fixed_duties[{i}].site", duty.site, sites)
    for i, habit in enumerate(problem.habits):
        _known(f"habits[{i}].clinician", habit.clinician, clinicians)
        _within(f"habits[{i}].weekday", habit.weekday, 1, 7)
    for i, preference in enumerate(problem.preferences):
        _known(f"preferences[{i}].clinician", preference.clinician, clinicians)
        _within(f"preferences[{i}].liking", preference.liking, -3, 3)
    for i, setting in enumerate(problem.settings):
        if setting.weight is not None:
            _within(f"settings[{i}].weight", setting.weight, 0, MOST_WEIGHT)
        if setting.applies_to is not None:
            _check_applies_to(f"settings[{i}].applies_to", problem, setting.applies_to)
    _once("settings", "rule", (setting.rule for setting in problem.settings if setting.applies_to is None))
    _check_history(problem, sites, clinicians)
    _check_held(problem, rooms, clinicians)
    _check_travel(problem, sites)


def _check_zone(path: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise InvalidProblem(path, f"{zone!r} is not an IANA time zone") from None


def _check_clinician(path: str, person: Clinician) -> None:
    if not 0 < person.share <= 1:
        raise InvalidProblem(f"{path}.share", "must be above 0 and at most 1")
    for name in ("max_sessions_per_week", "max_sessions_per_day", "max_days_abroad_per_week", "past_visits"):
        _within(f"{path}.{name}", getattr(person, name), 0, MOST_COUNT)
    for name in ("registrations", "insurances", "certificates"):
        for i, paper in enumerate(getattr(person, name)):
            _dated(f"{path}.{name}[{i}]", paper)
    _within(f"{path}.opt_out_hours", person.opt_out_hours, 0, 168)
    for i, limit in enumerate(person.limits):
        _check_limit(f"{path}.limits[{i}]", limit)


def _check_limit(path: str, limit: WorkLimit) -> None:
    if limit.name not in LIMITS:
        raise InvalidProblem(f"{path}.name", f"must be one of {', '.join(LIMITS)}")
    if limit.on is not None and limit.name != "booked_minutes_per_day":
        raise InvalidProblem(f"{path}.on", "only booked_minutes_per_day may name a day")
    if limit.low is not None and limit.name == "booked_minutes_per_day":
        raise InvalidProblem(f"{path}.low", "booked_minutes_per_day has no low end")
    low = limit.low or 0
    _within(f"{path}.low", low, 0, MOST_MINUTES)
    if limit.high is not None:
        _within(f"{path}.high", limit.high, low, MOST_MINUTES)


def _check_applies_to(path: str, problem: "Problem", applies_to: AppliesTo) -> None:
    """Refuse places that are not part of the problem; contracts and kinds may be those of other weeks."""
    for name, known in (
        ("sites", {site.id for site in problem.sites}),
        ("organisations", {site.organisation for site in problem.sites}),
        ("countries", {site.country for site in problem.sites}),
    ):
        for value in sorted(getattr(applies_to, name)):
            _known(f"{path}.{name}", value, known)


def _check_history(problem: "Problem", sites: set[str], clinicians: set[str]) -> None:
    """Check what is known of earlier weeks, wishes, and what home keeps."""
    for name in ("wishes", "past_weeks", "follow_ups", "suitabilities", "last_sites"):
        for i, record in enumerate(getattr(problem, name)):
            _known(f"{name}[{i}].clinician", record.clinician, clinicians)
    for name in ("home_minimums", "follow_ups", "suitabilities", "last_sites"):
        for i, record in enumerate(getattr(problem, name)):
            _known(f"{name}[{i}].site", record.site, sites)
    for i, wish in enumerate(problem.wishes):
        _within(f"wishes[{i}].weight", wish.weight, 0, MOST_WEIGHT)
    for name in ("suitabilities", "last_sites"):
        for i, record in enumerate(getattr(problem, name)):
            _within(f"{name}[{i}].cost", record.cost or 0, 0, MOST_WEIGHT)
    for i, quota in enumerate(problem.quotas):
        _within(f"quotas[{i}].low", quota.low, 0, MOST_COUNT)
        if quota.high is not None:
            _within(f"quotas[{i}].high", quota.high, quota.low, MOST_COUNT)
    for i, minimum in enumerate(problem.home_minimums):
        _within(f"home_minimums[{i}].clinicians", minimum.clinicians, 0, MOST_COUNT)
    for i, week in enumerate(problem.past_weeks):
        if week.first_on.isoweekday() != 1 or week.first_on >= problem.first_on:
            raise InvalidProblem(f"past_weeks[{i}].first_on", "must be a Monday before the planned weeks")
        for name in ("minutes", "visits"):
            for j, (_, count) in enumerate(getattr(week, name)):
                _within(f"past_weeks[{i}].{name}[{j}][1]", count, 0, MOST_MINUTES)
        for name in ("nights", "weekends", "early_starts"):
            _within(f"past_weeks[{i}].{name}", getattr(week, name), 0, 7)
    _once("past_weeks", "first_on", (f"{week.clinician} {week.first_on}" for week in problem.past_weeks))


def _check_agreement(path: str, agreement: Agreement, clinicians: set[str]) -> None:
    _dated(path, agreement)
    for i, line in enumerate(agreement.lines):
        least, most = line.min_per_week or 0, line.max_per_week
        _within(f"{path}.lines[{i}].min_per_week", least, 0, MOST_COUNT)
        if most is not None:
            _within(f"{path}.lines[{i}].max_per_week", most, least, MOST_COUNT)
    for i, enrolment in enumerate(agreement.enrolments):
        _known(f"{path}.enrolments[{i}].clinician", enrolment.clinician, clinicians)
        _dated(f"{path}.enrolments[{i}]", enrolment)


def _check_held(problem: "Problem", rooms: set[str], clinicians: set[str]) -> None:
    """Check what names seats of sessions: what is published, and pins."""
    seats = {session.id: {seat.id for seat in session.seats} for session in problem.sessions}
    sessions = set(seats)
    for i, held in enumerate(problem.published):
        path = f"published[{i}]"
        _known(f"{path}.session", held.session, sessions)
        if held.room is not None:
            _known(f"{path}.room", held.room, rooms)
        for j, (seat, who) in enumerate(held.team):
            _known(f"{path}.team[{j}][0]", seat, seats[held.session])
            _known(f"{path}.team[{j}][1]", who, clinicians)
    _once("published", "session", (held.session for held in problem.published))
    for i, pin in enumerate(problem.pins):
        _known(f"pins[{i}].session", pin.session, sessions)
        if pin.room is not None:
            _known(f"pins[{i}].room", pin.room, rooms)
        if pin.seat is not None:
            _known(f"pins[{i}].seat", pin.seat, seats[pin.session])
        if pin.clinician is not None:
            _known(f"pins[{i}].clinician", pin.clinician, clinicians)


def _check_session(problem: "Problem", path: str, session: Session, sites: set[str], agreements: set[str]) -> None:
    _known(f"{path}.site", session.site, sites)
    if session.agreement is not None:
        _known(f"{path}.agreement", session.agreement, agreements)
    if not session.seats:
        raise InvalidProblem(f"{path}.seats", "a session needs at least one seat")
    _unique(f"{path}.seats", (seat.id for seat in session.seats))
    _within(f"{path}.priority", session.priority, 0, 3)
    _within(f"{path}.line_choice", session.line_choice, 0, 9)
    _within(f"{path}.held_cost", session.held_cost, 0, MOST_WEIGHT)
    _within(f"{path}.unheld_cost", session.unheld_cost or 0, 0, MOST_WEIGHT)
    for i, seat in enumerate(session.seats):
        if seat.cover_hours is not None:
            _within(f"{path}.seats[{i}].cover_hours", seat.cover_hours, 1, MOST_COVER_HOURS)
    seen = set()
    for i, option in enumerate(session.options):
        _interval(f"{path}.options[{i}]", option.start_at, option.end_at)
        if not problem.first_on <= option.on < problem.first_on + timedelta(weeks=problem.weeks):
            raise InvalidProblem(f"{path}.options[{i}].on", "lies outside the planned weeks")
        if abs(option.start_at.date() - option.on) > timedelta(days=1):
            raise InvalidProblem(f"{path}.options[{i}].start_at", "lies more than a day away from on")
        if (option.on, option.half_day) in seen:
            raise InvalidProblem(f"{path}.options[{i}]", "this half-day is listed twice")
        seen.add((option.on, option.half_day))


def _check_travel(problem: "Problem", sites: set[str]) -> None:
    known: set[frozenset[str]] = set()
    for i, line in enumerate(problem.travel):
        _known(f"travel[{i}].one", line.one, sites)
        _known(f"travel[{i}].other", line.other, sites)
        _within(f"travel[{i}].minutes", line.minutes, 0, MOST_MINUTES)
        pair = frozenset((line.one, line.other))
        if pair in known:
            raise InvalidProblem(f"travel[{i}]", f"the way between {line.one} and {line.other} is listed twice")
        known.add(pair)
    ids = [s.id for s in problem.sites]
    for i, one in enumerate(ids):
        for other in ids[i + 1 :]:
            if frozenset((one, other)) not in known:
                raise InvalidProblem("travel", f"no travel time between {one} and {other}")


def _unique(path: str, ids: Iterable[str]) -> set[str]:
    return _once(path, "id", ids)


def _once(path: str, field: str, names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            raise InvalidProblem(f"{path}[{i}].{field}", f"{name!r} is used twice")
        seen.add(name)
    return seen


def _within(path: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidProblem(path, f"must lie between {least} and {most}")


def _dated(path: str, record: Paper | Agreement | Enrolment) -> None:
    if record.valid_from >= record.valid_until:
        raise InvalidProblem(f"{path}.valid_until", "must come after valid_from")


def _known(path: str, name: str, known: set[str]) -> None:
    if name not in known:
        raise InvalidProblem(path, f"{name!r} is not known")


def _interval(path: str, start: datetime, end: datetime) -> None:
    if start.tzinfo is None or end.tzinfo is None:
        raise InvalidProblem(f"{path}.start_at", "instants must carry a time zone")
    if start >= end:
        raise InvalidProblem(f"{path}.end_at", "must come after start_at")
