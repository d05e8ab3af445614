"""Nobody leaves fresh patients behind without cover."""

from datetime import datetime, timedelta

from solver.bounds import AppliesTo, Ask, Rule
from solver.demand import demand_of
from solver.problem import Strength
from solver.rule_parts.lines import lines_of
from solver.text import N_, Message, say

FRIDAY = 5
"""ISO number of the weekday from which the weekend follows."""


class LastCase(Rule):
    """After a visitor's theatre list colleagues of the host cover for some hours, before a weekend until it is over.

    Cover is a seat of the session that lasts so long, or a duty line of the specialty at the site that runs so long
    without a break.
    """

    id = "last_case"
    title = N_("A visitor's theatre list is followed by cover, before a weekend until it is over")
    why = N_("The surgeon drives home on Friday evening; the patient stays.")
    source = N_("Good practice")
    source_ids = ("CLIN-LASTCASE", "CLIN-POSTOP")
    strength = Strength.WARN
    applies_to = AppliesTo(kinds=frozenset({"theatre", "joint_theatre"}))
    params = {"cover_hours": 3, "weekend_cover_hours": 48}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "cover_hours": N_("Cover after a list, in hours"),
        "weekend_cover_hours": N_("Cover after a list before a weekend, in hours"),
    }
    on = ("clinician", "placing")
    of_person = ("home_site",)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a visitor's exclusive seat in a list that is not followed by cover."""
        if not ask.is_visitor or not ask.seat.exclusive:
            return None
        weekend = ask.option.on.isoweekday() >= FRIDAY
        hours = self.number("weekend_cover_hours" if weekend else "cover_hours")
        if any((seat.cover_hours or 0) >= hours for seat in ask.session.seats):
            return None
        end = ask.option.end_at
        if _lines_last(ask, end, end + timedelta(hours=hours)):
            return None
        names = {"session": ask.session.title, "site": ask.site.name, "clinician": ask.clinician.name}
        return say(NO_COVER, names, date=ask.option.on, hours=hours)


def _lines_last(ask: Ask, start: datetime, end: datetime) -> bool:
    """Tell whether duty lines of the seat's specialty at the site fill an interval without a break."""
    demand = demand_of(ask.problem)
    groups = (demand.groups[index] for index in lines_of(ask.problem).groups)
    spells = sorted(
        (option.start_at, option.end_at)
        for group in groups
        if group.first.site == ask.site.id
        and any(set(seat.specialties).intersection(ask.seat.specialties) for seat in group.seats)
        for option in group.first.options
    )
    for first, last in spells:
        if first <= start < last:
            start = last
    return start >= end


NO_COVER = N_(
    "“%(session)s” of %(clinician)s at %(site)s on %(date)s is not followed by cover of the host for %(hours)d hours."
)
