"""``flask account``: accounts from the command line."""

import click
from sqlalchemy import select

from scheduler.cli import in_transaction
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import ACCESS_ROLES, Account, Organisation
from scheduler.queries.accounts import find_account, list_accounts
from scheduler.services import accounts

group = click.Group("account", help="Make, list and change accounts.")
_password = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when left out."
)


@group.command("create-admin")
@click.argument("login")
@click.option("--name", default="", help="The person's name; the login when left out.")
@_password
@in_transaction
def create_admin(login: str, name: str, password: str) -> None:
    """Make a platform administrator: creates organisations, sees no rosters."""
    accounts.create_admin(login=login, name=name, password=password)
    click.echo(f"{login} is a platform administrator now.")


@group.command("create")
@click.argument("login")
@click.option("--name", default="", help="The person's name; the login when left out.")
@click.option("--organisation", required=True, help="The organisation's code.")
@click.option("--role", type=click.Choice(ACCESS_ROLES), required=True)
@click.option("--language", default="en", show_default=True)
@_password
@in_transaction
def create(login: str, name: str, organisation: str, role: str, language: str, password: str) -> None:
    """Make an account with a role in an organisation."""
    found = db.session.scalar(select(Organisation).where(Organisation.code == organisation))
    if found is None:
        raise NotFound(f"There is no organisation {organisation}.")
    accounts.create_account(
        actor=None, login=login, name=name, password=password, language=language, roles={found.id: role}
    )
    click.echo(f"{login} is {role} of {found.name} now.")


@group.command("list")
@in_transaction
def list_all() -> None:
    """List all accounts with their roles."""
    for account in list_accounts():
        click.echo("\t".join((account.login, _roles(account), "disabled" if account.disabled_at else "active")))


@group.command("set-password")
@click.argument("login")
@_password
@in_transaction
def set_password(login: str, password: str) -> None:
    """Give an account a new password; its browsers are signed out."""
    accounts.set_password(actor=None, account_id=_find(login).id, password=password)
    click.echo(f"{login} has a new password and is signed out everywhere.")


@group.command("disable")
@click.argument("login")
@in_transaction
def disable(login: str) -> None:
    """Let an account sign in no more."""
    accounts.disable(actor=None, account_id=_find(login).id)
    click.echo(f"{login} cannot sign in any more.")


def _find(login: str) -> Account:
    account = find_account(login)
    if account is None:
        raise NotFound(f"There is no account {login}.")
    return account


def _roles(account: Account) -> str:
    roles = [f"{grant.role} of {grant.organisation.code}" for grant in account.grants]
    if account.is_platform_administrator:
        roles.insert(0, "platform administrator")
    return ", ".join(roles) or "no role"
