"""The command for public instances."""

import json

import pytest

from solver.__main__ import main
from tests.solver.benchmark.test_ihtc_surgical import INSTANCE

FIELDS = {
    *("instance", "format", "cost", "bound", "gap", "status", "unsupported", "versions", "seed"),
    *("first_plan_seconds", "best_plan_seconds", "seconds", "columns", "rows", "nonzeros", "memory_mb"),
}


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.json"
    path.write_text(json.dumps(INSTANCE))
    return path


def benchmark(*arguments):
    return main(["benchmark", "--format", "ihtc-surgical", "--seconds", "20", *map(str, arguments)])


def test_an_instance_gives_one_line_and_a_solution(small, tmp_path, capsys):
    assert benchmark(small, "--seed", 3, "--out", tmp_path / "out") == 0

    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert set(told) >= FIELDS
    assert (told["instance"], told["seed"], told["status"], told["gap"]) == ("small", 3, "optimal", 0)
    assert told["cost"] == told["bound"] > 0
    assert told["memory_mb"] > 20
    solution = json.loads((tmp_path / "out/small.solution.json").read_text())
    assert {row["id"] for row in solution["patients"]} == {p["id"] for p in INSTANCE["patients"]}


def test_a_plan_without_a_mandatory_patient_has_no_cost(small, tmp_path, capsys):
    nobody = INSTANCE | {"surgeons": [{"id": s, "max_surgery_time": [0] * 7} for s in ("s0", "s1")]}
    small.write_text(json.dumps(nobody))

    assert benchmark(small, "--out", tmp_path / "out") == 1

    told = json.loads(capsys.readouterr().out)
    assert (told["cost"], told["status"]) == (None, "incomplete")


@pytest.mark.parametrize("text", ["", "[]", '{"days": 7}'])
def test_a_file_of_another_kind_is_refused_by_name(text, tmp_path, capsys):
    (tmp_path / "wrong.json").write_text(text)

    assert benchmark(tmp_path / "wrong.json", "--out", tmp_path / "out") == 2
    assert "wrong.json: is not an instance of ihtc-surgical" in capsys.readouterr().err
