"""``flask feed``: calendar addresses from the command line."""

from collections.abc import Callable
from typing import Any

import click
from flask import current_app

from config import LANGUAGES
from scheduler.cli import in_transaction
from scheduler.duties import Subject
from scheduler.errors import InvalidInput
from scheduler.feeds import FEEDS, feed_of
from scheduler.feeds.addresses import feed_path, program_of
from scheduler.feeds.variants import OPTIONS, Variant
from scheduler.queries.feeds import FeedKey, find_organisation_id, find_subject, language_of, list_all_subscriptions
from scheduler.rendering import render_all
from scheduler.services import feeds
from scheduler.services.feed_bytes import write_feed
from scheduler.text import N_

group = click.Group("feed", help="Make, show and revoke calendar addresses.")
KINDS = [feed.id for feed in FEEDS if feed.events != "public"]
WHAT = N_("Say whose or which calendar it is to be: --clinician, or --feed and --subject.")
WHOSE = N_("Say whose view of this calendar it shall be: --organisation.")


def _which(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which calendar is meant, and in which dress."""
    for option in (
        click.option("--clinician", default="", help="A clinician's name or code, or a part that no other name has."),
        click.option("--feed", "kind", type=click.Choice(KINDS), default="clinician", help="The kind of calendar."),
        click.option("--subject", default="", help="What a calendar of another kind is about: a name or code."),
        click.option("--organisation", default="", help="Code of the organisation whose view it is."),
        click.option("--language", type=click.Choice(list(LANGUAGES)), help="English, or that of the clinician."),
        click.option("--private", "busy", is_flag=True, help="Show when, not where or with whom."),
        click.option("--travel", is_flag=True, help="Show the time on the road."),
        click.option("--leave", is_flag=True, help="Show days away."),
        click.option("--cancelled", is_flag=True, help="Show what was cancelled, for 14 days."),
    ):
        command = option(command)
    return command


@group.command("url")
@_which
@click.option("--label", default="", help="What it is for.")
@in_transaction
def make_url(label: str, **which: Any) -> None:
    """Make a secret address of a calendar; its path is the last line."""
    subject, variant = _subject(which), _variant(which)
    organisation_id = find_organisation_id(which["organisation"]) if which["organisation"] else None
    subscription, token = feeds.create_subscription(
        actor=None,
        feed=subject.kind,
        subject_id=subject.id,
        variant=variant,
        label=label,
        organisation_id=organisation_id,
    )
    click.echo(f"Subscription {subscription.id} shows “{subject.name}” to whoever has this address:")
    click.echo(feed_path(token, subject.name))


@group.command("show")
@_which
@in_transaction
def show(**which: Any) -> None:
    """Write a calendar as it is now, without making an address."""
    subject, variant = _subject(which), _variant(which)
    viewer_id = 0
    if feed_of(subject.kind).is_scoped:
        if not which["organisation"]:
            raise InvalidInput(WHOSE)
        viewer_id = find_organisation_id(which["organisation"])
    key = FeedKey(subject.kind, subject.id, viewer_id, 0, variant.language, variant.options)
    click.echo(write_feed(key).decode(), nl=False)


@group.command("list")
@in_transaction
def list_all() -> None:
    """List all subscriptions: id, kind, of what, language, options, label, fetches, program."""
    for row in list_all_subscriptions():
        fetches = f"{row.fetch_count} fetches"
        cells = (row.feed, row.name, row.language, row.options, row.label, fetches, program_of(row.fetched_by))
        click.echo("\t".join((str(row.id), *cells)))


@group.command("revoke")
@click.argument("subscription_id", type=int)
@in_transaction
def revoke(subscription_id: int) -> None:
    """End a subscription; its address is dead at once."""
    feeds.revoke(actor=None, subscription_id=subscription_id)
    click.echo(f"Subscription {subscription_id} is revoked.")


@group.command("render")
def render() -> None:
    """Make the calendars anew that wait for it."""
    count = render_all(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(f"{count} calendars were made anew.")


def _subject(which: dict[str, Any]) -> Subject:
    if which["clinician"]:
        return find_subject("clinician", which["clinician"])
    if not which["subject"]:
        raise InvalidInput(WHAT)
    return find_subject(which["kind"], which["subject"])


def _variant(which: dict[str, Any]) -> Variant:
    language = which["language"]
    if language is None:
        subject = _subject(which)
        language = language_of(subject.id) if subject.kind == "clinician" else "en"
    return Variant.of(language, ",".join(option for option in OPTIONS if which[option]))
