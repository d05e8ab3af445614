"""Planning anew from a known plan changes only what was asked for."""

from dataclasses import replace

import pytest

from solver.audit import audit
from solver.engines.process import EnginePool
from solver.generate import generate
from solver.outcome import SolveStatus
from solver.problem import RuleSetting, Strength
from solver.search import solve
from solver.searching.replanning import replanned
from tests.solver.build import absence, clinician, day, held, option, plan, problem, session
from tests.solver.worlds import random_plan, random_problem, seeded

ANNA, BEN, CARL = (clinician(name) for name in ("anna", "ben", "carl"))


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


@pytest.fixture(scope="module")
def published(pool):
    """Give a pilot with its best plan as the published one, in which someone has fallen ill on two days."""
    facts = generate("pilot", 2)
    best = solve(facts, seconds=20, pool=pool).plan
    busiest = max(best.by_clinician, key=lambda who: len(best.by_clinician[who]))
    days = sorted({one.on for one, _ in best.by_clinician[busiest]})[:2]
    ill = tuple(
        replace(absence(busiest, 0), start_at=o.start_at, end_at=o.end_at)
        for s in facts.sessions
        for o in s.options
        if o.on in days
    )
    return replace(facts, published=best.held, absences=(*facts.absences, *dict.fromkeys(ill)))


def changed(facts, outcome):
    """Count the published seats that lost their person or half-day."""
    now = {(h.session, h.on, h.half_day, *pair) for h in outcome.plan.held for pair in h.team}
    return sum((h.session, h.on, h.half_day, *pair) not in now for h in facts.published for pair in h.team)


def test_fewest_changes_changes_no_more_than_planning_everything_anew(published, pool):
    anew = replace(published, settings=(*published.settings, RuleSetting("stability", weight=0)))

    free = solve(anew, seconds=20, pool=pool)
    kept = solve(published, seconds=20, mode="fewest_changes", pool=pool)

    assert kept.status is SolveStatus.OPTIMAL
    assert changed(published, kept) <= changed(published, free)
    judged = audit(replanned(published, "fewest_changes"), kept.plan)
    assert (judged.lawful, judged.cost) == (True, kept.cost)


def test_a_change_near_today_costs_more():
    one, two = session("1", options=option(1)), session("2", options=option(10))
    published = (held(one, "anna"), held(two, "anna"))
    silent = (RuleSetting("notice", strength=Strength.OFF),)
    facts = problem([ANNA, BEN], [one, two], weeks=2, today=day(0), published=published, settings=silent)
    kept = replanned(facts, "fewest_changes")

    assert audit(kept, plan(held(one, "ben"), held(two, "anna"))).cost == 600
    assert audit(kept, plan(held(one, "anna"), held(two, "ben"))).cost == 300


def test_only_gaps_are_filled(pool):
    a, b = session("a"), session("b", options=option(1))
    facts = problem([ANNA, BEN, CARL], [a, b], published=(held(a, "carl"),))

    outcome = solve(facts, seconds=20, mode="fill_gaps", pool=pool)

    assert outcome.plan.by_session["a"] == held(a, "carl")
    assert set(outcome.plan.by_session) == {"a", "b"}


def test_filling_gaps_lets_go_what_is_no_longer_lawful(pool):
    a, b = session("a"), session("b", options=option(1))
    facts = problem([ANNA, BEN], [a, b], published=(held(a, "ben"), held(b, "ben")), absences=(absence("ben", 0),))

    outcome = solve(facts, seconds=20, mode="fill_gaps", pool=pool)

    assert dict(outcome.plan.by_session["a"].team) == {"lead": "anna"}
    assert outcome.plan.by_session["b"] == held(b, "ben")


def test_filling_gaps_changes_nothing_that_the_base_holds(published, pool):
    base = solve(published, seconds=20, pool=pool).plan
    thinner = base.without([base.held[0].session, base.held[3].session])

    outcome = solve(published, seconds=20, mode="fill_gaps", base=thinner, pool=pool)

    after = outcome.plan.by_session
    assert all((after[h.session].on, after[h.session].half_day) == (h.on, h.half_day) for h in thinner.held)
    assert all(dict(after[h.session].team) == dict(h.team) for h in thinner.held)
    assert len(outcome.plan.held) >= len(base.held)


@pytest.mark.parametrize("percent", [50, 100])
def test_a_share_of_the_seats_is_kept(published, pool, percent):
    dear = replace(published, settings=(*published.settings, RuleSetting("stability", weight=0)))
    total = sum(len(h.team) for h in published.published)

    outcome = solve(dear, seconds=20, mode="keep_share", keep_percent=percent, pool=pool)

    assert outcome.status is SolveStatus.OPTIMAL
    asked = -(-percent * total // 100)
    short = next((c.units for c in outcome.rule_costs if c.rule == "keep_share"), 0)
    assert total - changed(dear, outcome) + short >= min(asked, total) - _lost(dear)
    assert short == 0 or percent == 100


def _lost(facts):
    """Count published seats of people who are now away."""
    return sum(
        any(
            a.clinician == who and a.start_at < o.end_at and o.start_at < a.end_at
            for a in facts.absences
            for o in facts.session[h.session].options
            if (o.on, o.half_day) == (h.on, h.half_day)
        )
        for h in facts.published
        for _, who in h.team
    )


@pytest.mark.parametrize("mode", ["fewest_changes", "fill_gaps", "keep_share"])
@pytest.mark.parametrize("seed", range(6))
def test_any_base_leads_to_a_lawful_plan(mode, seed, pool):
    rng = seeded(600 + seed)
    facts = random_problem(rng, people=5, sessions=6)
    base = random_plan(rng, facts, careful=False)

    outcome = solve(facts, seconds=20, mode=mode, keep_percent=70, base=base, pool=pool)

    judged = audit(replanned(facts, mode, keep_percent=70, base=base), outcome.plan)
    assert (judged.lawful, judged.cost) == (True, outcome.cost)


def test_everything_leaves_the_question_as_it_is(published):
    assert replanned(published, "everything") is published


def test_what_makes_no_sense_is_refused(published):
    with pytest.raises(ValueError, match="abacus"):
        replanned(published, "abacus")
    with pytest.raises(ValueError, match="between 0 and 100"):
        replanned(published, "keep_share", keep_percent=101)
