from dataclasses import replace

from tests.solver.build import clinician, held, option, problem, session
from tests.solver.judging import cost, says

RULE = "lines_both_sides"
PEOPLE = [clinician("A"), clinician("L", "away")]
NEAR = session("Near", options=option(0, "night"), line="Mobile team", line_choice=1)
FAR = session("Far", "away", options=option(0, "night"), line="Mobile team", line_choice=2)


def test_a_night_without_either_neighbour_is_paid_for():
    pair = problem(PEOPLE, [NEAR, FAR])

    assert cost(pair, RULE) == 500
    assert cost(pair, RULE, held(NEAR, "A")) == cost(pair, RULE, held(FAR, "L")) == 0
    assert says(pair, RULE) == (
        "Home Hospital and Away Hospital both lack their duty line at the same time on 2026-03-02."
    )


def test_a_gap_of_each_on_another_night_is_none():
    later = replace(FAR, options=(option(1, "night"),))

    assert cost(problem(PEOPLE, [NEAR, later]), RULE) == 0


def test_base_lines_of_one_agreement_guard_together():
    one = replace(NEAR, line="Mobile team of home", agreement="pact")
    other = replace(FAR, line="Mobile team of away", agreement="pact", line_choice=1)
    second = replace(other, line_choice=2)

    assert cost(problem(PEOPLE, [one, other]), RULE) == 500
    assert cost(problem(PEOPLE, [one, second]), RULE) == 0
    assert cost(problem(PEOPLE, [replace(one, agreement=None), other]), RULE) == 0
