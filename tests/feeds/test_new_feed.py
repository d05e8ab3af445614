"""A new kind of feed is two values, one in each registry: nothing else has to know of it."""

import contextvars
from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.duties import Subject
from scheduler.errors import NotAllowed, NotFound
from scheduler.extensions import commit, db
from scheduler.feeds import FEEDS, FEEDS_BY_ID
from scheduler.feeds.feed import Feed, of_its_office
from scheduler.feeds.variants import CANCELLED, Variant
from scheduler.models import Account, ClinicalSession, FeedBytes, SessionTemplate, Site
from scheduler.queries.feed_conditions import SUBJECT
from scheduler.queries.feed_selections import SELECTIONS_BY_ID, FeedSelection
from scheduler.queries.feed_selections.subjects import owned, place
from scheduler.queries.feed_subjects import list_subjects
from scheduler.queries.feed_touches import touched_subjects
from scheduler.queries.feeds import find_subject
from scheduler.queries.scopes import scope_of
from scheduler.rendering import render_all
from scheduler.scope import OFFICE
from scheduler.services import feeds
from tests.feeds.build import values_of

FEED = Feed(
    id="line",
    title="Sessions of one line",
    about="Line",
    shows="All sessions that recur in one line.",
    audience="The office of the organisation at whose site it is.",
    name_text="Line – %(name)s",
    events="sessions",
    choices=(CANCELLED,),
    is_clinician_first=True,
    color="crimson",
    may_subscribe=of_its_office,
)


def choices(scope):
    owner = Site.organisation_id.in_(scope.organisations_as(*OFFICE))
    rows = db.session.execute(select(SessionTemplate.id, Site.organisation_id).join(SessionTemplate.site).where(owner))
    return {tuple(row) for row in rows}


def load(ids, _viewer_id) -> dict[int, Subject]:
    lines = select(SessionTemplate.id, SessionTemplate.code, Site.timezone, Site.organisation_id)
    rows = db.session.execute(lines.join(SessionTemplate.site).where(SessionTemplate.id.in_(ids)))
    return {row.id: place("line", row.id, row.code, row) for row in rows}


SELECTION = FeedSelection(
    id="line",
    names=(SessionTemplate.id, SessionTemplate.code, SessionTemplate.code),
    load=load,
    touched=lambda shown: {template.id for template in shown.templates},
    shows=lambda: (SessionTemplate.id == SUBJECT,),
    choices=choices,
    may_read=lambda _today: owned(
        select(SessionTemplate.id).join(SessionTemplate.site).where(SessionTemplate.id == FeedBytes.subject_id)
    ),
)


class Lines:
    """Two lines, asked for as people and services do."""

    def __init__(self, app, world):
        self.app = app
        self.ours, self.theirs = world.ours, world.theirs

    def run(self, deed, *arguments):
        """Do something in the app, in one transaction, and let the background work be done."""

        def work():
            with self.app.app_context():
                done = deed(*arguments)
                commit()
                return done

        done = contextvars.Context().run(work)
        contextvars.Context().run(render_all, self.app)
        return done

    def scope(self, login):
        return scope_of(db.session.query(Account).filter_by(login=login).one(), clock.today())

    def listed(self, login):
        return self.run(lambda: [(one.name, through) for one, through in list_subjects(self.scope(login), "line")])

    def subscribe(self, login, subject_id):
        def deed():
            actor = self.scope(login)
            variant = Variant("en", with_cancelled=True)
            return feeds.create_subscription(actor=actor, feed="line", subject_id=subject_id, variant=variant)[1]

        return f"/cal/{self.run(deed)}/line.ics"


@pytest.fixture
def line_feed(monkeypatch):
    """Two registries with one more value in each; statements are built for them when the app is."""
    monkeypatch.setitem(FEEDS_BY_ID, "line", FEED)
    monkeypatch.setitem(SELECTIONS_BY_ID, "line", SELECTION)
    monkeypatch.setattr("scheduler.views.calendars.FEEDS", (*FEEDS, FEED))


@pytest.fixture
def lines(line_feed, app, world):
    return Lines(app, world)


def test_it_is_listed_for_those_who_may_subscribe(lines):
    with lines.app.app_context():
        code, through = db.session.get(SessionTemplate, lines.ours.template).code, lines.ours.host
        assert find_subject("line", code.lower()).id == lines.ours.template

    assert lines.listed("manager.maubeuge") == [(code, through)]
    assert lines.listed("manager.mons") == lines.listed("clinician.maubeuge") == []
    with pytest.raises(NotFound):
        lines.subscribe("manager.mons", lines.theirs.template)
    with pytest.raises((NotAllowed, NotFound)):
        lines.subscribe("clinician.maubeuge", lines.ours.template)


def test_the_pages_offer_it_and_tell_of_it(lines, page_client, program):
    client = page_client.sign_in("manager.maubeuge")
    [found] = [href for href in client.get("/my-calendar").links.values() if "feed=line" in (href or "")]

    made = client.submit(client.get(found), {}, button="Make an address", status=200)

    address = next(one.get("value") for one in made.all("input") if one.get("id") == "address")
    assert program.get(address.removeprefix("http://localhost")).status_code == 200
    assert "Line – " in client.get("/my-calendar").text
    assert "All sessions that recur in one line." in client.get("/calendars-explained").text


def test_its_calendar_is_read_for_as_long_as_it_might_be_subscribed_to(lines, program):
    path = lines.subscribe("manager.maubeuge", lines.ours.template)

    got = program.get(path)

    assert got.status_code == 200
    assert len(values_of(got.data, "UID")) == 1
    assert values_of(got.data, "COLOR") == ["crimson"]
    assert values_of(got.data, "SUMMARY")[0].startswith("Dr Visitor Hospital Mons")

    def give_another_role():
        [grant] = db.session.query(Account).filter_by(login="manager.maubeuge").one().grants
        grant.role = "clinician"

    lines.run(give_another_role)

    assert program.get(path).status_code == 404


def test_it_changes_with_its_sessions_alone(lines, program):
    path = lines.subscribe("manager.maubeuge", lines.ours.template)
    other = lines.subscribe("manager.tourcoing", lines.theirs.template)
    before, unmoved = program.get(path), program.get(other)

    def change(session_id):
        db.session.query(Site).filter_by(id=lines.ours.host_site).one().name = "Site of the tests"
        from_session = touched_subjects([session_id])
        assert from_session["line"] == {lines.ours.template}
        db.session.get(ClinicalSession, session_id).revised_at = clock.now() + timedelta(seconds=5)
        feeds.mark_stale(from_session)

    lines.run(change, lines.ours.session)

    after = program.get(path)
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert b"Site of the tests" in after.data
    assert program.get(other).data == unmoved.data
