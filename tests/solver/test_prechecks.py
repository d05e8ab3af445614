"""Named checks before solving: each finds its fault with the numbers that miss, and nothing where there is none."""

from dataclasses import replace
from itertools import islice

import pytest

from solver.checking.prechecks import CHECKS, check_problem
from solver.outcome import Finding, Severity
from solver.problem import (
    HalfDay,
    HomeMinimum,
    Pin,
    Preference,
    RuleSetting,
    Strength,
    Travel,
    Wish,
    WorkLimit,
)
from solver.records_json import decode_record, encode_record
from tests.solver.brute import lawful_plans, tiny_problems
from tests.solver.build import (
    AWAY,
    HOME,
    absence,
    agreement,
    clinician,
    day,
    fixed_duty,
    held,
    option,
    paper,
    problem,
    room,
    seat,
    session,
)

ANNA, BEN = clinician("anna"), clinician("ben")
MORNING = HalfDay.MORNING


def found(facts):
    return {(finding.check, finding.severity.value, finding.missing) for finding in check_problem(facts)}


def words(facts, check):
    return [str(finding.message) for finding in check_problem(facts) if finding.check == check]


def rooms(*ids, **more):
    return tuple(room(id, **more) for id in ids)


def test_a_number_at_home_for_all_specialties_is_compared_with_each_team():
    strict = RuleSetting("home_minimum", params=(("people_at_home", 3),))

    [finding] = check_problem(problem([ANNA, BEN], [session("a")], settings=(strict,)))

    assert (finding.check, finding.missing, finding.clinicians) == ("home_minimums", 1, ("anna", "ben"))


def test_a_sound_problem_has_nothing_to_tell():
    assert check_problem(problem([ANNA, BEN], [session("a"), session("b", "away", option(1))])) == ()


CASES = {
    "past": (problem([ANNA], [replace(session("a"), options=())]), "stops", 1),
    "no_skill": (problem([ANNA], [session("a", seats=[seat(role="dancer")])]), "stops", 1),
    "no_room": (problem([ANNA], [session("a", room_kind="theatre")], rooms=rooms("r1")), "stops", 1),
    "rooms_closed": (
        problem([ANNA], [session("a", room_kind="consulting")], rooms=rooms("r1", open_at=frozenset())),
        "stops",
        1,
    ),
    "no_agreement": (problem([ANNA], [session("a", "away")], agreements=()), "stops", 1),
    "registrations_lacking": (problem([clinician("anna", registrations=())], [session("a")]), "stops", 1),
    "insurance_lacking": (problem([clinician("anna", insurances=())], [session("a")]), "stops", 1),
    "all_on_leave": (problem([ANNA], [session("a")], absences=(absence("anna", 0),)), "stops", 1),
    "only_holidays": (
        problem([ANNA], [session("a")], sites=(replace(HOME, holidays=frozenset({day(0)})), AWAY)),
        "stops",
        1,
    ),
    "nobody_left": (
        problem([ANNA], [session("a")], fixed_duties=(fixed_duty("anna", "away", 0, "08:00", "12:00"),)),
        "stops",
        1,
    ),
    "few_specialties": (
        problem(
            [ANNA, BEN],
            [session("a", "away", kind="mdt", seats=[seat(f"seat{n}") for n in range(3)])],
        ),
        "stops",
        1,
    ),
    "too_much_work": (problem([ANNA], [session(f"a{n}", group="a", title="a") for n in range(3)]), "gap", 2),
    "too_few_rooms": (
        problem(
            [ANNA, BEN],
            [session(f"a{n}", group="a", title="a", room_kind="consulting") for n in range(2)],
            rooms=rooms("r1"),
        ),
        "gap",
        1,
    ),
    "pins_clash": (
        problem(
            [ANNA, BEN],
            [session("a"), session("b")],
            pins=(Pin("a", seat="lead", clinician="anna"), Pin("b", seat="lead", clinician="anna")),
        ),
        "gap",
        1,
    ),
    "pins_yield": (
        problem(
            [ANNA],
            [session("a", options=[option(0), option(1)])],
            pins=(Pin("a", on=day(0), half_day=MORNING), Pin("a", on=day(1), half_day=MORNING)),
        ),
        "look",
        1,
    ),
    "pins_on_absent": (
        problem(
            [ANNA, BEN],
            [session("a")],
            absences=(absence("anna", 0),),
            pins=(Pin("a", seat="lead", clinician="anna"),),
        ),
        "look",
        1,
    ),
    "published_left": (
        problem([ANNA, BEN], [session("a")], absences=(absence("anna", 0),), published=(held(session("a"), "anna"),)),
        "look",
        1,
    ),
    "agreements_empty": (problem([ANNA], [session("a")], agreements=(agreement([ANNA], enrolments=()),)), "look", 0),
    "agreements_ending": (
        problem([ANNA], [session("a")], agreements=(agreement([ANNA], valid_until=day(3)),)),
        "look",
        0,
    ),
    "papers_ending": (
        problem([clinician("anna", registrations=(paper("BE", end=day(2)), paper("FR"))), BEN], [session("a")]),
        "look",
        0,
    ),
    "home_minimums": (problem([ANNA], [session("a")], home_minimums=(HomeMinimum("home", "urology", 3),)), "look", 2),
    "limits_clash": (
        problem([clinician("anna", limits=(WorkLimit("sessions", 3),))], [session("a")]),
        "look",
        2,
    ),
    "wishes_on_leave": (
        problem([ANNA, BEN], [session("a")], absences=(absence("anna", 1),), wishes=(Wish("anna", day(1)),)),
        "look",
        0,
    ),
    "travel_estimated": (
        problem([ANNA], [session("a", "away")], travel=(Travel("home", "away", 30, estimated=True),)),
        "look",
        1,
    ),
}


@pytest.mark.parametrize("check", CASES)
def test_each_check_finds_its_fault_with_the_number_that_misses(check):
    facts, severity, missing = CASES[check]

    assert (check, severity, missing) in found(facts)


def test_all_checks_are_named_once():
    names = [check.id for check in CHECKS]

    assert len(names) == len(set(names)) >= 12
    assert set(CASES) | {"agreement_volumes"} == set(names)


def test_agreed_numbers_beyond_what_is_offered_are_told():
    facts = problem([ANNA], [session("a", agreement="pact")])
    lines = tuple(replace(line, min_per_week=3) for line in facts.agreements[0].lines)
    facts = replace(facts, agreements=(replace(facts.agreements[0], lines=lines),))

    assert ("agreement_volumes", "look", 2) in found(facts)


def test_as_much_work_as_there_are_half_days_is_fine():
    facts = problem([ANNA], [session(f"a{n}", group="a", title="a", options=[option(0), option(1)]) for n in range(2)])

    assert check_problem(facts) == ()


def test_days_abroad_count_among_the_half_days_of_a_person():
    anna = clinician("anna", max_days_abroad_per_week=1)
    many = [session(f"a{n}", "away", [option(0), option(1)], group="a", title="a") for n in range(2)]

    assert ("too_much_work", "gap", 1) in found(problem([anna], many))
    assert found(problem([anna], many[:1])) == set()


def test_contracts_that_only_warn_make_no_gap_certain():
    anna = clinician("anna", max_sessions_per_week=1)
    two = [session(f"a{n}", options=[option(0), option(1)], group="a", title="a") for n in range(2)]
    weak = (RuleSetting("max_sessions", strength=Strength.WARN),)

    assert ("too_much_work", "gap", 1) in found(problem([anna], two))
    assert found(problem([anna], two, settings=weak)) == set()


def test_rooms_used_one_after_another_in_a_half_day_are_enough():
    early, late = option(0, start="08:00", end="10:00"), option(0, start="10:00", end="12:00")
    two = [session("a", options=early, room_kind="consulting"), session("b", options=late, room_kind="consulting")]

    assert found(problem([ANNA, BEN], two, rooms=rooms("r1"))) == set()


def test_a_liking_on_a_day_of_leave_is_told():
    facts = problem([ANNA, BEN], [session("a")], absences=(absence("anna", 1),))
    facts = replace(facts, preferences=(Preference("anna", day(1), MORNING, 2),))

    assert words(facts, "wishes_on_leave") == ["Dr anna asks to work on 2026-03-03 and is absent on that day."]


def test_what_stops_a_session_comes_before_what_is_worth_a_look():
    facts = problem([clinician("anna", registrations=(paper("FR", end=day(2)),))], [session("a")])

    assert [finding.severity for finding in check_problem(facts)] == [Severity.STOPS, Severity.LOOK]


def test_a_finding_goes_to_json_and_back():
    (finding, *_) = check_problem(CASES["no_skill"][0])

    assert decode_record(Finding, encode_record(finding)) == finding


def test_what_is_said_to_stop_sessions_or_make_gaps_certain_does():
    told = 0
    for seed, facts in islice(tiny_problems(range(9900, 9960)), 12):
        plans = [set(plan.by_session) for _, plan in lawful_plans(facts)]
        for finding in check_problem(facts):
            if finding.severity is Severity.LOOK:
                continue
            told += 1
            least = min(len(set(finding.sessions) - held_ones) for held_ones in plans)
            wanted = len(finding.sessions) if finding.severity is Severity.STOPS else 1
            assert least >= wanted, (seed, finding)
    assert told


def test_no_session_of_one_seat_that_nobody_can_ever_hold_is_missed():
    for seed, facts in islice(tiny_problems(range(9960, 9999)), 8):
        ever = {name for _, plan in lawful_plans(facts) for name in plan.by_session}
        never = {one.id for one in facts.sessions if one.id not in ever and len(one.seats) == 1}

        told = {name for f in check_problem(facts) if f.severity is not Severity.LOOK for name in f.sessions}

        assert never <= told, seed
