"""The one command: it sets up what is missing, serves pages, solves, and ends as a whole."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from sqlalchemy import create_engine, text

from config import ROOT, Config
from scheduler import create_app
from scheduler.cli.setup import head, is_ready, set_up
from scheduler.extensions import db, transaction
from scheduler.feeds.variants import Variant
from scheduler.queries.feeds import token_hash
from scheduler.serve import FIRST_PAUSE, LONGEST_PAUSE, Keeper, keepers_of
from scheduler.services import feeds
from scheduler.web_server import Server
from tests.worker.conftest import Desk, children_of, deliver, is_alive, kill, solving_child, wait_for


def config_of(folder: Path, **settings: str) -> Config:
    return Config.from_environ({"INSTANCE_DIR": str(folder), "DEMO": "0", **settings})


def rows(config: Config, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(config.database_url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


# --- set-up ---------------------------------------------------------------------------------------


def test_an_empty_folder_is_not_ready_and_becomes_so(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    assert not is_ready(config)

    told = list(set_up(config))

    assert is_ready(config)
    assert told[0] == f"The database is ready: {config.database_url}"
    assert "account create-admin" in told[1]
    assert rows(config, "SELECT version_num FROM alembic_version") == [(head(),)]
    assert rows(config, "SELECT count(*) FROM organisation") == [(0,)]


def test_an_empty_database_is_not_ready_when_the_demonstration_is_wanted(tmp_path: Path) -> None:
    list(set_up(config_of(tmp_path)))

    assert not is_ready(config_of(tmp_path, DEMO="1"))


def test_a_database_of_an_older_version_is_not_ready(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    list(set_up(config))
    engine = create_engine(config.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()

    assert not is_ready(config)


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    config_of(tmp_path)

    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "secret_key": 0o600,
        "journal_key": 0o600,
        "calendar_uid_domain": 0o600,
    }


def test_the_demonstration_is_left_out_at_a_public_address(tmp_path: Path) -> None:
    config = config_of(tmp_path, DEMO="1", PUBLIC_URL="https://roster.example")

    list(set_up(config))

    assert is_ready(config)
    assert rows(config, "SELECT count(*) FROM account") == [(0,)]


@pytest.mark.slow
def test_the_first_set_up_shows_sign_ins_and_an_address_once(tmp_path: Path) -> None:
    config = config_of(tmp_path, DEMO="1", PORT="8123")

    told = "\n".join(set_up(config))

    assert is_ready(config)
    assert "coordinator.mons" in told
    assert told.count("27 of 27 sessions held") == 2
    assert "http://127.0.0.1:8123/cal/" in told
    assert list(set_up(config)) == [f"The database is ready: {config.database_url}"]
    assert rows(config, "SELECT count(*) FROM roster_version WHERE state = 'published'") == [(2,)]
    assert rows(config, "SELECT count(*) FROM feed_subscription") == [(1,)]


def test_a_set_up_that_was_broken_off_is_gone_on_with(tmp_path: Path, loaded_database: Path) -> None:
    config = config_of(tmp_path, DEMO="1")
    (tmp_path / "passerelle.sqlite").write_bytes(loaded_database.read_bytes())
    engine = create_engine(config.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})
    engine.dispose()

    assert not is_ready(config)


# --- the supervisor -------------------------------------------------------------------------------


def test_pauses_between_starts_grow_up_to_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    keeper = Keeper("process", [sys.executable, "-c", "raise SystemExit(3)"])
    now, pauses = 0.0, []
    for _ in range(9):
        keeper.look_after(now)
        assert keeper.process is not None
        keeper.end()
        keeper.process.wait()
        pauses.append(keeper.pause)
        keeper.look_after(now)
        assert keeper.process is None
        now = keeper.start_again_at

    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert "ended with code 3" in capsys.readouterr().err


@contextmanager
def supervisor(folder: Path, stderr: Any = None, **settings: str):
    """Serve a folder's database at a free port; give the process and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "INSTANCE_DIR": str(folder), "DEMO": "0", "PORT": str(port), **settings}
    command = [sys.executable, "-m", "scheduler.serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True
    ) as process:
        try:
            yield process, port
        finally:
            process.kill()


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as response:
            return response.status == 200
    except (URLError, OSError):
        return False


def child(process: "subprocess.Popen[str]", module: bytes, other_than: int = 0) -> int | None:
    for pid in children_of(process.pid):
        if pid != other_than and is_alive(pid) and module in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    return None


@pytest.mark.slow
def test_web_and_worker_come_back_when_killed_and_all_ends_with_the_supervisor(tmp_path: Path) -> None:
    list(set_up(config_of(tmp_path)))
    with supervisor(tmp_path) as (process, port):
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        assert answers(port)

        for module in (b"scheduler.serve", b"scheduler.worker"):
            old = wait_for(lambda module=module: child(process, module))
            kill(old)
            wait_for(lambda module=module, old=old: child(process, module, old))
        wait_for(lambda: answers(port))
        left = children_of(process.pid)
        kill(process.pid)
        process.wait(60)

        wait_for(lambda: not any(map(is_alive, left)))


@pytest.mark.slow
def test_a_solve_goes_on_after_its_worker_was_killed_and_ctrl_c_ends_everything(desk: Desk) -> None:
    engine = create_engine(desk.app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})
    engine.dispose()
    run_id = desk.ask()
    deliver(desk, run_id)
    keys = {
        "SECRET_KEY": "a key for tests that is long enough",
        "JOURNAL_KEY": "a key that seals the journals of tests",
    }
    with supervisor(desk.folder, **keys) as (process, _):
        solver = wait_for(lambda: solving_child(process.pid))
        os.kill(solver, signal.SIGSTOP)
        kill(child(process, b"scheduler.worker"))

        wait_for(lambda: desk.run(run_id).state == "done")
        left = children_of(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert not any(map(is_alive, left))

    assert desk.run(run_id).attempt == 2
    assert len(desk.versions()) == 1


def test_a_worker_is_left_out_when_asked(tmp_path: Path) -> None:
    assert [keeper.name for keeper in keepers_of(config_of(tmp_path))] == ["web process", "worker"]
    assert [keeper.name for keeper in keepers_of(config_of(tmp_path, RUN_WORKER="0"))] == ["web process"]


def test_a_taken_port_is_told_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "scheduler.serve"],
            cwd=ROOT,
            env={**os.environ, "INSTANCE_DIR": str(tmp_path), "PORT": port},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert ended.returncode == 1
    assert f"port {port}" in ended.stderr


# --- calendars from the real server ---------------------------------------------------------------

NOBODY = "Nb0" + "n" * 40
"""A token that no address has."""


@pytest.fixture
def served(tmp_path: Path, world_database: Any) -> Iterator["Served"]:
    """The world's database behind the real server, with everything that it writes."""
    (tmp_path / "passerelle.sqlite").write_bytes(world_database[0].read_bytes())
    environment = {
        "SECRET_KEY": "a key for tests that is long enough",
        "JOURNAL_KEY": "a key that seals the journals of tests",
        "INSTANCE_DIR": str(tmp_path),
    }
    tokens = [make_address(environment, world_database[1].ours.visitor) for _ in range(2)]
    with (
        (tmp_path / "output.log").open("w") as output,
        supervisor(tmp_path, **environment, stderr=output) as (process, port),
    ):
        assert process.stdout is not None
        output.write(process.stdout.readline())
        yield Served(tmp_path, process, port, tokens[0], tokens[1])


def make_address(environment: dict[str, str], clinician_id: int) -> str:
    app = create_app(Config.from_environ(environment))
    with app.app_context(), transaction():
        _, token = feeds.create_subscription(
            actor=None, feed="clinician", subject_id=clinician_id, variant=Variant(language="en")
        )
    with app.app_context():
        db.engine.dispose()
    return token


@dataclass
class Served:
    folder: Path
    process: "subprocess.Popen[str]"
    port: int
    token: str
    other_token: str

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=sent)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, line: str) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(line.encode() + b"\r\n\r\n")
            connection.recv(1000)

    def change(self, statement: str, *values: str) -> None:
        with closing(sqlite3.connect(self.folder / "passerelle.sqlite", timeout=30)) as connection, connection:
            connection.execute(statement, values)

    def fetch_count(self) -> int:
        with closing(sqlite3.connect(self.folder / "passerelle.sqlite", timeout=30)) as connection:
            ((count,),) = connection.execute("SELECT sum(fetch_count) FROM feed_subscription")
        return int(count)

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0


@pytest.mark.slow
def test_no_token_is_in_anything_that_the_server_writes(served: Served) -> None:
    good, revoked = f"/cal/{served.token}/x.ics", f"/cal/{served.other_token}/x.ics"
    served.change(
        "UPDATE feed_subscription SET revoked_at = '2026-01-01' WHERE token_hash = ?", token_hash(served.other_token)
    )
    asked = (
        good,
        revoked,
        f"/cal/{NOBODY}/x.ics",
        f"/CAL/{served.token}/x",
        f"/health?next={good}",
        f"/sign-in?t={good}",
    )
    answers = [
        served.ask(path, method, Referer=f"https://roster.example{path}", User_Agent=f"reader of {path}")[0]
        for path in asked
        for method in ("GET", "HEAD", "POST", "PROPFIND")
    ]
    for line in (f"GET {good} HTTP/9.9", f"GET {good}", f"G\tT {good} HTTP/1.1", f"GET {good} HTTP/1.1\r\nX {good}"):
        served.send(line)
    served.change("ALTER TABLE feed_subscription RENAME TO gone")
    answers += [served.ask(path, Referer=path)[0] for path in (good, f"/my-calendar?token={served.token}")]
    served.change("ALTER TABLE gone RENAME TO feed_subscription")
    served.end()

    assert {200, 404, 405, 503} <= set(answers)
    assert "could not be served" in (served.folder / "output.log").read_text()
    kept = [path for path in served.folder.rglob("*") if path.is_file()]
    assert {"passerelle.sqlite", "output.log"} <= {path.name for path in kept}
    for path in kept:
        content = path.read_bytes()
        for token in (served.token, served.other_token, NOBODY):
            assert token.encode() not in content, path.name
    with closing(sqlite3.connect(served.folder / "passerelle.sqlite")) as connection:
        dump = "\n".join(connection.iterdump())
    assert served.token not in dump
    assert token_hash(served.token) in dump


@pytest.mark.slow
def test_a_server_that_ends_cuts_no_answer_and_writes_down_who_fetched(served: Served) -> None:
    path = f"/cal/{served.token}/x.ics"
    whole = served.ask(path)[1]
    got: list[tuple[int, bytes]] = []

    def fetch() -> None:
        with suppress(OSError, BadStatusLine):
            while True:
                got.append(served.ask(path))

    readers = [threading.Thread(target=fetch) for _ in range(4)]
    for reader in readers:
        reader.start()
    wait_for(lambda: len(got) > 20)
    served.end()
    for reader in readers:
        reader.join()

    assert set(got) == {(200, whole)}
    assert served.fetch_count() == len(got) + 1


@pytest.mark.slow
def test_who_fetched_is_written_down_although_nobody_asks_again(served: Served) -> None:
    for _ in range(6):
        served.ask(f"/cal/{served.token}/x.ics")

    wait_for(lambda: served.fetch_count() == 6)


@pytest.mark.slow
def test_one_of_the_web_processes_that_dies_is_replaced(served: Served) -> None:
    answering = wait_for(lambda: web_processes(served.process.pid))
    for process in answering:
        kill(process)

    wait_for(lambda: web_processes(served.process.pid) - answering)
    assert served.ask(f"/cal/{served.token}/x.ics")[0] == 200


@pytest.mark.slow
def test_a_header_cannot_name_another_path(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        lines = ("GET /cal/wrong/x.ics HTTP/1.0", "Host: 127.0.0.1", "SCRIPT_NAME: /cal", "PATH_INFO: /health")
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")

        assert connection.recv(1000).split(b" ")[1] == b"404"


def web_processes(supervisor: int) -> set[int]:
    """Give the processes that the web server has forked to answer requests."""
    servers = [
        pid for pid in children_of(supervisor) if b"scheduler.serve" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    return {pid for pid in servers for parent in servers if pid != parent and pid in children_of(parent)}


def test_settings_tell_how_many_work_at_once(tmp_path: Path) -> None:
    server = Server(config_of(tmp_path, WEB_PROCESSES="3", WEB_THREADS="5", PORT="8123"), "127.0.0.1")

    assert (server.cfg.workers, server.cfg.threads) == (3, 5)
    assert server.cfg.address == [("127.0.0.1", 8123)]
    assert server.cfg.control_socket_disable
    assert server.cfg.accesslog is None
