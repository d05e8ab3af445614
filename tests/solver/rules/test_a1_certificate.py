import pytest

from tests.solver.build import clinician, day, held, option, paper, problem, session
from tests.solver.judging import cost, says

RULE = "a1_certificate"
VISIT = session("V", "away", options=option(2))
NEAR = session("N")
OTHER = clinician("B", certificates=(paper("BE", "FR", kind="a1"),))


def world(*certificates, other=OTHER):
    return problem([clinician("A", certificates=certificates), other], [VISIT, NEAR])


@pytest.mark.parametrize(
    ("paper", "price"),
    [
        (paper("BE", "FR", end=day(3), kind="a1"), 0),
        (paper("BE", "FR", end=day(2), kind="a1"), 500),
        (paper("BE", kind="a1"), 500),
        (paper("FR", kind="diploma"), 500),
    ],
    ids=["last day", "over", "other country", "other paper"],
)
def test_a_visit_abroad_needs_a_certificate_for_the_country_and_date(paper, price):
    assert cost(world(paper), RULE, held(VISIT, "A")) == price


def test_work_at_home_needs_none():
    assert cost(world(), RULE, held(NEAR, "A")) == 0


def test_nothing_is_asked_where_nobodys_certificate_is_recorded():
    foreign = clinician("B", "away", certificates=(paper("BE", kind="a1"),))

    assert cost(world(other=foreign), RULE, held(VISIT, "A")) == 0
    assert cost(world(), RULE, held(VISIT, "A")) == 500


def test_the_country_and_date_are_named():
    assert says(world(), RULE, held(VISIT, "A")) == "Dr A has no A1 certificate for FR on 2026-03-04."
