"""A solve gives a lawful plan whatever happens, claims only what the audit confirms, and stops when asked."""

import os
import signal
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import solver.search
from solver.audit import audit
from solver.engines.process import EngineDied, EnginePool
from solver.generate import generate
from solver.outcome import SolveStatus
from solver.plan import Plan
from solver.problem import HalfDay, Pin
from solver.problem_json import outcome_from_json, outcome_to_json
from solver.rooms import name_rooms
from solver.search import solve
from solver.searching.greedy import greedy_plan
from tests.solver.build import absence, clinician, day, held, option, plan, problem, room, session
from tests.solver.worlds import random_problem, seeded

ANNA = clinician("anna")


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


@pytest.fixture(scope="module")
def pilot():
    return generate("pilot", 1)


@pytest.fixture(scope="module")
def best(pilot, pool):
    """Give the outcome of the pilot, proven optimal."""
    return solve(pilot, seconds=20, pool=pool)


@pytest.fixture(scope="module")
def zone():
    return generate("zone", 1)


def check(facts, outcome):
    """Check what every outcome promises."""
    judged = audit(facts, outcome.plan)
    assert judged.lawful
    assert (outcome.cost, outcome.rule_costs, outcome.breaches) == (judged.cost, judged.rule_costs, judged.breaches)
    assert 0 <= outcome.bound <= outcome.cost
    assert (outcome.status is SolveStatus.OPTIMAL) == (outcome.bound == outcome.cost)
    assert {g.session for g in outcome.gaps} == set(facts.session) - set(outcome.plan.by_session)
    rooms = [h.room for h in outcome.plan.held if facts.session[h.session].room_kind is not None]
    assert None not in rooms
    assert outcome_from_json(outcome_to_json(outcome)) == outcome


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_pilot_is_proven_optimal(seed, pool):
    facts = generate("pilot", seed)

    outcome = solve(facts, seconds=20, pool=pool)

    assert outcome.status is SolveStatus.OPTIMAL
    assert outcome.engine == "highs"
    assert outcome.note == ""
    check(facts, outcome)


def test_both_engines_find_the_same_cost(pilot, best, pool):
    outcome = solve(pilot, seconds=60, engine="cpsat", pool=pool)

    assert (outcome.status, outcome.engine, outcome.cost) == (SolveStatus.OPTIMAL, "cpsat", best.cost)


@pytest.mark.parametrize("seed", range(6))
def test_no_bound_on_the_way_exceeds_what_another_engine_proves(seed, pool, monkeypatch):
    # Small models, too, are searched near the relaxed solution first here.
    monkeypatch.setattr("solver.searching.team.LARGE", 0)
    facts = random_problem(seeded(8100 + seed), people=6, sessions=8)
    bounds = []

    found = solve(facts, seconds=60, engine="highs", on_progress=lambda p: bounds.append(p.bound or 0), pool=pool)

    other = solve(facts, seconds=60, engine="cpsat", pool=pool)
    assert (found.status, found.cost) == (SolveStatus.OPTIMAL, other.cost)
    assert other.status is SolveStatus.OPTIMAL
    assert max(bounds) <= other.cost


@pytest.mark.parametrize("seed", range(12))
def test_random_problems_keep_every_promise(seed, pool):
    facts = random_problem(seeded(9000 + seed), people=5, sessions=6)

    outcome = solve(facts, seconds=10, pool=pool)

    assert outcome.status is SolveStatus.OPTIMAL
    check(facts, outcome)


def test_greedy_alone_gives_a_lawful_plan(pilot):
    outcome = solve(pilot, engine="greedy")

    assert outcome.status is SolveStatus.FEASIBLE
    check(pilot, outcome)


def test_the_greedy_plan_is_reported_before_any_engine(pilot, pool):
    seen = []

    outcome = solve(pilot, seconds=20, on_progress=seen.append, pool=pool)

    first = next(p for p in seen if p.plan is not None)
    assert first.phase == "building"
    assert first.cost == audit(pilot, name_rooms(pilot, greedy_plan(pilot))).cost
    assert seen[0].phase == "building"
    assert {"presolve", "done"} <= {p.phase for p in seen}
    assert seen[-1].cost == outcome.cost
    assert outcome.first_plan_seconds <= outcome.seconds


def test_progress_never_gets_worse(zone, pool):
    seen = []

    solve(zone, seconds=3, on_progress=seen.append, pool=pool)

    costs = [p.cost for p in seen if p.cost is not None]
    bounds = [p.bound for p in seen if p.bound is not None]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)


def test_every_reported_plan_is_lawful_and_costs_what_is_said(zone, pool):
    seen = []

    solve(zone, seconds=3, on_progress=seen.append, pool=pool)

    for progress in seen:
        if progress.plan is not None:
            judged = audit(zone, progress.plan)
            assert (judged.lawful, judged.cost) == (True, progress.cost)


def test_stop_keeps_the_best_plan(zone, pool):
    seen = []
    began = time.monotonic()

    outcome = solve(
        zone,
        seconds=120,
        on_progress=seen.append,
        should_stop=lambda: any(p.phase == "searching" for p in seen),
        pool=pool,
    )

    assert outcome.status in (SolveStatus.STOPPED, SolveStatus.OPTIMAL)
    assert outcome.cost <= next(p.cost for p in seen if p.plan is not None)
    assert time.monotonic() - began < 60
    check(zone, outcome)


def test_stop_before_the_start_still_gives_the_greedy_plan(pilot):
    outcome = solve(pilot, should_stop=lambda: True)

    assert outcome.status is SolveStatus.STOPPED
    assert outcome.plan.held
    check(pilot, outcome)


def test_a_killed_engine_is_replaced_by_the_other(pilot):
    with EnginePool() as engines:
        victim = engines.engine("highs")

        def kill(progress):
            if progress.phase == "presolve" and victim.alive:
                os.kill(victim.pid, signal.SIGKILL)

        outcome = solve(pilot, seconds=60, on_progress=kill, pool=engines)

    assert outcome.engine in ("cpsat", "highs")
    assert outcome.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)
    check(pilot, outcome)


@pytest.mark.parametrize("model", [1, 2], ids=["relaxed", "whole"])
def test_a_killed_engine_is_started_again_when_there_is_no_other(zone, model):
    with EnginePool() as engines:
        victims, phases = [], []

        def kill(progress):
            phases.append(progress.phase)
            if phases.count("presolve") >= model and progress.bound is not None and not victims:
                victims.append(engines.engine("highs").pid)
                os.kill(victims[0], signal.SIGKILL)

        outcome = solve(zone, seconds=12, engine="highs", on_progress=kill, pool=engines)

        assert victims
    assert "ended early" in outcome.note
    check(zone, outcome)


def test_engines_short_of_memory_leave_the_best_plan(zone):
    outcome = solve(zone, seconds=60, engine="highs", memory_mb=160)

    assert outcome.status is SolveStatus.FEASIBLE
    assert outcome.note
    assert outcome.seconds < 50
    check(zone, outcome)


def test_progress_tells_what_rules_cost_and_who_found_it(zone, pool):
    seen = []

    outcome = solve(zone, seconds=4, on_progress=seen.append, pool=pool)

    told = [p for p in seen if p.cost is not None]
    assert all(sum(c.cost for c in p.rule_costs) == p.cost for p in told)
    assert {p.engine for p in told} <= {"greedy", "highs", "neighbourhoods"}
    assert all(p.gap is None or 0 <= p.gap <= 1 for p in told)
    assert seen[-1].cost == outcome.cost


def test_gaps_may_be_left_unexplained(zone):
    told, silent = (solve(zone, engine="greedy", explain=explain) for explain in (True, False))

    assert [(g.session, g.priority) for g in told.gaps] == [(g.session, g.priority) for g in silent.gaps]
    assert not any(g.seats or g.reasons for g in silent.gaps)


def test_progress_goes_on_while_nothing_is_found(zone, pool):
    seen = []

    solve(zone, seconds=5, engine="cpsat", on_progress=lambda p: seen.append(time.monotonic()), pool=pool)

    pauses = [later - earlier for earlier, later in pairwise(seen)]
    assert max(pauses[1:]) < 4


def test_a_model_without_any_plan_ends_at_once(pool, monkeypatch):
    a = session("a")
    facts = problem([ANNA], [a])
    compiled = solver.search.compile_model(facts)
    linear = compiled.linear
    impossible = replace(
        linear, row_low=np.where(linear.row_high == 1, 9.0, linear.row_low), row_high=linear.row_high + 9
    )
    monkeypatch.setattr(solver.search, "compile_model", lambda facts: replace(compiled, linear=impossible))

    outcome = solve(facts, seconds=60, pool=pool)

    assert outcome.seconds < 30
    assert "claims that there is no plan" in outcome.note
    assert audit(facts, outcome.plan).lawful


class NoEngines(EnginePool):
    """Stands for a machine on which no engine starts."""

    def engine(self, name, number=0):
        raise EngineDied(f"the engine {name} did not start")


def test_engines_that_do_not_start_leave_the_greedy_plan(pilot):
    outcome = solve(pilot, pool=NoEngines())

    assert outcome.status is SolveStatus.FEASIBLE
    assert "highs did not start" in outcome.note
    assert "cpsat did not start" in outcome.note
    check(pilot, outcome)


def test_a_hint_is_kept_when_there_is_no_time(pilot, best):
    outcome = solve(pilot, engine="greedy", hint=best.plan)

    assert outcome.cost == best.cost


def test_an_unlawful_hint_is_ignored():
    a = session("a")
    facts = problem([ANNA], [a], absences=(absence("anna", 0),))

    outcome = solve(facts, engine="greedy", hint=plan(held(a, "anna")))

    assert outcome.plan == Plan()


def test_a_claim_that_the_audit_does_not_confirm_is_not_optimal(pilot, best, pool, monkeypatch):
    compiled = solver.search.compile_model(pilot)
    cheaper = replace(compiled.linear, offset=compiled.linear.offset - 7)
    monkeypatch.setattr(solver.search, "compile_model", lambda facts: replace(compiled, linear=cheaper))

    outcome = solve(pilot, seconds=20, pool=pool)

    assert outcome.status is SolveStatus.FEASIBLE
    assert f"claims cost {best.cost - 7}, the audit finds {best.cost}" in outcome.note


def test_a_claimed_bound_that_a_plan_undercuts_is_dropped(pilot, best, pool, monkeypatch):
    compiled = solver.search.compile_model(pilot)
    dearer = replace(compiled.linear, offset=compiled.linear.offset + 7)
    monkeypatch.setattr(solver.search, "compile_model", lambda facts: replace(compiled, linear=dearer))

    outcome = solve(pilot, seconds=20, pool=pool)

    assert (outcome.status, outcome.bound) == (SolveStatus.FEASIBLE, 0)
    assert f"the audit finds {best.cost}" in outcome.note


def test_a_pin_is_kept_and_one_that_meets_a_rule_yields(pool):
    a = session("a", options=[option(0), option(1)])
    ben = clinician("ben")
    pins = (Pin("a", on=day(1), half_day=HalfDay.MORNING), Pin("a", seat="lead", clinician="anna"))
    facts = problem([ANNA, ben], [a], pins=pins, absences=(absence("anna", 1),))

    outcome = solve(facts, seconds=5, pool=pool)

    assert outcome.plan.by_session["a"].on == day(1)
    assert dict(outcome.plan.by_session["a"].team) == {"lead": "ben"}
    assert any("anna is no longer pinned" in str(message) for message in outcome.yielded_pins)


def test_the_published_room_and_team_stay(pool):
    a, b = session("a", room_kind="consulting"), session("b", options=option(1), room_kind="consulting")
    ben = clinician("ben")
    published = (held(a, "ben", room="r2"), held(b, "anna", room="r1"))
    facts = problem([ANNA, ben], [a, b], rooms=(room("r1"), room("r2")), published=published)

    outcome = solve(facts, seconds=5, pool=pool)

    assert outcome.plan.by_session == {h.session: h for h in published}


def test_nothing_to_plan_is_solved(pool):
    outcome = solve(problem([], []), seconds=5, pool=pool)

    assert (outcome.status, outcome.cost, outcome.plan) == (SolveStatus.OPTIMAL, 0, Plan())


def test_the_versions_that_made_a_plan_are_told(best):
    assert {"highs", "numpy"} <= dict(best.versions).keys()


def test_the_same_seed_gives_the_same_outcome(pilot, pool):
    one, other = (solve(pilot, seconds=20, seed=3, pool=pool) for _ in range(2))

    assert one.plan == other.plan


def test_an_unknown_engine_is_refused(pilot):
    with pytest.raises(ValueError, match="engine must be one of"):
        solve(pilot, engine="abacus")
