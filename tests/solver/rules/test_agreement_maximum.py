from dataclasses import replace

import pytest

from solver.problem import AgreementLine, Pin
from tests.solver.build import agreement, clinician, held, option, problem, seat, session
from tests.solver.judging import broken, says

RULE = "agreement_maximum"
BOTH = frozenset({"urology", "oncology"})
PEOPLE = [clinician("A"), clinician("O", specialties=frozenset({"oncology"})), clinician("D", specialties=BOTH)]
VISITS = [session(f"V{n}", "away", options=option(n), agreement="pact") for n in range(3)]


def world(sessions, line, **more):
    lines = (line, AgreementLine("urology"), AgreementLine("oncology"))
    return problem(PEOPLE, sessions, agreements=(agreement(PEOPLE, lines=lines),), **more)


def judged(sessions, line, *people):
    plan = [held(one, who) for one, who in zip(sessions, people, strict=False)]
    return broken(world(sessions, line), *plan)


def test_as_many_sessions_as_allowed_and_not_one_more():
    line = AgreementLine("urology", max_per_week=2)

    assert judged(VISITS, line, "A", "A") == set()
    assert judged(VISITS, line, "A", "A", "A") == {RULE}


@pytest.mark.parametrize(
    "change",
    [{"agreement": None}, {"kind": "ward_round"}, {"options": (option(7),)}, {"seats": (seat(side="host"),)}],
    ids=["names no agreement", "other kind", "next week", "no visitor's seat"],
)
def test_other_sessions_do_not_count(change):
    line = AgreementLine("urology", frozenset({"consultation"}), max_per_week=1)
    sessions = [VISITS[0], replace(VISITS[1], **change)]
    local = [*PEOPLE, clinician("L", "away")]
    there = replace(world(sessions, line, weeks=2), clinicians=tuple(local))
    who = "L" if "seats" in change else "A"

    assert broken(there, held(sessions[0], "A"), held(sessions[1], who)) == set()


def test_where_a_seat_leaves_the_choice_its_person_decides():
    open_to_both = [replace(one, seats=(seat("lead", "lead", "urology", "oncology"),)) for one in VISITS]
    line = AgreementLine("urology", max_per_week=1)

    assert judged(open_to_both, line, "A", "O") == set()
    assert judged(open_to_both, line, "A", "D") == {RULE}


def test_what_was_held_in_the_past_stays_and_no_more_is_added():
    pins = tuple(Pin(v.id, on=v.options[0].on, half_day=v.options[0].half_day, history=True) for v in VISITS[:2])
    there = world(VISITS, AgreementLine("urology", max_per_week=1), pins=pins)

    assert broken(there, held(VISITS[0], "A"), held(VISITS[1], "A")) == set()
    assert RULE in broken(there, *(held(one, "A") for one in VISITS))


def test_the_agreement_the_week_and_the_numbers_are_named():
    there = world(VISITS, AgreementLine("urology", max_per_week=1))

    assert says(there, RULE, *(held(one, "A") for one in VISITS)) == (
        "Too many sessions of urology under the agreement “Home and Away” in the week of 2026-03-02: 3 (at most 1)."
    )
