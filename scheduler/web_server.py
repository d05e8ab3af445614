"""The web server: gunicorn, set up from our settings and without a configuration of its own.

Measured beside waitress, which looks after each connection in one thread more: with bodies of 316 kB it takes a fifth
of the processor time.  It does not shield its threads from slow readers: that is for the proxy in front.
"""

import logging
import signal
import threading
import time
from typing import Any

from gunicorn.app.base import BaseApplication

from config import Config
from scheduler import create_app
from scheduler.lifeline import die_with_parent
from scheduler.services.feed_fetches import WRITE_EVERY
from scheduler.views.feeds import FeedServer

log = logging.getLogger(__name__)

DRAIN_SECONDS = 4
"""How long requests under way may take once the server is to end."""
CONNECTIONS = 1000
"""How many connections a process keeps open at once."""
IDLE_SECONDS = 75
"""How long an unused connection stays open: longer than nginx keeps it, which so never sends into a closing one."""


def serve(config: Config, host: str) -> None:
    """Answer requests at the port of the settings until told to end by SIGTERM."""
    Server(config, host).run()


class Server(BaseApplication):
    """Gunicorn's view of the app."""

    def __init__(self, config: Config, host: str) -> None:
        self._config = config
        self._host = host
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its settings.

        The app is built once, before processes are forked: they share its memory, and the port opens when pages
        can be answered.
        """
        settings = {
            "bind": f"{self._host}:{self._config.port}",
            "workers": self._config.web_processes,
            "worker_class": "gthread",
            "threads": self._config.web_threads,
            "worker_connections": CONNECTIONS,
            "keepalive": IDLE_SECONDS,
            "preload_app": True,
            "graceful_timeout": DRAIN_SECONDS,
            "loglevel": "warning",
            "umask": 0o077,
            "control_socket_disable": True,
            "forwarder_headers": "",  # no request may name its own path beside the one it asks for
            "when_ready": _ignore_terminal,
            "post_fork": _after_fork,
            "post_worker_init": _begin_work,
            "worker_exit": _write_what_waits,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the app."""
        return create_app(self._config)


def _ignore_terminal(_process: object) -> None:
    """Leave Ctrl-C and a closed terminal to the supervisor."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _begin_work(worker: Any) -> None:
    _ignore_terminal(worker)
    server = worker.wsgi.extensions["feed_server"]
    threading.Thread(target=_write_now_and_then, args=(server,), name="late writes", daemon=True).start()


def _write_now_and_then(server: FeedServer) -> None:
    """Write down who fetched calendars also while nobody asks this process for anything."""
    while True:
        time.sleep(WRITE_EVERY.total_seconds())
        try:
            server.write_due()
        except Exception:
            log.exception("Who fetched calendars could not be written down.")


def _after_fork(_server: object, _worker: object) -> None:
    die_with_parent()


def _write_what_waits(_server: object, worker: Any) -> None:
    """Have the fetches of calendars written that wait to be."""
    worker.app.wsgi().extensions["feed_server"].flush()
