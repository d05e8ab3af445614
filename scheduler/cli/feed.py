"""``flask feed``: calendar addresses from the command line."""

import click

from config import LANGUAGES
from scheduler.cli import in_transaction
from scheduler.feeds.addresses import feed_path, program_of
from scheduler.queries.feeds import find_clinician, language_of, list_all_subscriptions
from scheduler.services import feeds
from scheduler.services.feed_bytes import write_feed

group = click.Group("feed", help="Make, show and revoke calendar addresses.")
_clinician = click.option(
    "--clinician", required=True, help="The clinician's name or code, or a part of the name that no other has."
)
_language = click.option(
    "--language", type=click.Choice(list(LANGUAGES)), help="That of the clinician's account when left out."
)
_private = click.option("--private", "is_private", is_flag=True, help="Show when, not where or with whom.")


@group.command("url")
@_clinician
@_language
@_private
@click.option("--label", default="", help="What it is for.")
@in_transaction
def make_url(clinician: str, language: str | None, label: str, *, is_private: bool) -> None:
    """Make a secret address of a clinician's calendar; its path is the last line."""
    owner = find_clinician(clinician)
    subscription, token = feeds.create_subscription(
        actor=None,
        clinician_id=owner.id,
        language=language or language_of(owner.id),
        is_private=is_private,
        label=label,
    )
    click.echo(f"Subscription {subscription.id} shows the duties of {owner.name} to whoever has this address:")
    click.echo(feed_path(token, owner.name))


@group.command("show")
@_clinician
@_language
@_private
@in_transaction
def show(clinician: str, language: str | None, *, is_private: bool) -> None:
    """Write a clinician's calendar as it is now, without making an address."""
    owner = find_clinician(clinician)
    body = write_feed(owner, language or language_of(owner.id), is_private=is_private)
    click.echo(body.decode(), nl=False)


@group.command("list")
@in_transaction
def list_all() -> None:
    """List all subscriptions: id, clinician, language, label, fetches, program."""
    for row in list_all_subscriptions():
        fetches = f"{row.fetch_count} fetches"
        click.echo(
            "\t".join((str(row.id), row.clinician_name, row.language, row.label, fetches, program_of(row.fetched_by)))
        )


@group.command("revoke")
@click.argument("subscription_id", type=int)
@in_transaction
def revoke(subscription_id: int) -> None:
    """End a subscription; its address is dead at once."""
    feeds.revoke(actor=None, subscription_id=subscription_id)
    click.echo(f"Subscription {subscription_id} is revoked.")
