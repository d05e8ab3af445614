"""Publishes a change that touches every clinician, and watches when their feeds show it."""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

from config import ROOT
from tests.feeds.bench import rivals
from tests.feeds.bench.pace import percentile
from tests.feeds.bench.prepared import World, waiting_feeds
from tests.feeds.bench.processes import Answer, Server
from tests.feeds.bench.serving import GZIP, count_events, unpacked
from tests.feeds.bench.world import CHANGED_TO, CLOCK, path_of

FIRST_READERS = 20
WATCHERS = 2
WATCHERS_PAUSE = 0.05
"""Seconds between two questions of a watcher."""

PATIENCE = 300.0
"""Seconds in which all feeds have to be rendered anew."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer while the change was on its way, None when there was none; times are of the machine's clock.

    Answers are looked into when all is over: that would keep this process from asking in time.
    """

    clinician: int
    asked_at: float
    answered_at: float
    answer: Answer | None


@dataclass(slots=True)
class Watch:
    """What readers found while feeds were rendered anew."""

    readings: list[Reading] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def measure_change(world: World, folder: Path) -> dict[str, Any]:
    """Publish the prepared draft beside a running server, and give when who saw it."""
    everyone = range(1, world.size.clinicians + 1)
    with rivals.ours(world.environ, folder / "change.log") as server:
        before = {i: server.get(path_of(i), GZIP) for i in everyone}
        watch = Watch()
        with _watching(server, world, watch):
            paid = server.cpu_seconds()
            with _publisher(world) as publisher:
                told = _publish(publisher)
                firsts = _ask_first(server, world, {i: before[i].headers["etag"] for i in before})
                rendered_at = _wait_until_rendered(world)
            paid = server.cpu_seconds() - paid
        after = {i: server.get(path_of(i), GZIP) for i in everyone}
    committed = told["committed"]
    return {
        "clinicians": world.size.clinicians,
        "publish_seconds": told["done"] - told["begun"],
        "commit_seconds": committed - told["done"],
        "first_readers": FIRST_READERS,
        "first_reader_seconds": [round(answered - committed, 3) for answered in sorted(firsts)],
        "all_seconds": rendered_at - committed,
        "server_cpu_seconds": paid,
        "not_new_in_the_end": sum(not is_new(world, answer) for answer in after.values()),
        "same_etag_in_the_end": sum(after[i].headers["etag"] == before[i].headers["etag"] for i in everyone),
        "went_back": sum(_moment(after[i]) <= _moment(before[i]) for i in everyone),
        "watched": _told(world, watch.readings, told["begun"], committed),
    }


def is_new(world: World, answer: Answer) -> bool:
    """Tell whether a feed shows the change, all of it and nothing else."""
    calendar = unpacked(answer)
    slot = next(slot for slot in world.calendar.slots if slot.week_on == world.calendar.changed_on)
    old, new = (
        f"{slot.on:%Y%m%d}T{CLOCK[half][0].replace(':', '')}00".encode() for half in (slot.half_day, CHANGED_TO)
    )
    starts = [line for line in calendar.split(b"\r\n") if line.startswith(b"DTSTART;")]
    has_old, has_new = (any(line.endswith(b":" + moment) for line in starts) for moment in (old, new))
    return answer.status == 200 and count_events(calendar) == world.size.events and has_new and not has_old


def _problem(world: World, answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    if answer.status != 200:
        return f"status {answer.status}"
    found = count_events(unpacked(answer))
    return "" if found == world.size.events else f"{found} events"


@contextmanager
def _publisher(world: World) -> Iterator["subprocess.Popen[str]"]:
    draft = len({slot.week_on for slot in world.calendar.slots}) + 1
    command = [sys.executable, "-m", "tests.feeds.bench.publish_child", str(draft)]
    with subprocess.Popen(
        command, cwd=ROOT, env=world.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            _expect_line(child)
            yield child
        finally:
            child.kill()


def _publish(child: "subprocess.Popen[str]") -> dict[str, float]:
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()
    told: dict[str, float] = json.loads(_expect_line(child))
    return told


def _expect_line(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise RuntimeError("the process that publishes ended before its time")
    return line


def _ask_first(server: Server, world: World, etags: dict[int, str]) -> list[float]:
    """Ask for some feeds at once, each until it has changed; give when each had."""
    chosen = random.Random(2).sample(sorted(etags), min(FIRST_READERS, len(etags)))

    def ask(clinician: int) -> tuple[float, Answer]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = server.get(path_of(clinician), {**GZIP, "If-None-Match": etags[clinician]})
            if answer.status != 304:
                return time.monotonic(), answer
        raise RuntimeError(f"the feed of clinician {clinician} never changed")

    with ThreadPoolExecutor(len(chosen)) as readers:
        answers = list(readers.map(ask, chosen))
    if not all(is_new(world, answer) for _, answer in answers):
        raise RuntimeError("a feed changed, and not to what was published")
    return [answered_at for answered_at, _ in answers]


def _wait_until_rendered(world: World) -> float:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not waiting_feeds(world.database):
            return time.monotonic()
        time.sleep(0.05)
    raise RuntimeError(f"{waiting_feeds(world.database)} feeds were not rendered anew")


@contextmanager
def _watching(server: Server, world: World, watch: Watch) -> Iterator[None]:
    """Have readers ask for feeds at random until the block ends."""

    def look(seed: int) -> None:
        chosen = random.Random(seed)
        while not watch.stop.wait(WATCHERS_PAUSE):
            watch.readings.append(_read(server, chosen.randint(1, world.size.clinicians)))

    threads = [threading.Thread(target=look, args=(seed,)) for seed in range(WATCHERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        watch.stop.set()
        for thread in threads:
            thread.join()


def _read(server: Server, clinician: int) -> Reading:
    asked_at = time.monotonic()
    try:
        answer = server.get(path_of(clinician), GZIP)
    except (OSError, HTTPException):
        answer = None
    return Reading(clinician, asked_at, time.monotonic(), answer)


def _told(world: World, readings: Sequence[Reading], begun: float, committed: float) -> dict[str, Any]:
    """Sum up what watchers saw: problems, answers that were old although asked after the change, steps back."""
    problems = [problem for reading in readings if (problem := _problem(world, reading.answer))]
    seen: set[int] = set()
    back = late = 0
    for reading in sorted(readings, key=lambda one: one.answered_at):
        has_change = reading.answer is not None and is_new(world, reading.answer)
        back += reading.clinician in seen and not has_change
        late += reading.asked_at > committed and not has_change
        if has_change:
            seen.add(reading.clinician)
    after = [one for one in readings if one.asked_at > committed]
    return {
        "answers": len(readings),
        "after_commit": len(after),
        "problems": sorted(set(problems)),
        "problem_count": len(problems),
        "old_after_commit": late,
        "new_then_old": back,
        "waits_while_publishing": _waits([one for one in readings if begun < one.asked_at <= committed]),
        "waits_after_commit": _waits(after),
    }


def _waits(readings: Sequence[Reading]) -> dict[str, float]:
    """Give how long answers took, in milliseconds."""
    waits = sorted(1000 * (one.answered_at - one.asked_at) for one in readings) or [0.0]
    return {"p50": percentile(waits, 50), "p99": percentile(waits, 99), "most": waits[-1]}


def _moment(answer: Answer) -> float:
    return parsedate_to_datetime(answer.headers["last-modified"]).timestamp()
