"""What several kinds of feed need to find and name what they are about."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from scheduler import clock
from scheduler.duties import Subject
from scheduler.extensions import db
from scheduler.models import FeedBytes, FeedSubscription, Organisation, Programme, Site, Specialty, Zone
from scheduler.models.organisations import zone_site
from scheduler.queries.feed_conditions import Day, in_office, seen_by
from scheduler.queries.feed_selections.selection import Choices
from scheduler.queries.paging import folded
from scheduler.scope import OFFICE, Scope

DEFAULT_ZONE = "Europe/Brussels"
"""Zone of a calendar about things that lie in several, when no organisation looks at it."""


def pairs(rows: Iterable[Any]) -> Choices:
    """Give the first two columns of rows."""
    return {(row[0], row[1]) for row in rows}


def by_name(subjects: Iterable[Subject]) -> dict[int, Subject]:
    """Give subjects by id, in the order of their names."""
    return {one.id: one for one in sorted(subjects, key=lambda one: (folded(one.name), one.id))}


def place(kind: str, subject_id: int, name: str, row: Any) -> Subject:
    """Give a subject that belongs to one organisation, from a row with its zone and owner."""
    return Subject(
        kind=kind,
        id=subject_id,
        name=name,
        timezone=row.timezone,
        organisation_ids=frozenset((row.organisation_id,)),
    )


def owned(places: Select[int]) -> ColumnElement[bool]:
    """Say that the account still works in the office through which it subscribed, and that the place's site is its."""
    is_owned = (
        places.where(Site.organisation_id == FeedSubscription.organisation_id)
        .correlate(FeedSubscription, FeedBytes)
        .exists()
    )
    return in_office() & is_owned


def reads_own_part(_today: Day) -> ColumnElement[bool]:
    """Say that an account still works in the office whose part of what is nobody's it reads."""
    return (FeedBytes.viewer_id == FeedSubscription.organisation_id) & in_office()


def in_view(scope: Scope, wanted: Callable[[ColumnElement[bool]], Select[int]]) -> Choices:
    """Give what holds sessions that an organisation sees, for each in whose office the account works."""
    today = clock.today()
    return {
        (subject_id, organisation_id)
        for organisation_id in scope.organisations_as(*OFFICE)
        for subject_id in db.session.scalars(wanted(seen_by(organisation_id, today)).distinct())
    }


def loading_named(
    kind: str, model: type[Specialty] | type[Programme] | type[Zone]
) -> Callable[[set[int], int], dict[int, Subject]]:
    """Give what loads things that belong to nobody; each organisation sees its own part of them."""

    def load(ids: set[int], viewer_id: int) -> dict[int, Subject]:
        rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
        zone = _zone_of(viewer_id)
        return by_name(Subject(kind=kind, id=row.id, name=row.name, timezone=zone) for row in rows)

    return load


def zones_of(site_ids: Iterable[int]) -> Iterable[int]:
    """Give the zones in which some of these sites lie."""
    return db.session.scalars(select(zone_site.c.zone_id).where(zone_site.c.site_id.in_(set(site_ids))).distinct())


def _zone_of(organisation_id: int) -> str:
    """Give the zone in which most sites of an organisation lie."""
    zone = db.session.scalar(
        select(Site.timezone)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(Organisation.id == organisation_id)
        .group_by(Site.timezone)
        .order_by(func.count().desc(), Site.timezone)
        .limit(1)
    )
    return zone or DEFAULT_ZONE
