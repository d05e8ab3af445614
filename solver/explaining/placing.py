"""What speaks against one placing in a plan: of a session at a half-day, and of a person in a seat of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from solver.audit import objections, refusals, why_not
from solver.outcome import Reason
from solver.plan import Plan
from solver.problem import Clinician, Held, Option, Problem, Seat, Session, Side
from solver.rules import RULES
from solver.text import N_, say

ORDER: Mapping[str, int] = {rule.id: n for n, rule in enumerate(RULES)}
"""Place of each rule in the registry; of several reasons the later one came nearer to being allowed."""

WHOLE = "whole_session"
"""Rule that a half-filled team breaks; left out while seats are looked at one by one."""

TEAM_TRIALS = 200
"""How many people are tried in seats when a whole team is looked for."""

Team = tuple[tuple[str, str], ...]


def held_at(session: Session, option: Option, team: Team, room: str | None = None) -> Held:
    """Give a session as held at one of its half-days."""
    return Held(session.id, option.on, option.half_day, room, team)


def has_skill(who: Clinician, seat: Seat) -> bool:
    """Tell whether a person has the role and one of the specialties of a seat."""
    return seat.role in who.roles and not who.specialties.isdisjoint(seat.specialties)


def candidates(problem: Problem, session: Session, seat: Seat) -> list[Clinician]:
    """Give who has the role, a specialty and the side of a seat, in the order of the problem."""
    return [who for who in problem.clinicians if has_skill(who, seat) and _is_on_side(problem, session, seat, who)]


def nobody(problem: Problem, session: Session, seat: Seat) -> Reason:
    """Say that a seat has no candidate at all."""
    text = {Side.VISITOR: NO_VISITOR, Side.HOST: NO_HOST, Side.ANY: NO_ONE}[seat.side]
    site, specialty = problem.site[session.site].name, ", ".join(seat.specialties)
    return Reason("role_and_specialty", say(text, site=site, role=seat.role, specialty=specialty))


def shut(problem: Problem, plan: Plan, session: Session, option: Option) -> tuple[Reason, ...]:
    """Give the reasons why a half-day is impossible whoever comes: those that name no person."""
    asked: Iterable[Reason] = ()
    if problem.clinicians:
        asked = refusals(problem, session.id, session.seats[0].id, problem.clinicians[0].id, option)
    about_all = [reason for reason in asked if all(name != "clinician" for name, _ in reason.message.facts)]
    return tuple(dict.fromkeys((*about_all, *clashes(problem, plan, held_at(session, option, ())))))


def clashes(problem: Problem, plan: Plan, held: Held) -> tuple[Reason, ...]:
    """Give what speaks against a placing, whether its team is whole or not."""
    return tuple(reason for reason in why_not(problem, plan, held) if reason.rule != WHOLE)


def against(
    problem: Problem,
    plan: Plan,
    session: Session,
    seat: Seat,
    who: str,
    option: Option,
    general: tuple[Reason, ...] | None = None,
) -> Iterator[Reason]:
    """Give the reasons against a person in a seat at a half-day, in the order of the rules, filters first.

    ``general`` holds the reasons against anyone then, if the caller knows them; they are left out.
    """
    yield from refusals(problem, session.id, seat.id, who, option)
    for reason in objections(problem, plan, held_at(session, option, ((seat.id, who),))):
        if reason.rule != WHOLE:
            if general is None:
                general = clashes(problem, plan, held_at(session, option, ()))
            if reason not in general:
                yield reason


def forbidding(
    problem: Problem, plan: Plan, session_id: str, seat_id: str, clinician_id: str, option: Option
) -> tuple[Reason, ...]:
    """Give all that forbids a person in a seat at a half-day as things stand; the first rule that does comes first.

    What forbids it whatever is planned comes before what the rest of the plan forbids; nothing, where no rule does.
    A half-filled team is no reason: the other seats of the session are left out.
    """
    held = held_at(problem.session[session_id], option, ((seat_id, clinician_id),))
    filters = refusals(problem, session_id, seat_id, clinician_id, option)
    return tuple(dict.fromkeys((*filters, *clashes(problem, plan, held))))


def nearest(reasons: Iterable[Reason | None]) -> Reason | None:
    """Give the reason that comes last in the order of the rules; None as soon as one is None."""
    found: Reason | None = None
    for reason in reasons:
        if reason is None:
            return None
        if found is None or ORDER.get(reason.rule, 0) > ORDER.get(found.rule, 0):
            found = reason
    return found


def free_team(
    problem: Problem, plan: Plan, session: Session, option: Option, fixed: Mapping[str, str] | None = None
) -> Team | None:
    """Give a team that is free at a half-day, with some seats fixed; None when there is none or it is hard to find.

    People who are at the site on that day anyway are tried first.
    """
    wanted = fixed or {}
    able: dict[str, list[str]] = {}
    there = _people_there(problem, plan, session, option)
    for seat in session.seats:
        names = [who.id for who in candidates(problem, session, seat) if wanted.get(seat.id, who.id) == who.id]
        free = [who for who in names if next(against(problem, plan, session, seat, who, option), None) is None]
        able[seat.id] = sorted(free, key=lambda who: who not in there)
    order = sorted(able, key=lambda seat: len(able[seat]))
    found = _fill(order, able, lambda team: not clashes(problem, plan, held_at(session, option, team)))
    return None if found is None else tuple((seat.id, found[seat.id]) for seat in session.seats)


def _fill(order: list[str], able: Mapping[str, list[str]], fits: Callable[[Team], bool]) -> dict[str, str] | None:
    trials = 0

    def fill(team: Team) -> Team | None:
        nonlocal trials
        if len(team) == len(order):
            return team
        seat = order[len(team)]
        for who in able[seat]:
            trials += 1
            longer = (*team, (seat, who))
            if trials <= TEAM_TRIALS and fits(longer):
                whole = fill(longer)
                if whole is not None:
                    return whole
        return None

    found = fill(())
    return None if found is None else dict(found)


def _people_there(problem: Problem, plan: Plan, session: Session, option: Option) -> set[str]:
    same_day = [held for held in plan.by_day.get(option.on, ()) if held.session in problem.session]
    here = [held for held in same_day if problem.session[held.session].site == session.site]
    return {who for held in here for _, who in held.team}


def _is_on_side(problem: Problem, session: Session, seat: Seat, who: Clinician) -> bool:
    return seat.side is Side.ANY or problem.is_visitor(who.id, session.site) == (seat.side is Side.VISITOR)


NO_VISITOR = N_("No visitor to %(site)s has the role “%(role)s” in %(specialty)s.")
NO_HOST = N_("Nobody of %(site)s has the role “%(role)s” in %(specialty)s.")
NO_ONE = N_("Nobody has the role “%(role)s” in %(specialty)s for %(site)s.")
