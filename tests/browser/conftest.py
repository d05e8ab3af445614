"""A real browser over the demonstration.  Every page fails its test on a console error, and reaches no other machine.

``CHROMIUM`` names the browser, else the ``chromium`` on PATH is taken.  Without one the tests are skipped, but not
in CI.  ``--readme-picture`` makes docs/images/board.png anew.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.browser.pages import Visit

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "build" / "screens"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def pytest_addoption(parser):
    parser.addoption("--readme-picture", action="store_true", help="make docs/images/board.png from the demonstration")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once per run."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium on this machine; CI must have one.")
        pytest.skip("There is no Chromium on this machine: install it, or name it in CHROMIUM.")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def base(demo_database, tmp_path):
    """Address of an app over a copy of the published demonstration."""
    shutil.copy(demo_database, tmp_path / "passerelle.sqlite")
    command = [sys.executable, str(Path(__file__).with_name("server.py")), str(tmp_path)]
    # Leaving the block closes the server's input, which ends it.
    with (
        (tmp_path / "server.log").open("w") as log,
        subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=log, text=True, cwd=ROOT) as server,
    ):
        address = server.stdout.readline().strip()
        assert address, (tmp_path / "server.log").read_text()
        yield address


@pytest.fixture
def open_visit(browser, base):
    """Give a function that opens a browser window of someone's own; all its pages are watched."""
    contexts, troubles = [], []

    def open_one(width=1440, height=900, may_log="", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=base, **options)
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.route(lambda url: not url.startswith((base, "data:")), lambda route: _refuse(route, troubles))
        page = context.new_page()
        page.on("console", lambda line: _note(line, may_log, troubles))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return Visit(page)

    yield open_one
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def look(request):
    """Give a function that examines the page in front of a visitor: axe, overflow, and a picture of it."""

    def examine(visit, name):
        page = visit.page
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
        found = Axe().run(page, options=AXE).response["violations"]
        assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
        size = page.viewport_size
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": size["height"]})
            beyond = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
            assert beyond <= 0, f"{name} is {beyond} px too wide at {width}"
        page.set_viewport_size(size)

    return examine


def _note(line, may_log, troubles):
    if line.type in ("error", "warning") and not (may_log and may_log in line.text):
        troubles.append(line.text)


def _refuse(route, troubles):
    troubles.append(f"asked another machine: {route.request.url}")
    route.abort()
