"""Named checks of single sessions: what stops each of them before any solving."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from solver.bounds import Ask
from solver.case import Case, case_of
from solver.demand import Group, Post
from solver.explaining.placing import candidates
from solver.outcome import Finding, Severity
from solver.problem import Clinician, Problem, Seat
from solver.rooms import fits
from solver.text import N_, Fact, say


class Look:
    """A problem as the checks look at it, worked out once for all of them.

    Attributes
    ----------
    case
        The filters' answers.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.case: Case = case_of(problem)
        self._skilled: dict[object, list[Clinician]] = {}

    def skilled(self, group: Group, seat: Seat) -> list[Clinician]:
        """Give who has the role, specialty and side of a seat."""
        key = group.first.site, seat.role, seat.specialties, seat.side
        if key not in self._skilled:
            self._skilled[key] = candidates(self.problem, group.first, seat)
        return self._skilled[key]

    @cached_property
    def stopped(self) -> tuple[Group, ...]:
        """The groups with half-days but none with someone for each seat."""
        table = self.case.candidates
        return tuple(
            group
            for group in self.case.demand.groups
            if group.first.options
            and not any(table.get((Post(group.index, 0), number)) for number in range(len(group.first.options)))
        )

    @cached_property
    def blame(self) -> Mapping[int, tuple[str, int | None, tuple[str, ...]]]:
        """By stopped group, the rule that alone shuts it, the number of the seat, and the people it refuses.

        The rule is empty where several rules together do, and the seat is None where all are shut.
        """
        return {group.index: self._blamed(group) for group in self.stopped}

    def _blamed(self, group: Group) -> tuple[str, int | None, tuple[str, ...]]:
        for number, seat in enumerate(group.seats):
            people = self.skilled(group, seat)
            if not people:
                return "role_and_specialty", number, ()
            sets = [self._refusing(group, number, option, who) for option in self._options(group) for who in people]
            for rule in (r.id for r in self.case.rules):
                if all(rule in refusing for refusing in sets):
                    return rule, number, tuple(who.id for who in people)
        return "", None, ()

    def _options(self, group: Group) -> range:
        return range(len(group.first.options))

    def _refusing(self, group: Group, seat: int, option: int, who: Clinician) -> set[str]:
        ask = Ask(self.problem, who, group, seat, option, self.case.pins.get(group.index, ()))
        return {rule.id for rule, _ in self.case.refusals(ask)}


def _stop(check: str, look: Look, group: Group, text: str, people: tuple[str, ...] = (), **facts: Fact) -> Finding:
    """Give the finding that the sessions of a group cannot be held."""
    known: dict[str, Fact] = {
        "session": group.first.title,
        "site": look.problem.site[group.first.site].name,
        "count": group.size,
        "people": len(people),
        **facts,
    }
    message = say(text, {name: value for name, value in known.items() if f"%({name})" in text})
    return Finding(check, Severity.STOPS, message, group.sessions, people, group.size)


def past(look: Look) -> Iterator[Finding]:
    """Find sessions all half-days of which have passed."""
    for group in look.case.demand.groups:
        if not group.first.options:
            yield _stop("past", look, group, PAST)


def no_skill(look: Look) -> Iterator[Finding]:
    """Find seats that nobody has the role, specialty and side for."""
    for group, rule, seat, _ in _blamed(look):
        if rule == "role_and_specialty" and seat is not None:
            asked = group.seats[seat]
            names = {"role": asked.role, "specialty": ", ".join(asked.specialties)}
            yield _stop("no_skill", look, group, NO_SKILL, (), **names)


def no_room(look: Look) -> Iterator[Finding]:
    """Find sessions for which the site has no room of the kind with the equipment."""
    for group, rule, _, _ in _blamed(look):
        if rule == "room_fit" and not _rooms(look, group):
            yield _stop("no_room", look, group, NO_ROOM, (), room_kind=group.first.room_kind or "")


def rooms_closed(look: Look) -> Iterator[Finding]:
    """Find sessions whose rooms are closed at all their half-days."""
    for group, rule, _, _ in _blamed(look):
        rooms = _rooms(look, group)
        if rule == "room_fit" and rooms:
            options = len(group.first.options)
            yield _stop("rooms_closed", look, group, ROOMS_CLOSED, (), rooms=rooms, half_days=options)


def no_agreement(look: Look) -> Iterator[Finding]:
    """Find sessions without an agreement in force that covers anyone who could come."""
    yield from _by_rule(look, "no_agreement", "agreement_in_force", NO_AGREEMENT)


def registrations_lacking(look: Look) -> Iterator[Finding]:
    """Find seats for which nobody is registered on the days."""
    yield from _by_rule(look, "registrations_lacking", "registration", NOT_REGISTERED)


def insurance_lacking(look: Look) -> Iterator[Finding]:
    """Find seats for which nobody is insured on the days."""
    yield from _by_rule(look, "insurance_lacking", "insurance", NOT_INSURED)


def all_on_leave(look: Look) -> Iterator[Finding]:
    """Find seats all candidates of which are absent."""
    yield from _by_rule(look, "all_on_leave", "leave", ALL_ON_LEAVE)


def only_holidays(look: Look) -> Iterator[Finding]:
    """Find sessions all half-days of which are holidays or closures on either side."""
    yield from _by_rule(look, "only_holidays", "holidays_both_sides", ONLY_HOLIDAYS)


NAMED = frozenset(
    {
        "role_and_specialty",
        "room_fit",
        "agreement_in_force",
        "registration",
        "insurance",
        "leave",
        "holidays_both_sides",
        "mdt_specialties",
    }
)
"""Rules with a check of their own."""


def few_specialties(look: Look) -> Iterator[Finding]:
    """Find meetings whose seats ask for too few specialties."""
    for group, rule, seat, people in _blamed(look):
        if rule == "mdt_specialties" and seat is not None:
            ask = Ask(look.problem, look.problem.clinician[people[0]], group, seat, 0)
            told = next(reason.message for which, reason in look.case.refusals(ask) if which.id == rule)
            yield Finding("few_specialties", Severity.STOPS, told, group.sessions, (), group.size)


def nobody_left(look: Look) -> Iterator[Finding]:
    """Find all other sessions without a half-day that has someone for each seat."""
    titles = {rule.id: rule.title for rule in look.case.rules}
    for group, rule, _, refused in _blamed(look):
        if rule and rule not in NAMED:
            yield _stop("nobody_left", look, group, SHUT, refused, rule=titles[rule])
        elif rule not in NAMED:
            people = tuple(dict.fromkeys(who.id for seat in group.seats for who in look.skilled(group, seat)))
            numbers = {"half_days": len(group.first.options), "seats": len(group.seats)}
            yield _stop("nobody_left", look, group, NOBODY_LEFT, people, **numbers)


def _blamed(look: Look) -> Iterator[tuple[Group, str, int | None, tuple[str, ...]]]:
    for group in look.stopped:
        yield group, *look.blame[group.index]


def _by_rule(look: Look, check: str, rule: str, text: str) -> Iterator[Finding]:
    for group, blamed, _, people in _blamed(look):
        if blamed == rule:
            days: dict[date, None] = dict.fromkeys(option.on for option in group.first.options)
            country = look.problem.site[group.first.site].country
            yield _stop(check, look, group, text, people, days=len(days), country=country)


def _rooms(look: Look, group: Group) -> int:
    return sum(fits(room, group.first) for room in look.problem.rooms)


PAST = N_("All half-days of “%(session)s” at %(site)s have passed (sessions: %(count)d).")
NO_SKILL = N_("“%(session)s” at %(site)s: nobody can be “%(role)s” in %(specialty)s (sessions: %(count)d).")
NO_ROOM = N_("%(site)s has no room of the kind “%(room_kind)s” fit for “%(session)s” (sessions: %(count)d).")
ROOMS_CLOSED = N_(
    "All rooms of %(site)s fit for “%(session)s” are closed at all its half-days (rooms: %(rooms)d; half-days:"
    " %(half_days)d; sessions: %(count)d)."
)
NO_AGREEMENT = N_(
    "“%(session)s” at %(site)s: no agreement in force covers any of those who could come (people: %(people)d; sessions:"
    " %(count)d)."
)
NOT_REGISTERED = N_(
    "“%(session)s” at %(site)s: none of those who could come is registered for %(country)s on its days (people:"
    " %(people)d; sessions: %(count)d)."
)
NOT_INSURED = N_(
    "“%(session)s” at %(site)s: none of those who could come is insured for %(country)s on its days (people:"
    " %(people)d; sessions: %(count)d)."
)
ALL_ON_LEAVE = N_(
    "“%(session)s” at %(site)s: all who could come are absent at all its half-days (people: %(people)d; sessions:"
    " %(count)d)."
)
ONLY_HOLIDAYS = N_(
    "“%(session)s” at %(site)s is offered on holidays and closing days only (days: %(days)d; sessions: %(count)d)."
)
SHUT = N_(
    "“%(session)s” at %(site)s: the rule “%(rule)s” refuses all who could come (people: %(people)d; sessions:"
    " %(count)d)."
)
NOBODY_LEFT = N_(
    "“%(session)s” at %(site)s: no half-day has someone allowed for each seat (half-days: %(half_days)d; seats:"
    " %(seats)d; people with the skills: %(people)d; sessions: %(count)d)."
)
