"""A copy of `run` beside a Python that only writes down what it was asked."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [
    "requirements.txt",
    "requirements-test.txt",
    "requirements-bench.txt",
    "requirements-readers.txt",
    "requirements-timefold.txt",
    "requirements-radicale.txt",
]


class RunScript:
    """`run` in a folder of its own; `asked` tells what it wanted of Python, one call a line."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ["run", *LOCKS, "pyproject.toml"]:
            shutil.copy(ROOT / name, folder)

    def __call__(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        bare = {"PATH": os.pathsep.join(["/usr/bin", "/bin"]), "HOME": str(self.folder)}
        return subprocess.run(
            ["./run", *arguments],
            cwd=self.folder,
            env=bare | environ,
            capture_output=True,
            text=True,
            timeout=20,
        )

    def python(self, path: str, script: str) -> str:
        """Put a stand-in for Python at a path inside the folder."""
        python = self.folder / path
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        return str(python)

    def installed(self, *, failing: str = "nothing") -> None:
        """Let everything be installed; a call that names the failing module fails."""
        self.python(".venv/bin/python", f'echo "$*" >> asked\ncase "$*" in *{failing}*) exit 3 ;; esac')
        for lock in LOCKS:
            shutil.copy(ROOT / lock, self.folder / ".venv")
        self.readers_lock.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "requirements-readers.txt", self.readers_lock)

    @property
    def readers_lock(self) -> Path:
        """The copy of a lock that tells which calendar readers are installed."""
        return self.folder / "build/readers/.installed-lock"

    @property
    def asked(self) -> list[str]:
        log = self.folder / "asked"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def run(tmp_path):
    if shutil.which("uv", path="/usr/bin:/bin"):
        pytest.skip("uv is installed for the whole system, and these tests are about doing without")
    return RunScript(tmp_path)
