"""Rules of the code base that no single module can keep."""

import ast
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from config import ROOT, Config
from scheduler.security import access_of

SOURCES = sorted(
    path
    for folder in ("scheduler", "solver")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def relative(path):
    return path.relative_to(ROOT).as_posix()


def tree_of(path):
    return ast.parse(path.read_text(), str(path))


def calls(path):
    """Dotted names that a module calls, with line numbers."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def offenders(pattern, allowed=(), sources=SOURCES):
    """Calls that match, outside the modules in which they belong."""
    return [
        f"{relative(path)}:{line} {name}"
        for path in sources
        if relative(path) not in allowed
        for name, line in calls(path)
        if re.fullmatch(pattern, name)
    ]


def test_layers_are_kept():
    program = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


def test_every_endpoint_says_who_may_call_it(app):
    assert [name for name in app.view_functions if access_of(app, name) is None] == []


def test_only_the_clock_reads_the_clock():
    clock = r"(datetime\.)?(datetime|date)\.(now|utcnow|today|fromtimestamp)|time\.time"
    app_sources = [path for path in SOURCES if path.is_relative_to(ROOT / "scheduler")]

    assert offenders(clock, {"scheduler/clock.py"}, app_sources) == []


def test_only_the_extensions_commit():
    found = offenders(r".*\.commit|.*\bengine\.(begin|connect)", {"scheduler/extensions.py"})

    assert found == []


def test_views_and_services_leave_committing_to_the_request():
    layers = ("scheduler/views", "scheduler/services", "scheduler/queries", "scheduler/forms")
    sources = [path for path in SOURCES if relative(path).startswith(layers)]
    committing = {"scheduler/views/sign_in.py"}  # counts a try to sign in before it looks at the password

    assert offenders(r"(.*\.)?(commit|transaction)", committing, sources) == []


def test_nothing_in_the_app_but_the_cookie_is_called_session():
    """``session`` alone could be the database's, the browser's or a clinical one."""
    found = []
    for path in SOURCES:
        if not path.is_relative_to(ROOT / "scheduler") or relative(path) == "scheduler/security.py":
            continue
        for node in ast.walk(tree_of(path)):
            names = [alias.asname or alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            if "session" in names:
                found.append(f"{relative(path)}:{node.lineno}")
    assert found == []


def test_only_config_is_given_the_environment():
    allowed = {"wsgi.py", "scheduler/cli/setup.py", "scheduler/serve.py", "scheduler/worker.py"}
    found = [
        f"{relative(path)}:{node.lineno}"
        for path in [*SOURCES, ROOT / "wsgi.py", ROOT / "config.py"]
        if relative(path) not in allowed
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    ]
    assert found == []


def test_every_setting_is_documented():
    documented = set(re.findall(r"^        ([A-Z][A-Z_]+):", Config.__doc__, re.MULTILINE))
    read = set(re.findall(r'environ\.get\("([A-Z_]+)"', (ROOT / "config.py").read_text()))

    assert read == documented


def test_every_setting_has_its_line_in_the_order_of_the_fields():
    described = re.findall(r"^    (\w+)\n        ", Config.__doc__, re.MULTILINE)

    assert described == [field.name for field in fields(Config) if field.name != "testing"]


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_hold_no_inline_code_and_no_foreign_address(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    refused = {
        "style attribute": r"<[^>]*\sstyle\s*=",
        "inline handler": r"<[^>]*\son[a-z]+\s*=",
        "style element": r"<style\b",
        "inline script": r"<script(?![^>]*\b(src|type=\"application/json\"))[^>]*>",
        "foreign address": r"https?://(?!www\.w3\.org/)|[\"']//",
        "javascript address": r"javascript:",
        "unescaped output": r"\|\s*safe\b|autoescape\s+false",
    }

    assert [name for name, pattern in refused.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "scheduler" / "static").rglob("*.[jc]s*")), ids=relative)
def test_scripts_and_styles_load_nothing_from_elsewhere(path):
    text = path.read_text()

    assert not re.search(r"https?://(?!www\.w3\.org/)|@import", text)
    assert not re.search(r"\beval\(|new Function\(|innerHTML\s*=|document\.write|\.setAttribute\([\"']style", text)


def test_nothing_tells_of_the_machine_it_was_written_on():
    words = re.compile(r"\.\./shared(?!/bench)|/work/|/home/[a-z]|/tmp/[a-z_]+")
    sources = [*SOURCES, *TEMPLATES, ROOT / "config.py", ROOT / "wsgi.py", ROOT / "pyproject.toml", ROOT / "run"]

    assert [relative(path) for path in sources if words.search(path.read_text())] == []
