"""My calendar: secret addresses of calendars, shown once, renewed and revoked."""

from dataclasses import replace

import segno
from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import Config
from scheduler import clock
from scheduler.errors import Conflict, InvalidInput
from scheduler.extensions import write_later
from scheduler.feeds.addresses import DELAYS, feed_path, links_of, program_of
from scheduler.forms.calendars import SubscribeForm
from scheduler.i18n import LANGUAGE_NAMES, current_language, translate
from scheduler.queries.feeds import (
    FeedOwner,
    SubscriptionRow,
    list_subscriptions,
    load_subscription,
    newest_subscription_id,
    subscribable,
)
from scheduler.security import SIGNED_IN, access, current_scope
from scheduler.services import feeds
from scheduler.views.feeds import fetch_log

blueprint = Blueprint("calendars", __name__)


@blueprint.get("/my-calendar")
@access(SIGNED_IN)
def show() -> ResponseReturnValue:
    """List the account's subscriptions and offer to make another."""
    owners = subscribable(current_scope())
    form = SubscribeForm(formdata=None, data={"language": current_language()})
    for statement in fetch_log().take_due(clock.now()):
        write_later(statement)
    return _page(form, owners)


@blueprint.post("/my-calendar/create")
@access(SIGNED_IN)
def create() -> ResponseReturnValue:
    """Make an address and show it, this once."""
    owners = subscribable(current_scope())
    form = SubscribeForm()
    form.offer(_choices(owners))
    if not form.validate():
        return _page(form, owners), 422
    try:
        subscription, token = feeds.create_subscription(
            actor=current_scope(),
            clinician_id=form.clinician.data,
            language=form.language.data,
            is_private=form.is_private.data,
            label=form.label.data or "",
            newest=form.newest.data,
        )
    except Conflict as error:
        return _sent_before(error)
    except InvalidInput as error:
        form.form_errors.extend(translate(said) for said in error.problems.values())
        return _page(form, owners), error.status
    return _address_page(subscription.id, token)


@blueprint.post("/my-calendar/<int:subscription_id>/rotate")
@access(SIGNED_IN)
def rotate(subscription_id: int) -> ResponseReturnValue:
    """Replace an address and show the new one, this once."""
    mark = request.form.get("mark", "")
    try:
        token = feeds.rotate(actor=current_scope(), subscription_id=subscription_id, mark=mark)
    except Conflict as error:
        return _sent_before(error)
    return _address_page(subscription_id, token)


@blueprint.post("/my-calendar/<int:subscription_id>/revoke")
@access(SIGNED_IN)
def revoke(subscription_id: int) -> ResponseReturnValue:
    """End a subscription."""
    feeds.revoke(actor=current_scope(), subscription_id=subscription_id)
    flash(_("The calendar address no longer works."))
    return redirect(url_for("calendars.show"), code=303)


def _sent_before(error: Conflict) -> ResponseReturnValue:
    """Answer a form that was sent again, as by loading the page of an address again."""
    flash(translate(error.said), "warn")
    return redirect(url_for("calendars.show"), code=303)


def _page(form: SubscribeForm, owners: tuple[FeedOwner, ...]) -> str:
    form.offer(_choices(owners))
    rows = [_with_waiting(row) for row in list_subscriptions(current_scope())]
    return render_template(
        "calendars/my_calendar.html",
        form=form,
        owners=owners,
        rows=rows,
        newest=newest_subscription_id(current_scope()),
        delays=DELAYS,
        language_names=LANGUAGE_NAMES,
    )


def _address_page(subscription_id: int, token: str) -> Response:
    """Show an address.

    It is the answer to the POST itself: a redirect would carry the secret in a cookie or an address.
    """
    row = load_subscription(current_scope(), subscription_id)
    path = feed_path(token, row.clinician_name)
    config: Config = current_app.config["PASSERELLE"]
    links = links_of(
        config.public_url or request.url_root.rstrip("/"),
        path,
        _("Roster – %(name)s", name=row.clinician_name),
    )
    picture = segno.make(links.webcal, error="m", micro=False).svg_data_uri(
        scale=5, border=3, light="white", svgclass=None, lineclass=None
    )
    response = make_response(render_template("calendars/address.html", row=row, links=links, picture=picture))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _choices(owners: tuple[FeedOwner, ...]) -> list[tuple[int, str]]:
    return [(owner.id, owner.name) for owner in owners]


def _with_waiting(row: SubscriptionRow) -> SubscriptionRow:
    """Give the row with the fetches that are not written down yet, and its program by name."""
    waiting = fetch_log().waiting(row.id)
    if waiting:
        row = replace(
            row,
            fetched_at=waiting.fetched_at,
            fetched_by=waiting.fetched_by,
            fetch_count=row.fetch_count + waiting.count,
        )
    return replace(row, fetched_by=program_of(row.fetched_by))
