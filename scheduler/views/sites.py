"""The pages of sites: a list, and one page each with rooms, closures, travel and zones; other names for both."""

from babel.dates import get_day_names
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from scheduler.errors import Conflict, InvalidInput
from scheduler.forms.names import NameForm
from scheduler.queries.sites import SiteFacts, list_sites, load_site
from scheduler.security import PLATFORM, access, current_scope
from scheduler.services import renaming
from scheduler.views.lists import page_asked, pagination, words_asked

blueprint = Blueprint("sites", __name__)
COUNTRIES = ("BE", "FR", "LU", "DE", "NL")
"""Countries to choose from."""


@blueprint.get("/sites")
@access("coordinator", "administrator", "manager", PLATFORM)
def index() -> str:
    """List the sites in sight."""
    country = request.args.get("country", "")
    page = list_sites(current_scope(), wanted=words_asked(), country=country, page=page_asked())
    return render_template(
        "sites/index.html",
        page=page,
        pagination=pagination(page),
        find=words_asked(),
        country=country,
        countries=COUNTRIES,
        is_filtered=bool(words_asked() or country),
    )


@blueprint.get("/sites/<int:site_id>")
@access("coordinator", "administrator", "manager", "clinician", PLATFORM)
def show(site_id: int) -> str:
    """Show one site."""
    site = load_site(current_scope(), site_id)
    return _page(site, _forms(site))


@blueprint.post("/sites/<int:site_id>/rename")
@access("coordinator", "administrator")
def rename(site_id: int) -> ResponseReturnValue:
    """Give a site another name."""
    form = NameForm()
    try:
        renaming.rename_site(actor=current_scope(), site_id=site_id, name=form.name.data or "", known=form.known.data)
    except (InvalidInput, Conflict) as error:
        return _page_with(site_id, form, error), error.status
    return _saved(site_id)


@blueprint.post("/sites/<int:site_id>/rooms/<int:room_id>/rename")
@access("coordinator", "administrator")
def rename_room(site_id: int, room_id: int) -> ResponseReturnValue:
    """Give a room of a site another name."""
    form = NameForm()
    load_site(current_scope(), site_id).room(room_id)
    try:
        renaming.rename_room(actor=current_scope(), room_id=room_id, name=form.name.data or "", known=form.known.data)
    except (InvalidInput, Conflict) as error:
        return _page_with(site_id, form, error, room_id=room_id), error.status
    return _saved(site_id)


def _saved(site_id: int) -> ResponseReturnValue:
    flash(_("The name is saved. Calendars show it when they are next fetched."))
    return redirect(url_for("sites.show", site_id=site_id), code=303)


def _page_with(site_id: int, form: NameForm, error: InvalidInput | Conflict, *, room_id: int | None = None) -> str:
    """Show the site with what is wrong in one of its forms."""
    site = load_site(current_scope(), site_id)
    form.place(_mark(room_id))
    form.tell(error, present=site.name if room_id is None else site.room(room_id).name)
    return _page(site, {**_forms(site), room_id: form}, wrong=form)


def _forms(site: SiteFacts) -> dict[int | None, NameForm]:
    """Give the forms by id of the room, that of the site itself under None, to whoever may rename."""
    if not site.can_rename:
        return {}
    names: dict[int | None, str] = {None: site.name, **{room.id: room.name for room in site.rooms}}
    return {room_id: NameForm.showing(name, mark=_mark(room_id)) for room_id, name in names.items()}


def _mark(room_id: int | None) -> str:
    return "site" if room_id is None else f"room-{room_id}"


def _page(site: SiteFacts, forms: dict[int | None, NameForm], *, wrong: NameForm | None = None) -> str:
    names = get_day_names("abbreviated", locale=get_locale())
    return render_template(
        "sites/site.html",
        site=site,
        forms=forms,
        wrong=wrong,
        weekdays={number + 1: names[number] for number in range(7)},
    )
