"""Three hospitals in three countries with published sessions around the clock changes, and all that feeds show."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import Programme, PublishedDuty, RosterVersion, Zone
from scheduler.queries.session_states import states_of
from scheduler.services.cancelled import remember_cancelled
from tests import factories as make
from tests.feeds.readers.calendars import CHANGES

TODAY = datetime(2026, 4, 20, 9, tzinfo=UTC)
"""The window of feeds then holds all three changes."""
COUNTRIES = ("BE", "FR", "LU")
HELD = ((-1, "night"), (0, "afternoon"), (1, "night"))
"""Days after the clock change, and half-days; the first night begins in the old time and ends in the new one."""
WAS_HELD = (2, "morning")
"""What was published first and is held no more."""
LOGIN = "coordinator.tests"


SHOWN = {
    **{feed: {"LU"} for feed in ("clinician", "site", "room", "agreement")},
    **{feed: {"BE", "FR", "LU"} for feed in ("specialty", "programme", "zone")},
    "public": {"FR", "LU"},
}
"""By id of a feed the countries whose sessions it shows; the public sees those under agreements."""


@dataclass(frozen=True)
class Published:
    """A session and its one seat as they were published."""

    country: str
    session_uid: str
    seat_uid: str
    start_at: datetime
    end_at: datetime
    is_cancelled: bool


@dataclass(frozen=True)
class Hospitals:
    """Ids of what there is; one clinician of the Belgian hospital works in each country."""

    organisation: int
    subjects: dict[str, int]
    """By id of a feed what it is about: mostly the site in Luxembourg."""
    rosters: tuple[int, ...]
    zone: str
    published: tuple[Published, ...]


def build_hospitals():
    """Fill an empty database; the caller commits."""
    make.make_half_day_times()
    organisations = [make.make_organisation(f"H{country}", country=country) for country in COUNTRIES]
    sites = [make.make_site(organisation, town="Sankt-Vith, B; ü") for organisation in organisations]
    rooms = [make.make_room(site, name="Salle 1, aile B; nord") for site in sites]
    for other in sites[1:]:
        make.make_travel(sites[0], other, minutes=50)
    people = [make.make_clinician(sites[0], name=f"Dr Zoé, {site.country}", countries=COUNTRIES) for site in sites]
    agreements = [make.make_agreement(sites[0], host, code=f"A-{host.country}", enrolled=people) for host in sites[1:]]
    for agreement in agreements:
        agreement.is_released = True
    templates = [
        make.make_template(site, code=f"T-{site.country}", agreement=agreement, sessions_per_week=len(HELD) + 1)
        for site, agreement in zip(sites, (None, *agreements), strict=True)
    ]
    programme = make.add(Programme(code="P", name="Programme, d’essai"))
    zone = make.add(Zone(code="ZONE", name="Zone d’essai", sites=sites, programmes=[programme]))
    rosters = [_publish(change, templates, rooms=rooms, people=people) for change in CHANGES]
    for change in CHANGES:
        make.make_leave(people[-1], start_on=change + timedelta(days=3), days=2)
    make.make_account(LOGIN, roles={organisations[0]: "coordinator"}, clinician=people[-1])
    return Hospitals(
        organisation=organisations[0].id,
        subjects={
            "clinician": people[-1].id,
            "site": sites[-1].id,
            "room": rooms[-1].id,
            "specialty": make.specialty("urology").id,
            "agreement": agreements[-1].id,
            "programme": programme.id,
            "zone": zone.id,
        },
        rosters=tuple(roster.id for roster in rosters),
        zone=zone.code.lower(),
        published=tuple(one for roster in rosters for one in _published(roster)),
    )


def seats_of(clinician_id):
    """Give the seats of a clinician's published duties by start."""
    duties = db.session.query(PublishedDuty).filter_by(clinician_id=clinician_id).order_by(PublishedDuty.start_at)
    return [duty.seat_id for duty in duties]


def _published(roster):
    first, second = db.session.query(RosterVersion).filter_by(roster_id=roster.id).order_by(RosterVersion.number)
    held = {placement.session_id for placement in second.placements}
    for placement in first.placements:
        session = placement.session
        yield Published(
            session.template.site.country,
            session.uid,
            session.seats[0].uid,
            placement.start_at,
            placement.end_at,
            session.id not in held,
        )


def _publish(change, templates, *, rooms, people):
    """Publish two versions of a roster; the second holds one session of each template less."""
    monday = change - timedelta(days=6)
    roster = make.make_roster([one.site for one in templates], templates=templates, first_on=monday)
    first, second = make.make_version(roster), make.make_version(roster, number=2)
    for version, held in ((first, (*HELD, WAS_HELD)), (second, HELD)):
        for template, room, clinician in zip(templates, rooms, people, strict=True):
            sessions = [one for one in make.sessions_of(roster) if one.template is template]
            for session, (day, half_day) in zip(sessions, held, strict=False):
                on = change + timedelta(days=day)
                team = {session.seats[0]: clinician}
                make.place(version, session, on=on, half_day=half_day, room=room, team=team)
    for version, state in ((first, "superseded"), (second, "published")):
        version.state, version.published_at = state, clock.now()
    make.publish_duties(second)
    remember_cancelled(roster.id, states_of(first.id), states_of(second.id), at=clock.now())
    return roster
