"""Serves pages and solves rosters: a supervisor that keeps a web process and a worker alive and ends with both."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from config import ROOT, Config, read_config
from scheduler.lifeline import REPLACES, command_of_child, end_with_parent

HOST = "127.0.0.1"

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds before a process that ended is started again: doubled each time, up to the longest."""
SETTLED = 10.0
"""Seconds after which a process that runs counts as well, and its pauses start anew."""
LAST_WORDS = 5.0
"""Seconds that processes get to end in good order."""


@dataclass(slots=True)
class Keeper:
    """Keeps one process running: starts it again when it ends, later each time."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = FIRST_PAUSE
    last_pid: int | None = None

    def look_after(self, now: float) -> None:
        """Start the process if it does not run and its pause is over."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self._note_end(now, self.process.returncode)
        if now >= self.start_again_at:
            replaces = [REPLACES, str(self.last_pid)] if self.last_pid is not None else []
            self.process = subprocess.Popen([*self.command, *replaces], cwd=ROOT, stdin=subprocess.PIPE)  # noqa: S603
            self.started_at, self.last_pid = now, self.process.pid

    def end(self) -> None:
        """Let the process know that it is to end."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def wait(self, until: float) -> None:
        """Wait for the end until then; after that it is made."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _note_end(self, now: float, code: int) -> None:
        self.process = None
        if now - self.started_at >= SETTLED:
            self.pause = FIRST_PAUSE
        print(f"The {self.name} ended with code {code}; it is started again in {self.pause:g} s.", file=sys.stderr)
        self.start_again_at = now + self.pause
        self.pause = min(LONGEST_PAUSE, 2 * self.pause)


def keepers_of(config: Config) -> list[Keeper]:
    """Give what is to run, in the order in which it comes up."""
    found = [Keeper("web process", command_of_child("scheduler.serve", "web"))]
    if config.run_worker:
        found.append(Keeper("worker", command_of_child("scheduler.worker")))
    return found


def supervise(config: Config) -> None:
    """Run web and worker until told to stop; the worker comes up once pages are there."""
    _check_port(config.port)
    keepers = keepers_of(config)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    is_up = False
    try:
        while not stop.is_set():
            for keeper in keepers if is_up else keepers[:1]:
                keeper.look_after(time.monotonic())
            if not is_up and _answers(config.port):
                is_up = True
                print(f"Passerelle is at {config.address}  (Ctrl-C ends it)", flush=True)
            else:
                stop.wait(0.1)
    finally:
        for keeper in keepers:
            keeper.end()
        until = time.monotonic() + LAST_WORDS
        for keeper in keepers:
            keeper.wait(until)


def serve_web(config: Config) -> None:
    """Answer requests until the supervisor has gone."""
    from scheduler.web_server import serve

    threading.Thread(target=_end_with_input, name="lifeline", daemon=True).start()
    serve(config, HOST)


def _end_with_input() -> None:
    """Ask this process to end once the supervisor closes its input.

    Reads without buffers, whose locks the processes that the server forks would inherit as they are.
    """
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"Something answers at port {port} already. Choose another one: PORT={port + 1} ./run")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((HOST, port)) == 0


def main() -> None:
    """Supervise; as a child of the supervisor, serve pages."""
    is_tied = end_with_parent(sys.argv)
    os.umask(0o077)
    config = read_config(os.environ)
    if is_tied:
        serve_web(config)
    else:
        supervise(config)


if __name__ == "__main__":
    main()
