"""The duties of one clinician."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from scheduler.duties import Subject
from scheduler.extensions import db
from scheduler.models import Account, Affiliation, Clinician, FeedBytes, FeedSubscription, Site
from scheduler.queries.feed_conditions import Day, has_role
from scheduler.queries.feed_selections.selection import Choices, FeedSelection
from scheduler.queries.feed_selections.subjects import pairs
from scheduler.queries.paging import folded
from scheduler.scope import Scope


def _choices(scope: Scope) -> Choices:
    rows = db.session.execute(
        select(Affiliation.clinician_id, Affiliation.organisation_id).where(
            Affiliation.is_home,
            or_(
                Affiliation.clinician_id == scope.clinician_id if scope.clinician_id is not None else false(),
                Affiliation.organisation_id.in_(scope.organisations_as("coordinator")),
            ),
        )
    )
    return pairs(rows)


def _load(ids: set[int], _viewer_id: int) -> dict[int, Subject]:
    rows = db.session.execute(
        select(Clinician.id, Clinician.name, Clinician.sort_name, Site.timezone, Affiliation.organisation_id)
        .join(Affiliation, and_(Affiliation.clinician_id == Clinician.id, Affiliation.is_home))
        .join(Site, Site.id == Affiliation.site_id)
        .where(Clinician.id.in_(ids))
    ).all()
    return {
        row.id: Subject(
            kind="clinician",
            id=row.id,
            name=row.name,
            timezone=row.timezone,
            organisation_ids=frozenset((row.organisation_id,)),
            clinician_ids=frozenset((row.id,)),
        )
        for row in sorted(rows, key=lambda one: (folded(one.sort_name or one.name), one.id))
    }


def _may_read(_today: Day) -> ColumnElement[bool]:
    return or_(Account.clinician_id == FeedBytes.subject_id, _coordinates_home())


def _coordinates_home() -> ColumnElement[bool]:
    """Say that the clinician is still at home where the account subscribed, and that it coordinates there."""
    home = (
        select(Affiliation.organisation_id)
        .where(Affiliation.clinician_id == FeedBytes.subject_id, Affiliation.is_home)
        .correlate(FeedBytes)
        .scalar_subquery()
    )
    return and_(home == FeedSubscription.organisation_id, has_role("coordinator"))


SELECTION = FeedSelection(
    id="clinician",
    names=(Clinician.id, Clinician.code, Clinician.name),
    load=_load,
    touched=lambda shown: shown.clinician_ids,
    shows=tuple,
    event_kind="duty",
    choices=_choices,
    own=lambda scope: scope.clinician_id,
    may_read=_may_read,
)
