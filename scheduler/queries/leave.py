"""Leave as far as the asker may see it, and the published duties that a leave would hit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler import clock
from scheduler.duties import Duty
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import Affiliation, Clinician, Leave
from scheduler.queries.duties import duties_of_clinician
from scheduler.queries.people import absences_of, in_sight, load_people, sight_of
from scheduler.queries.problem_people import whole_days
from scheduler.scope import Scope


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A leave as listed.

    Parameters
    ----------
    last_on
        The last day away, included.
    kind
        Empty for those who may know only that the clinician is unavailable.
    can_cancel
        Whether the asker may take it back.
    """

    id: int
    clinician_id: int
    clinician_name: str
    organisation: str
    start_on: date
    end_on: date
    last_on: date
    kind: str
    is_own: bool
    can_cancel: bool
    entered_at: datetime | None


def list_leave(scope: Scope, *, from_on: date | None = None, clinician_id: int | None = None) -> tuple[LeaveRow, ...]:
    """Give the leave of the clinicians in sight that ends after a day (today), by start and name."""
    since = from_on or clock.today()
    sight = sight_of(scope, clock.today())
    people = {
        person.id: person
        for person in load_people(
            in_sight(scope, sight.today),
            selectinload(Clinician.affiliations).joinedload(Affiliation.organisation),
        )
        if clinician_id is None or person.id == clinician_id
    }
    rows = db.session.scalars(
        select(Leave).where(Leave.clinician_id.in_(people), Leave.end_on > since).order_by(Leave.start_on, Leave.id)
    )
    found = []
    for row in rows:
        person = people[row.clinician_id]
        knows = sight.knows_leave_kinds(person)
        found.append(
            LeaveRow(
                id=row.id,
                clinician_id=person.id,
                clinician_name=person.name,
                organisation=person.home.organisation.name,
                start_on=row.start_on,
                end_on=row.end_on,
                last_on=row.end_on - timedelta(days=1),
                kind=row.kind if knows else "",
                is_own=sight.is_self(person),
                can_cancel=knows and row.end_on > sight.today,
                entered_at=row.entered_at if knows else None,
            )
        )
    return tuple(found)


def duties_hit(scope: Scope, clinician_id: int, start_on: date, end_on: date) -> tuple[Duty, ...]:
    """Give the clinician's published duties that a leave on [start_on, end_on) would hit.

    Raises
    ------
    NotFound
        When leave of this clinician is not the asker's to enter.
    """
    person = find_absentee(scope, clinician_id)[0]
    from_at, to_at = whole_days(person.home.site.timezone, start_on, end_on)
    return duties_of_clinician(person.id, max(from_at, clock.now()), to_at)


def find_absentee(scope: Scope, clinician_id: int) -> tuple[Clinician, bool]:
    """Load a clinician in sight, and whether the asker may enter and cancel the clinician's leave.

    Raises
    ------
    NotFound
        When there is no such clinician in sight.
    """
    sight = sight_of(scope, clock.today())
    people = load_people(
        in_sight(scope, sight.today) & (Clinician.id == clinician_id),
        selectinload(Clinician.affiliations).options(
            joinedload(Affiliation.site), joinedload(Affiliation.organisation)
        ),
    )
    if not people:
        raise NotFound()
    return people[0], sight.knows_leave_kinds(people[0])


def entered_days(clinician_id: int, from_on: date, until_on: date) -> tuple[tuple[date, date], ...]:
    """Give the leave of a clinician that touches [from_on, until_on), as pairs of first day and day after the last.

    It asks nobody's rights: for services that have done so.
    """
    found = absences_of([clinician_id], from_on, until_on).get(clinician_id, [])
    return tuple((leave.start_on, leave.end_on) for leave in found)
