"""The compiled model, solved in an engine's process, on worlds small enough to see the answer."""

from dataclasses import replace

import pytest

from solver.audit import audit
from solver.engines.process import EnginePool
from solver.linear import LinearStatus
from solver.model import compile_model
from solver.plan import Plan
from solver.problem import Pin, RuleSetting, Strength
from tests.solver.build import absence, clinician, day, held, option, plan, problem, seat, session
from tests.solver.demonstration import VISITORS, demonstration, on_leave


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


@pytest.fixture(scope="module")
def best_week(pool):
    return best(pool, demonstration())


def best(pool, world):
    """Give the proven best plan, after checking that the audit confirms its cost."""
    compiled = compile_model(world)
    answer = pool.engine("highs").solve(compiled.linear, seconds=30)
    found = compiled.decode(answer.x)
    judged = audit(world, found)
    assert answer.status is LinearStatus.OPTIMAL
    assert (judged.lawful, judged.cost) == (True, answer.cost)
    return found


def team(found, name):
    return {who for _, who in found.by_session[name].team}


def test_every_session_of_the_demonstration_week_is_held(best_week):
    assert len(best_week.held) == len(demonstration().sessions)


def test_each_of_the_three_urologists_of_mons_visits_at_least_once(best_week):
    at_maubeuge = {s.id for s in demonstration().sessions if s.site == "FR-MAUBEUGE"}
    visits = {who for who in VISITORS for item, _ in best_week.by_clinician[who] if item.session in at_maubeuge}

    assert visits == set(VISITORS)


def test_when_one_falls_ill_nothing_else_moves(best_week, pool):
    world = replace(on_leave(demonstration(), "C03"), published=best_week.held)

    after = best(pool, world)

    hit = {item.session for item, _ in best_week.by_clinician["C03"]}
    before = {h.session: h for h in best_week.held}
    for item in after.held:
        was = before[item.session]
        if item.session not in hit:
            assert item == was
        else:
            kept = {pair for pair in was.team if pair[1] != "C03"}
            assert kept <= set(item.team)


def test_without_the_only_oncologist_three_sessions_are_gaps(pool):
    found = best(pool, on_leave(demonstration(), "C01"))

    missing = {s.id for s in demonstration().sessions} - set(found.by_session)
    assert missing == {"D01-0", "D01-1", "D02-0"}


def test_a_mandatory_session_goes_before_optional_ones(pool):
    optional = [session(name, priority=0, group="optional") for name in ("O1", "O2", "O3")]
    world = problem([clinician("A")], [*optional, session("M")])

    assert set(best(pool, world).by_session) == {"M"}


def test_a_pinned_person_and_half_day_are_kept(pool):
    movable = session("S", options=[option(0), option(1)])
    pins = (Pin("S", on=day(1), half_day="morning"), Pin("S", seat="lead", clinician="B"))
    world = problem([clinician("A"), clinician("B")], [movable], pins=pins)

    assert best(pool, world) == plan(held(movable, "B", option=1))


def test_a_pin_that_yields_is_reported_and_the_session_held():
    world = problem(
        [clinician("A"), clinician("B")],
        [session("S")],
        pins=(Pin("S", seat="lead", clinician="A"),),
        absences=(absence("A", 0),),
    )

    assert str(compile_model(world).yielded_pins[0]).startswith("Dr A is no longer pinned to “S”")


def test_the_past_is_kept_even_where_a_filter_now_forbids_it(pool):
    at = {"on": day(0), "half_day": "morning", "history": True}
    past = (Pin("S", **at), Pin("S", **at, seat="lead", clinician="A"))
    world = problem([clinician("A")], [session("S")], pins=past, absences=(absence("A", 0),))

    assert team(best(pool, world), "S") == {"A"}


def test_published_names_are_kept_among_interchangeable_sessions_and_people(pool):
    sessions = [session(name, group="G", options=[option(0), option(1)]) for name in ("S1", "S2", "S3")]
    people = [clinician(name) for name in "ABCD"]
    published = (held(sessions[2], "D"), held(sessions[0], "B", option=1))
    world = problem(people, sessions, published=published)

    found = best(pool, world)

    assert {found.by_session["S3"], found.by_session["S1"]} == set(published)
    assert len(found.held) == 3


def test_whoever_covers_comes_from_the_team_when_possible(pool):
    people = [clinician(name, roles=("lead", "cover")) for name in "ABC"]
    seats = [seat("lead"), seat("cover", "cover", exclusive=False, cover_hours=24)]
    world = problem(people, [session("S", seats=seats)])

    assert len(team(best(pool, world), "S")) == 1


def test_a_warning_is_paid_when_coverage_asks_for_it(pool):
    world = problem([clinician("A", insurances=())], [session("S")])
    warned = replace(world, settings=(RuleSetting("insurance", Strength.WARN),))

    assert best(pool, world).held == ()
    assert audit(warned, best(pool, warned)).cost == 500


def test_an_unlawful_plan_has_no_values():
    sessions = [session("S1"), session("S2")]
    compiled = compile_model(problem([clinician("A")], sessions))

    assert compiled.encode(plan(held(sessions[0], "A"))) is not None
    assert compiled.encode(plan(*(held(s, "A") for s in sessions))) is None


def test_values_of_a_plan_cost_what_the_audit_says_and_give_it_back(best_week):
    compiled = compile_model(demonstration())

    for some in (best_week, Plan(best_week.held[::2]), Plan()):
        x = compiled.encode(some)
        assert int(compiled.linear.cost @ x) + compiled.linear.offset == audit(demonstration(), some).cost


def test_identical_sessions_and_people_are_counted_and_not_told_apart():
    few = compile_model(problem([clinician("A"), clinician("B")], _alike(2))).linear
    many = compile_model(problem([clinician("A"), clinician("B")], _alike(20))).linear

    assert few.column_count == many.column_count


def _alike(count):
    return [session(f"S{n}", group="G") for n in range(count)]
