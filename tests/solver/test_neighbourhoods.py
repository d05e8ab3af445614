"""Parts of a model are solved anew and never make a plan worse, break a row, or lose what others found meanwhile."""

import os
import signal
import threading

import numpy as np
import pytest

from solver.audit import audit
from solver.engines.portfolio import Race
from solver.engines.process import EnginePool
from solver.generate import generate
from solver.model import compile_model
from solver.outcome import SolveStatus
from solver.search import solve
from solver.searching.greedy import greedy_values
from solver.searching.improving import Improving
from solver.searching.incidence import incidence_of
from solver.searching.neighbourhoods import Neighbourhoods
from solver.searching.reduction import cut_out
from tests.solver.worlds import random_problem, seeded


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


@pytest.fixture(scope="module")
def zone():
    return generate("zone", 2)


@pytest.fixture(scope="module")
def begun(zone):
    """Give the zone's model by column, and the first plan's values."""
    compiled = compile_model(zone)
    incidence = incidence_of(compiled.linear)
    return compiled, incidence, greedy_values(compiled, incidence)


def test_a_part_with_everything_free_is_the_model(begun):
    _, incidence, x = begun

    cut = cut_out(incidence, x, incidence.activity(x), np.arange(incidence.linear.column_count))

    assert cut.linear.offset == incidence.linear.offset
    assert cut.linear.row_count <= incidence.linear.row_count
    assert incidence_of(cut.linear).cost(cut.start(x)) == incidence.cost(x)


def test_every_kind_of_part_admits_what_is_there_at_its_cost(begun):
    compiled, incidence, x = begun
    parts, kinds = Neighbourhoods(compiled, incidence, 1), set()
    for _ in range(15):
        part = parts.choose(x)
        kinds.add(part.kind)
        cut = cut_out(incidence, x, incidence.activity(x), part.columns)
        small = incidence_of(cut.linear)

        parts.learn(part, 0, 1.0, finished=True, budget=2.0)

        assert small.admits(cut.start(x))
        assert small.cost(cut.start(x)) == incidence.cost(x)
        assert 0 < len(part.columns) < incidence.linear.column_count
    assert kinds == set(parts.records)


def test_what_a_part_finds_is_found_in_the_whole(begun, pool):
    compiled, incidence, x = begun
    part = Neighbourhoods(compiled, incidence, 1).choose(x)
    cut = cut_out(incidence, x, incidence.activity(x), part.columns)

    answer = pool.engine("highs").solve(cut.linear, seconds=20, hint=cut.start(x))

    merged = cut.merged(x, answer.x)
    assert answer.cost < incidence.cost(x)
    assert incidence.admits(merged)
    assert incidence.cost(merged) == answer.cost


def test_parts_in_work_side_by_side_share_no_people(begun):
    compiled, incidence, x = begun
    parts = Neighbourhoods(compiled, incidence, 1)

    one = parts.choose(x)
    other = parts.choose(x, one.people)

    assert not one.people & other.people


def test_sizes_follow_the_time_that_solving_takes(begun):
    compiled, incidence, x = begun
    parts = Neighbourhoods(compiled, incidence, 1)
    part = parts.choose(x)
    first = parts.records[part.kind].size

    parts.learn(part, 0, 0.1, finished=True, budget=2.0)
    larger = parts.records[part.kind].size
    parts.learn(part, 0, 2.0, finished=False, budget=2.0)

    assert first < larger > parts.records[part.kind].size


def race_of(begun, over=lambda: False):
    _, incidence, x = begun
    race = Race(incidence, over)
    assert race.offer(x, "greedy")
    return race


def test_a_race_refuses_values_that_break_a_row_or_cost_more(begun):
    race = race_of(begun)
    x, _, version = race.state()
    broken = x.copy()
    broken[np.flatnonzero(x)[0]] += 5

    assert not race.offer(broken, "highs")
    assert not race.offer(x, "highs")
    assert race.state()[2] == version


def test_a_part_that_no_longer_fits_is_left_out(begun):
    compiled, incidence, x = begun
    race = race_of(begun)
    held = np.flatnonzero(x[compiled.layout.flows[0].columns[0] :])[:1] + compiled.layout.flows[0].columns[0]

    assert race.merge(held, x[held] + 1, "neighbourhoods") is None
    assert race.cost == incidence.cost(x)


def test_a_proven_race_is_over(begun):
    race = race_of(begun)
    assert not race.is_over()

    race.raise_bound(race.cost - 0.4, "highs")

    assert race.is_over()


def test_neighbourhood_search_repeats_itself_for_a_seed(zone, pool):
    outcomes = [
        solve(zone, seconds=120, engine="neighbourhoods", workers=1, rounds=4, seed=5, pool=pool) for _ in range(2)
    ]

    assert outcomes[0].plan == outcomes[1].plan
    assert outcomes[0].engine == "neighbourhoods"
    assert outcomes[0].cost < solve(zone, engine="greedy").cost


def test_two_workers_improve_a_plan_together(begun, pool):
    race = race_of(begun)
    first = race.cost
    shared = Improving(
        race,
        pool,
        parts=lambda: Neighbourhoods(begun[0], race.incidence, 1),
        seed=1,
        seconds=lambda: 60.0,
        found=lambda process, waited: None,
        rounds=6,
    )

    threads = [race.run("neighbourhoods", lambda n=n: shared.work(n)) for n in range(2)]
    for thread in threads:
        thread.join()

    x, sums, _ = race.state()
    assert race.cost < first
    assert race.incidence.admits(x)
    assert (sums == race.incidence.activity(x)).all()
    assert race.cost == race.incidence.cost(x)


def test_a_killed_worker_is_replaced(zone):
    with EnginePool() as engines:
        victims = []

        def kill(progress):
            if progress.engine == "neighbourhoods" and not victims:
                victims.append(engines.engine("highs").pid)
                os.kill(victims[0], signal.SIGKILL)

        outcome = solve(zone, seconds=300, engine="neighbourhoods", workers=1, rounds=6, on_progress=kill, pool=engines)

        assert victims
        assert engines.engine("highs").pid != victims[0]
    judged = audit(zone, outcome.plan)
    assert (judged.lawful, judged.cost) == (True, outcome.cost)
    assert "started again" in outcome.note


@pytest.mark.parametrize("seed", range(8))
def test_small_worlds_are_searched_too(seed, pool):
    facts = random_problem(seeded(7000 + seed), people=5, sessions=6)

    outcome = solve(facts, seconds=60, engine="neighbourhoods", workers=1, rounds=3, pool=pool)

    judged = audit(facts, outcome.plan)
    assert (judged.lawful, judged.cost) == (True, outcome.cost)
    assert outcome.cost >= solve(facts, seconds=60, engine="highs", pool=pool).cost


def test_the_portfolio_proves_and_stops(pool):
    facts = generate("pilot", 2)

    outcome = solve(facts, seconds=60, engine="portfolio", pool=pool)

    assert outcome.status is SolveStatus.OPTIMAL
    assert outcome.cost == solve(facts, seconds=60, engine="highs", pool=pool).cost
    assert threading.active_count() < 20
