from dataclasses import replace

from tests.solver.build import clinician, held, problem, seat, session
from tests.solver.judging import broken, says

PEOPLE = [clinician("A"), clinician("B")]
PAIR = session("S", seats=[seat("one"), seat("two")])


def test_a_session_with_its_whole_team_is_held_whole():
    assert broken(problem(PEOPLE, [PAIR]), held(PAIR, "A", "B")) == set()


def test_a_session_with_an_empty_seat_is_not_held_whole():
    half = replace(held(PAIR, "A", "B"), team=(("one", "A"),))

    assert broken(problem(PEOPLE, [PAIR]), half) == {"whole_session"}
    assert says(problem(PEOPLE, [PAIR]), "whole_session", half).startswith("“S” is not held whole")


def test_a_session_is_not_held_at_a_half_day_it_does_not_have():
    elsewhere = replace(held(PAIR, "A", "B"), half_day="evening")

    assert broken(problem(PEOPLE, [PAIR]), elsewhere) == {"whole_session"}


def test_a_session_is_not_held_twice():
    once = held(PAIR, "A", "B")

    assert broken(problem(PEOPLE, [PAIR]), once, once) == {"whole_session"}
