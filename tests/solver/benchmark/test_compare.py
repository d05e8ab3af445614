"""Other solvers are told the same problem, and what they find is judged by the same audit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from solver.benchmark.compare import write_pages
from solver.benchmark.contenders import CONTENDERS, run_trial
from solver.benchmark.pages import merge, table, write_between
from solver.benchmark.peers.question import Question
from solver.benchmark.trial import Trial, judge
from solver.engines.process import EnginePool
from solver.plan import Plan
from tests.solver.build import clinician, held, option, problem, session
from tests.solver.worlds import random_problem, seeded

ROOT = Path(__file__).parents[3]
MORNING = session("one", options=option(0))
SAME_TIME = session("other", options=option(0))
WORLD = problem([clinician("A")], [MORNING, SAME_TIME])


@pytest.fixture(scope="module")
def pool():
    with EnginePool() as engines:
        yield engines


@pytest.mark.parametrize("seed", range(3))
def test_all_solvers_find_the_same_optimum_of_a_small_problem(seed, pool):
    small = random_problem(seeded(f"compare {seed}"), people=4, sessions=4)

    found = {name: run_trial(Trial("small", name, 1, 20.0), small, pool) for name in CONTENDERS if name != "timefold"}

    assert {trial.status for trial in found.values()} == {"optimal"}
    assert len({trial.cost for trial in found.values()}) == 1
    assert all(trial.breaches == 0 for trial in found.values())


def test_a_plan_that_breaks_a_rule_is_priced_by_its_lawful_part():
    trial = Trial("small", "someone", 1, 1.0)

    judge(trial, WORLD, [(0.5, Plan((held(MORNING, "A"), held(SAME_TIME, "A"))))])

    assert (trial.breaches, trial.gaps, trial.cost, trial.first) == (1, 1, 1000, 0.5)


def test_a_solver_without_a_plan_has_no_cost():
    trial = Trial("small", "someone", 1, 1.0)

    judge(trial, WORLD, [])

    assert (trial.cost, trial.first, trial.gap) == (None, None, None)


def test_a_question_is_json_and_its_choices_make_a_plan():
    question = Question(WORLD)

    told = json.loads(json.dumps(question.to_json()))

    assert len(told["choices"]) == 2
    assert question.unstated == ()
    assert question.plan([0]).held == (held(MORNING, "A"),)
    assert question.plan([]).held == ()


def test_the_tutorial_ends_with_a_line_about_itself():
    done = subprocess.run(
        [sys.executable, "-m", "solver.benchmark.peers.tutorial", "5", "1"],
        input=json.dumps(Question(WORLD).to_json()),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    *plans, end = (json.loads(line) for line in done.stdout.splitlines())
    assert (end["status"], end["bound"]) == ("optimal", 1000.0)
    assert 0 < end["end"] < 10
    assert len(plans[-1]["taken"]) == 1


def test_a_run_replaces_the_results_of_the_same_problem_solver_and_seed(tmp_path):
    path, key = tmp_path / "results.json", ("problem", "seed")

    merge(
        path, key, {"date": "first"}, [{"problem": "p", "seed": 1, "cost": 5}, {"problem": "p", "seed": 2, "cost": 6}]
    )
    found = merge(path, key, {"date": "second"}, [{"problem": "p", "seed": 2, "cost": 4}])

    assert [(one["cost"], one["machine"]["date"]) for one in found] == [(5, "first"), (4, "second")]
    assert json.loads(path.read_text()) == found


def test_a_table_is_written_between_its_markers_and_nowhere_else(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: begin -->\nold\n<!-- table: end -->\nafter\n")

    write_between(page, "table", table(["a"], [[1]]))
    write_between(page, "table", table(["a"], [[2]]))

    text = page.read_text()
    assert text == "before\n<!-- table: begin -->\n\n| a |\n| --- |\n| 2 |\n\n<!-- table: end -->\nafter\n"
    with pytest.raises(ValueError, match="lacks the markers"):
        write_between(page, "plots", "")


def test_failures_stand_in_the_table_too(tmp_path):
    (tmp_path / "solver.md").write_text((ROOT / "docs/benchmarks/solver.md").read_text())
    machine = dict.fromkeys(("date", "processor", "cores", "memory_gb", "load_before"), "x") | {"versions": {}}
    base = {"problem": "p", "seed": 1, "limit": 5.0, "curve": [], "seconds": 5.0, "memory_mb": 9, "machine": machine}
    fine = base | {"solver": "passerelle", "cost": 100, "bound": 90, "gaps": 0, "breaches": 0, "first": 0.1}
    poor = base | {"solver": "tutorial", "cost": 250, "bound": None, "gaps": 2, "breaches": 3, "first": 4.0}
    none = base | {"solver": "timefold", "cost": None, "bound": None, "gaps": None, "breaches": 0, "first": None}

    write_pages(tmp_path, [fine | {"status": "feasible"}, poor | {"status": "unknown"}, none | {"status": "killed"}])

    rows = [line for line in (tmp_path / "solver.md").read_text().splitlines() if line.startswith("| p ")]
    assert [row.split(" | ")[1:4] for row in rows] == [
        ["passerelle", "100", "1.00×"],
        ["tutorial", "250", "2.50×"],
        ["timefold", "–", "–"],
    ]
    assert "3 blocking breaches" in rows[1]
    assert rows[2].endswith("killed |")
