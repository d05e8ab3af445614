"""``flask demo``: the demonstration hospitals from the command line."""

import click

from scheduler.cli import in_transaction
from scheduler.demo.load import load_demonstration, renew_password

group = click.Group("demo", help="Load the demonstration, and make its password anew.")


@group.command("load")
@in_transaction
def load() -> None:
    """Load hospitals, people and agreements of the demonstration; a second time it adds nothing."""
    loaded = load_demonstration()
    click.echo(str(loaded))
    if loaded.password is not None:
        click.echo(f"Password of all demonstration accounts, shown this once: {loaded.password}")


@group.command("password")
@click.option("--new", is_flag=True, required=True, help="Make a new one; the old one ends.")
@in_transaction
def password(new: bool) -> None:
    """Give all demonstration accounts one new password and show it once."""
    click.echo(f"Password of all demonstration accounts, shown this once: {renew_password()}")
