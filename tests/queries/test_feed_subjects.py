"""Who may subscribe to which calendar, and whose address still holds: the table "who sees what" for calendars."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Date, bindparam, delete, event, select, update

from scheduler import clock
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.feeds import FEEDS, feed_of
from scheduler.models import (
    AccessGrant,
    Account,
    Affiliation,
    AgreementEnrolment,
    ClinicalSession,
    CooperationAgreement,
    FeedBytes,
    FeedSubscription,
    Programme,
    Site,
    Specialty,
    Zone,
)
from scheduler.queries.feed_access import still_allowed
from scheduler.queries.feed_subjects import list_subjects, load_subject, load_subjects, subject_names
from scheduler.queries.feed_touches import touched_subjects
from scheduler.queries.scopes import scope_of
from tests import factories as make

ROLES = ("coordinator", "manager", "administrator", "clinician")
LOGINS = [f"{role}.{town}" for town in ("mons", "maubeuge", "tourcoing") for role in ROLES]
LOGINS.append("platform")


@dataclass
class Things:
    """What feeds are about, by kind, on one side of the world: home and host."""

    world: object

    def of(self, side, feed):
        """Ids of the things of a kind: what the home organisation has, what the host has, what both share."""
        here = getattr(self.world, side)
        return {
            "clinician": ({here.visitor, here.colleague}, {here.host_clinician}, set()),
            "site": ({here.home_site}, {here.host_site}, set()),
            "room": ({here.home_room}, {here.room, here.theatre}, set()),
            "agreement": (set(), set(), {here.agreement}),
            "specialty": (set(), set(), {specialty_id()}),
            "zone": (set(), set(), {by_code(Zone, f"Z-{side}")}),
            "programme": (set(), set(), {by_code(Programme, f"P-{side}")}),
            "public": (set(), set(), set()),
        }[feed]


@pytest.fixture
def things(world, db_session):
    """The world, with a zone and a programme on each side of it."""
    for side in ("ours", "theirs"):
        here = getattr(world, side)
        programme = make.add(Programme(code=f"P-{side}", name=f"Programme {side}"))
        sites = [db_session.get(Site, one) for one in (here.home_site, here.host_site)]
        make.add(Zone(code=f"Z-{side}", name=f"Zone {side}", sites=sites, programmes=[programme]))
    return Things(world)


def by_code(model, code):
    return db.session.query(model).filter_by(code=code).one().id


def specialty_id():
    return db.session.query(Specialty).filter_by(name="urology").one().id


def account_of(login):
    return db.session.query(Account).filter_by(login=login).one()


def scope_named(login):
    return scope_of(account_of(login), clock.today())


def expected(things, login, feed):
    """The table, told once more."""
    role, _, town = login.partition(".")
    if role == "platform":
        return set()
    home, host, shared = things.of("theirs" if town == "tourcoing" else "ours", feed)
    own = home if town == "mons" else host
    if role == "clinician":
        visitor = things.world.ours.visitor
        mine = {"clinician": {account_of(login).clinician_id}, "agreement": shared if town == "mons" else set()}
        assert town != "mons" or mine["clinician"] == {visitor}
        return mine.get(feed, set())
    return set() if feed == "clinician" and role != "coordinator" else own | shared


@pytest.mark.parametrize("login", LOGINS)
def test_everyone_may_choose_what_the_table_says(things, login):
    for feed in FEEDS:
        found = {subject.id for subject, _ in list_subjects(scope_named(login), feed.id)}

        assert found == expected(things, login, feed.id), feed.id


@pytest.mark.parametrize("login", LOGINS)
def test_feeds_and_statements_answer_alike(things, login):
    scope = scope_named(login)
    everyone = {one for (one,) in db.session.execute(select(AccessGrant.organisation_id).distinct())}
    for feed in FEEDS:
        chosen = {(subject.id, organisation_id) for subject, organisation_id in list_subjects(scope, feed.id)}
        every = load_subjects(feed.id, set.union(*things.of("ours", feed.id), *things.of("theirs", feed.id)))
        for subject in every.values():
            for organisation_id in everyone:
                may = feed.may_subscribe(scope, subject, organisation_id)
                holds = is_allowed(subscription(login, feed.id, subject.id, organisation_id))

                assert holds == may, (feed.id, subject.name, organisation_id)
                assert may or (subject.id, organisation_id) not in chosen


def subscription(login, feed_id, subject_id, organisation_id, *, viewer_id=None):
    is_scoped = feed_of(feed_id).is_scoped
    row = make.make_feed_bytes(feed_id, subject_id, viewer_id=viewer_id or (organisation_id if is_scoped else 0))
    account = account_of(login) if login else None
    return make.add(
        FeedSubscription(
            bytes_id=row.id,
            account_id=account.id if account else None,
            organisation_id=organisation_id,
            token_hash=f"{login} {row.id} {organisation_id} {viewer_id}",
            created_at=make.NOW,
        )
    )


def is_allowed(row):
    statement = (
        select(FeedSubscription.id)
        .join(FeedBytes, FeedBytes.id == FeedSubscription.bytes_id)
        .outerjoin(Account, Account.id == FeedSubscription.account_id)
        .where(FeedSubscription.id == row.id, still_allowed(bindparam("today", type_=Date)))
    )
    return db.session.scalar(statement, {"today": clock.today()}) is not None


@pytest.fixture
def held(things, world):
    """Addresses of all kinds that hold today, by kind; those of the office were made by the manager of Mons."""
    here = world.ours
    found = {
        feed: subscription("manager.mons", feed, subject_id, here.home)
        for feed, subject_id in (
            ("site", here.home_site),
            ("room", here.home_room),
            ("agreement", here.agreement),
            ("specialty", specialty_id()),
            ("zone", by_code(Zone, "Z-ours")),
            ("programme", by_code(Programme, "P-ours")),
        )
    }
    found["own"] = subscription("clinician.mons", "clinician", here.visitor, here.home)
    found["kept"] = subscription("coordinator.mons", "clinician", here.visitor, here.home)
    found["enrolled"] = subscription("clinician.mons", "agreement", here.agreement, here.home)
    found["command line"] = subscription(None, "site", here.host_site, None)
    assert all(is_allowed(row) for row in found.values())
    return found


OFFICE_FEEDS = {"site", "room", "agreement", "specialty", "zone", "programme"}


def lost(held):
    return {name for name, row in held.items() if not is_allowed(row)}


def test_who_is_no_longer_in_the_office_reads_nothing_of_it(held):
    account = account_of("manager.mons")
    account.grants[0].role = "clinician"

    assert lost(held) == OFFICE_FEEDS

    db.session.execute(delete(AccessGrant).where(AccessGrant.account_id == account.id))

    assert lost(held) == OFFICE_FEEDS


def test_who_works_in_another_office_reads_nothing_of_the_former(held, world):
    account_of("manager.mons").grants[0].organisation_id = world.ours.host

    assert lost(held) == OFFICE_FEEDS


def test_another_role_in_the_office_reads_on(held):
    account_of("manager.mons").grants[0].role = "administrator"

    assert lost(held) == set()


def test_a_closed_account_reads_nothing(held):
    for login in ("manager.mons", "clinician.mons", "coordinator.mons"):
        account_of(login).disabled_at = clock.now()

    assert lost(held) == set(held) - {"command line"}


def test_a_coordinator_who_is_one_no_more_reads_no_clinicians(held):
    account_of("coordinator.mons").grants[0].role = "manager"

    assert lost(held) == {"kept"}


def test_a_clinician_who_has_moved_home_is_read_by_oneself_alone(held, world):
    db.session.execute(
        update(Affiliation)
        .where(Affiliation.clinician_id == world.ours.visitor)
        .values(organisation_id=world.ours.host, site_id=world.ours.host_site)
    )

    assert lost(held) == {"kept"}


def test_an_account_that_is_no_clinicians_any_more_reads_no_duties(held):
    account_of("clinician.mons").clinician_id = None

    assert lost(held) == {"own", "enrolled"}


@pytest.mark.parametrize("end", ["valid_from", "valid_until"])
def test_an_agreement_that_is_not_in_force_is_read_by_nobody(held, world, end):
    agreement = db.session.get(CooperationAgreement, world.ours.agreement)
    held["command line, agreement"] = subscription(None, "agreement", world.ours.agreement, None)
    assert lost(held) == set()

    setattr(agreement, end, clock.today() + (timedelta(days=1) if end == "valid_from" else timedelta()))

    assert lost(held) == {"agreement", "enrolled", "command line, agreement"}


@pytest.mark.parametrize("end", ["valid_from", "valid_until"])
def test_who_is_not_enrolled_today_reads_nothing_of_the_agreement(held, world, end):
    enrolment = db.session.query(AgreementEnrolment).filter_by(clinician_id=world.ours.visitor).one()
    setattr(enrolment, end, clock.today() + (timedelta(days=1) if end == "valid_from" else timedelta()))

    assert lost(held) == {"enrolled"}


def test_a_site_that_was_given_away_is_not_read_by_its_former_owner(held, world):
    db.session.get(Site, world.ours.home_site).organisation_id = world.ours.host

    assert lost(held) == {"site", "room"}


@pytest.mark.parametrize("feed", ["specialty", "zone", "programme"])
def test_nobody_reads_another_organisations_part(things, world, feed):
    [subject_id] = things.of("ours", feed)[2]

    assert not is_allowed(subscription("manager.mons", feed, subject_id, world.ours.home, viewer_id=world.ours.host))


def test_the_own_clinician_comes_first_and_others_by_name(things, world):
    account_of("coordinator.mons").clinician_id = None
    home = db.session.get(Site, world.ours.home_site)
    person = make.make_clinician(home, code="ZZZ", name="Dr Zoe Last")
    make.make_clinician(home, code="Ébauche", name="Dr Ada Ébauche")
    account_of("coordinator.mons").clinician = person
    db.session.flush()

    names = [subject.name for subject, _ in list_subjects(scope_named("coordinator.mons"), "clinician")]

    assert names == ["Dr Zoe Last", "Dr Ada Ébauche", "Dr Visitor Hospital Mons", "Dr Colleague Hospital Mons"]


def test_a_subject_tells_what_decides_about_it(things, world):
    here = world.ours
    person, agreement = load_subject("clinician", here.visitor), load_subject("agreement", here.agreement)
    room, zone = load_subject("room", here.room), load_subject("zone", by_code(Zone, "Z-ours"), viewer_id=here.host)

    assert (person.name, person.timezone) == ("Dr Visitor Hospital Mons", "Europe/Brussels")
    assert (person.organisation_ids, person.clinician_ids) == ({here.home}, {here.visitor})
    assert (agreement.organisation_ids, agreement.clinician_ids) == ({here.home, here.host}, {here.visitor})
    assert agreement.is_in_force
    assert (room.name, room.organisation_ids) == ("Consulting 1 · Site FR-MAUBEUGE", {here.host})
    assert (zone.name, zone.timezone, zone.organisation_ids) == ("Zone ours", "Europe/Paris", frozenset())
    assert load_subject("public", zone.id).name == "Zone ours"


def test_there_is_no_subject_of_an_unknown_kind_or_id(things):
    for feed, subject_id in (("clinician", 987_654), ("weather", 1)):
        with pytest.raises(NotFound):
            load_subject(feed, subject_id)
    assert list_subjects(scope_named("coordinator.mons"), "weather") == ()


def test_many_names_are_looked_up_at_once(things, world):
    here = world.ours
    pairs = [("site", here.home_site), ("site", here.host_site), ("clinician", here.visitor), ("room", 987_654)]

    assert subject_names(pairs) == {
        ("site", here.home_site): "Site BE-MONS",
        ("site", here.host_site): "Site FR-MAUBEUGE",
        ("clinician", here.visitor): "Dr Visitor Hospital Mons",
    }


def test_a_session_is_shown_by_the_feeds_of_all_that_it_belongs_to(things, world):
    here = world.ours

    touched = touched_subjects([here.session], clinician_ids=[here.visitor], room_ids=[here.room])

    assert touched["clinician"] == {here.visitor}
    assert (touched["site"], touched["room"]) == ({here.host_site}, {here.room})
    assert (touched["agreement"], touched["specialty"]) == ({here.agreement}, {specialty_id()})
    assert (touched["zone"], touched["programme"]) == (
        {by_code(Zone, "Z-ours")},
        {by_code(Programme, "P-ours")},
    )
    assert touched["public"] == frozenset()


def test_the_public_is_shown_consultations_under_released_agreements(things, world):
    here = world.ours
    db.session.get(CooperationAgreement, here.agreement).is_released = True
    session = db.session.get(ClinicalSession, here.session)

    assert touched_subjects([here.session])["public"] == {by_code(Zone, "Z-ours")}

    session.template.kind = "joint_theatre"

    assert touched_subjects([here.session])["public"] == frozenset()
    assert touched_subjects([]) == touched_subjects([987_654])


def test_whether_an_address_holds_is_looked_up_by_keys(held):
    ran = []

    def note(_connection, _cursor, statement, parameters, *_):
        ran.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    is_allowed(held["kept"])
    event.remove(db.engine, "before_cursor_execute", note)

    statement, parameters = ran[-1]
    plan = db.session.connection().exec_driver_sql(f"explain query plan {statement}", parameters)
    steps = [step for *_, step in plan]
    assert [step for step in steps if step.startswith("SCAN")] == []
    assert [step for step in steps if " affiliation " in step and "clinician_id=?" not in step] == []
