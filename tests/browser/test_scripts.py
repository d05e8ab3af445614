"""The scripts that need no page, by the Node that comes with Playwright."""

import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable


def test_scripts_without_a_page_do_what_they_say():
    node, _ = compute_driver_executable()

    run = subprocess.run(
        [node, "--test", *Path(__file__).parent.glob("*.test.mjs")], capture_output=True, text=True, timeout=60
    )

    assert run.returncode == 0, run.stdout
