"""Published instances and their checkers, where they are at hand."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DATA = ROOT / os.environ.get("BENCH_DATA", "../shared/bench")


def instance(*parts):
    """Give the path of a published instance, or skip the test that asks for it."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no published instance at {path}: set BENCH_DATA")
    return path


def checker(name):
    """Give a published checker as a module, or skip the test that asks for it."""
    path = instance("checkers", f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def has_checker(name):
    """Tell whether a published checker is at hand."""
    return DATA.joinpath("checkers", f"{name}.py").exists()


def judged(folder, name, path, solution):
    """Give what a published checker says of a solution of a published instance."""
    file = folder / "solution.json"
    file.write_text(json.dumps(solution))
    command = [sys.executable, instance("checkers", f"{name}.py"), path, file, "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
