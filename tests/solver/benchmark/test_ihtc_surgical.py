"""A surgical instance as a problem: two surgeons, two theatres, a week, and patients of every kind."""

import json
from random import Random

import pytest

from solver.audit import audit
from solver.benchmark.ihtc_surgical import FIRST_ON, read_ihtc_surgical
from solver.model import compile_model
from solver.plan import Plan
from solver.problem import Held

WEIGHTS = {"open_operating_theater": 30, "surgeon_transfer": 7, "patient_delay": 5, "unscheduled_optional": 100}


def patient(name, surgeon="s0", minutes=120, release=0, due=None):
    facts = {"id": name, "surgeon_id": surgeon, "surgery_duration": minutes, "surgery_release_day": release}
    return facts | ({"mandatory": False} if due is None else {"mandatory": True, "surgery_due_day": due})


INSTANCE = {
    "days": 7,
    "weights": WEIGHTS,
    "surgeons": [
        {"id": "s0", "max_surgery_time": [300, 300, 0, 300, 300, 0, 0]},
        {"id": "s1", "max_surgery_time": [240] * 7},
    ],
    "operating_theaters": [
        {"id": "t0", "availability": [240, 240, 240, 240, 0, 0, 0]},
        {"id": "t1", "availability": [300] * 7},
    ],
    "patients": [
        patient("must", due=1),
        patient("must too", "s1", 180, release=2, due=4),
        patient("long", minutes=300),
        patient("may"),
        patient("may too"),
        patient("late", "s1", 60, release=3),
    ],
}


@pytest.fixture
def instance(tmp_path):
    path = tmp_path / "small.json"
    path.write_text(json.dumps(INSTANCE))
    return read_ihtc_surgical(path)


def plan(instance, **placed):
    """Give the plan of these patients, each with day and theatre; spaces of names are underscores."""
    held = []
    for name, (day, theatre) in placed.items():
        session = instance.problem.session[name.replace("_", " ")]
        surgeon = session.seats[0].specialties[0]
        option = next(o for o in session.options if (o.on - FIRST_ON).days == day)
        held.append(Held(session.id, option.on, option.half_day, None, (("surgeon", surgeon), ("theatre", theatre))))
    return Plan(tuple(held))


def test_the_four_costs_are_those_of_the_file(instance):
    some = plan(instance, must=(1, "t0"), may=(1, "t1"), must_too=(2, "t0"))
    opened, transfer, delay, unscheduled = 3 * 30, 7, 2 * 5, 3 * 100

    assert instance.cost(some) == opened + transfer + delay + unscheduled
    assert audit(instance.problem, some).cost == instance.cost(some) + instance.offset
    assert audit(instance.problem, some).lawful


def test_a_day_can_be_filled_to_its_last_minute_and_no_further(instance):
    full = plan(instance, must=(0, "t0"), may=(0, "t0"), must_too=(2, "t0"))
    over_the_theatre = plan(instance, must=(0, "t0"), may=(0, "t0"), may_too=(0, "t0"), must_too=(2, "t0"))
    over_the_surgeon = plan(instance, must=(0, "t0"), long=(0, "t1"), must_too=(2, "t0"))

    assert (instance.cost(full) is None, audit(instance.problem, full).lawful) == (False, True)
    for wrong in (over_the_theatre, over_the_surgeon):
        assert instance.cost(wrong) is None
        assert {b.rule for b in audit(instance.problem, wrong).breaches} == {"booked_minutes"}


def test_a_mandatory_patient_has_to_be_operated(instance):
    assert instance.cost(plan(instance, must=(0, "t0"))) is None
    assert audit(instance.problem, plan(instance, must=(0, "t0"))).cost > 2000


def test_days_of_mandatory_patients_end_with_the_due_day_and_those_of_others_with_the_last(instance):
    days = {s.id: [(o.on - FIRST_ON).days for o in s.options] for s in instance.problem.sessions}

    assert days["must"] == [0, 1]
    assert days["must too"] == [2, 3, 4]
    assert days["late"] == [3, 4, 5, 6]


def test_the_solution_names_day_and_theatre_of_each_patient(instance):
    found = instance.solution(plan(instance, must=(1, "t0")))

    assert found["patients"][0] == {"id": "must", "admission_day": 1, "operating_theater": "t0"}
    assert found["patients"][1] == {"id": "must too", "admission_day": "none"}
    assert len(found["patients"]) == 6


@pytest.mark.parametrize("seed", range(30))
def test_the_rules_and_the_file_say_the_same_of_random_plans_and_so_does_the_model(instance, seed):
    rng = Random(seed)
    placed = {
        s.id.replace(" ", "_"): ((rng.choice(s.options).on - FIRST_ON).days, rng.choice(("t0", "t1")))
        for s in instance.problem.sessions
        if s.id.startswith("must") or rng.random() < 0.7
    }
    some = plan(instance, **placed)
    judged = audit(instance.problem, some)

    assert judged.lawful == (instance.cost(some) is not None)
    if judged.lawful:
        compiled = compile_model(instance.problem)
        x = compiled.encode(some)
        assert judged.cost == instance.cost(some) == int(compiled.linear.cost @ x) + compiled.linear.offset
