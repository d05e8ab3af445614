"""What serving a feed asks of the database: one select by the hash of the token, or by the key of a public feed."""

import gzip
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Engine, Select, and_, exists, or_, select

from scheduler import clock
from scheduler.extensions import UtcDateTime
from scheduler.models import (
    Account,
    AgreementLine,
    CooperationAgreement,
    FeedBytes,
    FeedSubscription,
    Site,
    Specialty,
    Zone,
)
from scheduler.models.organisations import zone_site
from scheduler.queries.feed_access import still_allowed
from scheduler.queries.feed_selections import public
from scheduler.queries.feeds import NOTICE_TIME, is_live, token_hash
from scheduler.queries.prepared import Prepared, given

_NOW = given("now", UtcDateTime)


@dataclass(frozen=True, slots=True)
class Served:
    """What is stored for an address; ``modified_at`` is None while no bytes were ever made.

    ``subscription_id`` is 0 for a public feed, whose readers nobody counts.  ``bodies`` are the plain and packed bytes
    where they were made just now.
    """

    subscription_id: int
    bytes_id: int
    etag: str
    modified_at: datetime | None
    wanted: int
    is_fresh: bool
    bodies: tuple[bytes, bytes] | None = None


@dataclass(frozen=True, slots=True)
class PublicZone:
    """A zone, the language that most of its sites speak, and the specialties of which the public may know there."""

    id: int
    code: str
    language: str
    specialties: tuple[tuple[int, str], ...]


class FeedLookup:
    """The selects of one database, compiled once.

    Parameters
    ----------
    basis
        What bytes have to be made from to count as fresh.
    """

    def __init__(self, engine: Engine, basis: str) -> None:
        self._by_token = Prepared(_by_token(basis), engine)
        self._public = Prepared(_public(basis), engine)
        self._again = Prepared(select(*_stored(basis)).where(FeedBytes.id == given("bytes_id")), engine)
        self._bytes = Prepared(_bytes(), engine)
        self._zones = Prepared(_zones(), engine)
        self._released = Prepared(_released(), engine)

    def find(self, token: str, at: datetime) -> Served | None:
        """Find what is stored for a token; None if it is unknown, revoked, unused for long or no longer allowed."""
        rows = self._by_token.rows(
            token_hash=token_hash(token), now=at, today=clock.today(), noticed_after=at - NOTICE_TIME
        )
        return Served(*rows[0]) if rows else None

    def find_public(self, zone_id: int, care_id: int, *, language: str, at: datetime) -> Served | None:
        """Find what is stored for a public feed; None if nobody has asked for it yet."""
        rows = self._public.rows(zone_id=zone_id, care_id=care_id, language=language, now=at)
        return Served(0, *rows[0]) if rows else None

    def find_again(self, served: Served, at: datetime) -> Served:
        """Give what is stored by now for an address that was found before; the row of a feed is never removed."""
        rows = self._again.rows(bytes_id=served.bytes_id, now=at)
        return Served(served.subscription_id, *rows[0])

    def load_bytes(self, bytes_id: int, etag: str, *, gzipped: bool) -> bytes | None:
        """Load the bytes that have this ETag; None if others were stored meanwhile."""
        rows = self._bytes.rows(bytes_id=bytes_id, etag=etag)
        if not rows:
            return None
        return bytes(rows[0][0]) if gzipped else gzip.decompress(rows[0][0])

    def load_zones(self) -> tuple[PublicZone, ...]:
        """Load the zones, each with the specialties of agreements of its sites that were released to the public."""
        codes: dict[int, str] = {}
        spoken: dict[int, Counter[str]] = {}
        for zone_id, code, languages in self._zones.rows():
            codes[zone_id] = code
            spoken.setdefault(zone_id, Counter()).update((languages or [])[:1])
        released: dict[int, list[tuple[int, str]]] = {}
        for zone_id, specialty_id, name in self._released.rows():
            released.setdefault(zone_id, []).append((specialty_id, name))
        return tuple(
            PublicZone(zone_id, code, _commonest(spoken[zone_id]), tuple(released.get(zone_id, ())))
            for zone_id, code in codes.items()
        )


def _commonest(counted: Counter[str]) -> str:
    return min(counted, key=lambda language: (-counted[language], language), default="")


def _by_token(basis: str) -> Select[*tuple[Any, ...]]:
    return (
        select(FeedSubscription.id, *_stored(basis))
        .join(FeedBytes, FeedBytes.id == FeedSubscription.bytes_id)
        .outerjoin(Account, Account.id == FeedSubscription.account_id)
        .where(
            FeedSubscription.token_hash == given("token_hash"),
            is_live(),
            FeedSubscription.notice_at.is_(None) | (FeedSubscription.notice_at > given("noticed_after", UtcDateTime)),
            still_allowed(given("today", Date)),
        )
    )


def _public(basis: str) -> Select[*tuple[Any, ...]]:
    return select(*_stored(basis)).where(
        FeedBytes.feed == public.SELECTION.id,
        FeedBytes.subject_id == given("zone_id"),
        FeedBytes.care_id == given("care_id"),
        FeedBytes.viewer_id == 0,
        FeedBytes.language == given("language"),
        FeedBytes.options == "",
    )


def _stored(basis: str) -> tuple[ColumnElement[Any], ...]:
    holds = and_(
        FeedBytes.made == FeedBytes.wanted,
        FeedBytes.basis == basis,
        FeedBytes.fresh_until.is_(None) | (FeedBytes.fresh_until > _NOW),
    )
    return (
        FeedBytes.id.expression,
        FeedBytes.etag.expression,
        FeedBytes.modified_at.expression,
        FeedBytes.wanted.expression,
        holds.label("holds"),
    )


def _bytes() -> Select[*tuple[Any, ...]]:
    return select(FeedBytes.gzipped).where(
        FeedBytes.id == given("bytes_id"), FeedBytes.etag == given("etag"), FeedBytes.gzipped.is_not(None)
    )


def _released() -> Select[*tuple[Any, ...]]:
    """Select specialties by zone: those released now, and those that were and that someone may still read.

    To these the calendar says that nothing is left; were there no answer, programs would keep what they have.
    """
    was_read = exists().where(
        FeedBytes.feed == public.SELECTION.id,
        FeedBytes.subject_id == zone_site.c.zone_id,
        FeedBytes.care_id == Specialty.id,
    )
    return (
        select(zone_site.c.zone_id, Specialty.id, Specialty.name)
        .join(
            CooperationAgreement,
            or_(
                CooperationAgreement.home_site_id == zone_site.c.site_id,
                CooperationAgreement.host_site_id == zone_site.c.site_id,
            ),
        )
        .join(AgreementLine, AgreementLine.agreement_id == CooperationAgreement.id)
        .join(Specialty, Specialty.id == AgreementLine.specialty_id)
        .where(or_(CooperationAgreement.is_released, was_read))
        .distinct()
    )


def _zones() -> Select[*tuple[Any, ...]]:
    return (
        select(Zone.id, Zone.code, Site.languages)
        .outerjoin(zone_site, zone_site.c.zone_id == Zone.id)
        .outerjoin(Site, Site.id == zone_site.c.site_id)
        .order_by(Zone.id)
    )
