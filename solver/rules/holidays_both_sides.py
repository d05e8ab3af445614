"""Neither the host's holidays and closures nor the visitor's holidays at home are planned over."""

from solver.bounds import Ask, Rule
from solver.text import N_, Message, say


class HolidaysBothSides(Rule):
    """No session when the host is closed, and no visitor on a holiday at home; duty lines run on all days."""

    id = "holidays_both_sides"
    title = N_("Holidays on both sides of the border are kept")
    why = N_("On 11 November or 21 July one side works and the other does not: plans made from one calendar fail.")
    source = N_("Official holidays of Belgium, France, Moselle and Luxembourg")
    source_ids = ("CAL-BOTH",)
    on = ("clinician", "site", "line", "day")
    of_person = ("home_site",)

    def may(self, ask: Ask) -> Message | None:
        """Refuse the host's holidays and closures, and a visitor's holidays at home."""
        on, site = ask.option.on, ask.site
        if ask.session.line:
            return None
        if on in site.closed_on:
            return say(CLOSED, site=site.name, date=on)
        if on in site.holidays:
            return say(HOLIDAY, site=site.name, date=on)
        home = ask.problem.site[ask.clinician.home_site]
        if ask.is_visitor and on in home.holidays:
            return say(HOLIDAY_AT_HOME, clinician=ask.clinician.name, site=home.name, date=on)
        return None


CLOSED = N_("%(site)s is closed on %(date)s.")
HOLIDAY = N_("%(date)s is a holiday at %(site)s.")
HOLIDAY_AT_HOME = N_("%(date)s is a holiday at %(site)s, where %(clinician)s comes from.")
