"""Files are read in a process of their own, with little time and memory and no way out."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from config import ROOT
from scheduler.imports import process, texts
from scheduler.imports.process import read_in_child
from scheduler.imports.reading import read_calendar
from scheduler.imports.records import CalendarRefused
from tests.imports.build import BRUSSELS, FILES, calendar


def in_a_reader(code):
    """Run code where a calendar would be read."""
    limits = (
        "from scheduler.imports.child import forbid_contact, limit_resources\nlimit_resources()\nforbid_contact()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", limits + code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )


def test_a_file_is_read_as_in_this_process():
    data = (FILES / "apple.ics").read_bytes()

    assert read_in_child(data, BRUSSELS) == read_calendar(data, BRUSSELS)


def test_a_refusal_comes_back_as_its_sentence():
    with pytest.raises(CalendarRefused, match="not a calendar"):
        read_in_child(b"hello", BRUSSELS)


def test_a_file_that_is_too_big_starts_no_process(monkeypatch):
    monkeypatch.setattr(process.subprocess, "Popen", None)

    with pytest.raises(CalendarRefused, match="1 megabyte"):
        read_in_child(bytes(2_000_000), BRUSSELS)


def test_a_reader_that_takes_too_long_is_ended():
    before = children()

    with pytest.raises(CalendarRefused, match="takes too long"):
        read_in_child(calendar(["UID:1"]), BRUSSELS, seconds=0.01)

    assert children() == before


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [("os.kill(os.getpid(), 9)", texts.TOO_HARD), ("os._exit(1)", texts.FAILED), ("raise MemoryError", texts.FAILED)],
)
def test_a_reader_that_fails_is_a_sentence(monkeypatch, ending, sentence):
    command = [sys.executable, "-c", f"import os, sys; sys.stdin.read(); {ending}"]
    monkeypatch.setattr(process, "command_of_child", lambda module: command)

    with pytest.raises(CalendarRefused) as refused:
        read_in_child(calendar(["UID:1"]), BRUSSELS)

    assert refused.value.message == sentence


def test_only_some_files_are_read_at_once(monkeypatch):
    monkeypatch.setattr(process, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(process, "_turns", threading.BoundedSemaphore(1))
    process._turns.acquire()

    with pytest.raises(CalendarRefused, match="Other files are being read"):
        read_in_child(calendar(["UID:1"]), BRUSSELS)

    process._turns.release()
    assert read_in_child(calendar(["UID:1"]), BRUSSELS).events


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import urllib.request; urllib.request.urlopen('http://203.0.113.9/')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
    ],
)
def test_a_reader_reaches_nobody(deed):
    ended = in_a_reader(deed)

    assert "PermissionError" in ended.stderr
    assert "has no place in the reading of a calendar" in ended.stderr


def test_a_reader_writes_no_file(tmp_path):
    ended = in_a_reader(f"with open({str(tmp_path / 'kept')!r}, 'w') as kept: kept.write('x')")

    assert "File too large" in ended.stderr
    assert (tmp_path / "kept").read_text() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit addresses")
def test_a_reader_has_little_memory():
    assert "MemoryError" in in_a_reader("bytearray(1024 ** 3)").stderr


@pytest.mark.slow
def test_a_reader_has_little_time():
    began = time.monotonic()

    ended = in_a_reader("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass")

    assert ended.returncode < 0
    assert time.monotonic() - began < 20


def test_a_reader_knows_nothing_of_our_settings(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    command = [sys.executable, "-c", "import os, sys; sys.stdin.read(); os._exit('SECRET_KEY' in os.environ)"]
    monkeypatch.setattr(process, "command_of_child", lambda module: command)

    with pytest.raises(ValueError, match="Expecting value"):  # it ended well and wrote nothing
        read_in_child(calendar(["UID:1"]), BRUSSELS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has gone")
def test_a_reader_ends_with_its_parent(tmp_path):
    script = (
        "import subprocess, sys, time\n"
        "from scheduler.lifeline import command_of_child\n"
        "child = subprocess.Popen(command_of_child('scheduler.imports.child'), stdin=subprocess.PIPE)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    time.sleep(0.5)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    until = time.monotonic() + 10
    while _is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_alive(pid)


def children():
    """Process ids of the children of this process."""
    listed = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "pid=,comm="], capture_output=True, text=True, check=False
    )
    return sorted(line for line in listed.stdout.splitlines() if not line.endswith(" ps"))


def _is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
