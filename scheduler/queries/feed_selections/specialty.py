"""The sessions of one specialty that an organisation sees."""

from collections.abc import Iterable

from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import SessionTemplate, Specialty
from scheduler.queries.feed_conditions import SUBJECT, TODAY, VIEWER, is_party, name_of_specialty, seen_by
from scheduler.queries.feed_selections.selection import Choices, FeedSelection, TouchedSessions
from scheduler.queries.feed_selections.subjects import in_view, loading_named, reads_own_part
from scheduler.scope import Scope


def _choices(scope: Scope) -> Choices:
    of_it = SessionTemplate.specialty == Specialty.name
    return in_view(scope, lambda seen: select(Specialty.id).join(SessionTemplate, of_it).where(seen))


def _touched(shown: TouchedSessions) -> Iterable[int]:
    names = {template.specialty for template in shown.templates}
    return db.session.scalars(select(Specialty.id).where(Specialty.name.in_(names)))


SELECTION = FeedSelection(
    id="specialty",
    names=(Specialty.id, Specialty.name, Specialty.name),
    load=loading_named("specialty", Specialty),
    touched=_touched,
    shows=lambda: (SessionTemplate.specialty == name_of_specialty(SUBJECT), seen_by(VIEWER, TODAY)),
    agreements=lambda: is_party(VIEWER),
    choices=_choices,
    may_read=reads_own_part,
)
