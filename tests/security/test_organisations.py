"""Only the platform administrator and the command line make organisations."""

import pytest

from scheduler.errors import Conflict, InvalidInput, NotAllowed
from scheduler.models import JournalEntry, Organisation
from scheduler.scope import Scope
from scheduler.services.organisations import create_organisation

VALID = {"code": "LILLE", "name": "CHU de Lille", "country": "FR"}


def test_the_platform_administrator_makes_one_and_the_journal_tells(db_session, world):
    actor = Scope(account_id=world.platform, is_platform_administrator=True)

    made = create_organisation(actor=actor, **VALID)

    entry = db_session.query(JournalEntry).one()
    assert (entry.deed, entry.subject_id, entry.actor_id) == ("organisation.created", made.id, world.platform)


def test_an_administrator_of_a_hospital_makes_none(db_session, world):
    actor = Scope(account_id=1, roles=((world.ours.home, "administrator"),))

    with pytest.raises(NotAllowed):
        create_organisation(actor=actor, **VALID)


@pytest.mark.parametrize("wrong", [{"code": "lille"}, {"code": "L"}, {"country": "France"}, {"name": " "}])
def test_values_that_cannot_be_used_are_refused(db_session, wrong):
    with pytest.raises(InvalidInput):
        create_organisation(actor=None, **VALID | wrong)


def test_a_code_is_taken_once(db_session, world):
    with pytest.raises(Conflict):
        create_organisation(actor=None, **VALID | {"code": "MONS"})


def test_the_command_line_makes_one(app, db_session):
    result = app.test_cli_runner().invoke(
        args=["organisation", "create", "LILLE", "--name", "CHU de Lille", "--country", "FR"]
    )

    assert result.exit_code == 0, result.output
    assert db_session.query(Organisation).one().name == "CHU de Lille"
