from tests.solver.build import clinician, held, option, problem, seat, session
from tests.solver.judging import cost

RULE = "line_handover"
NIGHTS = [
    session(f"N{n}", options=option(n, "night"), line="Mobile team", line_choice=1, seats=[seat(exclusive=False)])
    for n in range(3)
]
LOCAL, OTHER, VISITOR = clinician("A"), clinician("B"), clinician("V", "away")


def of(people, *who):
    return cost(problem(people, NIGHTS), RULE, *(held(n, name) for n, name in zip(NIGHTS, who, strict=False)))


def test_a_line_that_stays_with_one_side_costs_nothing():
    assert of([LOCAL, OTHER, VISITOR], "A", "B", "A") == 0


def test_each_change_of_side_costs_one_for_each_side():
    assert of([LOCAL, VISITOR], "A", "A", "V") == 10
    assert of([LOCAL, VISITOR], "A", "V", "A") == 20


def test_a_night_nobody_takes_is_half_a_change():
    assert of([LOCAL, VISITOR], "A", "A") == 5


def test_a_line_of_one_side_hands_nothing_over():
    assert of([LOCAL, OTHER], "A") == 0
