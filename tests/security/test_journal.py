"""The journal shows when it was changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select, text, update

from scheduler.extensions import commit, db, transaction
from scheduler.models import JournalEntry
from scheduler.scope import Scope
from scheduler.services import journal

TRIGGERS = "select name from sqlite_master where type = 'trigger' and tbl_name = 'journal_entry'"


@pytest.fixture
def entries(db_session):
    """Five entries, in a database whose guard against changing them was taken away."""
    for name in db_session.scalars(text(TRIGGERS)).all():
        db_session.execute(text(f"drop trigger {name}"))
    made = [
        journal.record(actor=None, deed="test.done", subject="thing", subject_id=i, facts={"at": date(2026, 1, 1)})
        for i in range(5)
    ]
    commit()
    return [entry.id for entry in made]


def test_an_untouched_journal_is_whole(entries):
    assert journal.verify() is None


def test_a_changed_entry_shows(entries, db_session):
    db_session.execute(update(JournalEntry).where(JournalEntry.id == entries[2]).values(facts={"at": "2026-02-01"}))

    assert journal.verify() == entries[2]


def test_a_removed_entry_shows_at_the_one_after_it(entries, db_session):
    db_session.execute(db.delete(JournalEntry).where(JournalEntry.id == entries[1]))

    assert journal.verify() == entries[2]


def test_a_chain_sealed_with_another_key_shows(entries, app, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(app.config, "PASSERELLE", replace(app.config["PASSERELLE"], journal_key="another key"))

    assert journal.verify() == entries[0]


def test_an_entry_keeps_who_and_whose(db_session, world):
    actor = Scope(account_id=world.ours.accounts["coordinator.mons"])

    journal.record(actor=actor, deed="test.done", subject="thing", organisation_ids=[2, 1, 2])

    entry = db_session.scalars(select(JournalEntry)).one()
    assert (entry.actor_id, entry.organisation_ids, entry.previous_hash) == (actor.account_id, [1, 2], journal.START)


def test_writers_at_once_do_not_fork_the_chain(app):
    def write(number):
        with app.app_context():
            for i in range(5):
                with transaction():
                    journal.record(actor=None, deed="test.done", subject="thing", subject_id=10 * number + i)
            db.session.remove()

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(4)))

    with app.app_context():
        assert journal.verify() is None
        assert db.session.query(JournalEntry).count() == 20
