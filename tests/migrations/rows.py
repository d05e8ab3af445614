"""The fewest rows around a duty: one organisation, a session with two seats, two clinicians, a roster with a draft."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scheduler import models
from scheduler.extensions import db

MONDAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Rows:
    """Ids of what was made."""

    ann: int
    ben: int
    roster: int
    draft: int
    session: int
    seats: tuple[int, int, int]


def make_rows() -> Rows:
    organisation = models.Organisation(code="O", name="Somewhere", country="BE")
    site = models.Site(
        code="S", organisation=organisation, name="Site", town="Town", country="BE", timezone="Europe/Brussels",
        holiday_calendar="BE", latitude=50.0, longitude=4.0,
    )  # fmt: skip
    people = [models.Clinician(code=code, name=code) for code in ("ann", "ben")]
    template = models.SessionTemplate(
        code="T", site=site, kind="consultation", specialty="urology", anchor_on=MONDAY, sessions_per_week=1
    )
    demand = models.Demand(position=1, role=models.ClinicalRole(code="lead"), side="any", head_count=3)
    template.demands.append(demand)
    roster = models.Roster(title="Week", first_on=MONDAY, weeks=1)
    draft = models.RosterVersion(roster=roster, number=1, created_at=EIGHT)
    db.session.add_all([site, template, roster, draft, *people])
    db.session.flush()
    session = models.ClinicalSession(template=template, roster_id=roster.id, week_on=MONDAY, index=0)
    session.seats = [models.Seat(demand=demand, index=index) for index in range(3)]
    db.session.add(session)
    db.session.flush()
    return Rows(
        ann=people[0].id,
        ben=people[1].id,
        roster=roster.id,
        draft=draft.id,
        session=session.id,
        seats=(session.seats[0].id, session.seats[1].id, session.seats[2].id),
    )


def duty(
    rows: Rows, seat: int, clinician: int, start: float, end: float, *, is_exclusive: bool = True
) -> models.PublishedDuty:
    """Give a published duty that lasts from one hour after eight to another."""
    return models.PublishedDuty(
        seat_id=rows.seats[seat],
        version_id=rows.draft,
        session_id=rows.session,
        clinician_id=clinician,
        on_date=MONDAY,
        half_day="morning",
        start_at=EIGHT + timedelta(hours=start),
        end_at=EIGHT + timedelta(hours=end),
        is_exclusive=is_exclusive,
    )


def placement(rows: Rows) -> models.Placement:
    """Give the session's place in the draft, with one assignment."""
    return models.Placement(
        version_id=rows.draft,
        session_id=rows.session,
        on_date=MONDAY,
        half_day="morning",
        start_at=EIGHT,
        end_at=EIGHT + timedelta(hours=4),
        assignments=[models.Assignment(seat_id=rows.seats[0], clinician_id=rows.ann)],
    )
