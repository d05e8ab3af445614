"""A pin that was let go names the smallest set of pins and rules it contradicts, and what would let it stand."""

from solver.case import case_of
from solver.explaining.changes import ChangeKind, applied
from solver.explaining.pin_conflicts import PinConflict, pin_conflicts
from solver.problem import HalfDay, Pin
from solver.records_json import decode_record, encode_record
from tests.solver.build import absence, clinician, day, option, paper, problem, room, session
from tests.solver.worlds import random_problem, seeded

ANNA, BEN = clinician("anna"), clinician("ben")
MONDAY, TUESDAY = (Pin("a", on=day(n), half_day=HalfDay.MORNING) for n in range(2))
ON_ANNA, ON_BEN = (Pin("a", seat="lead", clinician=who) for who in ("anna", "ben"))
BOTH_DAYS = [option(0), option(1)]


def test_pins_that_stand_have_no_conflict():
    assert pin_conflicts(problem([ANNA], [session("a", options=BOTH_DAYS)], pins=(TUESDAY, ON_ANNA))) == ()


def test_two_half_days_contradict_each_other():
    (found,) = pin_conflicts(problem([ANNA], [session("a", options=BOTH_DAYS)], pins=(MONDAY, TUESDAY)))

    assert (found.pin, found.others, found.reasons) == (TUESDAY, (MONDAY,), ())


def test_only_the_pins_that_matter_are_named():
    facts = problem([ANNA, BEN], [session("a", options=BOTH_DAYS, room_kind="consulting")], rooms=(room("r1"),))
    pins = (MONDAY, Pin("a", room="r1"), ON_ANNA)

    (found,) = pin_conflicts(
        problem(facts.clinicians, facts.sessions, rooms=facts.rooms, pins=pins, absences=(absence("anna", 0),))
    )

    assert (found.pin, found.others) == (ON_ANNA, (MONDAY,))
    assert [reason.rule for reason in found.reasons] == ["leave"]
    assert [change.kind for change in found.remedies[0].changes] == [ChangeKind.FREE_DAY]


def test_a_rule_alone_can_forbid_a_pin_and_says_what_would_help():
    lapsed = clinician("anna", registrations=(paper("BE", end=day(0)),))
    facts = problem([lapsed, BEN], [session("a")], pins=(ON_ANNA,))

    (found,) = pin_conflicts(facts)

    assert (found.others, [reason.rule for reason in found.reasons]) == ((), ["registration"])
    assert found.remedies[0].changes[0].kind is ChangeKind.REGISTER


def test_remedies_of_random_conflicts_let_the_pin_stand():
    tried = 0
    for seed in range(300):
        facts = random_problem(seeded(seed))
        for found in pin_conflicts(facts):
            assert case_of(facts).yielded_pins or len(found.others) == 1
            for remedy in found.remedies:
                after = applied(facts, remedy.changes)
                assert (found.session, found.pin) not in {(c.session, c.pin) for c in pin_conflicts(after)}, seed
                tried += 1
    assert tried


def test_a_conflict_goes_to_json_and_back():
    (found,) = pin_conflicts(problem([ANNA], [session("a")], pins=(ON_ANNA,), absences=(absence("anna", 0),)))

    assert decode_record(PinConflict, encode_record(found)) == found


def test_two_people_pinned_to_one_seat_contradict_each_other():
    (found,) = pin_conflicts(problem([ANNA, BEN], [session("a")], pins=(ON_ANNA, ON_BEN)))

    assert {found.pin, *found.others} == {ON_ANNA, ON_BEN}
