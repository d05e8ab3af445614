"""The sessions at one site."""

from sqlalchemy import ColumnElement, select

from scheduler.duties import Subject
from scheduler.extensions import db
from scheduler.models import FeedBytes, SessionTemplate, Site
from scheduler.queries.feed_conditions import SUBJECT, Day
from scheduler.queries.feed_selections.selection import Choices, FeedSelection
from scheduler.queries.feed_selections.subjects import by_name, owned, pairs, place
from scheduler.scope import OFFICE, Scope


def _choices(scope: Scope) -> Choices:
    return pairs(
        db.session.execute(
            select(Site.id, Site.organisation_id).where(Site.organisation_id.in_(scope.organisations_as(*OFFICE)))
        )
    )


def _load(ids: set[int], _viewer_id: int) -> dict[int, Subject]:
    sites = db.session.execute(select(Site.id, Site.name, Site.timezone, Site.organisation_id).where(Site.id.in_(ids)))
    return by_name(place("site", row.id, row.name, row) for row in sites)


def _may_read(_today: Day) -> ColumnElement[bool]:
    return owned(select(Site.id).where(Site.id == FeedBytes.subject_id))


SELECTION = FeedSelection(
    id="site",
    names=(Site.id, Site.code, Site.name),
    load=_load,
    touched=lambda shown: shown.site_ids,
    shows=lambda: (SessionTemplate.site_id == SUBJECT,),
    choices=_choices,
    may_read=_may_read,
)
