"""Named checks before solving: what cannot go well whatever the solver does, with the numbers that miss."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from solver.checking.facts import (
    agreements_empty,
    agreements_ending,
    limits_clash,
    papers_ending,
    pins_clash,
    pins_on_absent,
    pins_yield,
    published_left,
    travel_estimated,
    wishes_on_leave,
)
from solver.checking.numbers import agreement_volumes, home_minimums, too_few_rooms, too_much_work
from solver.checking.sessions import (
    Look,
    all_on_leave,
    few_specialties,
    insurance_lacking,
    no_agreement,
    no_room,
    no_skill,
    nobody_left,
    only_holidays,
    past,
    registrations_lacking,
    rooms_closed,
)
from solver.outcome import Finding, Severity
from solver.problem import Problem
from solver.text import N_


class Check(NamedTuple):
    """A named check: what people read on the page of checks, and what it finds."""

    id: str
    title: str
    find: Callable[[Look], Iterator[Finding]]


CHECKS: tuple[Check, ...] = (
    Check("past", N_("Sessions have a half-day still to come"), past),
    Check("no_skill", N_("Each seat has someone with its role and specialty"), no_skill),
    Check("no_room", N_("There is a room of the kind, with the equipment"), no_room),
    Check("rooms_closed", N_("A fitting room is open at one of the half-days"), rooms_closed),
    Check("no_agreement", N_("An agreement in force covers someone who could come"), no_agreement),
    Check("registrations_lacking", N_("Someone who could come is registered in the country"), registrations_lacking),
    Check("insurance_lacking", N_("Someone who could come is insured in the country"), insurance_lacking),
    Check("all_on_leave", N_("Not everyone who could come is absent"), all_on_leave),
    Check("only_holidays", N_("Sessions are offered on a working day of both sides"), only_holidays),
    Check("few_specialties", N_("Meetings bring enough specialties together"), few_specialties),
    Check("nobody_left", N_("A half-day has someone allowed for each seat"), nobody_left),
    Check("too_much_work", N_("Seats are no more than the half-days of those who may take them"), too_much_work),
    Check("too_few_rooms", N_("Rooms are open as often as sessions need them"), too_few_rooms),
    Check("pins_clash", N_("Nobody is pinned to two sessions at once"), pins_clash),
    Check("pins_yield", N_("Pins contradict neither rules nor one another"), pins_yield),
    Check("pins_on_absent", N_("Nobody is pinned while absent"), pins_on_absent),
    Check("published_left", N_("Who was published may still do what was published"), published_left),
    Check("agreements_empty", N_("Agreements in force have people enrolled"), agreements_empty),
    Check("agreements_ending", N_("No agreement ends within the planned weeks"), agreements_ending),
    Check("agreement_volumes", N_("As many sessions are offered as agreements ask for"), agreement_volumes),
    Check("papers_ending", N_("No registration or insurance ends within the planned weeks"), papers_ending),
    Check("home_minimums", N_("The minimum at home is no larger than the team"), home_minimums),
    Check("limits_clash", N_("Contract limits can be kept"), limits_clash),
    Check("wishes_on_leave", N_("Nobody asks to work on a day of leave"), wishes_on_leave),
    Check("travel_estimated", N_("Travel times in use are confirmed"), travel_estimated),
)
"""The checks, in the order in which they are shown."""


def check_problem(problem: Problem) -> tuple[Finding, ...]:
    """Give what the named checks find: what stops sessions first, then certain gaps, then what is worth a look."""
    look = Look(problem)
    order = list(Severity)
    found = [finding for check in CHECKS for finding in check.find(look)]
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))
