"""The plan at once: lawful, and close to what was published."""

import pytest

from solver.audit import audit
from solver.generate import generate
from solver.model import compile_model
from solver.problem import Pin
from solver.searching.greedy import greedy_plan, greedy_values
from solver.searching.incidence import incidence_of
from tests.solver.build import absence, clinician, day, held, option, plan, problem, room, session
from tests.solver.demonstration import demonstration
from tests.solver.worlds import random_problem, seeded

MOVABLE = session("S", options=[option(0), option(1)])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_greedy_plan_of_a_pilot_is_lawful_and_holds_most_sessions(seed):
    world = generate("pilot", seed)

    found = greedy_plan(world)

    assert audit(world, found).lawful
    assert len(found.held) >= len(world.sessions) * 3 // 4


def test_the_demonstration_week_is_held_almost_whole():
    found = greedy_plan(demonstration())

    assert audit(demonstration(), found).lawful
    assert len(found.held) >= len(demonstration().sessions) - 1


def test_what_is_published_stays_where_it_is_lawful():
    published = (held(MOVABLE, "B", option=1),)
    people = [clinician("A"), clinician("B")]

    assert greedy_plan(problem(people, [MOVABLE], published=published)) == plan(*published)


def test_what_was_published_for_someone_who_is_ill_goes_to_another():
    world = problem(
        [clinician("A"), clinician("B")],
        [MOVABLE],
        published=(held(MOVABLE, "B", option=1),),
        absences=(absence("B", 1),),
    )

    assert greedy_plan(world) == plan(held(MOVABLE, "A", option=1))


def test_pins_are_kept():
    pins = (Pin("S", on=day(1), half_day="morning"), Pin("S", seat="lead", clinician="B"))
    world = problem([clinician("A"), clinician("B")], [MOVABLE], pins=pins)

    assert greedy_plan(world) == plan(held(MOVABLE, "B", option=1))


def test_one_room_holds_one_session_at_a_time():
    twins = [session(name, room_kind="consulting") for name in ("S1", "S2")]
    world = problem([clinician("A"), clinician("B")], twins, rooms=(room("r"),))

    assert len(greedy_plan(world).held) == 1


@pytest.mark.parametrize("seed", range(20))
def test_the_values_found_are_a_plan_of_the_model_at_its_audited_cost(seed):
    world = random_problem(seeded(5000 + seed), people=5, sessions=6)
    compiled = compile_model(world)
    incidence = incidence_of(compiled.linear)

    x = greedy_values(compiled, incidence)

    judged = audit(world, compiled.decode(x))
    assert incidence.admits(x)
    assert (judged.lawful, judged.cost) == (True, incidence.cost(x))
