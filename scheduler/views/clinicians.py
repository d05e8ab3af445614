"""The pages of clinicians: a list to look someone up, and one page each; another name for someone."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler import clock
from scheduler.errors import Conflict, InvalidInput
from scheduler.forms.names import NameForm
from scheduler.queries import clinicians as people
from scheduler.queries.sites import list_site_names
from scheduler.security import SIGNED_IN, access, current_scope
from scheduler.services.renaming import rename_clinician
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
    clinician = people.load_clinician(current_scope(), clinician_id)
    return _page(clinician, NameForm.showing(clinician.name, mark="clinician") if clinician.can_rename else None)


@blueprint.post("/clinicians/<int:clinician_id>/rename")
@access("coordinator", "administrator")
def rename(clinician_id: int) -> ResponseReturnValue:
    """Give a clinician another name."""
    form, scope = NameForm(), current_scope()
    try:
        rename_clinician(actor=scope, clinician_id=clinician_id, name=form.name.data or "", known=form.known.data)
    except (InvalidInput, Conflict) as error:
        clinician = people.load_clinician(scope, clinician_id)
        form.place("clinician")
        form.tell(error, present=clinician.name)
        return _page(clinician, form), error.status
    flash(_("The name is saved. Calendars show it when they are next fetched."))
    return redirect(url_for("clinicians.show", clinician_id=clinician_id), code=303)


def _page(clinician: people.ClinicianFacts, form: NameForm | None) -> str:
    now = clock.now()
    return render_template(
        "clinicians/clinician.html",
        clinician=clinician,
        form=form,
        duties=people.list_duties(current_scope(), clinician, now, now + DUTIES_AHEAD),
    )
