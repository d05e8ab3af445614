"""Who sees what, looked at on every page there is."""

import pytest
from sqlalchemy import select, update

from scheduler.extensions import db
from scheduler.models import (
    Affiliation,
    AgreementEnrolment,
    ClinicalSession,
    Clinician,
    CooperationAgreement,
    Leave,
    Organisation,
    Registration,
    Room,
    Roster,
    RosterVersion,
    Site,
)
from scheduler.queries.board_facts import short_name
from tests.page_client import Page, PageClient, text_of
from tests.security.matrix import address_of, own_ids, routes_of

NUMBER = "REG-4711-0815"
PAYLOAD = "<img src=x onerror=alert(1)>'\"</script><b>"


def pages_of(app, client, ids):
    """Open every page that this account may open, and give route and page."""
    for route in routes_of(app):
        if route.method == "GET":
            response = client.client.get(address_of(app, route, ids))
            if response.status_code == 200 and response.mimetype == "text/html":
                yield route, Page(response)


def text_without_choices(page):
    """What the page says, without what may be chosen in it."""
    for parent in list(page.tree.iter()):
        for choice in [child for child in parent if child.tag in ("select", "datalist")]:
            parent.remove(choice)
    return text_of(page.tree)


@pytest.fixture
def private_facts(world, db_session):
    """A registration number, and parental leave in the week that is planned."""
    db_session.execute(update(Registration).values(number=NUMBER))
    db_session.execute(update(Leave).values(kind="parental"))
    db_session.commit()


@pytest.mark.parametrize(
    ("login", "sees_numbers", "sees_kinds"),
    [
        ("coordinator.mons", True, True),
        ("administrator.mons", True, False),
        ("clinician.mons", True, True),
        ("manager.mons", False, False),
        ("coordinator.maubeuge", False, False),
        ("administrator.maubeuge", False, False),
        ("clinician.maubeuge", False, False),
        ("platform", False, False),
    ],
)
def test_papers_and_kinds_of_leave_are_seen_by_those_who_may(
    app, world, private_facts, login, sees_numbers, sees_kinds
):
    """Ids are of a clinician of Mons: Maubeuge is the partner."""
    client = PageClient(app).sign_in(login)

    pages = [(str(route), text_without_choices(page)) for route, page in pages_of(app, client, own_ids(world.ours))]

    with_number = [route for route, text in pages if NUMBER in text]
    with_kind = [route for route, text in pages if "arental" in text]
    if login.endswith("mons") or login == "platform":
        assert bool(with_number) <= sees_numbers, with_number
    else:  # the partner's own people have numbers too, on their own pages
        assert "GET /clinicians/<int:clinician_id>" not in with_number
    assert bool(with_kind) <= sees_kinds, with_kind


@pytest.mark.parametrize("login", ["coordinator.mons", "clinician.mons", "administrator.mons"])
def test_names_are_shown_as_text_whatever_they_hold(app, world, db_session, login):
    for column in (
        Clinician.name, Room.name, Site.name, Site.note, Organisation.name, Roster.title,
        CooperationAgreement.title, CooperationAgreement.note,
    ):  # fmt: skip
        key = PAYLOAD if column is not Room.name else PAYLOAD + Room.code
        db_session.execute(update(column.class_).values({column.key: key}))
    db_session.commit()
    client = PageClient(app).sign_in(login)

    broken = [
        str(route)
        for route, page in pages_of(app, client, own_ids(world.ours))
        if "<img src=x" in page.html or any("onerror" in element.attrib for element in page.tree.iter())
    ]

    assert broken == []


@pytest.mark.parametrize("login", ["coordinator.mons", "manager.mons", "administrator.mons", "clinician.mons"])
def test_every_page_is_well_made(app, world, login):
    client = PageClient(app).sign_in(login)
    ids = own_ids(world.ours)
    wrong = {}

    for route in routes_of(app):
        address = address_of(app, route, ids)
        if route.method != "GET":
            continue
        response = client.client.get(address)
        headers = {}
        if response.mimetype == "text/html" and not address.endswith(FRAGMENTS):
            try:
                client._page(response, response.status_code, {"headers": headers})
            except AssertionError as error:
                wrong[str(route)] = str(error)

    assert wrong == {}


FRAGMENTS = ("/places", "/progress")
"""Addresses that give a part of a page."""


PARTNERS = ("coordinator.maubeuge", "admin.maubeuge", "demo")
"""Demonstration accounts of Maubeuge; demo is a clinician there."""


@pytest.mark.parametrize("login", PARTNERS)
def test_the_partner_never_reads_of_people_who_are_not_enrolled(demo_app, demo_client, login):
    """Boards by rooms and clinicians, every session's page and the page before publishing, of all versions."""
    with demo_app.app_context():
        mons = db.session.scalars(
            select(Clinician)
            .join(Clinician.affiliations)
            .join(Affiliation.site)
            .where(Affiliation.is_home, Site.code == "BE-MONS-SJ")
        ).all()
        strangers = [one.name for one in mons if not db.session.scalar(_enrolments(one.id))]
        addresses = [
            (f"/rosters/{version.roster_id}/versions/{version.number}", version.roster_id)
            for version in db.session.scalars(select(RosterVersion))
        ]
        sessions = dict.fromkeys(roster for _, roster in addresses)
        for roster in sessions:
            sessions[roster] = db.session.scalars(
                select(ClinicalSession.id).where(ClinicalSession.roster_id == roster)
            ).all()
    assert strangers
    words = {word for name in strangers for word in (name, short_name(name))}
    client = demo_client.sign_in(login)

    answers = [
        (page, client.client.get(page))
        for address, roster in addresses
        for page in (
            address,
            f"{address}?by=clinicians",
            f"{address}/publish",
            *(f"{address}/sessions/{session_id}" for session_id in sessions[roster]),
        )
    ]

    told = [(page, word) for page, answer in answers for word in words if word in answer.get_data(as_text=True)]
    assert told == []
    assert {answer.status_code for _, answer in answers} >= {200, 404}


def _enrolments(clinician_id):
    return select(AgreementEnrolment.id).where(AgreementEnrolment.clinician_id == clinician_id)
