"""The pages of clinicians: a list to look someone up, and one page each."""

from datetime import timedelta

from flask import Blueprint, render_template, request

from scheduler import clock
from scheduler.queries import clinicians as people
from scheduler.queries.sites import list_site_names
from scheduler.security import SIGNED_IN, access, current_scope
from scheduler.views.lists import number_asked, page_asked, pagination, words_asked

blueprint = Blueprint("clinicians", __name__)
DUTIES_AHEAD = timedelta(weeks=4)
"""How far ahead a clinician's page shows duties."""


@blueprint.get("/clinicians")
@access("coordinator", "administrator", "manager")
def index() -> str:
    """List the clinicians in sight."""
    scope = current_scope()
    specialty = request.args.get("specialty", "")
    site_id = number_asked("site")
    page = people.list_clinicians(scope, wanted=words_asked(), specialty=specialty, site_id=site_id, page=page_asked())
    return render_template(
        "clinicians/index.html",
        page=page,
        pagination=pagination(page),
        find=words_asked(),
        specialty=specialty,
        site_id=site_id,
        specialties=people.list_specialties(scope),
        sites=list_site_names(scope),
        is_filtered=bool(words_asked() or specialty or site_id),
    )


@blueprint.get("/clinicians/<int:clinician_id>")
@access(SIGNED_IN)
def show(clinician_id: int) -> str:
    """Show one clinician: work, papers, agreements, duties ahead and leave."""
    scope = current_scope()
    clinician = people.load_clinician(scope, clinician_id)
    now = clock.now()
    return render_template(
        "clinicians/clinician.html",
        clinician=clinician,
        duties=people.list_duties(scope, clinician, now, now + DUTIES_AHEAD),
    )
