"""The lock files pin what pyproject.toml and package.json ask for, by hash and without any address."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.toolchain.conftest import LOCKS, ROOT

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[\w.]+)( ; (?P<marker>[^\\]+))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
# A folder that exists on one machine only, or a URL.
PLACE = re.compile(r"(?<![\w.])/(home|root|Users|work|opt|mnt|srv)/|://|file:")


def pins(lock: str) -> set[tuple[str, str, str | None]]:
    """Name, version and marker of each pin."""
    found = (PIN.fullmatch(line) for line in (ROOT / lock).read_text().splitlines())
    return {(pin["name"], pin["version"], pin["marker"]) for pin in found if pin}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock):
    lines = (ROOT / lock).read_text().splitlines()

    foreign = [line for line in lines if not (line.startswith("#") or PIN.fullmatch(line) or HASH.fullmatch(line))]

    assert foreign == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock):
    lines = (ROOT / lock).read_text().splitlines()

    without = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if PIN.match(line) and not HASH.match(following)
    ]

    assert without == []


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements.txt", []), ("requirements-test.txt", ["test"]), ("requirements-bench.txt", ["bench"])],
)
def test_a_lock_pins_every_dependency_within_its_range(lock, extras):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [
        *project["dependencies"],
        *(line for extra in extras for line in project["optional-dependencies"][extra]),
    ]
    pinned: dict[str, list[str]] = {}
    for name, version, _ in pins(lock):
        pinned.setdefault(canonicalize_name(name), []).append(version)

    unmet = [
        line
        for line in asked
        for wanted in [Requirement(line)]
        for versions in [pinned.get(canonicalize_name(wanted.name), [])]
        if not versions or not all(wanted.specifier.contains(version) for version in versions)
    ]

    assert unmet == []


@pytest.mark.parametrize("lock", ["requirements-test.txt", "requirements-bench.txt"])
def test_tests_and_benchmarks_run_with_the_versions_that_are_shipped(lock):
    assert pins("requirements.txt") <= pins(lock)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_each_package_has_one_version_on_each_machine(python, system):
    machine = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}

    names = [
        name for name, _, marker in pins("requirements-test.txt") if marker is None or Marker(marker).evaluate(machine)
    ]

    assert len(names) == len(set(names))


def test_the_npm_lock_pins_by_hash_and_records_no_address():
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {path.removeprefix("node_modules/"): package for path, package in packages.items() if path}

    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().splitlines()
    assert all("integrity" in package and "resolved" not in package for package in locked.values())
    assert {name: locked[name]["version"] for name in wanted} == wanted


@pytest.mark.parametrize(
    "name",
    [
        "run",
        ".ci/run",
        ".gitignore",
        ".npmrc",
        "babel.cfg",
        "package.json",
        "package-lock.json",
        "pyproject.toml",
        *LOCKS,
    ],
)
def test_no_file_of_the_toolchain_names_an_address_or_a_place_on_one_machine(name):
    lines = Path(ROOT / name).read_text().splitlines()

    assert [line for line in lines if PLACE.search(line)] == []
