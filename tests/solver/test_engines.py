"""Each engine in its process: same optimum, stop keeps the best, no death is an exception to the caller."""

import os
import signal
import subprocess
import sys
import threading
import time
from random import Random

import numpy as np
import pytest

from solver.engines.process import ENGINES, EngineDied, EnginePool, EngineProcess
from solver.linear import LinearModel, LinearStatus


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


def linear(cost, rows, *, upper=1, offset=0):
    """Build a model from rows of (amounts by column, low, high)."""
    start, columns, values = [0], [], []
    for amounts, _, _ in rows:
        columns += amounts
        values += amounts.values()
        start.append(len(columns))
    return LinearModel(
        cost=np.array(cost, np.int64),
        lower=np.zeros(len(cost)),
        upper=np.full(len(cost), float(upper)),
        row_start=np.array(start, np.int64),
        columns=np.array(columns, np.int64),
        values=np.array(values, np.int64),
        row_low=np.array([low for _, low, _ in rows], np.float64),
        row_high=np.array([high for _, _, high in rows], np.float64),
        offset=offset,
    )


def random_cover(seed):
    rng = Random(seed)
    rows = [(dict.fromkeys(rng.sample(range(20), 5), 1), 1, np.inf) for _ in range(25)]
    return linear([rng.randrange(1, 30) for _ in range(20)], rows, offset=rng.randrange(100))


def packing(items=60, bins=45, seed=1):
    """A bin packing that no engine proves within seconds."""
    rng = Random(seed)
    weights = [rng.randrange(20, 100) for _ in range(items)]
    rows = [({i * bins + b: 1 for b in range(bins)}, 1, 1) for i in range(items)]
    rows += [
        ({i * bins + b: weights[i] for i in range(items)} | {items * bins + b: -150}, -np.inf, 0) for b in range(bins)
    ]
    return linear([0] * (items * bins) + [1] * bins, rows)


def holds(model, x):
    activity = [
        sum(v * x[c] for c, v in zip(model.columns[a:b], model.values[a:b], strict=True))
        for a, b in zip(model.row_start[:-1], model.row_start[1:], strict=True)
    ]
    return all(low <= a <= high for low, a, high in zip(model.row_low, activity, model.row_high, strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_prove_the_same_optimum(pool, seed):
    model = random_cover(seed)

    answers = [pool.engine(name).solve(model, seconds=20) for name in ENGINES]

    assert [a.status for a in answers] == [LinearStatus.OPTIMAL] * 2
    assert answers[0].cost == answers[1].cost == answers[0].bound
    for answer in answers:
        assert holds(model, answer.x)
        assert answer.cost == int(model.cost @ answer.x) + model.offset


@pytest.mark.parametrize("name", ENGINES)
def test_what_cannot_be_is_said(pool, name):
    model = linear([1, 1], [({0: 1, 1: 1}, 3, np.inf)])

    assert pool.engine(name).solve(model, seconds=5).status is LinearStatus.INFEASIBLE


@pytest.mark.parametrize("name", ENGINES)
def test_open_columns_and_negative_costs_are_understood(pool, name):
    model = linear([-2, 3], [({0: 2, 1: -1}, -np.inf, 7)], upper=np.inf)

    answer = pool.engine(name).solve(model, seconds=5)

    assert (answer.cost, answer.x.tolist()) == (-6, [3, 0])


@pytest.mark.parametrize("name", ENGINES)
def test_a_model_without_columns_costs_its_offset(pool, name):
    answer = pool.engine(name).solve(linear([], [], offset=7), seconds=5)

    assert (answer.status, answer.cost, answer.bound) == (LinearStatus.OPTIMAL, 7, 7)


@pytest.mark.parametrize("name", ENGINES)
def test_stopping_keeps_the_best_and_the_engine_can_go_on(pool, name):
    events = []

    answer = pool.engine(name).solve(
        packing(), seconds=60, on_event=events.append, should_stop=lambda: any(e.cost for e in events)
    )

    assert answer.status in (LinearStatus.FEASIBLE, LinearStatus.OPTIMAL)
    assert holds(packing(), answer.x)
    assert answer.cost <= min(e.cost for e in events if e.cost is not None)
    assert answer.seconds < 20
    assert {"presolve"} <= {e.phase for e in events}
    assert pool.engine(name).solve(random_cover(1), seconds=20).status is LinearStatus.OPTIMAL


@pytest.mark.parametrize("name", ENGINES)
def test_a_killed_engine_leaves_its_best_plan(pool, name):
    engine = pool.engine(name)

    def kill(event):
        if event.cost is not None and engine.alive:
            os.kill(engine.pid, signal.SIGKILL)

    answer = engine.solve(packing(), seconds=60, on_event=kill)

    assert answer.status is LinearStatus.FEASIBLE
    assert holds(packing(), answer.x)
    assert "ended" in answer.note
    assert not engine.alive


def test_an_engine_that_ended_is_started_again(pool):
    os.kill(pool.engine("highs").pid, signal.SIGKILL)
    pool.engine("highs").close()

    assert pool.engine("highs").solve(random_cover(2), seconds=20).status is LinearStatus.OPTIMAL


def test_a_dead_engine_answers_unknown():
    engine = EngineProcess("highs")
    engine.close()

    answer = engine.solve(random_cover(1), seconds=5)

    assert (answer.status, answer.x) == (LinearStatus.UNKNOWN, None)


def test_the_time_limit_is_kept(pool):
    answer = pool.engine("highs").solve(packing(), seconds=1)

    assert answer.seconds < 6


def first_fit(items=60, bins=45):
    """Pack each item of ``packing`` into the first bin that has room."""
    rng = Random(1)
    weights = [rng.randrange(20, 100) for _ in range(items)]
    x, room = np.zeros(items * bins + bins, np.int64), [150] * bins
    for item, weight in enumerate(weights):
        b = next(b for b in range(bins) if room[b] >= weight)
        room[b] -= weight
        x[[item * bins + b, items * bins + b]] = 1
    return x


def test_a_hint_is_a_plan_from_the_start(pool):
    model, hint = packing(), first_fit()

    answer = pool.engine("highs").solve(model, seconds=0.5, hint=hint)

    assert holds(model, hint)
    assert answer.cost <= model.cost @ hint


def test_values_offered_to_a_running_solve_are_taken_in(pool):
    model, given = packing(), first_fit()
    engine, events = pool.engine("highs"), []

    def offer(event):
        if not any(e.phase == "searching" for e in events) and event.phase == "searching":
            engine.offer(given)
        events.append(event)

    answer = engine.solve(model, seconds=4, on_event=offer)

    assert holds(model, answer.x)
    assert answer.cost <= model.cost @ given
    assert answer.seconds < 9


@pytest.mark.parametrize("seed", range(4))
def test_a_relaxed_model_bounds_the_whole_numbers(pool, seed):
    model = random_cover(seed)
    best = pool.engine("highs").solve(model, seconds=20)

    relaxed = pool.engine("highs").relax(model, seconds=20)

    assert relaxed.bound <= best.cost
    assert relaxed.bound == pytest.approx(model.cost @ relaxed.x + model.offset, abs=1e-3)
    # What a plan costs more than the bound is at least what its columns cost by themselves.
    assert (relaxed.reduced_costs * (best.x - relaxed.x)).sum() <= best.cost - relaxed.bound + 1e-6


def test_a_relaxed_model_with_more_rows_goes_on(pool):
    engine, model = pool.engine("highs"), random_cover(2)
    first = engine.relax(model, seconds=20)
    rows = [({int(c): 1 for c in np.flatnonzero(first.x)}, 0, np.floor(first.x.sum() - 1e-6))]
    extra = linear([0] * 20, rows)
    more = LinearModel(
        **{name: getattr(model, name) for name in ("cost", "lower", "upper", "offset")},
        row_start=np.concatenate([model.row_start, model.row_start[-1] + extra.row_start[1:]]),
        **{name: np.concatenate([getattr(model, name), getattr(extra, name)]) for name in ("columns", "values")},
        **{name: np.concatenate([getattr(model, name), getattr(extra, name)]) for name in ("row_low", "row_high")},
    )

    grown, afresh = engine.relax(more, seconds=20), EngineProcess("highs")

    assert grown.bound >= first.bound - 1e-6
    with afresh:
        assert grown.bound == pytest.approx(afresh.relax(more, seconds=20).bound, abs=1e-3)
    assert engine.relax(random_cover(3), seconds=20) is not None


def test_an_offer_of_another_model_does_no_harm(pool):
    engine = pool.engine("highs")
    engine.offer(np.ones(3, np.int64))

    assert engine.solve(random_cover(3), seconds=20).status is LinearStatus.OPTIMAL


@pytest.mark.parametrize("name", ENGINES)
def test_the_same_effort_gives_the_same_answer(pool, name):
    answers = [pool.engine(name).solve(packing(), seconds=60, workers=1, effort=0.05) for _ in range(2)]

    assert answers[0].seconds < 50
    assert (answers[0].x is None) == (answers[1].x is None)
    assert answers[0].x is None or (answers[0].x == answers[1].x).all()


def test_engines_are_started_by_the_commands_given():
    with EnginePool(pythons=[("env", "PASSERELLE=1", sys.executable)]) as engines:
        engine = engines.engine("highs", 3)
        with open(f"/proc/{engine.pid}/environ", "rb") as environment:
            assert b"PASSERELLE=1" in environment.read()

        answer = engine.solve(random_cover(1), seconds=20)

        assert answer.status is LinearStatus.OPTIMAL
        pid = engine.pid
    assert _ends(pid)


def test_an_engine_elsewhere_ends_with_its_input():
    command = [sys.executable, "-m", "solver.engines.highs"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert b"ready" in process.stdout.readline()
        process.stdin.close()

        assert process.wait(10) == 0


def test_numbers_stand_for_processes_of_their_own(pool):
    assert pool.engine("highs", 1) is pool.engine("highs", 1)
    assert pool.engine("highs", 1) is not pool.engine("highs")


def test_an_engine_without_memory_says_unknown_or_does_not_start():
    try:
        with EngineProcess("highs", memory_mb=300) as engine:
            answer = engine.solve(packing(), seconds=3)
    except EngineDied:
        return

    assert answer.status in (LinearStatus.UNKNOWN, LinearStatus.FEASIBLE)


def test_an_engine_made_ready_is_the_one_that_is_given():
    with EnginePool() as engines:
        engines.prepare("highs")

        assert engines.engine("highs") is engines.engine("highs")


def test_a_closed_pool_starts_no_engine():
    engines = EnginePool()
    engines.close()

    with pytest.raises(EngineDied):
        engines.engine("highs")


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="engine must be one of"):
        EngineProcess("abacus")


PARENT = """
import os, sys, threading, time
from solver.engines.process import EngineProcess
thread = threading.Thread(target=lambda: print(EngineProcess("highs").pid, flush=True))
thread.start()
thread.join()
time.sleep(60)
"""


def test_an_engine_outlives_the_asking_thread_and_dies_with_its_parent():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    time.sleep(0.3)
    os.kill(child, 0)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert _ends(child)


def _ends(pid):
    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_two_threads_may_share_an_engine(pool):
    models, answers = [random_cover(s) for s in range(4)], {}

    def work(i):
        answers[i] = pool.engine("highs").solve(models[i], seconds=20).cost

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answers[i] for i in range(4)] == [pool.engine("highs").solve(m, seconds=20).cost for m in models]
