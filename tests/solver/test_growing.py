"""Steps on a model's columns are priced as the model prices the values they lead to."""

from random import Random

import numpy as np
import pytest

from solver.linear import LinearModel
from solver.searching.growing import FORBIDDEN, Growing
from solver.searching.incidence import incidence_of


def model(cost, rows, upper):
    start = np.cumsum([0, *(len(amounts) for amounts, _, _ in rows)])
    return LinearModel(
        cost=np.array(cost, np.int64),
        lower=np.zeros(len(cost)),
        upper=np.array(upper, np.float64),
        row_start=start.astype(np.int64),
        columns=np.array([c for amounts, _, _ in rows for c in amounts], np.int64),
        values=np.array([v for amounts, _, _ in rows for v in amounts.values()], np.int64),
        row_low=np.array([low for _, low, _ in rows], np.float64),
        row_high=np.array([high for _, _, high in rows], np.float64),
        offset=3,
    )


def soft(seed):
    """Six choices, and eight rows of three with slack columns on both sides."""
    rng = Random(seed)
    rows = []
    for n in range(8):
        amounts = {c: rng.choice((-1, 1, 2)) for c in rng.sample(range(6), 3)}
        rows.append((amounts | {6 + 2 * n: 1, 7 + 2 * n: -1}, rng.randint(-1, 1), rng.randint(1, 2)))
    cost = [rng.randint(-5, 5) for _ in range(6)] + [rng.randint(1, 9) for _ in range(16)]
    return model(cost, rows, [1] * 6 + [np.inf] * 16)


@pytest.mark.parametrize("seed", range(10))
def test_a_step_costs_what_the_values_after_it_cost_more(seed):
    incidence = incidence_of(soft(seed))
    state = Growing(incidence, [True] * 6 + [False] * 16, np.zeros(22, np.int64))
    before = incidence.cost(state.values())

    price = state.apply(((seed % 6, 1), ((seed + 2) % 6, 1)))

    assert incidence.cost(state.values()) == before + price
    assert incidence.admits(state.values())


def test_steps_are_taken_back():
    incidence = incidence_of(soft(1))
    state = Growing(incidence, [True] * 6 + [False] * 16, np.zeros(22, np.int64))
    before = state.values()
    state.apply(((0, 1),))
    state.settle()
    settled = state.values()
    state.apply(((1, 1),))
    state.apply(((2, 1),))

    state.back_to(0)

    assert (state.values() == settled).all()
    assert not (settled == before).all()


def test_a_row_that_would_not_be_kept_is_forbidden():
    incidence = incidence_of(model([1, 1], [({0: 1, 1: 1}, -np.inf, 1)], [1, 1]))
    state = Growing(incidence, [True, True], np.array([1, 0]))

    assert state.price(((1, 1),)) == 1 + FORBIDDEN
    assert state.price(((0, -1), (1, 1))) == 0


def test_a_column_that_tells_of_others_follows_them():
    tells = [({2: 1, 0: -1, 1: -1}, -np.inf, 0), ({2: -2, 0: 1, 1: 1}, -np.inf, 0)]
    incidence = incidence_of(model([0, 0, 7], tells, [1, 1, 1]))
    state = Growing(incidence, [True, True, False], np.zeros(3, np.int64))

    prices = [state.apply(((0, 1),)), state.apply(((1, 1),))]

    assert prices == [7, 0]
    assert state.values().tolist() == [1, 1, 1]


def test_a_column_beyond_its_limit_is_forbidden():
    incidence = incidence_of(model([2], [({0: 1}, -np.inf, 5)], [1]))
    state = Growing(incidence, [True], np.array([1]))

    assert state.price(((0, 1),)) == 2 + FORBIDDEN
