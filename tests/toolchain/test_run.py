"""The command `run`: what it needs, what it calls, what it says when something lacks."""

import os
import re
import shutil
import subprocess

import pytest

from tests.toolchain.conftest import ROOT

RUN = ROOT / "run"


def test_run_is_a_plain_posix_script_that_may_be_executed():
    shell = shutil.which("dash") or "sh"

    subprocess.run([shell, "-n", RUN], check=True)

    assert RUN.read_text().startswith("#!/bin/sh\n")
    assert os.access(RUN, os.X_OK)
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_help_lists_every_command_of_the_script():
    dispatch = re.search(r"case \$command in\n(.*?)\n *esac", RUN.read_text(), re.DOTALL)[1]
    commands = set(re.findall(r"^ +([a-z]+)\)", dispatch, re.MULTILINE)) - {"serve"}

    text = subprocess.run([RUN, "--help"], check=True, capture_output=True, text=True).stdout

    assert commands >= {"setup", "flask", "worker", "test", "lint", "bench", "messages", "docs"}
    assert commands == set(re.findall(r"^  \./run ([a-z]+)", text, re.MULTILINE))


def test_an_unknown_command_is_named_and_refused(run):
    answer = run("sevre")

    assert answer.returncode == 2
    assert "There is no ./run sevre." in answer.stderr


def test_starting_sets_up_then_serves_and_installs_nothing_twice(run):
    run.installed()

    answer = run()

    assert answer.returncode == 0
    assert run.asked == ["-m scheduler.cli.setup", "-m scheduler.serve"]


def test_nothing_is_served_when_setting_up_failed(run):
    run.installed(failing="scheduler.cli.setup")

    answer = run()

    assert answer.returncode == 3
    assert run.asked == ["-m scheduler.cli.setup"]


def test_a_changed_lock_is_installed_by_hash_and_only_once(run):
    run.installed()
    (run.folder / ".venv/requirements.txt").write_text("an older lock")

    run("setup")
    run("setup")

    installing, *later = run.asked
    assert installing.startswith("-m pip install")
    assert "--require-hashes --only-binary=:all: -r requirements.txt" in installing
    assert later == ["-m scheduler.cli.setup"] * 2


def test_an_installation_that_failed_is_tried_again_next_time(run):
    run.installed(failing="pip")
    (run.folder / ".venv/requirements.txt").unlink()

    answer = run("setup")

    assert answer.returncode == 1
    assert "could not be installed" in answer.stderr
    assert not (run.folder / ".venv/requirements.txt").exists()
    assert len(run.asked) == 1


def test_a_catalogue_is_compiled_when_it_is_newer_than_its_compiled_form(run):
    run.installed()
    catalogues = run.folder / "scheduler/translations"
    for language, age in [("de", 10), ("fr", -10), ("nl", None)]:
        folder = catalogues / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").touch()
        if age is not None:
            (folder / "messages.mo").touch()
            changed = (folder / "messages.po").stat().st_mtime + age
            os.utime(folder / "messages.mo", (changed, changed))

    run("setup")

    compiled = [re.search(r"translations/(..)/", call)[1] for call in run.asked if " compile " in call]
    assert compiled == ["fr", "nl"]


@pytest.mark.parametrize("chosen", [["-n0"], ["-n", "1"], ["--numprocesses=4"], ["--pdb"]])
def test_tests_run_on_two_workers_unless_told_otherwise(run, chosen):
    run.installed()

    run("test", "tests/solver", PATH=_path_without_npm(run))
    run("test", *chosen, PATH=_path_without_npm(run))

    assert run.asked == [
        "-m pytest -rs -n 2 --dist=worksteal tests/solver",
        f"-m pytest -rs {' '.join(chosen)}",
    ]


def test_calendar_readers_are_installed_once_by_hash_into_a_place_of_their_own(run):
    run.installed()
    run.readers_lock.write_text("an older lock")

    run("test", PATH=_path_without_npm(run))
    run("test", PATH=_path_without_npm(run))

    making, installing, *later = run.asked
    assert making == "-m venv --clear --without-pip build/readers"
    assert installing.startswith("-m pip --python build/readers/bin/python install")
    assert "--require-hashes --only-binary=:all: -r requirements-readers.txt" in installing
    assert later == ["-m pytest -rs -n 2 --dist=worksteal"] * 2


def test_tests_run_without_readers_that_cannot_be_installed_except_in_continuous_integration(run):
    run.installed(failing="pip")
    run.readers_lock.unlink()

    alone = run("test", PATH=_path_without_npm(run))
    in_ci = run("test", PATH=_path_without_npm(run), CI="true")

    assert (alone.returncode, in_ci.returncode) == (0, 1)
    assert "the tests that need them are skipped" in alone.stderr
    assert "could not be installed" in in_ci.stderr
    assert [call for call in run.asked if "pytest" in call] == ["-m pytest -rs -n 2 --dist=worksteal"]


def test_all_checks_of_lint_run_even_if_the_first_fails(run):
    run.installed(failing="ruff")
    run.python(".venv/bin/lint-imports", "echo contracts >> asked")

    answer = run("lint")

    assert answer.returncode == 1
    assert run.asked == ["-m ruff check .", "-m ruff format --check .", "-m mypy", "contracts"]
    assert "Not clean: 'ruff check' 'ruff format'." in answer.stderr


@pytest.mark.parametrize("version", ["2.7", "3.9", "3.10", "3.15"])
def test_a_python_that_does_not_fit_is_named_with_what_to_do(run, version):
    python = run.python("fake/python", f"echo {version}")
    run.python("fake/apt-cache", "")

    answer = run("setup", PYTHON=python, PATH=f"{run.folder}/fake:/usr/bin:/bin")

    assert answer.returncode == 1
    assert "Passerelle needs Python 3.11 to 3.14" in answer.stderr
    assert f"{python} is Python {version}" in answer.stderr
    assert "call ./run again" in answer.stderr
    assert not (run.folder / ".venv").exists()


def test_the_newest_python_that_the_system_offers_is_proposed(run):
    python = run.python("fake/python", "echo 3.10")
    run.python("fake/apt-cache", "echo 'python3.12-venv - a'; echo 'python3.11-venv - b'")

    answer = run("setup", PYTHON=python, PATH=f"{run.folder}/fake:/usr/bin:/bin")

    assert "sudo apt install python3.12 python3.12-venv" in answer.stderr


def test_a_python_without_venv_is_told_the_package_to_install(run):
    python = run.python("fake/python", 'case "$2" in *ensurepip*) exit 1 ;; *) echo 3.13 ;; esac')
    run.python("fake/apt-get", "")

    answer = run("setup", PYTHON=python, PATH=f"{run.folder}/fake:/usr/bin:/bin")

    assert answer.returncode == 1
    assert "sudo apt install python3.13-venv" in answer.stderr
    assert not (run.folder / ".venv").exists()


def _path_without_npm(run) -> str:
    """Only the programs that `run test` needs, so that it does not reach for the network."""
    tools = run.folder / "tools"
    tools.mkdir(exist_ok=True)
    for name in ["sh", "dirname", "cmp", "cp", "find", "mkdir", "rm"]:
        if not (tools / name).exists():
            (tools / name).symlink_to(shutil.which(name))
    return str(tools)
