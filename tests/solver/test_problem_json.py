"""Problems, plans and outcomes survive JSON, and a wrong file is refused by the path of what is wrong."""

import copy
import json
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import solver.problem_json as problem_json
from solver.generate import generate
from solver.outcome import Breach, Gap, Outcome, Reason, RuleCost, SeatExplanation, SolveStatus
from solver.plan import Plan
from solver.problem import HalfDay, Held, InvalidProblem, Problem, RuleSetting, Strength
from solver.problem_json import (
    outcome_from_json,
    outcome_to_json,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_schema,
    problem_to_json,
)
from solver.records_json import decode_record, encode_record
from solver.text import Message

PUBLISHED = Path(problem_json.__file__).with_name("problem.schema.json")

names = st.text(min_size=1, max_size=8)
instants = st.datetimes(timezones=st.just(UTC))
facts = st.one_of(names, st.integers(-9, 9), st.floats(-9, 9), st.dates(), instants)
messages = st.builds(Message, names, st.lists(st.tuples(names, facts), max_size=3).map(tuple))
reasons = st.builds(Reason, names, messages)
held = st.builds(
    Held,
    names,
    st.dates(),
    st.sampled_from(HalfDay),
    st.none() | names,
    st.lists(st.tuples(names, names), max_size=3).map(tuple),
)
plans = st.builds(Plan, st.lists(held, max_size=3).map(tuple))
gaps = st.builds(
    Gap,
    names,
    st.integers(0, 3),
    st.lists(st.builds(SeatExplanation, names, names, st.just(()), st.just(("c1",))), max_size=2).map(tuple),
    st.lists(reasons, max_size=2).map(tuple),
)
outcomes = st.builds(
    Outcome,
    status=st.sampled_from(SolveStatus),
    plan=plans,
    cost=st.integers(0, 10**9),
    bound=st.floats(0, 1e9),
    rule_costs=st.lists(st.builds(RuleCost, names, st.integers(), st.integers()), max_size=2).map(tuple),
    breaches=st.lists(st.builds(Breach, names, st.sampled_from(Strength), messages), max_size=2).map(tuple),
    gaps=st.lists(gaps, max_size=2).map(tuple),
    yielded_pins=st.lists(messages, max_size=2).map(tuple),
    versions=st.lists(st.tuples(names, names), max_size=2).map(tuple),
)


@pytest.fixture(scope="module")
def pilot() -> dict:
    return problem_to_json(generate("pilot", 1))


@pytest.mark.parametrize("size", ["pilot", "zone"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_generated_problem_survives_json(size, seed):
    problem = generate(size, seed)

    text = json.dumps(problem_to_json(problem), allow_nan=False)

    assert problem_from_json(json.loads(text)) == problem


@given(plans)
@settings(max_examples=50, deadline=None)
def test_a_plan_survives_json(plan):
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan


@given(outcomes)
@settings(max_examples=50, deadline=None)
def test_an_outcome_survives_json(outcome):
    assert outcome_from_json(json.loads(json.dumps(outcome_to_json(outcome), allow_nan=False))) == outcome


@given(st.lists(st.tuples(names, facts), max_size=3).map(tuple), st.none() | st.sampled_from(Strength))
@settings(max_examples=50, deadline=None)
def test_a_rule_setting_survives_json(params, strength):
    setting = RuleSetting("rest", strength=strength, params=params)

    assert decode_record(RuleSetting, json.loads(json.dumps(encode_record(setting)))) == setting


def test_the_same_problem_gives_the_same_bytes():
    one, other = (json.dumps(problem_to_json(generate("zone", 3))) for _ in range(2))

    assert one == other


def test_instants_are_written_in_utc_with_z(pilot):
    assert pilot["sessions"][0]["options"][0]["start_at"] == "2027-03-01T07:30:00Z"


def test_the_published_schema_is_fresh():
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == problem_schema()


def test_the_schema_names_every_field_of_a_problem():
    assert set(problem_schema()["properties"]) == {"format", *(f.name for f in fields(Problem))}


def test_the_schema_accepts_generated_problems(pilot):
    jsonschema.Draft202012Validator.check_schema(problem_schema())
    jsonschema.Draft202012Validator(problem_schema()).validate(pilot)


def test_a_field_left_out_takes_its_default(pilot):
    data = {name: value for name, value in pilot.items() if name not in ("pins", "title")}

    problem = problem_from_json(data)

    assert (problem.pins, problem.title) == ((), "")


def _set(data, path, value):
    *most, last = path
    for step in most:
        data = data[step]
    data[last] = value


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("format",), 99, "format"),
        (("first_on",), "2027-03-02", "first_on"),
        (("first_on",), "20270301", "first_on"),
        (("weeks",), "1", "weeks"),
        (("weeks",), True, "weeks"),
        (("sites",), {}, "sites"),
        (("sessions", 3, "site"), "nowhere", "sessions[3].site"),
        (("sessions", 3, "options", 0, "start_at"), "soon", "sessions[3].options[0].start_at"),
        (("sessions", 3, "options", 0, "start_at"), "2027-03-01T08:30:00", "sessions[3].options[0].start_at"),
        (("sessions", 3, "options", 0, "half_day"), "dawn", "sessions[3].options[0].half_day"),
        (("sessions", 3, "colour"), "red", "sessions[3].colour"),
        (("clinicians", 0, "share"), float("nan"), "clinicians[0].share"),
        (("settings",), [{"rule": "a", "params": [["b", None]]}], "settings[0].params[0][1]"),
        (("settings",), [{"rule": "a", "params": [["b"]]}], "settings[0].params[0]"),
        (("settings",), [{}], "settings[0].rule"),
        (("settings",), [{"rule": "trips"}, {"rule": "trips"}], "settings[1].rule"),
        (("settings",), [{"rule": "trips", "weight": -3}], "settings[0].weight"),
        (("title",), "\ud800", "title"),
        (("first_on",), "9999-12-27", "first_on"),
        (("weeks",), 0, "weeks"),
        (("weeks",), 10**6, "weeks"),
        (("travel_margin_minutes",), -1, "travel_margin_minutes"),
        (("travel", 0, "minutes"), -5, "travel[0].minutes"),
        (("sites", 0, "zone"), "Mars/X", "sites[0].zone"),
        (("sites", 0, "zone"), "../x", "sites[0].zone"),
        (("clinicians", 0, "share"), 0, "clinicians[0].share"),
        (("clinicians", 0, "max_sessions_per_week"), -5, "clinicians[0].max_sessions_per_week"),
        (
            ("clinicians", 0, "registrations", 0, "valid_until"),
            "1990-01-01",
            "clinicians[0].registrations[0].valid_until",
        ),
        (("sessions", 0, "priority"), -5, "sessions[0].priority"),
        (("sessions", 0, "priority"), 10**30, "sessions[0].priority"),
        (("sessions", 0, "seats", 0, "cover_hours"), -9, "sessions[0].seats[0].cover_hours"),
        (("sessions", 0, "seats", 0, "cover_hours"), 10**9, "sessions[0].seats[0].cover_hours"),
        (("sessions", 0, "options", 0, "start_at"), "2020-03-01T01:00:00Z", "sessions[0].options[0].start_at"),
        (("agreements", 0, "valid_until"), "1990-01-01", "agreements[0].valid_until"),
        (("agreements", 0, "enrolments", 0, "clinician"), "zz", "agreements[0].enrolments[0].clinician"),
        (("habits",), [{"clinician": "zz", "site": "zz", "weekday": 1}], "habits[0].clinician"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(pilot, path, value, named):
    data = copy.deepcopy(pilot)
    _set(data, path, value)

    with pytest.raises(InvalidProblem) as caught:
        problem_from_json(data)

    assert caught.value.path == named


def _first(pilot):
    session = pilot["sessions"][0]
    option = session["options"][0]
    return {"session": session["id"], "on": option["on"], "half_day": option["half_day"], "room": None, "team": []}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda data: data["published"].extend([_first(data)] * 2), "published[1].session"),
        (lambda data: data["published"].append(_first(data) | {"team": [["zz", "yy"]]}), "published[0].team[0][0]"),
        (lambda data: data["pins"].append({"session": _first(data)["session"], "seat": "zz"}), "pins[0].seat"),
        (lambda data: data["travel"].append(data["travel"][0]), "travel[#]"),
    ],
)
def test_what_is_named_twice_or_leads_nowhere_is_refused(pilot, change, named):
    data = copy.deepcopy(pilot) | {"published": [], "pins": []}
    change(data)

    with pytest.raises(InvalidProblem) as caught:
        problem_from_json(data)

    assert caught.value.path == named.replace("#", str(len(data["travel"]) - 1))


def test_what_is_no_object_is_refused():
    with pytest.raises(InvalidProblem):
        problem_from_json([])


def test_an_instant_with_another_offset_is_read_as_utc(pilot):
    data = copy.deepcopy(pilot)
    data["sessions"][0]["options"][0]["start_at"] = "2027-03-01T08:30:00+01:00"

    problem = problem_from_json(data)

    assert problem.sessions[0].options[0].start_at == datetime(2027, 3, 1, 7, 30, tzinfo=UTC)
    assert problem.sessions[0].options[0].on == date(2027, 3, 1)
