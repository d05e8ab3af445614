from solver.problem import RuleSetting, Strength
from tests.solver.build import clinician, held, option, problem, seat, session
from tests.solver.judging import cost

TEAM = [seat("lead", "lead", exclusive=False), seat("theatre", "theatre", exclusive=False)]
CASES = [session(f"case{n}", options=option(0), seats=TEAM) for n in range(3)]
NEXT_DAY = session("next", options=option(1), seats=TEAM)
OTHER = session("other", options=option(0), seats=[seat("lead", "lead", "cardiology", exclusive=False), TEAM[1]])
PEOPLE = [
    clinician("A", specialties=frozenset({"urology", "cardiology"})),
    *(clinician(name, roles=("theatre",)) for name in ("T1", "T2", "T3")),
]
WORLD = problem(
    PEOPLE,
    [*CASES, NEXT_DAY, OTHER],
    settings=(RuleSetting("one_team_a_day", strength=Strength.WARN, weight=10),),
)


def teams(*names):
    return [held(case, "A", name) for case, name in zip(CASES, names, strict=False)]


def test_each_team_beyond_the_first_costs():
    assert cost(WORLD, "one_team_a_day", *teams("T1", "T1", "T1")) == 0
    assert cost(WORLD, "one_team_a_day", *teams("T1", "T2", "T1")) == 10
    assert cost(WORLD, "one_team_a_day", *teams("T1", "T2", "T3")) == 20


def test_another_day_and_another_specialty_are_counted_apart():
    assert cost(WORLD, "one_team_a_day", *teams("T1"), held(NEXT_DAY, "A", "T2")) == 0
    assert cost(WORLD, "one_team_a_day", *teams("T1"), held(OTHER, "A", "T2")) == 0
