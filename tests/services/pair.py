"""A small pair of hospitals with a roster made by the services."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import time_machine

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import Account, ClinicalSession, RosterVersion
from scheduler.queries.scopes import scope_of
from scheduler.queries.session_states import states_of
from scheduler.services import drafts, publishing, rosters
from tests import factories as make

MONDAY = make.WEEK
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
THURSDAY = MONDAY + timedelta(days=3)
FRIDAY = MONDAY + timedelta(days=4)


@dataclass
class Pair:
    """Mons sends Ada and Bram to Maubeuge, where Carl is at home; two visits and one list a week are held there.

    Keywords of the acts are filled in: who acts is the coordinator of Mons unless said otherwise.
    """

    mons: object
    maubeuge: object
    home: object
    host: object
    ada: object
    bram: object
    carl: object
    agreement: object
    rooms: tuple
    visit: object
    theatre: object
    roster: object = None
    scopes: dict = field(default_factory=dict)

    def scope(self, name):
        """The scope of an account, as of today."""
        account = db.session.query(Account).filter_by(login=name).one()
        return scope_of(account, clock.today())

    @property
    def actor(self):
        return self.scope("coordinator.mons")

    @property
    def partner(self):
        return self.scope("coordinator.maubeuge")

    def sessions(self, template=None):
        template = template or self.visit
        return (
            db.session.query(ClinicalSession)
            .filter_by(roster_id=self.roster.id, template_id=template.id)
            .order_by(ClinicalSession.week_on, ClinicalSession.index)
            .all()
        )

    def draft(self, **more):
        return rosters.start_draft(actor=self.actor, roster_id=self.roster.id, **more)

    def edit(self, deed, version, **facts):
        return getattr(drafts, deed)(
            actor=facts.pop("actor", self.actor),
            version_id=version.id,
            revision=facts.pop("revision", version.revision),
            **facts,
        )

    def hold(self, version, session, *who, on=TUESDAY, half_day="morning", **more):
        """Hold a session that was not held; ``who`` by seat."""
        team = {seat.id: person.id for seat, person in zip(session.seats, who, strict=True)}
        return self.edit("place_session", version, session_id=session.id, on=on, half_day=half_day, team=team, **more)

    def move(self, version, session, on, half_day="morning", **more):
        return self.edit("move_session", version, session_id=session.id, on=on, half_day=half_day, **more)

    def approve(self, version):
        for actor, organisation in ((self.actor, self.mons), (self.partner, self.maubeuge)):
            if organisation.id in publishing.needed_organisations(version):
                publishing.approve(
                    actor=actor, version_id=version.id, revision=version.revision, organisation_id=organisation.id
                )

    def publish(self, version, reason="agreed by telephone", **more):
        self.approve(version)
        return publishing.publish(
            actor=more.pop("actor", self.actor), version_id=version.id, revision=version.revision, reason=reason
        )

    def at(self, on, hour):
        """Time travels to an hour (UTC) of a day."""
        return time_machine.travel(datetime.combine(on, time(hour), UTC), tick=False)

    def states(self, version):
        return states_of(version.id)

    def version(self, number):
        return db.session.query(RosterVersion).filter_by(roster_id=self.roster.id, number=number).one()


def build_pair(**roster):
    make.make_half_day_times()
    mons, maubeuge = make.make_organisation("MONS"), make.make_organisation("MAUBEUGE", country="FR")
    home, host = make.make_site(mons), make.make_site(maubeuge)
    make.make_travel(home, host)
    roles = ("lead", "counterpart", "cover")
    ada, bram = (
        make.make_clinician(home, code=code, name=name, countries=("BE", "FR"), roles=roles)
        for code, name in (("A1", "Dr Ada Exemple"), ("B1", "Dr Bram Voorbeeld"))
    )
    carl = make.make_clinician(host, code="C1", name="Dr Carl Fictive", roles=roles)
    agreement = make.make_agreement(home, host, code="MONS-MAUBEUGE", enrolled=[ada, bram])
    rooms = (make.make_room(host, name="Room 1"), make.make_room(host, name="Room 2"))
    rooms += (make.make_room(host, name="Theatre 1", kind="theatre", equipment=["endourology"]),)
    visit = make.make_template(
        host,
        code="T1",
        agreement=agreement,
        sessions_per_week=2,
        demands=(("lead", "visitor"),),
        half_days=((1, "morning"), (2, "morning"), (2, "afternoon"), (4, "morning")),
    )
    theatre = make.make_template(
        host,
        code="T2",
        agreement=agreement,
        kind="joint_theatre",
        demands=(("lead", "visitor"), ("counterpart", "host"), ("cover", "host")),
        half_days=((3, "morning"), (4, "morning"), (4, "afternoon")),
        room_kind="theatre",
    )
    cover = theatre.demands[2]
    cover.is_exclusive, cover.cover_hours = False, 48
    make.make_account("coordinator.mons", roles={mons: "coordinator"})
    make.make_account("coordinator.maubeuge", roles={maubeuge: "coordinator"})
    pair = Pair(mons, maubeuge, home, host, ada, bram, carl, agreement, rooms, visit, theatre)
    values = {"title": "Mons and Maubeuge", "first_on": MONDAY, "weeks": 1, **roster}
    pair.roster = rosters.create_roster(actor=pair.actor, site_ids=[home.id, host.id], **values)
    db.session.commit()
    return pair


def day(number) -> date:
    return MONDAY + timedelta(days=number)
