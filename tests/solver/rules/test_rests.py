"""The rules about rest: each week, after nights, before theatre, and breaks; and about spells of work."""

import pytest

from solver.audit import audit
from solver.model import compile_model
from solver.problem import RuleSetting, Site, Travel
from tests.solver.build import AWAY, HOME, clinician, fixed_duty, held, option, plan, problem, session
from tests.solver.judging import says

LUX = Site("lux", "Lux Hospital", "LU", "Lux", zone="UTC")
SITES = {
    "sites": (HOME, AWAY, LUX),
    "travel": (Travel("home", "away", 30), Travel("home", "lux", 60), Travel("away", "lux", 60)),
}


def employee(home="home", **more):
    return clinician("A", home, contract="employee", max_sessions_per_day=9, max_sessions_per_week=50, **more)


def work(*pieces, site="home"):
    """Give sessions from day, start and end; a fourth word is the kind."""
    found = []
    for n, (number, start, end, *kind) in enumerate(pieces):
        half_day = "night" if end < start else "morning"
        options = option(number, half_day, start, end)
        found.append(session(f"S{n}", site, options=options, kind=kind[0] if kind else "consultation"))
    return found


def verdict(rule, person, sessions, **more):
    """Give how binding the breaches of a rule are when all sessions are held, checked against the model."""
    asked = problem([person], sessions, **SITES | more)
    made = plan(*(held(s, person.id) for s in sessions))
    judged = audit(asked, made)
    assert (compile_model(asked).encode(made) is not None) == judged.lawful
    return [b.strength.value for b in judged.breaches if b.rule == rule]


DAILY = [(n, "08:00", "18:00") for n in range(7)]


@pytest.mark.parametrize(
    ("weekend", "wanted"),
    [
        ([], []),
        ([(5, "08:00", "12:00")], []),
        ([(5, "08:00", "18:00"), (6, "08:00", "12:00")], ["block"]),
        ([(6, "05:00", "12:00")], []),
        ([(6, "04:59", "12:00")], ["block"]),
    ],
    ids=["free", "Saturday morning", "both days", "thirty-five hours", "a minute less"],
)
def test_a_rest_of_thirty_five_hours_each_week(weekend, wanted):
    assert verdict("weekly_rest", employee(), work(*DAILY[:5], *weekend)) == wanted


def test_the_rest_may_run_into_the_next_week():
    week = [*DAILY[:6], (6, "08:00", "20:00")]

    assert verdict("weekly_rest", employee(), work(*week), weeks=2) == []
    assert verdict("weekly_rest", employee(), work(*week, (8, "07:00", "09:00")), weeks=2) == []
    assert verdict("weekly_rest", employee(), work(*week, (8, "06:59", "09:00")), weeks=2) == ["block"]


def test_fixed_duties_take_rest_and_forbid_nothing_alone():
    duties = tuple(fixed_duty("A", "home", *piece) for piece in DAILY)
    late = tuple(fixed_duty("A", "home", *piece) for piece in (*DAILY[:5], (6, "05:00", "12:00")))

    assert verdict("weekly_rest", employee(), work((0, "18:00", "19:00")), fixed_duties=duties[:6]) == []
    assert verdict("weekly_rest", employee(), work((4, "17:00", "18:00")), fixed_duties=late[:4] + late[5:]) == []
    assert verdict("weekly_rest", employee(), work((4, "17:00", "18:01")), fixed_duties=late[:4] + late[5:]) == [
        "block"
    ]
    assert verdict("weekly_rest", employee(), [], fixed_duties=duties) == []


@pytest.mark.parametrize(("start", "wanted"), [("14:00", []), ("13:59", ["warn"])])
def test_in_luxembourg_less_than_forty_four_hours_is_warned_of(start, wanted):
    pieces = work(*DAILY[:5], (6, start, "20:00"), (7, "08:00", "12:00"), site="lux")

    assert verdict("weekly_rest", employee("lux"), pieces, weeks=2) == wanted


def test_the_self_employed_are_advised():
    assert verdict("weekly_rest", clinician("A", max_sessions_per_week=9), work(*DAILY)) == ["info"]


NIGHT = (0, "20:00", "08:00")


@pytest.mark.parametrize(("start", "wanted"), [("19:00", []), ("18:59", ["block"])])
def test_a_night_is_followed_by_rest(start, wanted):
    free = (RuleSetting("daily_rest", params=(("long_spell_hours_BE", 0),)),)

    assert verdict("rest_after_night", employee(), work(NIGHT, (1, start, "19:30")), settings=free) == wanted


def test_a_fixed_night_before_the_first_day_is_followed_by_rest():
    night = (fixed_duty("A", "home", -1, "20:00", "08:00"),)

    assert verdict("rest_after_night", employee(), work((0, "18:59", "20:00")), fixed_duties=night) == ["block"]
    assert verdict("rest_after_night", employee(), work((0, "19:00", "20:00")), fixed_duties=night) == []


@pytest.mark.parametrize(("start", "kind", "wanted"), [("13:00", "theatre", []), ("12:59", "theatre", ["block"])])
def test_no_theatre_on_the_morning_after_a_night(start, kind, wanted):
    person = clinician("A", max_sessions_per_day=5)

    assert verdict("rest_before_theatre", person, work(NIGHT, (1, start, "15:00", kind))) == wanted
    assert verdict("rest_before_theatre", person, work(NIGHT, (1, start, "15:00"))) == []


def test_a_night_at_home_counts_where_it_is_set_so():
    person = clinician("A", max_sessions_per_day=5)
    home = fixed_duty("A", "home", 0, "20:00", "08:00", exclusive=False)
    early = work((1, "08:00", "13:00", "theatre"))
    count = (RuleSetting("rest_before_theatre", params=(("nights_at_home", 1),)),)

    assert verdict("rest_before_theatre", person, early, fixed_duties=(home,)) == []
    assert verdict("rest_before_theatre", person, early, fixed_duties=(home,), settings=count) == ["block"]


def test_kinds_that_share_the_hours_of_a_list_are_told_apart():
    both = [
        *work(NIGHT, (1, "08:00", "12:00", "theatre")),
        session("C", options=option(1, "morning", "08:00", "12:00")),
    ]
    person = clinician("A", max_sessions_per_day=5)
    asked = problem([person], both)

    def lawful(*sessions):
        made = plan(*(held(s, "A") for s in sessions))
        assert (compile_model(asked).encode(made) is not None) == audit(asked, made).lawful
        return audit(asked, made).lawful

    assert lawful(both[0], both[2])
    assert not lawful(both[0], both[1])


@pytest.mark.parametrize(
    ("home", "start", "wanted"), [("home", "08:00", []), ("home", "07:59", ["block"]), ("lux", "07:00", [])]
)
def test_no_spell_is_longer_than_a_day_and_a_night(home, start, wanted):
    pieces = work((0, start, "12:00"), (0, "14:00", "18:00"), NIGHT)
    other = work((0, start, "12:00"), (0, "14:00", "18:00"), NIGHT, site=home)

    assert verdict("longest_spell", employee(home), pieces if home == "home" else other) == wanted


def test_a_pause_of_eleven_hours_ends_a_spell():
    pieces = work((0, "06:00", "08:00"), (0, "19:00", "08:00"))
    closer = work((0, "06:00", "08:01"), (0, "19:00", "08:00"))

    assert verdict("longest_spell", employee(), pieces) == []
    assert verdict("longest_spell", employee(), closer) == ["block"]


def test_a_fixed_duty_begins_a_spell():
    duty = fixed_duty("A", "home", 0, "07:59", "12:00")
    later = fixed_duty("A", "home", 0, "08:00", "12:00")

    assert verdict("longest_spell", employee(), work((0, "14:00", "18:00"), NIGHT), fixed_duties=(later,)) == []
    assert verdict("longest_spell", employee(), work((0, "14:00", "18:00"), NIGHT), fixed_duties=(duty,)) == ["block"]


@pytest.mark.parametrize(
    ("site", "end", "wanted"), [("away", "21:00", []), ("away", "21:01", ["warn"]), ("home", "21:01", [])]
)
def test_a_days_work_in_france_spans_fourteen_hours(site, end, wanted):
    assert verdict("longest_span", employee(), work((0, "07:00", "09:00"), (0, "20:00", end), site=site)) == wanted


def test_a_day_and_its_night_are_two_spans():
    assert verdict("longest_span", employee(), work((0, "08:00", "12:00"), NIGHT, site="away")) == []


@pytest.mark.parametrize(
    ("second", "third", "wanted"),
    [
        ("12:14", "14:14", ["warn"]),
        ("12:15", "14:15", []),
        ("12:00", "14:00", []),
        ("12:00", "14:01", ["warn"]),
    ],
)
def test_a_break_after_six_hours(second, third, wanted):
    assert verdict("breaks", employee(), work((0, "08:00", "12:00"), (0, second, third))) == wanted


def test_a_break_is_twenty_minutes_in_france():
    assert verdict("breaks", employee("away"), work((0, "08:00", "12:00"), (0, "12:19", "15:00"), site="away")) == [
        "warn"
    ]
    assert verdict("breaks", employee("away"), work((0, "08:00", "12:00"), (0, "12:20", "15:00"), site="away")) == []


def test_a_meeting_at_midday_joins_two_sessions():
    pieces = work((0, "08:30", "12:30"), (0, "12:30", "13:30"), (0, "13:30", "17:30"))
    asked = problem([employee()], pieces, **SITES)

    assert verdict("breaks", employee(), pieces) == ["warn"]
    assert verdict("breaks", employee(), [pieces[0], pieces[2]]) == []
    assert says(asked, "breaks", *(held(s, "A") for s in pieces)) == (
        "Dr A would work for 9 h 0 min on 2026-03-02 without a break (due after 6 h)."
    )


def test_one_long_session_has_its_breaks_within():
    assert verdict("breaks", employee(), work((0, "08:00", "18:00"))) == []


def test_a_fixed_duty_takes_the_break():
    duty = (fixed_duty("A", "home", 0, "12:30", "13:30"),)

    assert verdict("breaks", employee(), work((0, "08:30", "12:30"), (0, "13:30", "17:30")), fixed_duties=duty) == [
        "warn"
    ]


@pytest.mark.parametrize(("nights", "wanted"), [(4, []), (5, ["warn"])])
def test_the_nights_of_a_week(nights, wanted):
    assert verdict("night_work", employee(), work(*((n, "20:00", "08:00") for n in range(nights)))) == wanted
