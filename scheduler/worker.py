"""Runs the solves that were asked for, looks after runs whose worker is gone, and makes calendars anew."""

import logging
import os
import signal
import sys
import threading
import time

from apiflask import APIFlask

from config import read_config
from scheduler import create_app
from scheduler.extensions import transaction
from scheduler.lifeline import REPLACES, end_with_parent, watch_input
from scheduler.queue import SolveQueue, current_queue
from scheduler.rendering import keep_house, render_some
from scheduler.services import solve_work
from scheduler.services.feed_work import FeedWork
from scheduler.solving import execute, process_name

log = logging.getLogger(__name__)

WORKERS = 2
"""How many solves run at once; each takes up to a core."""
REAP_SECONDS = 5.0
"""So often runs without a living worker are looked for."""
LOOK_SECONDS = 0.5
"""So often calendars that wait to be made anew are looked for."""
HOUSE_SECONDS = 3600.0
"""So often what no calendar needs any more is thrown away."""


def reap(app: APIFlask) -> None:
    """Free runs whose worker is gone, and have lost ids delivered again."""
    with app.app_context():
        with transaction():
            waiting = solve_work.reap()
        queue = current_queue()
        known = queue.waiting()
        for run_id in waiting:
            if run_id not in known:
                queue.send(run_id)


def _reap_forever(app: APIFlask) -> None:
    while True:
        try:
            reap(app)
        except Exception:
            log.exception("looking for lost solves failed")
        time.sleep(REAP_SECONDS)


def _render_forever(app: APIFlask) -> None:
    work, kept_at = FeedWork(), -HOUSE_SECONDS
    while True:
        try:
            if time.monotonic() - kept_at >= HOUSE_SECONDS:
                kept_at = time.monotonic()
                keep_house(app)
            is_done = not render_some(app, work)
        except Exception:
            log.exception("making calendars failed")
            is_done = True
        if is_done:
            time.sleep(LOOK_SECONDS)


def main() -> None:
    """Work until told to stop; solves that run then are taken up by whoever comes next."""
    is_tied = end_with_parent(sys.argv)
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))  # until the consumer listens to it
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    app = create_app(read_config(os.environ))
    if REPLACES in sys.argv:
        with app.app_context(), transaction():
            solve_work.expire(owner=process_name(int(sys.argv[sys.argv.index(REPLACES) + 1])))
    queue: SolveQueue = app.extensions["solve_queue"]
    queue.handler = lambda run_id: execute(app, run_id)
    threading.Thread(target=_reap_forever, args=(app,), name="reaper", daemon=True).start()
    threading.Thread(target=_render_forever, args=(app,), name="calendars", daemon=True).start()
    consumer = queue.huey.create_consumer(
        workers=WORKERS, periodic=False, max_delay=0.5, scheduler_interval=5, graceful_signal="TERM"
    )
    if is_tied:
        watch_input(sys.stdin, lambda line: None, lambda: os.kill(os.getpid(), signal.SIGINT))
    consumer.run()
    with app.app_context(), transaction():
        solve_work.release(owner=process_name())


if __name__ == "__main__":
    main()
