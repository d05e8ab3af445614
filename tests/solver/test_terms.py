"""Each term as read off a plan."""

from solver.demand import Post, demand_of
from solver.terms import (
    AnyOf,
    Assigned,
    Changes,
    EndsAt,
    Facts,
    Flawed,
    HeldAt,
    InRoom,
    Present,
    Unserved,
    Works,
    facts_of,
)
from tests.solver.build import clinician, held, option, plan, problem, seat, session

TWINS = [session(name, group="G", options=[option(0), option(1)]) for name in ("S1", "S2")]
COVERED = session("C", seats=[seat("lead"), seat("cover", exclusive=False, cover_hours=24)])
WORLD = problem([clinician("A"), clinician("B")], [*TWINS, COVERED])
DEMAND = demand_of(WORLD)
MONDAY_MORNING, TUESDAY_MORNING = DEMAND.groups[0].stints[0]


def facts(*items):
    return facts_of(WORLD, DEMAND, plan(*items))


def test_sessions_that_differ_in_name_only_form_one_group():
    assert [group.sessions for group in DEMAND.groups] == [("S1", "S2"), ("C",)]


def test_seats_at_the_same_place_and_time_share_a_stint_and_cover_has_its_own():
    lead, cover = DEMAND.groups[1].stints

    assert lead[0] is MONDAY_MORNING
    assert (cover[0].exclusive, cover[0].start_at) == (False, MONDAY_MORNING.end_at)


def test_works_counts_double_booking_as_two_and_present_as_one():
    twice = facts(held(TWINS[0], "A"), held(TWINS[1], "A"))

    assert twice.value(Works("A", (MONDAY_MORNING, TUESDAY_MORNING))) == 2
    assert twice.value(Present("A", (MONDAY_MORNING, TUESDAY_MORNING))) == 1
    assert twice.value(Present("B", (MONDAY_MORNING,))) == 0


def test_assigned_and_held_count_by_group_and_option():
    some = facts(held(TWINS[0], "A"), held(TWINS[1], "B", option=1))

    assert some.value(Assigned("A", Post(0, 0), 0)) == 1
    assert some.value(Assigned("A", Post(0, 0), 1)) == 0
    assert (some.value(HeldAt(0, 0)), some.value(HeldAt(0, 1)), some.value(Unserved(0))) == (1, 1, 0)


def test_unserved_counts_and_names_the_missing_sessions():
    some = facts(held(TWINS[1], "A"))

    assert (some.value(Unserved(0)), some.sessions(Unserved(0))) == (1, ["S1"])


def test_rooms_and_flaws_are_read_as_the_plan_names_them():
    some = facts(held(TWINS[0], "A", room="r"), held(TWINS[1], "B"))
    half = Facts(WORLD, DEMAND, [held(session("C"), "A")])

    assert some.value(InRoom("r", ("S1", "S2"))) == 1
    assert (some.value(Flawed("S1")), half.value(Flawed("C"))) == (0, 1)


def test_facts_about_some_people_still_know_what_is_held():
    some = Facts(WORLD, DEMAND, [held(TWINS[0], "A")], frozenset({"B"}))

    assert (some.value(HeldAt(0, 0)), some.value(Works("A", (MONDAY_MORNING,)))) == (1, 0)


def test_any_of_is_one_however_many_of_its_terms_are_above_zero():
    term = AnyOf((Works("A", (MONDAY_MORNING,)), HeldAt(0, 1)))

    assert facts().value(term) == 0
    assert facts(held(TWINS[0], "B", option=1)).value(term) == 1
    assert facts(held(TWINS[0], "A"), held(TWINS[1], "B", option=1)).value(term) == 1


LABELS = (("x", (MONDAY_MORNING,)), ("y", (TUESDAY_MORNING,)))


def test_the_first_labelled_work_is_a_change_only_from_a_label_before():
    monday = facts(held(TWINS[0], "A"))

    assert [monday.value(Changes("A", LABELS, start)) for start in ("", "x", "y")] == [0, 0, 1]


def test_changes_count_from_one_labelled_work_to_the_next():
    both = facts(held(TWINS[0], "A"), held(TWINS[1], "A", option=1))

    assert (both.value(Changes("A", LABELS)), both.value(Changes("A", LABELS, "y"))) == (1, 2)


def test_the_last_label_is_that_of_the_last_work_or_the_start():
    monday = facts(held(TWINS[0], "A"))

    assert (monday.value(EndsAt("A", LABELS, "y", "x")), monday.value(EndsAt("A", LABELS, "y", "y"))) == (1, 0)
    assert (facts().value(EndsAt("A", LABELS, "y", "y")), facts().value(EndsAt("A", LABELS, "", "x"))) == (1, 0)


def test_cover_comes_after_the_other_work_of_its_day():
    lead, cover = (stints[0] for stints in DEMAND.groups[1].stints)
    labels = (("work", (lead,)), ("cover", (cover,)))
    both = facts(held(COVERED, "A", "A"))

    assert (both.value(Changes("A", labels)), both.value(EndsAt("A", labels, "", "cover"))) == (1, 1)
