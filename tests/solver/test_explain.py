"""Gaps are explained seat by seat; other places and people are judged by the rules and priced by the audit."""

from dataclasses import replace

import pytest

from solver.audit import audit
from solver.explain import explain_gaps, rank_candidates, rank_places
from solver.explaining.placing import forbidding, shut
from solver.generate import generate
from solver.plan import Plan
from solver.problem import HalfDay, Pin, RuleSetting, Side, Strength
from tests.solver.build import (
    HOME,
    absence,
    agreement,
    clinician,
    day,
    held,
    option,
    paper,
    plan,
    problem,
    room,
    seat,
    session,
)
from tests.solver.worlds import random_plan, random_problem, seeded

ANNA, BEN = clinician("anna"), clinician("ben")
EMPTY = Plan()


def refusals(gap, place=0):
    return {r.clinician: r.reason.rule for r in gap.seats[place].refusals}


def test_a_plan_without_gaps_has_nothing_to_explain():
    a = session("a")

    assert explain_gaps(problem([ANNA], [a]), plan(held(a, "anna"))) == ()


def test_a_candidate_is_refused_by_the_rule_that_forbids():
    a = session("a")
    facts = problem([ANNA, BEN], [a], absences=(absence("anna", 0),))

    (gap,) = explain_gaps(facts, EMPTY)

    assert (gap.session, gap.priority, gap.reasons) == ("a", 1, ())
    assert refusals(gap) == {"anna": "leave"}
    assert gap.seats[0].free == ("ben",)


def test_only_those_with_role_specialty_and_side_are_candidates():
    nurse = clinician("nurse", roles=("nurse",))
    heart = clinician("heart", specialties=frozenset({"cardiology"}))
    local = clinician("local", "away")
    a = session("a", "away", seats=[seat(side=Side.VISITOR)])

    (gap,) = explain_gaps(problem([nurse, heart, local, ANNA], [a]), EMPTY)

    assert gap.seats[0].free == ("anna",)
    assert refusals(gap) == {}


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (Side.VISITOR, "No visitor to Home Hospital has the role “dancer” in urology."),
        (Side.HOST, "Nobody of Home Hospital has the role “dancer” in urology."),
        (Side.ANY, "Nobody has the role “dancer” in urology for Home Hospital."),
    ],
)
def test_a_seat_nobody_can_take_is_said(side, said):
    a = session("a", seats=[seat(role="dancer", side=side)])

    (gap,) = explain_gaps(problem([ANNA], [a]), EMPTY)

    assert [str(r.message) for r in gap.reasons] == [said]


def test_of_several_half_days_the_reason_that_came_nearest_is_given():
    lapsing = clinician("lapsing", registrations=(paper("BE", end=day(1)),))
    a = session("a", options=[option(0), option(1)])
    facts = problem([lapsing], [a], absences=(absence("lapsing", 0),))

    (gap,) = explain_gaps(facts, EMPTY)

    assert refusals(gap) == {"lapsing": "leave"}


def test_who_is_free_at_one_half_day_is_free():
    a = session("a", options=[option(0), option(1)])

    (gap,) = explain_gaps(problem([ANNA], [a], absences=(absence("anna", 0),)), EMPTY)

    assert gap.seats[0].free == ("anna",)


def test_what_the_plan_holds_already_is_a_reason():
    a, b = session("a"), session("b")

    (gap,) = explain_gaps(problem([ANNA], [a, b]), plan(held(b, "anna")))

    assert refusals(gap) == {"anna": "no_overlap"}


def test_a_closed_day_is_a_reason_about_the_session():
    a = session("a")
    closed = replace(HOME, closed_on=frozenset({day(0)}))
    facts = problem([ANNA, BEN], [a])
    facts = replace(facts, sites=(closed, facts.sites[1]))

    (gap,) = explain_gaps(facts, EMPTY)

    assert [r.rule for r in gap.reasons] == ["holidays_both_sides"]
    assert refusals(gap) == {"anna": "holidays_both_sides", "ben": "holidays_both_sides"}


def test_an_agreement_not_in_force_is_a_reason_about_the_session():
    a = session("a", agreement="pact")
    facts = problem([ANNA], [a], agreements=(agreement([ANNA], valid_until=day(0)),))

    (gap,) = explain_gaps(facts, EMPTY)

    assert [r.rule for r in gap.reasons] == ["agreement_in_force"]


def test_a_full_room_is_a_reason_about_the_session():
    a, b = session("a", room_kind="consulting"), session("b", room_kind="consulting")
    facts = problem([ANNA, BEN], [a, b], rooms=(room("r1"),))

    (gap,) = explain_gaps(facts, plan(held(b, "ben", room="r1")))

    assert [r.rule for r in gap.reasons] == ["room_fit"]
    assert gap.seats[0].free == ("anna",)


def test_a_session_whose_half_days_have_passed_says_so():
    a = replace(session("a"), options=())

    (gap,) = explain_gaps(problem([ANNA], [a]), EMPTY)

    assert [str(r.message) for r in gap.reasons] == ["All half-days of “a” have passed."]
    assert gap.seats[0].free == ()


def test_a_pin_elsewhere_is_told_only_when_it_decides():
    a = session("a", options=[option(0), option(1)])
    facts = problem([ANNA], [a], pins=(Pin("a", on=day(1), half_day=HalfDay.MORNING),))

    (gap,) = explain_gaps(facts, EMPTY)

    assert gap.reasons == ()


def test_sessions_that_are_alike_are_explained_alike_with_their_own_ids():
    a = session("a", group="twins", title="Twins", seats=[seat("first")])
    b = session("b", group="twins", title="Twins", seats=[seat("other")])

    gaps = explain_gaps(problem([ANNA], [a, b], absences=(absence("anna", 0),)), EMPTY)

    assert [(g.session, g.seats[0].seat, refusals(g)) for g in gaps] == [
        ("a", "first", {"anna": "leave"}),
        ("b", "other", {"anna": "leave"}),
    ]


def places(verdicts):
    return {(v.on, v.half_day, v.room): v for v in verdicts}


def test_all_half_days_of_the_columns_used_are_judged_for_each_fitting_room():
    a = session("a", options=[option(0), option(1, "afternoon")], room_kind="consulting")
    facts = problem([ANNA], [a], rooms=(room("r1"), room("r2"), room("t", kind="theatre")))

    found = rank_places(facts, plan(held(a, "anna", room="r1")), "a")

    assert len(places(found)) == len(found) == 7 * 2 * 2
    assert [v.allowed for v in found[:4]] == [True] * 4
    assert not any(v.allowed for v in found[4:])


def test_the_present_place_costs_nothing_and_better_ones_come_first():
    a, b = session("a", "away", options=[option(0), option(1)]), session("b", "away", option(1, "afternoon"))
    facts = problem([ANNA], [a, b])

    first, second, *rest = rank_places(facts, plan(held(a, "anna"), held(b, "anna")), "a")

    assert (first.on, second.on, second.cost_change) == (day(1), day(0), 0)
    assert first.cost_change < 0
    assert not any(v.allowed for v in rest)


def test_the_change_of_cost_is_that_of_the_audit():
    a, b = session("a", "away", options=[option(0), option(1)]), session("b", "away", option(1, "afternoon"))
    facts, before = problem([ANNA], [a, b]), plan(held(a, "anna"), held(b, "anna"))

    first = rank_places(facts, before, "a")[0]

    after = audit(facts, before.with_held(held(a, "anna", option=1)))
    assert first.cost_change == after.cost - audit(facts, before).cost


def test_a_half_day_that_is_not_offered_says_so():
    a = session("a")

    found = places(rank_places(problem([ANNA], [a]), plan(held(a, "anna")), "a"))

    verdict = found[day(3), HalfDay.MORNING, None]
    assert (verdict.allowed, verdict.cost_change) == (False, None)
    assert "is not offered at this half-day" in str(verdict.reasons[0].message)


def test_an_occupied_room_says_by_whom():
    a, b = session("a", room_kind="consulting"), session("b", room_kind="consulting")
    facts = problem([ANNA, BEN], [a, b], rooms=(room("r1"), room("r2")))

    found = places(rank_places(facts, plan(held(a, "anna", room="r1"), held(b, "ben", room="r2")), "a"))

    assert found[day(0), HalfDay.MORNING, "r1"].allowed
    assert [r.rule for r in found[day(0), HalfDay.MORNING, "r2"].reasons] == ["room_fit"]


def test_the_team_decides_where_a_session_may_go():
    a = session("a", options=[option(0), option(1)])
    facts = problem([ANNA], [a], absences=(absence("anna", 1),))

    found = places(rank_places(facts, plan(held(a, "anna")), "a"))

    assert [r.rule for r in found[day(1), HalfDay.MORNING, None].reasons] == ["leave"]


def test_a_gap_is_placed_with_a_team_that_is_free():
    seats = [seat("one"), seat("two")]
    a = session("a", options=[option(0), option(1)], seats=seats)
    facts = problem([ANNA, BEN], [a], absences=(absence("ben", 0),))

    found = places(rank_places(facts, EMPTY, "a"))

    assert found[day(1), HalfDay.MORNING, None].cost_change == -1000
    assert [r.rule for r in found[day(0), HalfDay.MORNING, None].reasons] == ["whole_session", "leave"]


def test_a_gap_without_a_whole_team_says_so():
    a = session("a", seats=[seat("one"), seat("two")])

    (verdict,) = (v for v in rank_places(problem([ANNA], [a]), EMPTY, "a") if v.on == day(0))

    assert "No whole team is free" in str(verdict.reasons[0].message)


def test_candidates_are_ranked_by_cost_then_the_refused_by_nearness():
    away = clinician("away", "away")
    lapsed = clinician("lapsed", registrations=(paper("BE", end=day(0)),))
    a = session("a")
    facts = problem([lapsed, away, BEN, ANNA], [a], absences=(absence("ben", 0),))

    found = rank_candidates(facts, plan(held(a, "anna")), "a", "lead")

    assert [(v.clinician, v.allowed) for v in found] == [
        ("anna", True),
        ("away", True),
        ("ben", False),
        ("lapsed", False),
    ]
    assert found[0].cost_change == 0
    assert found[1].cost_change == 20
    assert [r.rule for r in found[3].reasons] == ["registration"]


def test_a_colleague_in_the_same_team_cannot_take_a_second_seat():
    a = session("a", seats=[seat("one"), seat("two")])
    facts = problem([ANNA, BEN], [a])

    found = {v.clinician: v for v in rank_candidates(facts, plan(held(a, "anna", "ben")), "a", "one")}

    assert found["anna"].allowed
    assert not found["ben"].allowed


def test_a_warning_is_told_beside_an_allowed_person():
    uninsured = clinician("uninsured", insurances=())
    a = session("a")
    facts = problem([ANNA, uninsured], [a], settings=(RuleSetting("insurance", strength=Strength.WARN),))

    found = {v.clinician: v for v in rank_candidates(facts, plan(held(a, "anna")), "a", "lead")}

    assert found["uninsured"].allowed
    assert found["uninsured"].cost_change == 500
    assert [r.rule for r in found["uninsured"].warnings] == ["insurance"]


def test_a_person_for_a_gap_is_judged_at_the_best_half_day():
    a = session("a", options=[option(0), option(1)])
    facts = problem([ANNA, BEN], [a], absences=(absence("anna", 0), absence("ben", 0), absence("ben", 1)))

    found = {v.clinician: v for v in rank_candidates(facts, EMPTY, "a", "lead")}

    assert (found["anna"].allowed, found["anna"].cost_change) == (True, -1000)
    assert [r.rule for r in found["ben"].reasons] == ["leave"]


def test_an_allowed_place_breaks_no_blocking_rule_in_a_generated_pilot():
    facts = generate("pilot", 1)

    for one in facts.sessions[:6]:
        for verdict in rank_candidates(facts, EMPTY, one.id, one.seats[0].id):
            assert verdict.allowed == (verdict.cost_change is not None)
            assert verdict.allowed != bool(verdict.reasons)


def test_what_is_said_about_random_gaps_is_true():
    refused = free = 0
    for seed in range(120):
        rng = seeded(seed)
        facts = random_problem(rng, people=4)
        present = random_plan(rng, facts, careful=True)
        for gap in explain_gaps(facts, present):
            one = facts.session[gap.session]
            for seen in gap.seats:
                for refusal in seen.refusals:
                    told = [forbidding(facts, present, one.id, seen.seat, refusal.clinician, o) for o in one.options]
                    assert all(told) or gap.reasons, seed
                    assert any(refusal.reason in reasons for reasons in told), seed
                    refused += 1
                for who in seen.free:
                    general = {o: shut(facts, present, one, o) for o in one.options}
                    told = {o: forbidding(facts, present, one.id, seen.seat, who, o) for o in one.options}
                    assert any(set(told[o]) <= set(general[o]) for o in one.options), seed
                    free += 1
    assert refused
    assert free
