"""The compiled model, solved in an engine's process, on worlds small enough to see the answer."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.audit import audit
from solver.bounds import Bound, Rule
from solver.compiling.patterns import cliques
from solver.demand import demand_of
from solver.engines.process import EnginePool
from solver.linear import LinearStatus
from solver.model import compile_model
from solver.plan import Plan
from solver.problem import Pin, RuleSetting, Strength
from solver.rules import active_rules
from solver.terms import AnyOf, Changes, EndsAt, Present, Works
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


class Says(Rule):
    """A rule whose bounds a function gives from the stints of each day, at one site or all."""

    id = "says"
    title = "Says"

    def __init__(self, make):
        super().__init__()
        self.make = make

    def bounds(self, problem, scope):
        stints = demand_of(problem).stints
        days = sorted({s.on for s in stints})
        return self.make(
            lambda site=None: [tuple(s for s in stints if s.on == on and site in (None, s.site)) for on in days]
        )


def compiled_with(monkeypatch, world, make):
    """Compile a world to which a rule with these bounds applies as well."""
    return compile_model(with_rule(monkeypatch, world, make))


def with_rule(monkeypatch, world, make):
    monkeypatch.setattr("solver.case.active_rules", lambda problem: (*active_rules(problem), Says(make)))
    return replace(world)


def _week_at(*sites):
    sessions = [session(f"{site}{n}", site, options=option(n)) for site in sites for n in range(3)]
    return problem([clinician("A")], sessions)


def _by_site(days):
    return tuple((site, tuple(s for day in days(site) for s in day)) for site in ("home", "away"))


def test_windows_and_runs_of_days_need_no_columns_of_their_own(monkeypatch):
    def bounds(days):
        works = [Present("A", day) for day in days()]
        yield Bound(("run",), ((1, works[1]), (-1, works[0]), (-1, works[2])), high=0)
        yield Bound(("window",), tuple((1, term) for term in works), high=2)

    before = compile_model(_week_at("home", "away")).linear
    after = compiled_with(monkeypatch, _week_at("home", "away"), bounds).linear

    assert (after.column_count, after.row_count) == (before.column_count, before.row_count + 2)


def test_any_of_the_stints_of_one_day_is_a_sum_of_its_patterns(monkeypatch):
    def bounds(days):
        found = [AnyOf((Works("A", day[:1]), Present("A", day[1:]))) for day in days()]
        yield Bound(("any",), tuple((1, term) for term in found), high=2)

    before = compile_model(_week_at("home", "away")).linear
    after = compiled_with(monkeypatch, _week_at("home", "away"), bounds).linear

    assert (after.column_count, after.row_count) == (before.column_count, before.row_count + 1)


def test_work_may_ask_for_work_on_the_next_day(monkeypatch, pool):
    def bounds(days):
        first, second, _ = (Present("A", day) for day in days())
        yield Bound(("run",), ((1, first), (-1, second)), high=0)

    world = with_rule(monkeypatch, _week_at("home"), bounds)
    sessions = world.sessions

    compiled = compile_model(world)

    assert compiled.encode(plan(held(sessions[0], "A"), held(sessions[1], "A", option=0))) is not None
    assert compiled.encode(plan(held(sessions[0], "A"))) is None


def test_two_terms_that_count_one_presence_add_up(monkeypatch):
    def bounds(days):
        first = days()[0]
        yield Bound(("both",), ((4, Works("A", first)), (2, Present("A", first))), high=5)

    world = with_rule(monkeypatch, problem([clinician("A")], [session("a")]), bounds)

    assert compile_model(world).encode(plan(held(world.sessions[0], "A"))) is None


def test_terms_over_the_same_labels_share_one_flow_of_states(monkeypatch):
    def changes(days):
        yield Bound(("changes",), ((1, Changes("A", _by_site(days), "home")),), high=0, cost=3)

    def both(days):
        yield from changes(days)
        yield Bound(("ends",), ((1, EndsAt("A", _by_site(days), "home", "home")),), low=1, cost=2)

    one = compiled_with(monkeypatch, _week_at("home", "away"), changes)
    two = compiled_with(monkeypatch, _week_at("home", "away"), both)

    assert len(two.layout.chains) == 1
    assert two.linear.column_count == one.linear.column_count


def test_changes_of_site_are_counted_over_days_off(monkeypatch, pool):
    def bounds(days):
        yield Bound(("changes",), ((1, Changes("A", _by_site(days))),), high=0, cost=100)

    places = (("home", 0), ("away", 2), ("home", 4))
    sessions = [session(f"S{n}", site, options=option(n)) for site, n in places]
    world = with_rule(monkeypatch, problem([clinician("A")], sessions), bounds)

    found = best(pool, world)

    assert len(found.held) == 3
    assert {c.rule: c.cost for c in audit(world, found).rule_costs}["says"] == 200


def test_a_day_with_too_many_patterns_has_a_column_for_each_stint():
    starts = [f"{8 + n // 4:02}:{n % 4 * 15:02}" for n in range(20)]
    ends = [f"{8 + n // 4:02}:{n % 4 * 15 + 14:02}" for n in range(20)]
    spells = [option(0, "morning", *spell) for spell in zip(starts, ends, strict=True)]
    sessions = [session(f"S{n}", options=spell) for n, spell in enumerate(spells)]
    world = problem([clinician("A", max_sessions_per_day=20, max_sessions_per_week=20)], sessions)

    (cell,) = compile_model(world).layout.cells.values()

    assert (cell.wide, len(list(cell.columns()))) == (True, 20)


def test_a_wide_day_keeps_its_clashes_and_limits(pool):
    halves = ("morning", "morning", "afternoon", "evening")
    sessions = [session(f"S{n}", options=option(0, half)) for n, half in enumerate(halves)]
    world = problem([clinician("A", max_sessions_per_day=2)], sessions)
    compiled = compile_model(world, most_patterns=1)

    answer = pool.engine("highs").solve(compiled.linear, seconds=20)

    found = compiled.decode(answer.x)
    assert all(cell.wide for cell in compiled.layout.cells.values())
    assert (len(found.held), audit(world, found).lawful) == (2, True)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_cliques_cover_every_clash_and_nothing_else(pairs):
    clashes = [0] * 8
    for one, other in pairs:
        if one != other:
            clashes[one] |= 1 << other
            clashes[other] |= 1 << one

    covered = {
        pair for clique in cliques(clashes) for pair in combinations([i for i in range(8) if clique >> i & 1], 2)
    }

    assert covered == {(i, j) for i, j in combinations(range(8), 2) if clashes[i] >> j & 1}
