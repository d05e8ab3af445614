"""The sessions in the zones of one programme that an organisation sees."""

from collections.abc import Iterable

from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import Programme, SessionTemplate
from scheduler.models.organisations import zone_programme, zone_site
from scheduler.queries.feed_conditions import SUBJECT, TODAY, VIEWER, is_party, seen_by
from scheduler.queries.feed_selections.selection import Choices, Conditions, FeedSelection, TouchedSessions
from scheduler.queries.feed_selections.subjects import in_view, loading_named, reads_own_part
from scheduler.scope import Scope


def _choices(scope: Scope) -> Choices:
    zones = zone_programme.join(zone_site, zone_site.c.zone_id == zone_programme.c.zone_id)
    joined = zones.join(SessionTemplate, SessionTemplate.site_id == zone_site.c.site_id)
    return in_view(scope, lambda seen: select(zone_programme.c.programme_id).select_from(joined).where(seen))


def _touched(shown: TouchedSessions) -> Iterable[int]:
    return db.session.scalars(
        select(zone_programme.c.programme_id)
        .join(zone_site, zone_site.c.zone_id == zone_programme.c.zone_id)
        .where(zone_site.c.site_id.in_(shown.site_ids))
        .distinct()
    )


def _shows() -> Conditions:
    in_programme = SessionTemplate.site_id.in_(
        select(zone_site.c.site_id)
        .join(zone_programme, zone_programme.c.zone_id == zone_site.c.zone_id)
        .where(zone_programme.c.programme_id == SUBJECT)
    )
    return in_programme, seen_by(VIEWER, TODAY)


SELECTION = FeedSelection(
    id="programme",
    names=(Programme.id, Programme.code, Programme.name),
    load=loading_named("programme", Programme),
    touched=_touched,
    shows=_shows,
    agreements=lambda: is_party(VIEWER),
    choices=_choices,
    may_read=reads_own_part,
)
