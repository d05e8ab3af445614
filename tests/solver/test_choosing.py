"""Why this person, who else could, and who could change places: derived from differences of cost."""

import pytest

from solver.audit import audit
from solver.explain import rank_candidates, rank_places
from solver.explaining.choosing import Choice, WhyKind, why_this_person
from solver.explaining.comparing import plan_changes
from solver.explaining.placing import forbidding
from solver.explaining.swaps import rank_swaps
from solver.outcome import SwapVerdict
from solver.plan import Plan
from solver.problem import Habit, Held, Pin, Preference
from solver.records_json import decode_record, encode_record
from tests.solver.build import absence, clinician, held, option, plan, problem, seat, session
from tests.solver.worlds import random_plan, random_problem, seeded

ANNA, BEN, COR = clinician("anna"), clinician("ben"), clinician("cor", "away")


def reasons(choice):
    return [(why.kind.value, why.rule, why.units, why.cost) for why in choice.reasons]


def test_the_only_one_who_may_is_said_to_be_that():
    a = session("a")
    facts = problem([ANNA, BEN], [a], absences=(absence("ben", 0),))

    choice = why_this_person(facts, plan(held(a, "anna")), "a", "lead")

    assert reasons(choice) == [("only_one", "", 0, 0)]
    assert [(one.rule, one.clinicians) for one in choice.excluded] == [("leave", ("ben",))]


def test_a_shorter_way_is_a_reason_where_everyone_else_would_travel():
    a = session("a")

    choice = why_this_person(problem([ANNA, COR], [a]), plan(held(a, "anna")), "a", "lead")

    assert reasons(choice) == [("spares", "trips", 1, 20)]
    assert [(v.clinician, v.cost_change) for v in choice.others] == [("cor", 20)]
    assert choice.others[0].rule_costs[0].rule == "trips"


def test_the_usual_visitor_is_a_reason():
    a = session("a", "away", option(0))
    facts = problem([ANNA, BEN], [a], habits=(Habit("anna", "away", 1),))

    choice = why_this_person(facts, plan(held(a, "anna")), "a", "lead")

    assert reasons(choice) == [("spares", "continuity", 1, 5)]
    assert str(choice.reasons[0].message) == "Dr anna is the usual visitor on this day."


def test_what_was_published_is_a_reason():
    a = session("a")
    facts = problem([ANNA, BEN], [a], published=(held(a, "anna"),))

    assert reasons(why_this_person(facts, plan(held(a, "anna")), "a", "lead")) == [("spares", "stability", 1, 60)]


def test_a_pin_is_a_reason():
    a = session("a")
    facts = problem([ANNA, BEN], [a], pins=(Pin("a", seat="lead", clinician="anna"),))

    choice = why_this_person(facts, plan(held(a, "anna")), "a", "lead")

    assert [why.kind for why in choice.reasons] == [WhyKind.PINNED, WhyKind.ONLY_ONE]


def test_equals_are_said_to_be_equal():
    a = session("a")

    choice = why_this_person(problem([ANNA, BEN], [a]), plan(held(a, "anna")), "a", "lead")

    assert reasons(choice) == [("equal", "", 0, 0)]


def test_a_choice_that_is_not_the_best_is_not_defended():
    a = session("a")

    choice = why_this_person(problem([ANNA, COR], [a]), plan(held(a, "cor")), "a", "lead")

    assert reasons(choice) == [("dearer", "", 0, -20)]


def test_a_rule_that_only_the_next_best_would_pay_is_told_of_the_next_best():
    a = session("a")
    facts = problem([ANNA, BEN, COR], [a], preferences=(Preference("ben", a.options[0].on, a.options[0].half_day, -3),))

    choice = why_this_person(facts, plan(held(a, "anna")), "a", "lead")

    assert reasons(choice) == [("next_best", "preferences", 3, 6)]
    assert choice.reasons[0].clinicians == ("ben",)


def test_nobody_in_the_seat_is_no_question():
    with pytest.raises(KeyError):
        why_this_person(problem([ANNA], [session("a")]), Plan(), "a", "lead")


def test_the_differences_of_all_rules_make_up_the_change_of_cost():
    for seed in range(60):
        rng = seeded(seed)
        facts = random_problem(rng, people=4)
        present = random_plan(rng, facts, careful=True)
        for item in present.held:
            one = facts.session[item.session]
            verdicts = [*rank_candidates(facts, present, one.id, one.seats[0].id), *rank_places(facts, present, one.id)]
            verdicts += rank_swaps(facts, present, one.id, one.seats[0].id)
            for verdict in (v for v in verdicts if v.allowed):
                assert sum(rule.cost for rule in verdict.rule_costs) == verdict.cost_change, seed


def test_a_choice_goes_to_json_and_back():
    a = session("a")
    choice = why_this_person(problem([ANNA, COR], [a]), plan(held(a, "anna")), "a", "lead")

    assert decode_record(Choice, encode_record(choice)) == choice


def test_two_people_change_places_where_one_cannot_come_alone():
    a, b = session("a"), session("b", "away")
    facts = problem([ANNA, COR], [a, b])

    (swap,) = rank_swaps(facts, plan(held(a, "cor"), held(b, "anna")), "a", "lead")

    assert (swap.clinician, swap.session, swap.seat, swap.allowed, swap.cost_change) == ("anna", "b", "lead", True, -40)
    assert decode_record(SwapVerdict, encode_record(swap)) == swap


def test_a_swap_that_a_rule_forbids_says_why():
    a, b = session("a"), session("b", options=[option(1)])
    facts = problem([ANNA, BEN], [a, b], absences=(absence("anna", 1),))

    (swap,) = rank_swaps(facts, plan(held(a, "anna"), held(b, "ben")), "a", "lead")

    assert (swap.allowed, [reason.rule for reason in swap.reasons]) == (False, ["leave"])


def test_whoever_lacks_the_role_of_the_other_seat_does_not_swap():
    a, b = session("a"), session("b", seats=[seat(role="nurse")])
    nurse = clinician("nurse", roles=("lead", "nurse"))

    assert rank_swaps(problem([ANNA, nurse], [a, b]), plan(held(a, "anna"), held(b, "nurse")), "a", "lead") == ()


def test_allowed_swaps_are_lawful_and_cost_what_is_said():
    allowed = 0
    for seed in range(200):
        rng = seeded(seed)
        facts = random_problem(rng, people=4)
        present = random_plan(rng, facts, careful=True)
        judged = audit(facts, present)
        if not judged.lawful:
            continue
        for item in present.held:
            for swap in rank_swaps(facts, present, item.session, item.team[0][0]):
                if swap.allowed:
                    other = present.by_session[swap.session]
                    one = changed(item, item.team[0][0], swap.clinician)
                    after = present.with_held(one).with_held(changed(other, swap.seat, item.team[0][1]))
                    assert audit(facts, after).lawful, seed
                    assert audit(facts, after).cost - judged.cost == swap.cost_change, seed
                    assert len(plan_changes(facts, present, after)) == 2, seed
                    allowed += 1
    assert allowed


def changed(item, name, who):
    team = tuple((seat, who if seat == name else person) for seat, person in item.team)
    return Held(item.session, item.on, item.half_day, item.room, team)


def test_all_that_forbids_a_placing_is_given_filters_first():
    a, b = session("a"), session("b")
    facts = problem([clinician("anna", insurances=())], [a, b], absences=(absence("anna", 0),))

    found = forbidding(facts, plan(held(b, "anna")), "a", "lead", "anna", a.options[0])

    assert [reason.rule for reason in found] == ["insurance", "leave", "no_overlap"]


def test_nothing_forbids_what_is_free():
    a = session("a", seats=[seat("one"), seat("two")])

    assert forbidding(problem([ANNA], [a]), Plan(), "a", "one", "anna", a.options[0]) == ()
