"""The sessions in one room."""

from sqlalchemy import ColumnElement, select

from scheduler.duties import Subject
from scheduler.extensions import db
from scheduler.models import FeedBytes, Placement, Room, SessionTemplate, Site
from scheduler.queries.feed_conditions import SUBJECT, Day
from scheduler.queries.feed_selections.selection import Choices, Conditions, FeedSelection
from scheduler.queries.feed_selections.subjects import by_name, owned, pairs, place
from scheduler.scope import OFFICE, Scope
from scheduler.terms_text import TITLE_JOINT


def _choices(scope: Scope) -> Choices:
    return pairs(
        db.session.execute(
            select(Room.id, Site.organisation_id)
            .join(Site, Site.id == Room.site_id)
            .where(Site.organisation_id.in_(scope.organisations_as(*OFFICE)))
        )
    )


def _load(ids: set[int], _viewer_id: int) -> dict[int, Subject]:
    rooms = db.session.execute(
        select(Room.id, Room.name, Site.name.label("site"), Site.timezone, Site.organisation_id)
        .join(Site, Site.id == Room.site_id)
        .where(Room.id.in_(ids))
    )
    return by_name(place("room", row.id, TITLE_JOINT.join((row.name, row.site)), row) for row in rooms)


def _shows() -> Conditions:
    """Name the site, too: its templates are few."""
    return (SessionTemplate.site_id == select(Room.site_id).where(Room.id == SUBJECT).scalar_subquery(),)


def _may_read(_today: Day) -> ColumnElement[bool]:
    return owned(select(Room.id).join(Site, Site.id == Room.site_id).where(Room.id == FeedBytes.subject_id))


SELECTION = FeedSelection(
    id="room",
    names=(Room.id, Room.code, Room.name),
    load=_load,
    touched=lambda shown: shown.room_ids,
    shows=_shows,
    held=lambda: (Placement.room_id == SUBJECT,),
    was_held=lambda state, room_id: state.room_id == room_id,
    choices=_choices,
    may_read=_may_read,
)
