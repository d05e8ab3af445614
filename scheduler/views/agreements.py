"""The pages of cooperation agreements: a list, and one page each; whether the public sees consultations."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler.queries.agreements import list_agreements, load_agreement
from scheduler.security import access, current_scope
from scheduler.services.releasing import release
from scheduler.text import N_
from scheduler.views.lists import page_asked, pagination, words_asked

blueprint = Blueprint("agreements", __name__)
STATES = (
    ("running", N_("In force")),
    ("ending", N_("Ends within 90 days")),
    ("coming", N_("Not yet in force")),
    ("over", N_("No longer in force")),
)
"""States of an agreement and what they are called."""
INVENTED = {
    "dates": N_("first and last day"),
    "end date": N_("last day"),
    "volumes": N_("numbers of sessions"),
    "weekdays": N_("weekdays"),
}
"""Facts that may be invented and what they are called."""


@blueprint.get("/agreements")
@access("coordinator", "administrator", "manager", "clinician")
def index() -> str:
    """List the agreements in sight."""
    state = request.args.get("state", "")
    page = list_agreements(current_scope(), wanted=words_asked(), state=state, page=page_asked())
    return render_template(
        "agreements/index.html",
        page=page,
        pagination=pagination(page),
        find=words_asked(),
        state=state,
        states=STATES,
        is_filtered=bool(words_asked() or state),
    )


@blueprint.get("/agreements/<int:agreement_id>")
@access("coordinator", "administrator", "manager", "clinician")
def show(agreement_id: int) -> str:
    """Show one agreement."""
    return render_template(
        "agreements/agreement.html",
        agreement=load_agreement(current_scope(), agreement_id),
        states=dict(STATES),
        invented_texts=INVENTED,
    )


@blueprint.post("/agreements/<int:agreement_id>/show-to-public")
@access("coordinator", "administrator")
def show_to_public(agreement_id: int) -> ResponseReturnValue:
    """Let the public see care, place and time of the consultations under an agreement."""
    release(actor=current_scope(), agreement_id=agreement_id, is_released=True)
    flash(_("The public calendars of the access zones now show these consultations: care, place and time, no names."))
    return redirect(url_for("agreements.show", agreement_id=agreement_id), code=303)


@blueprint.post("/agreements/<int:agreement_id>/hide-from-public")
@access("coordinator", "administrator")
def hide_from_public(agreement_id: int) -> ResponseReturnValue:
    """Let the public see them no more."""
    release(actor=current_scope(), agreement_id=agreement_id, is_released=False)
    flash(_("The public calendars show these consultations no more once they are next fetched."))
    return redirect(url_for("agreements.show", agreement_id=agreement_id), code=303)
