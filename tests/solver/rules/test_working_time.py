"""The rules about how long people work: averages, weeks, days."""

from datetime import timedelta

import pytest

from solver.audit import audit
from solver.model import compile_model
from solver.problem import PastWeek, RuleSetting, Site, Strength, Travel
from tests.solver.build import AWAY, HOME, MONDAY, clinician, fixed_duty, held, option, plan, problem, session
from tests.solver.judging import says

LUX = Site("lux", "Lux Hospital", "LU", "Lux", zone="UTC")
SITES = {
    "sites": (HOME, AWAY, LUX),
    "travel": (Travel("home", "away", 30), Travel("home", "lux", 60), Travel("away", "lux", 60)),
}
FREE = {"max_sessions_per_day": 9, "max_sessions_per_week": 50}


def employee(home="home", **more):
    return clinician("A", home, contract="employee", **FREE | more)


def shifts(*hours, site="home", start="08:00", week=0):
    """Give one session a day with so many minutes after eight o'clock."""
    found = []
    for n, minutes in enumerate(hours):
        end = f"{8 + minutes // 60:02d}:{minutes % 60:02d}"
        found.append(session(f"{site}{week}{n}", site, options=option(7 * week + n, "morning", start, end)))
    return found


def verdict(rule, person, sessions, **more):
    """Give how binding the breach of a rule is when all sessions are held, checked against the model."""
    asked = problem([person], sessions, **SITES | more)
    made = plan(*(held(s, person.id) for s in sessions))
    judged = audit(asked, made)
    assert (compile_model(asked).encode(made) is not None) == judged.lawful
    return [b.strength.value for b in judged.breaches if b.rule == rule]


def past(*hours):
    return tuple(
        PastWeek("A", MONDAY - timedelta(weeks=n + 1), (("BE", 60 * h // 2), ("FR", 60 * h - 60 * h // 2)))
        for n, h in enumerate(hours)
    )


FORTY_EIGHT = (576, 576, 576, 576, 576)


def test_forty_eight_hours_and_no_minute_more():
    longer = (*FORTY_EIGHT[:4], 577)

    assert verdict("average_week", employee(), shifts(*FORTY_EIGHT)) == []
    assert verdict("average_week", employee(), shifts(*longer)) == ["block"]
    assert verdict("average_week", clinician("A", **FREE), shifts(*longer)) == ["info"]


@pytest.mark.parametrize(("before", "wanted"), [(38, []), (39, ["block"])])
def test_the_weeks_before_at_all_employers_count(before, wanted):
    week = shifts(696, 696, 696, 696, 696)  # fifty-eight hours

    assert verdict("average_week", employee(), week, past_weeks=past(before)) == wanted


@pytest.mark.parametrize(("home", "weeks", "wanted"), [("home", 12, []), ("home", 13, []), ("away", 13, ["block"])])
def test_the_reference_period_is_that_of_the_home_country(home, weeks, wanted):
    """Weeks of exactly the limit and then one far above: only a period that reaches so far back sees it."""
    before = past(*[48] * (weeks - 1), 60)

    assert verdict("average_week", employee(home), shifts(*FORTY_EIGHT, site=home), past_weeks=before) == (
        wanted if weeks > 12 else ["block"]
    )


def test_a_signed_consent_raises_the_average():
    week = shifts(600, 600, 600, 600, 600, 300)  # fifty-five hours

    assert verdict("average_week", employee(), week) == ["block"]
    assert verdict("average_week", employee(opt_out_hours=7), week) == []
    assert verdict("average_week", employee(opt_out_hours=6), week) == ["block"]


def test_each_week_ends_a_period():
    two = [*shifts(*FORTY_EIGHT[:4], 600), *shifts(540, week=1)]

    assert verdict("average_week", employee(), two, weeks=2) == ["block"]
    assert verdict("average_week", employee(), two, weeks=2, past_weeks=past(40)) == []


def test_fixed_duties_count():
    duty = (fixed_duty("A", "home", 5, "08:00", "12:00"),)

    assert verdict("average_week", employee(), shifts(576, 576, 576, 576, 336), fixed_duties=duty) == []
    assert verdict("average_week", employee(), shifts(576, 576, 576, 576, 337), fixed_duties=duty) == ["block"]


@pytest.mark.parametrize(("minutes", "wanted"), [(30, []), (31, ["block"])])
def test_the_way_between_two_sites_of_a_day_is_work(minutes, wanted):
    """Half an hour between home and away, and from there half an hour home, which is the usual way to work."""
    there = session("There", "away", options=option(4, "afternoon", "17:00", f"17:{minutes}"))
    week = [*shifts(576, 576, 576, 576, 516), there]

    assert verdict("average_week", employee(), week) == wanted


@pytest.mark.parametrize(("minutes", "wanted"), [(516, []), (517, ["block"])])
def test_the_way_from_home_counts_beyond_the_usual(minutes, wanted):
    """An hour there and an hour back, less half an hour each time."""
    there = session("There", "lux", options=option(4, "morning", "08:00", f"{8 + minutes // 60:02d}:{minutes % 60}"))
    week = [*shifts(576, 576, 576, 576), there]
    off = (RuleSetting("average_week", params=(("count_ways", 0),)),)

    assert verdict("average_week", employee(), week) == wanted
    assert verdict("average_week", employee(), week, settings=off) == []


def test_a_way_to_a_fixed_duty_elsewhere_counts():
    duty = (fixed_duty("A", "away", 4, "17:00", "17:30"),)

    assert verdict("average_week", employee(), shifts(576, 576, 576, 576, 516), fixed_duties=duty) == []
    assert verdict("average_week", employee(), shifts(576, 576, 576, 576, 517), fixed_duties=duty) == ["block"]


@pytest.mark.parametrize(
    ("home", "minutes", "wanted"),
    [("home", 720, []), ("home", 721, ["block"]), ("lux", 576, []), ("lux", 577, ["warn"]), ("away", 780, [])],
)
def test_the_longest_week(home, minutes, wanted):
    week = (
        shifts(720, 720, 720, 720, minutes, site=home)
        if home != "lux"
        else shifts(*FORTY_EIGHT[:4], minutes, site=home)
    )

    assert verdict("longest_week", employee(home, opt_out_hours=40), week) == wanted


def test_a_minute_above_a_softer_limit_has_its_price():
    asked = problem([employee("lux")], shifts(*FORTY_EIGHT[:4], 579, site="lux"), **SITES)
    judged = audit(asked, plan(*(held(s, "A") for s in asked.sessions)))

    assert [c.cost for c in judged.rule_costs if c.rule == "longest_week"] == [30]


@pytest.mark.parametrize(
    ("home", "minutes", "wanted"), [("lux", 600, []), ("lux", 601, ["warn"]), ("home", 700, []), ("away", 700, [])]
)
def test_the_longest_day(home, minutes, wanted):
    assert verdict("longest_day", employee(home), shifts(minutes, site=home)) == wanted


def test_hours_are_said():
    person = employee()
    asked = problem([person], shifts(*FORTY_EIGHT[:4], 577), **SITES)

    assert says(asked, "average_week", *(held(s, "A") for s in asked.sessions)) == (
        "Dr A would work 48 h 1 min a week on average, travel included, up to the week of 2026-03-02"
        " (weeks counted: 1; at most 48 h)."
    )


def test_a_hospital_can_warn():
    warn = (RuleSetting("average_week", strength=Strength.WARN),)

    assert verdict("average_week", employee(), shifts(*FORTY_EIGHT[:4], 577), settings=warn) == ["warn"]
