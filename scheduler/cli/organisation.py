"""``flask organisation``: organisations from the command line."""

import click

from scheduler.cli import in_transaction
from scheduler.services.organisations import create_organisation

group = click.Group("organisation", help="Make organisations.")


@group.command("create")
@click.argument("code")
@click.option("--name", required=True, help="The name as people know it.")
@click.option("--country", required=True, help="Two letters, such as BE.")
@in_transaction
def create(code: str, name: str, country: str) -> None:
    """Make an organisation; its administrator is made by ``account create``."""
    organisation = create_organisation(actor=None, code=code, name=name, country=country)
    click.echo(f"{organisation.name} ({organisation.code}) is there now.")
