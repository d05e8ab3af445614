"""Feeds of every kind about a pair of hospitals, and what is stored of them."""

import gzip
from dataclasses import dataclass

from scheduler.extensions import db
from scheduler.feeds.variants import Variant
from scheduler.models import FeedBytes, Programme, Zone
from scheduler.rendering import render_all
from scheduler.services import feeds
from scheduler.services.feed_work import FeedWork
from tests import factories as make
from tests.feeds.build import values_of


@dataclass(frozen=True)
class Stored:
    """What is stored of a feed."""

    body: bytes
    etag: str
    modified_at: object
    is_waiting: bool

    def values(self, name):
        """The values of a property, as written."""
        return values_of(self.body, name)


class Shelf:
    """Feeds by name; each may be subscribed to once."""

    def __init__(self, app, pair):
        self.app = app
        self.pair = pair
        self.ids = {}
        self.subscriptions = {}

    def subscribe(self, name, feed, subject, through=None, **choices):
        made, token = feeds.create_subscription(
            actor=None,
            feed=feed,
            subject_id=subject.id,
            organisation_id=through.id if through else None,
            variant=Variant(**{"language": "en", **choices}),
        )
        self.ids[name] = made.bytes_id
        self.subscriptions[name] = made.id
        db.session.commit()
        return f"/cal/{token}/x.ics"

    def of_everyone(self):
        """Subscribe to a feed of each kind, to both visitors and the host."""
        pair = self.pair
        zone = make.add(Zone(code="Z", name="Zone", sites=[pair.home, pair.host]))
        programme = make.add(Programme(code="P", name="Programme", zones=[zone]))
        pair.agreement.is_released = True
        for name, person in (("ada", pair.ada), ("bram", pair.bram), ("carl", pair.carl)):
            self.subscribe(name, "clinician", person)
        self.subscribe("host site", "site", pair.host)
        self.subscribe("home site", "site", pair.home)
        self.subscribe("room 1", "room", pair.rooms[0])
        self.subscribe("room 2", "room", pair.rooms[1])
        self.subscribe("specialty", "specialty", make.specialty("urology"), through=pair.mons)
        self.subscribe("agreement", "agreement", pair.agreement)
        self.subscribe("programme", "programme", programme, through=pair.maubeuge)
        self.subscribe("zone", "zone", zone, through=pair.mons)
        self.ids["public"] = make.make_feed_bytes("public", zone.id).id
        self.settle()
        return self

    def settle(self, work=None):
        """Commit, and let the background work be done."""
        db.session.commit()
        return render_all(self.app, work or FeedWork())

    def __getitem__(self, name):
        row = db.session.get(FeedBytes, self.ids[name], populate_existing=True)
        body = gzip.decompress(row.gzipped) if row.gzipped else b""
        found = Stored(body, row.etag, row.modified_at, is_waiting=row.made < row.wanted)
        db.session.commit()
        return found

    def all(self):
        """All feeds by name."""
        return {name: self[name] for name in self.ids}


def changed(before, after):
    """The names of the feeds whose bytes differ; those of the others have the date they had."""
    names = {name for name in before if before[name].body != after[name].body}
    assert all(after[name].modified_at > before[name].modified_at for name in names)
    assert all(after[name].modified_at == before[name].modified_at for name in before.keys() - names)
    return names
