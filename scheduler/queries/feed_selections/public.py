"""The consultations in one zone that are released to the public."""

from collections.abc import Iterable

from sqlalchemy import select

from scheduler.models import CooperationAgreement, SessionTemplate, Zone
from scheduler.queries.feed_conditions import PUBLIC_KINDS, TODAY, in_force, in_zone
from scheduler.queries.feed_selections.selection import Conditions, FeedSelection, TouchedSessions
from scheduler.queries.feed_selections.subjects import loading_named, zones_of


def _touched(shown: TouchedSessions) -> Iterable[int]:
    return zones_of(one.site_id for one in shown.templates if one.is_released and one.kind in PUBLIC_KINDS)


def _shows() -> Conditions:
    is_released = SessionTemplate.agreement_id.in_(
        select(CooperationAgreement.id).where(CooperationAgreement.is_released, in_force(TODAY))
    )
    return in_zone(), is_released, SessionTemplate.kind.in_(PUBLIC_KINDS)


SELECTION = FeedSelection(
    id="public",
    names=(Zone.id, Zone.code, Zone.name),
    load=loading_named("public", Zone),
    touched=_touched,
    shows=_shows,
    event_kind="public",
    agreements=lambda: CooperationAgreement.is_released.expression,
)
