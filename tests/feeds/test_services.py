import hashlib
from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest

from scheduler.errors import InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.feeds.variants import Variant
from scheduler.models import Account, FeedBytes, FeedSubscription, JournalEntry, Specialty
from scheduler.queries.feeds import find_subject
from scheduler.queries.scopes import scope_of
from scheduler.rendering import render_all
from scheduler.services import feeds
from tests.factories import WEEK


@pytest.fixture
def scope(db_session):
    def load(login):
        account = db_session.query(Account).filter_by(login=login).one()
        return scope_of(account, WEEK)

    return load


def subscribe_to(subject_id, *, feed="clinician", actor=None, label="", through=None, **variant):
    return feeds.create_subscription(
        actor=actor,
        feed=feed,
        subject_id=subject_id,
        organisation_id=through,
        label=label,
        variant=Variant(**{"language": "en", **variant}),
    )


def test_only_the_hash_of_a_token_is_kept(world, db_session):
    made, token = subscribe_to(world.ours.visitor, language="fr")

    assert len(token) == 43
    assert made.token_hash == hashlib.sha256(token.encode()).hexdigest()
    for table in (FeedSubscription, FeedBytes, JournalEntry):
        for row in db_session.query(table):
            assert token not in repr({column.name: getattr(row, column.name) for column in table.__table__.columns})


def test_tokens_differ(world, db_session):
    tokens = {subscribe_to(world.ours.visitor)[1] for _ in "abcde"}

    assert len(tokens) == 5


@pytest.mark.parametrize("login", ["clinician.mons", "coordinator.mons"])
def test_the_clinician_and_the_own_coordinator_may_subscribe(world, scope, login):
    made, _ = subscribe_to(world.ours.visitor, actor=scope(login))

    assert made.account_id == world.ours.accounts[login]


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("manager.mons", NotAllowed),
        ("administrator.mons", NotAllowed),
        ("coordinator.maubeuge", NotFound),
        ("clinician.maubeuge", NotFound),
        ("coordinator.tourcoing", NotFound),
        ("platform", NotFound),
    ],
)
def test_nobody_else_may(world, scope, login, refusal):
    with pytest.raises(refusal):
        subscribe_to(world.ours.visitor, actor=scope(login))


def test_only_offered_languages_and_short_labels_are_taken(world, db_session):
    with pytest.raises(InvalidInput) as caught:
        subscribe_to(world.ours.visitor, language="xx", label="x" * 61)

    assert set(caught.value.problems) == {"language", "label"}


def test_a_subscription_is_told_to_the_journal(world, scope):
    made, _ = subscribe_to(world.ours.visitor, actor=scope("clinician.mons"))

    entry = db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
    assert (entry.deed, entry.subject_id, entry.organisation_ids) == ("feed.subscribed", made.id, [world.ours.home])


@pytest.mark.parametrize("act", [feeds.rotate, feeds.revoke])
@pytest.mark.parametrize("login", ["manager.mons", "coordinator.mons", "coordinator.tourcoing", "clinician.maubeuge"])
def test_another_ones_subscription_is_not_there(world, scope, login, act):
    made, _ = subscribe_to(world.ours.visitor, actor=scope("clinician.mons"))

    with pytest.raises(NotFound):
        act(actor=scope(login), subscription_id=made.id)


def test_a_clinician_ends_whatever_shows_the_own_duties(world, scope):
    made, _ = subscribe_to(world.ours.visitor, actor=scope("coordinator.mons"))

    feeds.revoke(actor=scope("clinician.mons"), subscription_id=made.id)

    assert made.revoked_at is not None


def test_an_administrator_ends_subscriptions_of_the_organisation_but_cannot_renew_them(world, scope):
    made, _ = subscribe_to(world.ours.visitor, actor=scope("clinician.mons"))

    with pytest.raises(NotFound):
        feeds.rotate(actor=scope("administrator.mons"), subscription_id=made.id)
    with pytest.raises(NotFound):
        feeds.revoke(actor=scope("administrator.maubeuge"), subscription_id=made.id)
    feeds.revoke(actor=scope("administrator.mons"), subscription_id=made.id)

    assert made.revoked_at is not None


def test_a_site_is_subscribed_to_by_the_office_of_its_owner_alone(world, scope):
    made, _ = subscribe_to(world.ours.home_site, feed="site", actor=scope("manager.mons"))

    assert (made.bytes.feed, made.organisation_id, made.clinician_id) == ("site", world.ours.home, None)
    for login, refusal in (("clinician.mons", NotAllowed), ("coordinator.maubeuge", NotFound), ("platform", NotFound)):
        with pytest.raises(refusal):
            subscribe_to(world.ours.home_site, feed="site", actor=scope(login))


def test_each_organisation_has_a_view_of_its_own_of_a_scoped_feed(world, scope, db_session):
    specialty = db_session.query(Specialty).filter_by(name="urology").one()

    made = [
        subscribe_to(specialty.id, feed="specialty", actor=scope(login))[0]
        for login in ("coordinator.mons", "coordinator.maubeuge", "coordinator.mons")
    ]

    assert [one.bytes.viewer_id for one in made] == [world.ours.home, world.ours.host, world.ours.home]
    assert made[0].bytes_id == made[2].bytes_id != made[1].bytes_id


def test_a_feed_offers_its_own_choices_alone(world, scope):
    with pytest.raises(InvalidInput) as caught:
        subscribe_to(world.ours.home_site, feed="site", actor=scope("manager.mons"), with_travel=True)

    assert set(caught.value.problems) == {"options"}


@pytest.mark.parametrize("feed", ["nothing", "public"])
def test_what_is_no_feed_to_subscribe_to_is_not_there(world, scope, feed):
    with pytest.raises((NotFound, NotAllowed)):
        subscribe_to(1, feed=feed, actor=scope("coordinator.mons"))


def test_a_renewed_address_works_and_the_old_one_does_not(world, app, program, subscribe):
    path, subscription_id = subscribe(world.ours.visitor)
    with app.app_context():
        token = feeds.rotate(actor=None, subscription_id=subscription_id)
        db.session.commit()

    assert program.get(path).status_code == 404
    assert program.get(f"/cal/{token}/roster.ics").status_code == 200


def test_an_address_dies_with_the_account_that_made_it(world, app, program, db_session, scope):
    _, token = subscribe_to(world.ours.visitor, actor=scope("coordinator.mons"))
    path = f"/cal/{token}/roster.ics"
    assert program.get(path).status_code == 200

    account = db_session.get(Account, world.ours.accounts["coordinator.mons"])
    account.grants[0].role = "manager"

    assert program.get(path).status_code == 404


def test_a_move_changes_the_feed_and_its_sequence(world, program, subscribe, change, held):
    path, _ = subscribe(world.ours.visitor)
    before = program.get(path)
    change(held.move, 1)

    after = program.get(path)

    assert b"DTSTART;TZID=Europe/Paris:20261123T083000" in before.data
    assert b"DTSTART;TZID=Europe/Paris:20261124T083000" in after.data
    assert b"SEQUENCE:1" in after.data
    assert after.headers["ETag"] != before.headers["ETag"]
    assert modified(after) > modified(before)
    assert program.get(path, If_None_Match=before.headers["ETag"]).status_code == 200
    assert program.get(path, If_Modified_Since=before.headers["Last-Modified"]).status_code == 200


def test_a_duty_that_passes_on_changes_two_feeds_and_no_other(world, program, subscribe, change, held):
    side = world.ours
    paths = {
        who: subscribe(who, **choices)[0]
        for who, choices in (
            (side.visitor, {}),
            (side.colleague, {}),
            (side.host_clinician, {}),
            (world.theirs.visitor, {"language": "fr"}),
        )
    }
    before = {who: program.get(path) for who, path in paths.items()}
    change(held.give_to, side.colleague)

    after = {who: program.get(path) for who, path in paths.items()}

    changed = {who for who in paths if after[who].data != before[who].data}
    assert changed == {side.visitor, side.colleague}
    assert b"VEVENT" not in after[side.visitor].data
    assert uids(after[side.colleague]) == uids(before[side.visitor])
    for who in (side.host_clinician, world.theirs.visitor):
        assert after[who].headers["Last-Modified"] == before[who].headers["Last-Modified"]


def test_a_feed_without_the_newest_duty_is_newer_not_older(world, program, subscribe, change, held):
    path, _ = subscribe(world.ours.visitor)
    change(held.add_next)
    with_both = program.get(path)
    change(held.drop)
    without = program.get(path)

    assert with_both.data.count(b"BEGIN:VEVENT") == 2
    assert without.data.count(b"BEGIN:VEVENT") == 1
    assert modified(without) > modified(with_both)
    assert program.get(path, If_Modified_Since=with_both.headers["Last-Modified"]).status_code == 200


def test_many_changes_in_one_second_each_move_the_date(world, program, subscribe, change, held):
    path, _ = subscribe(world.ours.visitor)
    dates = [modified(program.get(path))]
    for _ in range(3):
        change(held.move, 1)
        dates.append(modified(program.get(path)))

    assert dates == sorted(set(dates))


def test_a_feed_marked_stale_without_a_change_stays_as_it_was(world, program, subscribe, change):
    path, _ = subscribe(world.ours.visitor)
    before = program.get(path)
    change(lambda: [world.ours.visitor])

    after = program.get(path)

    assert after.data == before.data
    assert after.headers["Last-Modified"] == before.headers["Last-Modified"]


def test_a_stale_feed_that_nobody_made_anew_is_made_when_read(world, program, subscribe, change, held):
    path, _ = subscribe(world.ours.visitor)
    before = program.get(path)
    change(held.move, 1, is_rendered=False)

    after, again = program.get(path), program.get(path)

    assert after.data != before.data
    assert (again.data, again.headers["Last-Modified"]) == (after.data, after.headers["Last-Modified"])


def test_one_feed_in_two_dresses_changes_in_both(world, program, subscribe, change, held):
    paths = [subscribe(world.ours.visitor, **how)[0] for how in ({"language": "fr"}, {"is_private": True}, {})]
    before = [program.get(path).data for path in paths]
    change(held.move, 2)

    after = [program.get(path).data for path in paths]

    assert all(new != old for new, old in zip(after, before, strict=True))
    assert b"SUMMARY:Busy" in after[1]


def test_the_bytes_of_equal_subscriptions_are_kept_once(world, subscribe, app):
    for _ in range(3):
        subscribe(world.ours.visitor)
    with app.app_context():
        assert db.session.query(FeedBytes).filter_by(subject_id=world.ours.visitor).count() == 1


def test_a_new_public_address_of_the_app_shows_in_feeds(world, app, program, subscribe):
    path, _ = subscribe(world.ours.visitor)
    assert b"URL:" not in program.get(path).data

    app.config["PASSERELLE"] = replace(app.config["PASSERELLE"], public_url="https://roster.example")
    render_all(app)

    assert b"URL:https://roster.example/duties/" in program.get(path).data.replace(b"\r\n ", b"")


def test_a_clinician_is_found_by_code_name_or_part_of_it(world, db_session):
    by_code, by_name = find_subject("clinician", "mon1"), find_subject("clinician", "dr visitor hospital mons")

    assert by_code.id == by_name.id == world.ours.visitor
    assert find_subject("clinician", "Colleague Hospital Mons").id == world.ours.colleague
    for unclear in ("visitor", "nobody", ""):
        with pytest.raises(InvalidInput):
            find_subject("clinician", unclear)


def modified(answer):
    return parsedate_to_datetime(answer.headers["Last-Modified"])


def uids(answer):
    return [line for line in answer.data.split(b"\r\n") if line.startswith(b"UID:")]
