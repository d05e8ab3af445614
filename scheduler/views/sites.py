"""The pages of sites: a list, and one page each with rooms, closures, travel and zones."""

from babel.dates import get_day_names
from flask import Blueprint, render_template, request
from flask_babel import get_locale

from scheduler.queries.sites import list_sites, load_site
from scheduler.security import PLATFORM, access, current_scope
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
    names = get_day_names("abbreviated", locale=get_locale())
    return render_template(
        "sites/site.html",
        site=load_site(current_scope(), site_id),
        weekdays={number + 1: names[number] for number in range(7)},
    )
