"""Whoever answers for a duty line is free for it and within reach."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from solver.bounds import Ask, Bound, Rule, Scope, clash_bound
from solver.demand import Stint, demand_of
from solver.problem import Clinician, FixedDuty, Problem
from solver.rule_parts.lines import Lines, lines_of
from solver.terms import Assigned, Facts
from solver.text import N_, Message, say


class DutyLines(Rule):
    """One person takes one place of a line at a time, none beside a line on site, and is near when a call begins.

    Two lines on call from home at one site may be answered by one person; the base and the second call of one line
    may not.  Between work at another site and a line on call there is time to travel, the response time allowed.
    Work at another site during a line is what ``theatre_team`` forbids, and lines on site are occupying work to
    which ``no_overlap`` and ``travel_time`` apply.
    """

    id = "duty_lines"
    title = N_("Whoever answers for a duty line is free for it and within reach")
    why = N_("A doctor who is called on two lines at once, or on the road, is a doctor whom one of them lacks.")
    source = N_("CJEU C-518/15 Matzak, C-344/19, C-580/19 (response time)")
    source_ids = ("WTD-STANDBY", "HOME-PROTECT")
    params = {"response_minutes": 30}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "response_minutes": N_("Time to answer a call in person, in minutes"),
    }
    on = ("clinician", "stint")

    def regards(self, problem: Problem, clinician: Clinician) -> bool:
        """Only people with fixed duties can be refused, and only where lines are planned."""
        has_duties = clinician.id in demand_of(problem).duties
        return has_duties and bool(lines_of(problem).calls) and super().regards(problem, clinician)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a line on call too soon after, or before, a fixed duty elsewhere."""
        stint = ask.stint
        if stint in lines_of(ask.problem).calls:
            for duty in demand_of(ask.problem).duties.get(ask.clinician.id, ()):
                if duty.exclusive and self._too_far(ask.problem, stint, duty):
                    names = {"line_site": ask.site.name, "site": ask.problem.site[duty.site].name}
                    return say(TOO_FAR, names, clinician=ask.clinician.name, date=stint.on)
        return None

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each person and places of lines that exclude each other, and for each way too long."""
        lines = lines_of(problem)
        if not lines.groups:
            return
        people = {*scope.stints, *scope.watches}
        regarded = {who for who in people if self.applies_to.person(problem, problem.clinician[who])}
        yield from _one_line(scope, lines, regarded)
        for who in sorted(regarded.intersection(scope.watches) if lines.calls else ()):
            for call in scope.watches[who]:
                for stint in scope.stints.get(who, ()) if call in lines.calls else ():
                    if self._too_far(problem, call, stint):
                        yield clash_bound(who, call, stint)

    def _too_far(self, problem: Problem, call: Stint, work: Stint | FixedDuty) -> bool:
        if call.site == work.site:
            return False
        gap = max(call.start_at - work.end_at, work.start_at - call.end_at)
        minutes = problem.travel_minutes(call.site, work.site) - self.number("response_minutes")
        return timedelta() <= gap < timedelta(minutes=minutes)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, and the lines or the sites."""
        clinician = problem.clinician[str(bound.subject[0])].name
        stints = [part for part in bound.subject if isinstance(part, Stint)]
        if stints:
            call, work = stints
            names = {"line_site": problem.site[call.site].name, "site": problem.site[work.site].name}
            return say(TOO_FAR, names, clinician=clinician, date=call.on)
        held = dict.fromkeys(name for _, term in bound.terms for name in facts.sessions(term))
        titles = [problem.session[name].title for name in held]
        on = min(facts.placed[name][0].on for name in held)
        return say(TWO_LINES, clinician=clinician, one=titles[0], other=titles[-1], date=on)


def _one_line(scope: Scope, lines: Lines, regarded: set[str]) -> Iterator[Bound]:
    """Give the bounds that nobody takes two places of lines at once, beyond what occupies a person anyway."""
    groups = scope.demand.groups
    found: dict[str, dict[tuple[str, Stint], list[Assigned]]] = {}
    for placing in scope.placings:
        if placing.post.group in lines.groups and placing.clinician in regarded:
            group = groups[placing.post.group]
            stint = group.stints[placing.post.seat][placing.option]
            found.setdefault(placing.clinician, {}).setdefault((group.first.line, stint), []).append(placing)
    for who, places in found.items():
        for (line, stint), placings in places.items():
            if not stint.exclusive:
                yield Bound((who, line, stint.index), tuple((1, placing) for placing in placings), high=1)
        for ((line, stint), one), ((other_line, later), other) in combinations(places.items(), 2):
            lines_meet = line == other_line or stint.exclusive or later.exclusive
            if lines_meet and not (stint.exclusive and later.exclusive) and _meet(stint, later):
                terms = tuple((1, placing) for placing in (*one, *other))
                yield Bound((who, line, stint.index, other_line, later.index), terms, high=1)


def _meet(one: Stint, other: Stint) -> bool:
    return one.start_at < other.end_at and other.start_at < one.end_at


TOO_FAR = N_(
    "%(clinician)s could not reach %(line_site)s from %(site)s in time for a call of the duty line of %(date)s."
)
TWO_LINES = N_("%(clinician)s would answer for two places at once on %(date)s: “%(one)s” and “%(other)s”.")
