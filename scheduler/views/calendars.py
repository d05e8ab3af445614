"""My calendar: choose a calendar, get its secret address once, renew and revoke it; help, and all addresses in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import segno
from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import Config
from scheduler.duties import Subject
from scheduler.errors import Conflict, InvalidInput, NotFound
from scheduler.feeds import FEEDS, FEEDS_BY_ID, Feed
from scheduler.feeds.addresses import DELAYS, feed_path, links_of, program_of, public_path
from scheduler.feeds.guide import CHOICES, TOPICS, address_forms, size_advice
from scheduler.forms.calendars import SubscribeForm
from scheduler.i18n import LANGUAGE_NAMES, current_language, shown, translate
from scheduler.queries.calendar_addresses import (
    AddressRow,
    list_organisation_addresses,
    list_own_addresses,
    load_own_address,
    organisation_names,
)
from scheduler.queries.feed_subjects import list_subjects
from scheduler.queries.feeds import newest_subscription_id
from scheduler.queries.paging import matching
from scheduler.queries.public_calendars import PublicCalendar, list_public_calendars
from scheduler.security import SIGNED_IN, access, current_scope
from scheduler.services import feeds
from scheduler.text import N_
from scheduler.views.feeds import fetch_log
from scheduler.views.lists import number_asked, page_asked, pagination, words_asked

blueprint = Blueprint("calendars", __name__)

SHOWN = 40
"""Calendars of one kind that are listed; more are found by name."""
OPTION_TAGS = {
    "busy": N_("busy only"),
    "travel": N_("with travel"),
    "leave": N_("with leave"),
    "cancelled": N_("with what was cancelled"),
}
"""What the options of a subscription are called in lists."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A calendar that the account may subscribe to through one of its organisations."""

    feed: Feed
    subject: Subject
    through: int

    @property
    def title(self) -> str:
        """The calendar's name for the reader."""
        return self.feed.name_of(self.subject, translate)

    @property
    def name(self) -> str:
        """The name of what it is about."""
        return shown(self.subject.name)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The calendars of one kind that fit what is looked for; ``more`` of them are not listed."""

    feed: Feed
    offers: tuple[Offer, ...]
    more: int


@blueprint.get("/my-calendar")
@access(SIGNED_IN)
def show() -> ResponseReturnValue:
    """List the account's addresses and offer to make another."""
    own = _own_offer()
    others = _others(own)
    return render_template(
        "calendars/my_calendar.html",
        own=own,
        form=_form_of(own) if own else None,
        shelves=_shelves(others),
        kinds=list(others),
        kind=request.args.get("kind", ""),
        find=words_asked(),
        is_filtered=bool(request.args.get("kind") or words_asked()),
        organisations=organisation_names(current_scope().organisation_ids),
        rows=[_with_waiting(row) for row in list_own_addresses(current_scope())],
        delays=DELAYS,
        administers=current_scope().has_role("administrator"),
        **_words(),
    )


@blueprint.get("/my-calendar/new")
@access(SIGNED_IN)
def new() -> ResponseReturnValue:
    """Ask how the calendar that the address names is to be shown."""
    offer = _offer(request.args.get("feed", ""), number_asked("subject", 0), number_asked("through", 0))
    return _form_page(_form_of(offer), offer)


@blueprint.post("/my-calendar/create")
@access(SIGNED_IN)
def create() -> ResponseReturnValue:
    """Make an address and show it, this once."""
    form = SubscribeForm()
    if not form.validate():
        return _refused(form)
    try:
        subscription, token = feeds.create_subscription(
            actor=current_scope(),
            feed=form.feed.data or "",
            subject_id=form.subject.data or 0,
            organisation_id=form.through.data or None,
            variant=form.variant(),
            label=form.label.data or "",
            newest=form.newest.data,
        )
    except Conflict as error:
        return _sent_before(error)
    except InvalidInput as error:
        _tell(form, error)
        return _refused(form)
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
    """End a subscription of one's own."""
    load_own_address(current_scope(), subscription_id)
    feeds.revoke(actor=current_scope(), subscription_id=subscription_id)
    flash(_("The calendar address no longer works."))
    return redirect(url_for("calendars.show"), code=303)


@blueprint.get("/calendar-addresses")
@access("administrator")
def addresses() -> ResponseReturnValue:
    """List all addresses in use that were made through an organisation the account administers."""
    page = list_organisation_addresses(current_scope(), wanted=words_asked(), page=page_asked(), text_of=_text_of)
    return render_template(
        "calendars/addresses.html",
        page=page.with_rows(_with_waiting(row) for row in page.rows),
        pagination=pagination(page),
        find=words_asked(),
        **_words(),
    )


@blueprint.post("/calendar-addresses/<int:subscription_id>/revoke")
@access("administrator")
def revoke_for_organisation(subscription_id: int) -> ResponseReturnValue:
    """End someone's subscription that was made through an organisation the account administers."""
    feeds.revoke(actor=current_scope(), subscription_id=subscription_id)
    flash(_("The calendar address no longer works."))
    return redirect(url_for("calendars.addresses", find=words_asked() or None), code=303)


@blueprint.get("/calendars-explained")
@access(SIGNED_IN)
def explain() -> ResponseReturnValue:
    """Explain each calendar, who may subscribe to it, and what an address means."""
    return render_template(
        "calendars/explained.html",
        feeds=[(feed, size_advice(feed), address_forms(feed)) for feed in FEEDS],
        choices=CHOICES,
        topics=TOPICS,
        public=[(one, _public_addresses(one)) for one in list_public_calendars()],
    )


@blueprint.app_template_filter("calendar_name")
def name_of(row: AddressRow) -> str:
    """Give the name of a row's calendar in the reader's language."""
    if row.subject is None:
        return _("A calendar of something that is no more")
    return FEEDS_BY_ID[row.feed].name_of(row.subject, translate)


def _text_of(row: AddressRow) -> str:
    """Give what the reader sees of a row, to look for words in it."""
    return " ".join((name_of(row), row.label, row.made_by, program_of(row.fetched_by)))


def _public_addresses(calendar: PublicCalendar) -> list[tuple[str, str]]:
    """Give what each public calendar of a zone shows, and its address."""
    pairs = [(_("All consultations"), ""), *((shown(name), name) for name in calendar.specialties)]
    return [
        (title, f"{_base_url()}{public_path(calendar.zone_code, care)}?lang={current_language()}")
        for title, care in pairs
    ]


def _base_url() -> str:
    config: Config = current_app.config["PASSERELLE"]
    return config.public_url or request.url_root.rstrip("/")


def _sent_before(error: Conflict) -> ResponseReturnValue:
    """Answer a form that was sent again, as by loading the page of an address again."""
    flash(translate(error.said), "warn")
    return redirect(url_for("calendars.show"), code=303)


def _tell(form: SubscribeForm, error: InvalidInput) -> None:
    """Put what the service found wrong beside the field that it means."""
    for name, said in error.problems.items():
        if name in form:
            form[name].errors = [*form[name].errors, translate(said)]
        else:
            form.form_errors.append(translate(said))


def _refused(form: SubscribeForm) -> ResponseReturnValue:
    """Show the form again with what is wrong."""
    return _form_page(form, _offer(form.feed.data, form.subject.data or 0, form.through.data or 0), status=422)


def _form_page(form: SubscribeForm, offer: Offer, status: int = 200) -> ResponseReturnValue:
    return render_template("calendars/new.html", form=form, offer=offer), status


def _form_of(offer: Offer) -> SubscribeForm:
    return SubscribeForm(
        formdata=None,
        data={
            "feed": offer.feed.id,
            "subject": offer.subject.id,
            "through": offer.through,
            "newest": newest_subscription_id(current_scope()),
            "language": current_language(),
        },
    )


def _offer(feed_id: str, subject_id: int | None, through: int | None) -> Offer:
    """Find a calendar among those that the account may subscribe to; no organisation named: the first that may."""
    for offer in _offers(feed_id):
        if offer.subject.id == subject_id and through in (offer.through, 0):
            return offer
    raise NotFound()


def _offers(feed_id: str) -> list[Offer]:
    feed = FEEDS_BY_ID.get(feed_id)
    if feed is None:
        return []
    return [Offer(feed, subject, through) for subject, through in list_subjects(current_scope(), feed.id)]


def _own_offer() -> Offer | None:
    """Give the calendar of the account's own clinician."""
    own = current_scope().clinician_id
    return next((offer for offer in _offers("clinician") if offer.subject.id == own), None) if own else None


def _others(own: Offer | None) -> dict[Feed, list[Offer]]:
    """Give what else may be subscribed to, by kind; kinds without any are left out."""
    offers = {feed: [one for one in _offers(feed.id) if own is None or one.subject != own.subject] for feed in FEEDS}
    return {feed: some for feed, some in offers.items() if some}


def _shelves(others: Mapping[Feed, Sequence[Offer]]) -> list[Shelf]:
    """Give what fits what is looked for."""
    kind, wanted = request.args.get("kind", ""), words_asked()
    shelves = []
    for feed, offers in others.items():
        fitting = matching(offers, wanted, lambda offer: offer.name) if kind in ("", feed.id) else []
        if fitting:
            shelves.append(Shelf(feed, tuple(fitting[:SHOWN]), max(0, len(fitting) - SHOWN)))
    return shelves


def _address_page(subscription_id: int, token: str) -> Response:
    """Show an address.

    It is the answer to the POST itself: a redirect would carry the secret in a cookie or an address.
    """
    row = load_own_address(current_scope(), subscription_id)
    title = name_of(row)
    links = links_of(
        _base_url(),
        feed_path(token, row.subject.name if row.subject is not None else ""),
        title,
    )
    picture = segno.make(links.webcal, error="m", micro=False).svg_data_uri(
        scale=5, border=3, light="white", svgclass=None, lineclass=None
    )
    response = make_response(
        render_template(
            "calendars/address.html",
            row=row,
            title=title,
            feed=FEEDS_BY_ID[row.feed],
            links=links,
            picture=picture,
            **_words(),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _words() -> dict[str, object]:
    """Give what options and languages are called."""
    return {"option_tags": OPTION_TAGS, "language_names": LANGUAGE_NAMES}


def _with_waiting(row: AddressRow) -> AddressRow:
    """Give the row with the fetches that are not written down yet, and its program by name."""
    waiting = fetch_log().waiting(row.id)
    if waiting and waiting.address.startswith(row.mark):
        row = replace(
            row,
            fetched_at=waiting.fetched_at,
            fetched_by=waiting.fetched_by,
            fetch_count=row.fetch_count + waiting.count,
            stops_at=None,
        )
    return replace(row, fetched_by=program_of(row.fetched_by))
