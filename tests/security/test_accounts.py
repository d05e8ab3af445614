"""Accounts by service and command line."""

import pytest

from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.models import Account, JournalEntry
from scheduler.scope import Scope
from scheduler.services import accounts
from tests.factories import PASSWORD


@pytest.fixture
def run(app, db_session):
    """Run ``flask`` with arguments and give the result."""

    def invoke(*arguments, **options):
        return app.test_cli_runner().invoke(args=list(arguments), **options)

    return invoke


def administrator_of(*organisation_ids):
    return Scope(account_id=1, roles=tuple((one, "administrator") for one in organisation_ids))


def test_a_platform_administrator_is_made_from_the_command_line(run, db_session):
    result = run("account", "create-admin", "root.admin", "--password", PASSWORD)

    assert result.exit_code == 0, result.output
    assert "platform administrator" in result.output
    assert db_session.query(Account).one().is_platform_administrator


def test_the_password_is_asked_for_twice_when_left_out(run, db_session):
    result = run("account", "create-admin", "root.admin", input=f"{PASSWORD}\n{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output


def test_a_short_password_is_refused_with_exit_code_1_and_nothing_is_kept(run, db_session):
    result = run("account", "create-admin", "root.admin", "--password", "short")

    assert result.exit_code == 1
    assert "A password has 12 to 256 characters." in result.output
    assert db_session.query(Account).count() == 0


def test_accounts_are_listed_with_their_roles(run, world):
    result = run("account", "list")

    assert "coordinator.mons\tcoordinator of MONS\tactive" in result.output
    assert "platform\tplatform administrator\tactive" in result.output


def test_an_account_is_made_with_a_role(run, world, db_session):
    result = run(
        *("account", "create", "new.one", "--organisation", "MONS", "--role", "manager", "--password", PASSWORD)
    )

    assert result.exit_code == 0, result.output
    grants = db_session.query(Account).filter_by(login="new.one").one().grants
    assert [(grant.organisation_id, grant.role) for grant in grants] == [(world.ours.home, "manager")]


def test_a_password_is_changed_from_the_command_line(run, world):
    assert run("account", "set-password", "coordinator.mons", "--password", "a new password of length").exit_code == 0

    def opens(password):
        return accounts.find_by_password("coordinator.mons", password, demonstration_allowed=True)

    assert opens("a new password of length")
    assert not opens(PASSWORD)


def test_commands_name_an_account_that_is_not_there(run, db_session):
    result = run("account", "disable", "nobody.here")

    assert result.exit_code == 1
    assert "There is no account nobody.here." in result.output


def test_a_login_is_taken_once(db_session, world):
    with pytest.raises(Conflict):
        accounts.create_account(actor=None, login="coordinator.mons", name="", password=PASSWORD)


def test_an_administrator_gives_roles_in_the_own_organisation_alone(db_session, world):
    actor, account_id = administrator_of(world.ours.home), world.ours.accounts["manager.mons"]

    accounts.grant_role(actor=actor, account_id=account_id, organisation_id=world.ours.home, role="coordinator")

    with pytest.raises(NotAllowed):
        accounts.grant_role(actor=actor, account_id=account_id, organisation_id=world.ours.host, role="coordinator")


def test_a_coordinator_gives_no_roles(db_session, world):
    actor = Scope(account_id=1, roles=((world.ours.home, "coordinator"),))

    with pytest.raises(NotAllowed):
        accounts.grant_role(actor=actor, account_id=1, organisation_id=world.ours.home, role="administrator")


def test_the_platform_administrator_gets_no_role_that_shows_rosters(db_session, world):
    with pytest.raises(NotAllowed):
        accounts.grant_role(actor=None, account_id=world.platform, organisation_id=world.ours.home, role="coordinator")


def test_an_account_has_one_role_in_an_organisation(db_session, world):
    account_id = world.ours.accounts["manager.mons"]

    accounts.grant_role(actor=None, account_id=account_id, organisation_id=world.ours.home, role="coordinator")

    assert [grant.role for grant in db_session.get(Account, account_id).grants] == ["coordinator"]


def test_unknown_roles_languages_and_accounts_are_refused(db_session, world):
    account_id = world.ours.accounts["manager.mons"]

    with pytest.raises(InvalidInput):
        accounts.grant_role(actor=None, account_id=account_id, organisation_id=world.ours.home, role="king")
    with pytest.raises(InvalidInput):
        accounts.change_language(account_id=account_id, language="tlh")
    with pytest.raises(NotFound):
        accounts.set_password(actor=None, account_id=999_999, password=PASSWORD)


def test_what_is_done_to_accounts_stands_in_the_journal_without_names(db_session, world):
    accounts.disable(actor=None, account_id=world.ours.accounts["manager.mons"])

    entry = db_session.query(JournalEntry).one()
    assert (entry.deed, entry.organisation_ids) == ("account.disabled", [world.ours.home])
    assert "manager" not in str(entry.facts)


@pytest.mark.parametrize("deed", ["set_password", "disable", "grant_role"])
def test_an_administrator_cannot_touch_an_account_that_reaches_further(db_session, world, deed):
    """With its password one would get at what the other hospital keeps."""
    account_id = world.ours.accounts["manager.mons"]
    accounts.grant_role(actor=None, account_id=account_id, organisation_id=world.ours.host, role="coordinator")
    if deed == "grant_role":
        account_id = world.theirs.accounts["manager.tourcoing"]
    more = {"set_password": {"password": "another long password"}}
    more["grant_role"] = {"organisation_id": world.ours.home, "role": "manager"}

    with pytest.raises(NotAllowed):
        getattr(accounts, deed)(actor=administrator_of(world.ours.home), account_id=account_id, **more.get(deed, {}))


def test_everyone_may_change_the_own_password(db_session, world):
    account_id = world.ours.accounts["manager.mons"]

    accounts.set_password(actor=Scope(account_id=account_id), account_id=account_id, password="another long password")

    assert accounts.find_by_password("manager.mons", "another long password", demonstration_allowed=True)
