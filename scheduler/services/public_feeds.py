"""Feeds that anyone may read: which there are, and the rows that hold their bytes."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Executable, insert, literal, select

from config import LANGUAGES
from scheduler.feeds.addresses import slug_of
from scheduler.models import FeedBytes
from scheduler.queries.feed_lookup import PublicZone
from scheduler.queries.feed_selections import public


@dataclass(frozen=True, slots=True)
class PublicFeed:
    """A public feed in a language; ``care_id`` is a specialty, or 0 for all of the zone."""

    zone_id: int
    care_id: int
    language: str


def public_feed_of(slug: str, language: str, zones: Iterable[PublicZone]) -> PublicFeed | None:
    """Give the feed that an address names: by zone or by zone and specialty; None if there is none.

    Parameters
    ----------
    language
        Empty: the language that most sites of the zone speak.
    """
    for zone in zones:
        chosen = language or (zone.language if zone.language in LANGUAGES else "en")
        zone_slug = slug_of(zone.code)
        cares = {"": 0} | {f"-{slug_of(name)}": specialty_id for specialty_id, name in zone.specialties}
        if slug.startswith(zone_slug) and slug.removeprefix(zone_slug) in cares and chosen in LANGUAGES:
            return PublicFeed(zone.id, cares[slug.removeprefix(zone_slug)], chosen)
    return None


def making_row(feed: PublicFeed) -> Executable:
    """Give the statement that makes the row for a feed's bytes if there is none yet."""
    columns = {
        "feed": public.SELECTION.id,
        "subject_id": feed.zone_id,
        "viewer_id": 0,
        "care_id": feed.care_id,
        "language": feed.language,
        "options": "",
    }
    there = select(FeedBytes.id).filter_by(**columns).exists()
    values = {**columns, "wanted": 1, "made": 0, "basis": "", "etag": "", "size": 0, "event_count": 0}
    missing = select(*(literal(value) for value in values.values())).where(~there)
    return insert(FeedBytes).from_select(list(values), missing)
