"""The sessions in one zone that an organisation sees."""

from sqlalchemy import select

from scheduler.models import SessionTemplate, Zone
from scheduler.models.organisations import zone_site
from scheduler.queries.feed_conditions import TODAY, VIEWER, in_zone, is_party, seen_by
from scheduler.queries.feed_selections.selection import Choices, FeedSelection
from scheduler.queries.feed_selections.subjects import in_view, loading_named, reads_own_part, zones_of
from scheduler.scope import Scope


def _choices(scope: Scope) -> Choices:
    joined = zone_site.join(SessionTemplate, SessionTemplate.site_id == zone_site.c.site_id)
    return in_view(scope, lambda seen: select(zone_site.c.zone_id).select_from(joined).where(seen))


SELECTION = FeedSelection(
    id="zone",
    names=(Zone.id, Zone.code, Zone.name),
    load=loading_named("zone", Zone),
    touched=lambda shown: zones_of(shown.site_ids),
    shows=lambda: (in_zone(), seen_by(VIEWER, TODAY)),
    agreements=lambda: is_party(VIEWER),
    choices=_choices,
    may_read=reads_own_part,
)
