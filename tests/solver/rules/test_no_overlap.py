from dataclasses import replace

from tests.solver.build import AWAY, HOME, clinician, fixed_duty, held, option, problem, seat, session
from tests.solver.judging import broken, says

THEATRE = session("Theatre", options=option(0, "morning", "08:00", "13:00"))
MEETING = session("Meeting", options=option(0, "midday"))
CLINIC = session("Clinic", options=option(0, "morning"))
A = clinician("A", max_sessions_per_day=5)


def test_a_meeting_at_midday_overlaps_a_theatre_morning_until_one():
    world = problem([A], [THEATRE, MEETING])

    assert broken(world, held(THEATRE, "A"), held(MEETING, "A")) == {"no_overlap"}
    assert "“Meeting”" in says(world, "no_overlap", held(THEATRE, "A"), held(MEETING, "A"))


def test_a_meeting_may_start_when_the_clinic_ends():
    assert broken(problem([A], [CLINIC, MEETING]), held(CLINIC, "A"), held(MEETING, "A")) == set()


def test_the_same_person_twice_at_the_same_time_is_refused():
    twin = session("Twin", options=option(0, "morning"))

    assert broken(problem([A], [CLINIC, twin]), held(CLINIC, "A"), held(twin, "A")) == {"no_overlap"}


def test_a_night_overlaps_an_early_start_on_the_next_day():
    night, early = session("N", options=option(0, "night")), session("E", options=option(1, "morning", "07:59"))

    assert broken(problem([A], [night, early]), held(night, "A"), held(early, "A")) == {"no_overlap"}


def test_a_fixed_duty_may_touch_a_session_and_not_overlap_it():
    touching = problem([A], [CLINIC], fixed_duties=(fixed_duty("A", "home", 0, "07:00", "08:30"),))
    overlapping = problem([A], [CLINIC], fixed_duties=(fixed_duty("A", "home", 0, "07:00", "08:31"),))

    assert broken(touching, held(CLINIC, "A")) == set()
    assert broken(overlapping, held(CLINIC, "A")) == {"no_overlap"}


def test_cover_does_not_occupy_a_person():
    covered = session("C", seats=[seat("cover", exclusive=False)])

    assert broken(problem([A], [CLINIC, covered]), held(CLINIC, "A"), held(covered, "A")) == set()


def test_sessions_of_one_name_are_told_apart_by_their_hours():
    early, late = (
        session(id, "away", title="List", options=option(0, "morning", *hours))
        for id, hours in (("1", ("08:00", "13:00")), ("2", ("12:00", "13:30")))
    )
    zoned = problem([A], [early, late], sites=(HOME, replace(AWAY, zone="Europe/Paris")))

    assert says(zoned, "no_overlap", held(early, "A"), held(late, "A")) == (
        "Dr A would be in two sessions at once on 2026-03-02: “List” (Away Hospital, 09:00–14:00)"
        " and “List” (Away Hospital, 13:00–14:30)."
    )


def test_one_name_is_not_said_twice():
    one, two = session("1", title="List"), session("2", title="List")
    team = session("3", title="Joint list", seats=[seat("lead"), seat("second")])

    assert says(problem([A], [one, two]), "no_overlap", held(one, "A"), held(two, "A")) == (
        "Dr A would be in “List” twice at the same time on 2026-03-02 (Home Hospital, 08:30–12:30)."
    )
    assert says(problem([A], [team]), "no_overlap", held(team, "A", "A")) == (
        "Dr A would take two seats in the team of “Joint list”."
    )
