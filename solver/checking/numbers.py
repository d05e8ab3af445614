"""Named checks of sums: more asked for than people, rooms and agreements can give."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from solver.checking.sessions import Look
from solver.demand import Group, Post, Stint
from solver.outcome import Finding, Severity
from solver.problem import Agreement, AgreementLine, Clinician, Strength
from solver.rooms import fits, is_open
from solver.rules.home_minimum import HomeMinimumRule
from solver.text import N_, say

Seats = tuple[Group, int]
"""A group and the number of one of its seats."""


def too_much_work(look: Look) -> Iterator[Finding]:
    """Find seats that are more than the half-days of all who could take them."""
    asked: dict[frozenset[str], list[Seats]] = {}
    stopped = {group.index for group in look.stopped}
    for group in look.case.demand.groups:
        if group.first.counts_as_session and group.first.options and group.index not in stopped:
            for number, seat in enumerate(group.seats):
                if seat.exclusive:
                    asked.setdefault(_able(look, group, number), []).append((group, number))
    for people in asked:
        # Whoever could take these seats cannot take more than all seats for which nobody else could come.
        seats = [one for able, some in asked.items() if able <= people for one in some]
        need = sum(group.size for group, _ in seats)
        have = sum(_half_days(look, look.problem.clinician[who], seats) for who in sorted(people))
        if need > have:
            yield _short(look, people, seats, need, have)


def _short(look: Look, people: frozenset[str], seats: list[Seats], need: int, have: int) -> Finding:
    specialties = sorted({s for group, number in seats for s in group.seats[number].specialties})
    roles = sorted({group.seats[number].role for group, number in seats})
    sites = sorted({look.problem.site[group.first.site].name for group, _ in seats})
    names = {"specialty": ", ".join(specialties), "role": ", ".join(roles), "site": ", ".join(sites)}
    message = say(TOO_MUCH_WORK, names, need=need, have=have, people=len(people), missing=need - have)
    sessions = tuple(dict.fromkeys(name for group, _ in seats for name in group.sessions))
    return Finding("too_much_work", Severity.GAP, message, sessions, tuple(sorted(people)), need - have)


def _able(look: Look, group: Group, seat: int) -> frozenset[str]:
    table = look.case.candidates
    options = range(len(group.first.options))
    return frozenset(who for n in options for who in table.get((Post(group.index, seat), n), ()))


def _half_days(look: Look, person: Clinician, seats: Iterable[Seats]) -> int:
    """Give how many of some seats one person could take at most, by contract and half-days offered."""
    table, problem = look.case.candidates, look.problem
    stints: dict[date, dict[Stint, int]] = {}
    for group, number in seats:
        for option in range(len(group.first.options)):
            if person.id in table.get((Post(group.index, number), option), ()):
                stint = group.stints[number][option]
                stints.setdefault(stint.on, {})[stint] = 1
    limited = _is_limited(look, person)
    weeks: dict[date, list[tuple[int, bool]]] = {}
    for on, there in stints.items():
        count = min(_apart(list(there)), person.max_sessions_per_day) if limited else _apart(list(there))
        abroad = all(problem.is_abroad(person.id, stint.site) for stint in there)
        weeks.setdefault(on - timedelta(days=on.isoweekday() - 1), []).append((count, abroad))
    if not limited:
        return sum(count for days in weeks.values() for count, _ in days)
    return sum(_week(look, person, monday, days) for monday, days in weeks.items())


def _is_limited(look: Look, person: Clinician) -> bool:
    """Tell whether the limits of a contract block."""
    rules = [rule for rule in look.case.rules if rule.id == "max_sessions"]
    own = (rule.strength is Strength.BLOCK and rule.applies_to.person(look.problem, person) for rule in rules)
    return bool(rules) and all(own)


def _week(look: Look, person: Clinician, monday: date, days: list[tuple[int, bool]]) -> int:
    """Give how many sessions of a week one person could take, fixed duties and days abroad counted."""
    duties = look.case.demand.duties.get(person.id, ())
    mine = [d for d in duties if monday <= d.on < monday + timedelta(days=7) and d.counts_as_session]
    abroad = sorted((count for count, gone in days if gone), reverse=True)[: person.max_days_abroad_per_week]
    total = sum(abroad) + sum(count for count, gone in days if not gone)
    return max(0, min(total, person.max_sessions_per_week - len(mine)))


def _apart(stints: list[Stint]) -> int:
    """Give how many stints of a day do not overlap, at most."""
    count, free_at = 0, None
    for stint in sorted(stints, key=lambda s: s.end_at):
        if free_at is None or stint.start_at >= free_at:
            count, free_at = count + 1, stint.end_at
    return count


def too_few_rooms(look: Look) -> Iterator[Finding]:
    """Find rooms that are open less often than sessions need them: all in all, and at single half-days."""
    wanting: dict[tuple[str, str], list[Group]] = {}
    stopped = {group.index for group in look.stopped}
    for group in look.case.demand.groups:
        if group.first.room_kind is not None and group.first.options and group.index not in stopped:
            wanting.setdefault((group.first.site, group.first.room_kind), []).append(group)
    for (site, kind), groups in wanting.items():
        yield from _rooms_of(look, site, kind, groups)


def _rooms_of(look: Look, site: str, kind: str, groups: list[Group]) -> Iterator[Finding]:
    rooms = [room for room in look.problem.rooms if (room.site, room.kind) == (site, kind)]
    half_days = sorted({(o.on, o.half_day) for group in groups for o in group.first.options})
    need = sum(group.size for group in groups)
    longest = _most_in_a_half_day(groups)
    have = longest * sum(is_open(room, *then) for room in rooms for then in half_days)
    names = {"site": look.problem.site[site].name, "room_kind": kind}
    if need > have:
        sessions = tuple(name for group in groups for name in group.sessions)
        message = say(TOO_FEW_OPENINGS, names, need=need, have=have, missing=need - have)
        yield Finding("too_few_rooms", Severity.GAP, message, sessions, (), need - have)
    for on, half_day in half_days:
        fixed = [g for g in groups if len(g.first.options) == 1 and _only(g) == (on, half_day)]
        crowd = _most_together(fixed)
        opened = sum(is_open(r, on, half_day) and any(fits(r, g.first) for g in fixed) for r in rooms)
        if crowd > opened:
            sessions = tuple(name for group in fixed for name in group.sessions)
            message = say(TOO_FEW_ROOMS, names, date=on, need=crowd, have=opened, missing=crowd - opened)
            yield Finding("too_few_rooms", Severity.GAP, message, sessions, (), crowd - opened)


def _only(group: Group) -> tuple[object, object]:
    option = group.first.options[0]
    return option.on, option.half_day


def _most_together(groups: list[Group]) -> int:
    """Give how many sessions, each at its one time, are held at the same moment."""
    spans = [(group.first.options[0], group.size) for group in groups]
    return max(
        (sum(n for other, n in spans if other.start_at <= one.start_at < other.end_at) for one, _ in spans), default=0
    )


def _most_in_a_half_day(groups: list[Group]) -> int:
    """Give how many sessions one room could hold one after another in a half-day, at most."""
    found: dict[tuple[object, object], set[tuple[object, object]]] = {}
    for group in groups:
        for option in group.first.options:
            found.setdefault((option.on, option.half_day), set()).add((option.start_at, option.end_at))
    return max((_in_a_row(sorted(spans, key=lambda s: str(s[1]))) for spans in found.values()), default=1)


def _in_a_row(spans: list[tuple[object, object]]) -> int:
    count, free_at = 0, ""
    for start, end in spans:
        if str(start) >= free_at:
            count, free_at = count + 1, str(end)
    return max(1, count)


def agreement_volumes(look: Look) -> Iterator[Finding]:
    """Find agreed numbers of sessions that the weeks do not offer."""
    problem = look.problem
    for agreement in problem.agreements:
        offered = [g for g in look.case.demand.groups if g.first.agreement == agreement.id]
        for line in agreement.lines:
            least = (line.min_per_week or 0) * problem.weeks
            count = sum(g.size for g in offered if _counts(g, line))
            if offered and count < least:
                yield _too_few_offered(agreement, line, [g for g in offered if _counts(g, line)], least, count)


def _counts(group: Group, line: AgreementLine) -> bool:
    kind = not line.kinds or group.first.kind in line.kinds
    return kind and any(line.specialty in seat.specialties for seat in group.seats)


def _too_few_offered(agreement: Agreement, line: AgreementLine, groups: list[Group], least: int, count: int) -> Finding:
    names = {"agreement": agreement.title, "specialty": line.specialty}
    message = say(TOO_FEW_OFFERED, names, need=least, have=count, missing=least - count)
    sessions = tuple(name for group in groups for name in group.sessions)
    return Finding("agreement_volumes", Severity.LOOK, message, sessions, (), least - count)


def home_minimums(look: Look) -> Iterator[Finding]:
    """Find minimums of the service at home that are larger than the team."""
    problem = look.problem
    asked = (rule.minimums(problem) for rule in look.case.rules if isinstance(rule, HomeMinimumRule))
    for minimum in next(asked, problem.home_minimums):
        home = problem.site[minimum.site]
        team = tuple(
            who.id
            for who in problem.clinicians
            if minimum.specialty in who.specialties and problem.organisation_of(who.id) == home.organisation
        )
        if minimum.clinicians > len(team):
            names = {"site": home.name, "specialty": minimum.specialty}
            missing = minimum.clinicians - len(team)
            message = say(HOME_MINIMUM, names, need=minimum.clinicians, have=len(team), missing=missing)
            yield Finding("home_minimums", Severity.LOOK, message, (), team, missing)


TOO_MUCH_WORK = N_(
    "%(specialty)s (%(role)s) at %(site)s: more seats than half-days of all who may take them (seats: %(need)d; people:"
    " %(people)d; half-days: %(have)d; missing: %(missing)d)."
)
TOO_FEW_OPENINGS = N_(
    "%(site)s: rooms of the kind “%(room_kind)s” are open less often than sessions need them (sessions: %(need)d;"
    " places in open rooms: %(have)d; missing: %(missing)d)."
)
TOO_FEW_ROOMS = N_(
    "%(site)s: too few rooms of the kind “%(room_kind)s” for the sessions that can only be held at one time on"
    " %(date)s (sessions: %(need)d; rooms: %(have)d; missing: %(missing)d)."
)
TOO_FEW_OFFERED = N_(
    "The agreement “%(agreement)s” asks for more sessions of %(specialty)s than these weeks offer (agreed: %(need)d;"
    " offered: %(have)d; missing: %(missing)d)."
)
HOME_MINIMUM = N_(
    "%(site)s wants to keep more clinicians of %(specialty)s at home than it has (wanted: %(need)d; clinicians:"
    " %(have)d; missing: %(missing)d)."
)
