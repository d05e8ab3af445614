"""Feeds that anyone may read: by zone, and by zone and specialty."""

import contextvars
from datetime import timedelta

import pytest
import time_machine

from scheduler import clock
from scheduler.extensions import commit, db
from scheduler.models import Account, CooperationAgreement, FeedBytes, Zone
from scheduler.queries.feed_lookup import PublicZone
from scheduler.queries.scopes import scope_of
from scheduler.services.public_feeds import PublicFeed, public_feed_of
from scheduler.services.releasing import release
from tests.factories import NOW

NORTH = PublicZone(7, "MRTW-URSA", "nl", ((3, "medical oncology"), (4, "urology")))
URSA = PublicZone(8, "MRTW-URSA-EAST", "", ())


@pytest.fixture
def zone(app, world):
    """A zone with both sides' sites, whose agreement was released."""

    def make():
        with app.app_context():
            agreement = db.session.get(CooperationAgreement, world.ours.agreement)
            agreement.is_released = True
            sites = [agreement.home_site, agreement.host_site]
            for site in sites:
                site.languages = ["fr", "nl"]
            db.session.add(Zone(code="HAINAUT-NORD", name="ZOAST of the tests", sites=sites))
            commit()
        return "/cal/zones/hainaut-nord.ics"

    return contextvars.Context().run(make)


def rows(app):
    with app.app_context():
        found = db.session.query(FeedBytes).filter_by(feed="public").all()
        return {(row.care_id, row.language) for row in found}


@pytest.mark.parametrize(
    ("slug", "language", "feed"),
    [
        ("mrtw-ursa", "", PublicFeed(7, 0, "nl")),
        ("mrtw-ursa", "fr", PublicFeed(7, 0, "fr")),
        ("mrtw-ursa-urology", "", PublicFeed(7, 4, "nl")),
        ("mrtw-ursa-medical-oncology", "de", PublicFeed(7, 3, "de")),
        ("mrtw-ursa-east", "", PublicFeed(8, 0, "en")),
        ("mrtw-ursa-east-urology", "", None),
        ("mrtw", "", None),
        ("mrtw-ursa-", "", None),
        ("mrtw-ursaurology", "", None),
        ("mrtw-ursa", "es", None),
        ("", "", None),
    ],
)
def test_a_name_stands_for_a_zone_or_for_a_specialty_in_it(slug, language, feed):
    assert public_feed_of(slug, language, [NORTH, URSA]) == feed


def test_anyone_may_read_what_was_released(zone, program):
    answer = program.get(zone)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.data.count(b"BEGIN:VEVENT") == 1
    assert "Set-Cookie" not in answer.headers


def test_the_public_learns_no_names(zone, program, app):
    text = program.get(zone).text.replace("\r\n ", "")

    with app.app_context():
        people = [row[0] for row in db.session.execute(db.text("select name from clinician"))]
        rooms = [row[0] for row in db.session.execute(db.text("select name from room"))]
    assert people
    assert [name for name in [*people, *rooms] if name in text] == []


def test_the_bytes_are_made_for_the_first_who_asks_and_kept(zone, program, app):
    assert rows(app) == set()
    first = program.get(zone)
    second = program.get(zone)

    assert rows(app) == {(0, "fr")}
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    with app.app_context():
        row = db.session.query(FeedBytes).filter_by(feed="public").one()
        assert (row.made, row.etag) == (1, first.headers["ETag"].strip('"'))


def test_a_public_feed_is_conditional_packed_and_read_only_like_others(zone, program):
    full = program.get(zone)

    assert program.get(zone, If_None_Match=full.headers["ETag"]).status_code == 304
    assert program.get(zone, If_Modified_Since=full.headers["Last-Modified"]).status_code == 304
    assert program.get(zone, If_None_Match="*").headers["Cache-Control"] == "public, max-age=300"
    assert program.get(zone, Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert program.send(zone, "HEAD").headers["Content-Length"] == str(len(full.data))
    assert program.send(zone, "POST").status_code == 405


def test_the_language_is_that_of_most_sites_unless_another_is_asked_for(zone, program, app):
    french, dutch = program.get(zone), program.get(f"{zone}?lang=nl")

    assert program.get(f"{zone}?lang=fr").data == french.data
    assert dutch.data != french.data
    assert rows(app) == {(0, "fr"), (0, "nl")}


def test_a_specialty_has_a_feed_of_its_own(zone, program):
    whole, urology = program.get(zone), program.get(zone.replace(".ics", "-urology.ics"))

    assert urology.status_code == 200
    assert urology.data.count(b"BEGIN:VEVENT") == 1
    assert urology.data != whole.data


@pytest.mark.parametrize(
    "address",
    [
        "/cal/zones/nowhere.ics",
        "/cal/zones/hainaut-nord-cardiology.ics",
        "/cal/zones/hainaut-nord",
        "/cal/zones/.ics",
        "/cal/zones/hainaut-nord.ics?lang=es",
        "/cal/zones/hainaut-nord.ics/x",
    ],
)
def test_what_is_not_there_is_answered_as_a_wrong_token_and_makes_nothing(zone, program, app, address):
    wrong = program.get(f"/cal/{'a' * 43}/x.ics")

    answer = program.get(address)

    assert (answer.status_code, answer.data, list(answer.headers)) == (404, wrong.data, list(wrong.headers))
    assert rows(app) == set()


@pytest.fixture
def withdraw(app, world):
    """Hide again what was released, as the coordinator of the host does."""

    def work():
        with app.app_context():
            account = db.session.query(Account).filter_by(login="coordinator.maubeuge").one()
            actor = scope_of(account, clock.today())
            release(actor=actor, agreement_id=world.ours.agreement, is_released=False)
            commit()

    return lambda: contextvars.Context().run(work)


def test_what_is_withdrawn_is_gone_with_the_next_reader(zone, program, withdraw):
    urology = zone.replace(".ics", "-urology.ics")
    before = [program.get(zone), program.get(urology)]
    withdraw()

    after = [program.get(zone), program.get(urology)]

    assert [answer.data.count(b"BEGIN:VEVENT") for answer in before] == [1, 1]
    assert [answer.status_code for answer in after] == [200, 200]
    assert [answer.data.count(b"BEGIN:VEVENT") for answer in after] == [0, 0]


def test_what_was_withdrawn_before_anyone_read_it_is_not_there(zone, program, withdraw):
    withdraw()

    assert program.get(zone.replace(".ics", "-urology.ics")).status_code == 404


def test_readers_of_the_public_are_neither_counted_nor_limited(zone, program, app):
    answers = {program.get(zone).status_code for _ in range(3)}

    assert answers == {200}
    assert app.extensions["feed_server"].log.take_all() == []


def test_a_month_later_it_is_made_anew(zone, program):
    before = program.get(zone)
    with time_machine.travel(NOW + timedelta(days=120)):
        after = program.get(zone)

    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
