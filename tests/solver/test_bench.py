"""What is measured is what happened."""

import pytest

from solver.bench import Moment, bench, show
from solver.outcome import SolveStatus


@pytest.fixture(scope="module")
def pilot():
    return next(bench(["pilot"], [2], seconds=20))


def test_a_proof_has_its_time(pilot):
    assert pilot.outcome.status is SolveStatus.OPTIMAL
    assert pilot.outcome.first_plan_seconds <= pilot.proof_seconds <= pilot.outcome.seconds
    assert pilot.engines_mb > 20
    assert pilot.memory_mb > 20


def test_gaps_are_told_against_the_last_bound(pilot):
    assert pilot.gap_at(0) is None
    assert pilot.gap_at(pilot.outcome.seconds) == 0
    assert all(isinstance(moment, Moment) for moment in pilot.moments)


def test_the_table_has_a_line_for_each_problem(pilot, capsys):
    show([pilot])

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[0] == "problem"
    assert lines[1].startswith("pilot 2")
    assert "optimal" in lines[1]
    assert "1.0 x the first" in lines[-1]
