"""Serves the demonstration to a browser, in a process of its own: at the time of the tests, with a worker inside.

Run as ``python tests/browser/server.py FOLDER``, where the database is; prints its address.  Ends with its input.
"""

import sys
import threading
from pathlib import Path

import time_machine
from werkzeug.serving import WSGIRequestHandler, make_server

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from scheduler.solving import execute  # noqa: E402
from tests.demo_fixture import DEMO_NOW, make_demo_app  # noqa: E402


class Quiet(WSGIRequestHandler):
    """Writes no line for each request, and speaks HTTP/1.1."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *args):
        pass


def main():
    with time_machine.travel(DEMO_NOW, tick=True):
        app = make_demo_app(Path(sys.argv[1]))
        app.extensions["solve_queue"].handler = lambda run_id: threading.Thread(
            target=execute, args=(app, run_id), daemon=True
        ).start()
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        print(f"http://127.0.0.1:{server.port}", flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
