"""What the running app serves, over HTTP, is seen alike by nine readers that are not ours."""

import contextvars
import shutil
import urllib.request
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from threading import Thread

import pytest
import time_machine
from werkzeug.serving import WSGIRequestHandler, make_server

from scheduler.extensions import commit, db
from scheduler.feeds import FEEDS
from scheduler.services import feeds
from tests.conftest import make_app, make_config
from tests.feeds.readers.calendars import CHANGES, variants_of
from tests.feeds.readers.comparing import differences
from tests.feeds.readers.elsewhere import served_here, sync_with_vdirsyncer
from tests.feeds.readers.hospitals import LOGIN, SHOWN, TODAY, Published, build_hospitals, seats_of
from tests.feeds.readers.independent import ALL_READERS, read_with_icalendar
from tests.page_client import PageClient


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, *args):
        """Say nothing."""


@dataclass(frozen=True)
class Served:
    """What was fetched, by name: feeds with their addresses, downloads, and what icalendar sees in all of them."""

    published: tuple[Published, ...]
    addresses: dict[str, str]
    feeds: dict[str, bytes]
    again: dict[str, bytes]
    downloads: dict[str, bytes]

    @cached_property
    def seen(self):
        return {name: read_with_icalendar(body) for name, body in (self.feeds | self.downloads).items()}


@pytest.fixture(scope="module")
def served(empty_database, tmp_path_factory):
    """An app that serves the feeds of three hospitals on this machine, and all of them fetched twice."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(empty_database, folder / "passerelle.sqlite")
    with time_machine.travel(TODAY, tick=True):
        app = make_app(make_config(folder, feed_fetches_per_hour=0))
        hospitals, paths, pages = contextvars.Context().run(fill, app)
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        Thread(target=server.serve_forever, daemon=True).start()
        addresses = {name: f"http://127.0.0.1:{server.port}{path}" for name, path in paths.items()}
        yield Served(hospitals.published, addresses, fetch(addresses), fetch(addresses), download(app, pages))
        server.shutdown()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


def fill(app):
    """Make the hospitals; give them, the paths of feeds and those of downloads, by name."""
    with app.app_context():
        hospitals = build_hospitals()
        paths = {
            f"{feed.id} {variant.language} {variant.options}".strip(): path_of(feed, variant, hospitals)
            for feed in FEEDS
            for variant in some_variants_of(feed)
        }
        paths["public fr urology"] = f"/cal/zones/{hospitals.zone}-urology.ics?lang=fr"
        pages = pages_of(hospitals)
        commit()
        db.session.remove()
        return hospitals, paths, pages


def some_variants_of(feed):
    """Give the variants of feeds with choices of their own, and the plainest and richest of the others."""
    variants = variants_of(feed)
    return variants if feed.id in ("clinician", "public") else [variants[0], variants[-1]]


def path_of(feed, variant, hospitals):
    """Give the path of a feed; of a secret one after subscribing to it."""
    if feed.events == "public":
        return f"/cal/zones/{hospitals.zone}.ics?lang={variant.language}"
    _, token = feeds.create_subscription(
        actor=None,
        feed=feed.id,
        subject_id=hospitals.subjects[feed.id],
        variant=variant,
        organisation_id=hospitals.organisation,
    )
    return f"/cal/{token}/roster.ics"


def pages_of(hospitals):
    """Give the paths of downloads."""
    pages = {f"duty {seat}": f"/duties/{seat}/duty.ics" for seat in seats_of(hospitals.subjects["clinician"])}
    for change, roster in zip(CHANGES, hospitals.rosters, strict=True):
        year, week, _ = change.isocalendar()
        pages[f"week {change}"] = f"/my-week/week.ics?week={year}-W{week:02}"
        pages[f"version {change}"] = f"/rosters/{roster}/versions/2/roster.ics?reminder=60"
        pages[f"replaced version {change}"] = f"/rosters/{roster}/versions/1/roster.ics"
    return pages


def fetch(addresses):
    """Give what lies at each address, asked for one after the other."""
    found = {}
    for name, address in addresses.items():
        with urllib.request.urlopen(address, timeout=60) as answer:
            found[name] = answer.read()
    return found


def download(app, pages):
    client = PageClient(app)
    client.sign_in(LOGIN)
    return {name: client.get(path).response.data for name, path in pages.items()}


@pytest.mark.slow
@pytest.mark.parametrize("reader", ALL_READERS, ids=lambda reader: reader.name)
def test_every_reader_sees_what_is_served_alike(served, reader):
    if reader.name == "vdirsyncer":  # which fetches by itself
        with served_here(served.downloads) as addresses:
            seen = sync_with_vdirsyncer(served.addresses | addresses)
    else:
        seen = reader.read_all(served.feeds | served.downloads)

    assert differences(reader, served.seen, seen) == []


@pytest.mark.slow
def test_what_is_served_is_what_was_published(served):
    for name in served.feeds:
        feed, _, options = f"{name} ".split(" ", 2)
        seen = {
            (one.uid.partition("@")[0], one.start_at, one.end_at, one.status == "CANCELLED")
            for one in served.seen[name]
            if isinstance(one.start_at, datetime) and "travel" not in one.uid
        }

        assert seen == {
            (one.seat_uid if feed == "clinician" else one.session_uid, one.start_at, one.end_at, one.is_cancelled)
            for one in served.published
            if one.country in SHOWN[feed] and ("cancelled" in options or not one.is_cancelled)
        }


@pytest.mark.slow
def test_a_clinicians_calendar_holds_leave_and_ways_when_wanted(served):
    for name in served.feeds:
        leave = [one for one in served.seen[name] if not isinstance(one.start_at, datetime)]
        ways = [one for one in served.seen[name] if "travel" in one.uid]

        assert len(leave) == (len(CHANGES) if "leave" in name else 0)
        assert bool(ways) == ("travel" in name)


@pytest.mark.slow
def test_nights_last_as_long_as_the_clocks_have_it(served):
    for name in served.feeds:
        lengths = Counter(one.end_at - one.start_at for one in served.seen[name])
        sites = len(SHOWN[name.split()[0]])

        assert lengths[timedelta(hours=11)] == 2 * sites
        assert lengths[timedelta(hours=13)] == sites


@pytest.mark.slow
def test_two_fetches_give_the_same_bytes(served):
    assert served.feeds == served.again
    assert len(served.feeds) == len(set(served.feeds.values()))
