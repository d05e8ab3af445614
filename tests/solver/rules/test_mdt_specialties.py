import pytest

from tests.solver.build import clinician, held, problem, seat, session
from tests.solver.judging import broken, says

RULE = "mdt_specialties"
MANY = frozenset({"urology", "oncology", "radiotherapy"})
PEOPLE = [clinician(name, "away", specialties=MANY) for name in "ABC"]


def meeting(*seats, site="away", kind="mdt"):
    return session("RCP", site, kind=kind, seats=[seat(f"s{n}", "lead", *asked) for n, asked in enumerate(seats)])


def judged(meeting):
    return broken(problem(PEOPLE, [meeting]), held(meeting, *"ABC"[: len(meeting.seats)]))


URO, ONCO, RADIO = ("urology",), ("oncology",), ("radiotherapy",)


@pytest.mark.parametrize(
    ("seats", "wanted"),
    [
        ((URO, ONCO, RADIO), set()),
        ((URO, ONCO, ONCO), {RULE}),
        ((URO, ONCO), set()),
        ((URO + ONCO, URO, URO + ONCO + RADIO), set()),
        ((URO + ONCO, URO, URO + ONCO), {RULE}),
    ],
    ids=["three", "two of three seats", "others not rostered", "with alternatives", "too few alternatives"],
)
def test_a_meeting_brings_three_specialties(seats, wanted):
    assert judged(meeting(*seats)) == wanted


def test_other_countries_and_kinds_are_not_asked():
    assert RULE not in judged(meeting(URO, URO, URO, site="home"))
    assert RULE not in judged(meeting(URO, URO, URO, kind="ward_round"))


def test_the_numbers_are_named():
    there = meeting(URO, ONCO, ONCO)

    assert says(problem(PEOPLE, [there]), RULE, held(there, *"ABC")) == (
        "“RCP” at Away Hospital brings too few specialties together: 2 (at least 3)."
    )
