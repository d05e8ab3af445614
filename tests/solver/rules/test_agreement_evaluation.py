from datetime import date

import pytest

from tests.solver.build import agreement, clinician, held, problem, session
from tests.solver.judging import cost, says

RULE = "agreement_evaluation"
PEOPLE = [clinician("A"), clinician("L", "away")]


def world(*evaluated, named=None):
    visit = session("V", "away", agreement=named)
    pacts = tuple(agreement(PEOPLE, f"pact{n}", evaluated_on=on) for n, on in enumerate(evaluated))
    return problem(PEOPLE, [visit], agreements=pacts), visit


@pytest.mark.parametrize(
    ("evaluated", "price"),
    [(date(2025, 3, 2), 0), (date(2025, 3, 1), 500), (None, 0)],
    ids=["a year", "more", "unknown"],
)
def test_a_visit_under_an_agreement_evaluated_too_long_ago_is_paid_for(evaluated, price):
    there, visit = world(evaluated)

    assert cost(there, RULE, held(visit, "A")) == price
    assert cost(there, RULE, held(visit, "L")) == 0


def test_the_named_agreement_counts_and_without_one_the_best():
    old, new = date(2024, 1, 1), date(2026, 1, 1)
    for named, price in (("pact0", 500), ("pact1", 0), (None, 0)):
        there, visit = world(old, new, named=named)

        assert cost(there, RULE, held(visit, "A")) == price


def test_the_agreement_and_the_dates_are_named():
    there, visit = world(date(2025, 2, 28))

    assert says(there, RULE, held(visit, "A")) == (
        "The agreement “Home and Away” was last evaluated on 2025-02-28, more than a year before 2026-03-02."
    )
