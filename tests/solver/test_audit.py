"""What the audit says of plans, and of one change to a plan."""

from solver.audit import audit, refusals, why_not
from solver.plan import Plan
from solver.problem import RuleSetting, Strength
from tests.solver.build import absence, clinician, held, option, paper, plan, problem, room, session
from tests.solver.demonstration import demonstration

CLINIC = session("Clinic")
MEETING = session("Meeting", options=option(0, "morning", "12:00", "13:00"))
ABROAD = session("Abroad", "away", options=option(0, "afternoon", "12:45"))
A, B = clinician("A"), clinician("B", registrations=(paper("BE"),), insurances=())


def rules(reasons):
    return [reason.rule for reason in reasons]


def test_the_empty_plan_breaks_no_rule_and_costs_its_gaps():
    judged = audit(demonstration(), Plan())

    assert judged.breaches == ()
    assert judged.cost == 26 * 1000 + 200


def test_a_breach_names_its_rule_sessions_and_clinicians():
    judged = audit(problem([A], [CLINIC, MEETING]), plan(held(CLINIC, "A"), held(MEETING, "A")))

    (breach,) = judged.breaches
    assert (breach.rule, breach.strength) == ("no_overlap", Strength.BLOCK)
    assert (breach.sessions, breach.clinicians) == (("Clinic", "Meeting"), ("A",))
    assert not judged.lawful


def test_a_warning_costs_and_stays_lawful_and_a_blocking_breach_costs_nothing():
    world = problem([clinician("A", insurances=())], [CLINIC])
    warned = problem([clinician("A", insurances=())], [CLINIC], settings=(RuleSetting("insurance", Strength.WARN),))

    assert (audit(world, plan(held(CLINIC, "A"))).cost, audit(world, plan(held(CLINIC, "A"))).lawful) == (0, False)
    assert (audit(warned, plan(held(CLINIC, "A"))).cost, audit(warned, plan(held(CLINIC, "A"))).lawful) == (500, True)


def test_a_rule_for_information_costs_nothing_and_is_shown():
    world = problem([clinician("A", insurances=())], [CLINIC], settings=(RuleSetting("insurance", Strength.INFO),))

    judged = audit(world, plan(held(CLINIC, "A")))

    assert (judged.cost, judged.lawful, rules(judged.breaches)) == (0, True, ["insurance"])


def test_a_rule_that_is_off_is_not_asked():
    world = problem([clinician("A", insurances=())], [CLINIC], settings=(RuleSetting("insurance", Strength.OFF),))

    assert audit(world, plan(held(CLINIC, "A"))).breaches == ()


def test_what_physics_forbids_cannot_be_switched_off():
    off = (RuleSetting("no_overlap", Strength.OFF),)
    world = problem([A], [CLINIC, MEETING], settings=off)

    assert not audit(world, plan(held(CLINIC, "A"), held(MEETING, "A"))).lawful


def test_all_refusals_come_in_the_order_of_the_rules_whatever_the_plan():
    world = problem([A, B], [ABROAD], absences=(absence("B", 0),), agreements=())

    found = refusals(world, "Abroad", "lead", "B", ABROAD.options[0])

    assert rules(found) == ["registration", "insurance", "agreement_in_force", "leave"]


def test_why_not_gives_filters_and_bounds_that_a_placing_would_break():
    world = problem([A, B], [CLINIC, ABROAD])

    assert why_not(world, plan(), held(ABROAD, "A")) == ()
    assert rules(why_not(world, plan(held(CLINIC, "A")), held(ABROAD, "A"))) == ["travel_time"]
    assert rules(why_not(world, plan(held(CLINIC, "B")), held(ABROAD, "B"))) == [
        "registration",
        "insurance",
        "travel_time",
    ]


def test_why_not_leaves_out_what_was_broken_before():
    clash = plan(held(CLINIC, "A"), held(MEETING, "A"))
    world = problem([A, B], [CLINIC, MEETING])

    assert why_not(world, clash, held(MEETING, "A")) == ()


def test_why_not_sees_that_the_room_is_full():
    one, two = (session(name, room_kind="consulting") for name in ("One", "Two"))
    world = problem([A, clinician("C")], [one, two], rooms=(room("r"),))

    assert rules(why_not(world, plan(held(one, "A")), held(two, "C"))) == ["room_fit"]


def test_why_not_judges_the_move_of_a_session_without_its_old_place():
    movable = session("Clinic", options=[option(0), option(0, "afternoon")])
    world = problem([A], [movable])

    assert why_not(world, plan(held(movable, "A")), held(movable, "A", option=1)) == ()
