"""``python -m solver`` makes, solves, judges and explains problems, and names the field that is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from solver.__main__ import main
from solver.plan import Plan
from solver.problem import Pin
from solver.problem_json import plan_to_json, problem_schema, problem_to_json
from tests.solver.build import absence, clinician, problem, session

ROOT = Path(__file__).parents[2]


@pytest.fixture
def held_easily(tmp_path):
    """Give the path of a problem whose one session can be held."""
    return write(tmp_path / "easy.json", problem_to_json(problem([clinician("anna")], [session("a")])))


@pytest.fixture
def with_a_gap(tmp_path):
    """Give the path of a problem whose one session nobody can hold."""
    facts = problem([clinician("anna")], [session("a")], absences=(absence("anna", 0),))
    return write(tmp_path / "gap.json", problem_to_json(facts))


def write(path, data):
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_a_generated_problem_can_be_solved_audited_and_explained(tmp_path, capsys):
    facts, outcome = str(tmp_path / "p.json"), str(tmp_path / "o.json")

    assert main(["generate", "--size", "pilot", "--seed", "2", "--out", facts]) == 0
    assert main(["solve", facts, "--engine", "greedy", "--out", outcome, "--json"]) == 1
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert main(["audit", facts, outcome, "--json"]) == 1
    judged = json.loads(capsys.readouterr().out)
    assert main(["explain", facts, outcome]) == 1

    assert (judged["lawful"], judged["cost"]) == (True, summary["cost"])
    assert "is not held" in capsys.readouterr().out


def test_a_problem_goes_to_standard_output_without_a_file(capsys):
    assert main(["generate"]) == 0

    assert json.loads(capsys.readouterr().out)["title"] == "pilot 1"


def test_a_whole_plan_ends_with_zero(held_easily, tmp_path, capsys):
    outcome = str(tmp_path / "o.json")

    assert main(["solve", held_easily, "--seconds", "5", "--out", outcome, "--progress"]) == 0
    told = capsys.readouterr()
    assert main(["audit", held_easily, outcome]) == 0
    assert main(["explain", held_easily, outcome]) == 0

    assert told.out.startswith("optimal: cost 0")
    assert "building" in told.err
    assert "Every session is held." in capsys.readouterr().out


def test_gaps_end_with_one_and_their_reasons(with_a_gap, tmp_path, capsys):
    outcome = write(tmp_path / "empty.json", plan_to_json(Plan()))

    assert main(["explain", with_a_gap, outcome]) == 1

    assert "Dr anna is absent during this duty" in capsys.readouterr().out


def test_a_wrong_field_ends_with_two_and_its_path(held_easily, capsys):
    data = json.loads(Path(held_easily).read_text(encoding="utf-8"))
    data["sessions"][0]["options"][0]["end_at"] = data["sessions"][0]["options"][0]["start_at"]
    write(Path(held_easily), data)

    assert main(["solve", held_easily]) == 2

    assert "sessions[0].options[0].end_at" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "said"), [("{", "is not JSON"), ("[]", "must be an object")])
def test_what_is_no_problem_ends_with_two(tmp_path, capsys, text, said):
    path = tmp_path / "p.json"
    path.write_text(text, encoding="utf-8")

    assert main(["solve", str(path)]) == 2

    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ({"rule": "zzz"}, "settings[0].rule"),
        ({"rule": "daily_rest", "params": [["rest_hours", "x"]]}, "settings[0].params[0][1]"),
        ({"rule": "daily_rest", "params": [["rest_hours", 10.5]]}, "settings[0].params[0][1]"),
        ({"rule": "daily_rest", "params": [["rest_hours", True]]}, "settings[0].params[0][1]"),
        ({"rule": "daily_rest", "params": [["foo", 1]]}, "settings[0].params[0][0]"),
        ({"rule": "daily_rest", "params": [["rest_hoursabc", 1]]}, "settings[0].params[0][0]"),
    ],
)
def test_a_setting_of_no_rule_ends_with_two(held_easily, capsys, setting, path):
    data = json.loads(Path(held_easily).read_text(encoding="utf-8"))
    write(Path(held_easily), data | {"settings": [setting]})

    assert main(["solve", held_easily]) == 2

    assert capsys.readouterr().err.startswith(f"{path}: ")


def test_deeply_nested_json_ends_with_two(tmp_path, capsys):
    path = tmp_path / "deep.json"
    path.write_text("[" * 200_000, encoding="utf-8")

    assert main(["solve", str(path)]) == 2

    assert "deep.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "--weeks", "0"),
        ("generate", "--weeks", "-1"),
        ("generate", "--seed", "-1"),
        ("solve", "p.json", "--seconds", "nan"),
        ("solve", "p.json", "--seconds", "inf"),
        ("solve", "p.json", "--seconds", "0"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "must be a" in capsys.readouterr().err


def test_the_plan_of_an_outcome_can_be_judged_alone(held_easily, tmp_path):
    outcome = tmp_path / "o.json"
    main(["solve", held_easily, "--engine", "greedy", "--out", str(outcome)])
    plan = write(tmp_path / "plan.json", json.loads(outcome.read_text(encoding="utf-8"))["plan"])

    assert main(["audit", held_easily, plan]) == 0
    assert main(["explain", held_easily, plan]) == 0


def test_a_missing_file_ends_with_two(tmp_path, capsys):
    assert main(["solve", str(tmp_path / "none.json")]) == 2

    assert "none.json" in capsys.readouterr().err


def test_the_schema_is_printed(capsys):
    assert main(["schema"]) == 0

    assert json.loads(capsys.readouterr().out) == problem_schema()


def test_the_benchmark_prints_a_line_for_each_problem(capsys):
    assert main(["measure", "--sizes", "pilot", "--seeds", "1", "2", "--engine", "greedy"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if line.startswith("pilot ")] == [["pilot", "1"], ["pilot", "2"]]
    assert lines[-1].startswith("pilot: median")


@pytest.mark.parametrize("command", ["generate", "solve", "audit", "explain", "benchmark", "measure", "schema"])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])

    assert ended.value.code == 0
    assert "usage: python -m solver" in capsys.readouterr().out


def test_the_module_can_be_run():
    done = subprocess.run(
        [sys.executable, "-m", "solver", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "explain" in done.stdout


def test_a_reader_that_leaves_early_is_no_error():
    writer = subprocess.Popen(
        [sys.executable, "-m", "solver", "generate", "--size", "pilot", "--seed", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    writer.stdout.close()

    complaint = writer.stderr.read().decode()
    writer.stderr.close()

    assert (writer.wait(timeout=60), complaint) == (0, "")


def outcome_of(facts, tmp_path):
    outcome = str(tmp_path / "outcome.json")
    main(["solve", facts, "--seconds", "5", "--out", outcome])
    return outcome


def test_what_must_give_is_told_for_each_gap(with_a_gap, tmp_path, capsys):
    outcome = outcome_of(with_a_gap, tmp_path)
    capsys.readouterr()

    assert main(["explain", with_a_gap, outcome, "--what-must-give", "--seconds", "5"]) == 1
    assert "Have Dr anna give up the absence" in capsys.readouterr().out

    assert main(["explain", with_a_gap, outcome, "--what-must-give", "--session", "a", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert "free_day" in {change["kind"] for remedy in told["a"] for change in remedy["changes"]}


def test_a_held_session_is_explained_seat_by_seat(held_easily, tmp_path, capsys):
    outcome = outcome_of(held_easily, tmp_path)
    capsys.readouterr()

    assert main(["explain", held_easily, outcome, "--session", "a"]) == 0
    assert "nobody but Dr anna may take this seat" in capsys.readouterr().out
    assert main(["explain", held_easily, outcome, "--session", "a", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["choices"][0]["clinician"] == "anna"


def test_why_not_someone_is_answered(with_a_gap, tmp_path, capsys):
    outcome = outcome_of(with_a_gap, tmp_path)
    capsys.readouterr()

    assert main(["explain", with_a_gap, outcome, "--why-not", "anna", "--on", "2026-03-02"]) == 0
    told = capsys.readouterr().out
    assert "No rule-abiding plan does this." in told
    assert "(leave)" in told


def test_a_trade_off_is_printed_point_by_point(held_easily, tmp_path, capsys):
    outcome = outcome_of(held_easily, tmp_path)
    capsys.readouterr()

    assert main(["explain", held_easily, outcome, "--trade-off", "coverage", "trips", "--seconds", "5"]) == 0
    assert "coverage 0 (0 units); trips 0 (0 units); 0 sessions not held" in capsys.readouterr().out


@pytest.mark.parametrize(
    "question",
    [["--session", "x"], ["--why-not", "x"], ["--site", "x"], ["--trade-off", "coverage", "leave"]],
)
def test_a_question_about_something_unknown_is_refused(question, held_easily, tmp_path, capsys):
    outcome = outcome_of(held_easily, tmp_path)
    capsys.readouterr()

    assert main(["explain", held_easily, outcome, *question]) == 2
    assert question[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (["--on", "2026-03-02"], "--on: goes with --why-not only"),
        (["--site", "home"], "--site: goes with --why-not only"),
        (["--what-must-give", "--trade-off", "coverage", "trips"], "--trade-off: only one question can be asked"),
        (["--why-not", "anna", "--what-must-give"], "--what-must-give: only one question can be asked"),
    ],
)
def test_a_question_that_would_not_be_answered_is_refused(question, said, held_easily, tmp_path, capsys):
    outcome = outcome_of(held_easily, tmp_path)
    capsys.readouterr()

    assert main(["explain", held_easily, outcome, *question]) == 2
    assert said in capsys.readouterr().err


def test_the_named_checks_are_run(held_easily, with_a_gap, capsys):
    assert main(["check", held_easily]) == 0
    assert "Nothing found." in capsys.readouterr().out
    assert main(["check", with_a_gap]) == 1
    assert "stops: " in capsys.readouterr().out
    assert main(["check", with_a_gap, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["check"] == "all_on_leave"


def test_a_pin_that_cannot_stand_is_told_with_its_reason_and_what_would_let_it(tmp_path, capsys):
    pinned = Pin("a", seat="lead", clinician="anna")
    facts = problem(
        [clinician("anna"), clinician("bart")], [session("a")], absences=(absence("anna", 0),), pins=(pinned,)
    )

    assert main(["check", write(tmp_path / "pins.json", problem_to_json(facts))]) == 1

    said = capsys.readouterr().out
    assert "the pin on lead, Dr anna is let go." in said
    assert "Dr anna is absent during this duty" in said
    assert "it would stand after: " in said
