"""Readers that run in a process of their own, each once for many calendars: those of npm, those of build/readers.

The clock of that process is in a zone of no calendar here, so that none can take its times from the machine.
"""

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.feeds.readers.seen import missing, seen_of

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PYTHON = ROOT / "build/readers/bin/python"
ZONE_OF_NO_CALENDAR = "Pacific/Auckland"
PATIENCE = 300
"""Seconds for all calendars of a test; ten times what a slow machine needs."""


def read_all_with_npm(package, bodies):
    """Read calendars, given by name, with a package of npm."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / package).exists():
        missing(f"Node.js or the npm package {package}")
    return _run([node, HERE / "read_with_node.mjs", package], _texts(bodies))


def read_all_apart(package, bodies):
    """Read calendars, given by name, with a package of build/readers."""
    return _run([_python(package), HERE / "read_apart.py", package], _texts(bodies))


def read_all_with_vdirsyncer(bodies):
    """Let vdirsyncer fetch calendars, given by name, from a web server on this machine."""
    with served_here(bodies) as addresses:
        return sync_with_vdirsyncer(addresses)


def sync_with_vdirsyncer(addresses):
    """Let vdirsyncer fetch calendars from their addresses, given by name, and read what it keeps."""
    return _run([_python("vdirsyncer"), HERE / "read_apart.py", "vdirsyncer"], addresses)


@contextmanager
def served_here(bodies):
    """Serve calendars, given by name, from a web server on this machine; gives their addresses."""
    paths = {f"/{number}.ics": body for number, body in enumerate(bodies.values())}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Calendars, paths))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield {name: f"http://127.0.0.1:{server.server_port}{path}" for name, path in zip(bodies, paths, strict=True)}
    finally:
        server.shutdown()
        server.server_close()


def _python(package):
    if not (ROOT / "build/readers/.installed-lock").exists():
        missing(f"{package} in build/readers, which ./run test makes,")
    return PYTHON


def _texts(bodies):
    return {name: body.decode() for name, body in bodies.items()}


def _run(command, asked):
    done = subprocess.run(
        command,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        env=os.environ | {"TZ": ZONE_OF_NO_CALENDAR, "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    return {name: [seen_of(row) for row in rows] for name, rows in json.loads(done.stdout).items()}


class _Calendars(BaseHTTPRequestHandler):
    def __init__(self, bodies, *arguments):
        self.bodies = bodies
        super().__init__(*arguments)

    def do_GET(self):
        body = self.bodies[self.path]
        self.send_response(200)
        self.send_header("Content-Type", "text/calendar; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep quiet."""
