"""Leave: who is away when, entering it, and taking it back."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import i18n
from scheduler.errors import InvalidInput
from scheduler.forms.leave import LeaveForm
from scheduler.queries.clinicians import list_own_clinicians
from scheduler.queries.leave import duties_hit, list_leave
from scheduler.queries.paging import matching, page_of
from scheduler.security import access, current_scope
from scheduler.services import leave as service
from scheduler.views import leave_import
from scheduler.views.lists import number_asked, page_asked, pagination, words_asked

blueprint = Blueprint("leave", __name__)
blueprint.register_blueprint(leave_import.blueprint)
FIELDS = {"start_on": "first_on", "end_on": "last_on"}
"""Names the service gives to fields of the form."""


@blueprint.get("/leave")
@access("coordinator", "administrator", "manager", "clinician")
def index() -> ResponseReturnValue:
    """List leave from today on, with the form to enter some."""
    people = list_own_clinicians(current_scope())
    return _page(LeaveForm(formdata=None, people=people, clinician_id=number_asked("for")))


@blueprint.post("/leave")
@access("coordinator", "clinician")
def enter() -> ResponseReturnValue:
    """Enter leave; if it hits published sessions, show them first and ask once more."""
    scope = current_scope()
    form = LeaveForm(people=list_own_clinicians(scope))
    if not form.validate():
        return _page(form, 422)
    clinician_id, start_on, end_on = form.clinician_id.data, form.first_on.data, form.last_on.data + timedelta(days=1)
    hits = duties_hit(scope, clinician_id, start_on, end_on)
    if hits and not form.is_confirmed.data:
        form.is_confirmed.errors = [_ask(len(hits))]
        return _page(form, 422, hits)
    try:
        service.enter_leave(
            actor=scope, clinician_id=clinician_id, kind=form.kind.data, start_on=start_on, end_on=end_on
        )
    except InvalidInput as error:
        _tell(form, error)
        return _page(form, error.status)
    flash(_("The leave is saved."))
    if hits:
        flash(
            ngettext(
                "%(num)s published session now lacks someone. It stays as it is until a new version is published.",
                "%(num)s published sessions now lack someone. They stay as they are until a new version is published.",
                len(hits),
            ),
            "warn",
        )
    return redirect(url_for("leave.index"), code=303)


@blueprint.post("/leave/<int:leave_id>/cancel")
@access("coordinator", "clinician")
def cancel(leave_id: int) -> ResponseReturnValue:
    """Take a leave back."""
    kept = service.cancel_leave(actor=current_scope(), leave_id=leave_id)
    if kept is None:
        flash(_("The leave is taken back."))
    else:
        flash(_("The leave is taken back from today on. The days already taken stay in the record."))
    return redirect(url_for("leave.index"), code=303)


def _ask(hits: int) -> str:
    return ngettext(
        "This leave hits %(num)s published session: tick the box to save it.",
        "This leave hits %(num)s published sessions: tick the box to save it.",
        hits,
    )


def _page(form: LeaveForm, status: int = 200, hits: tuple[object, ...] = ()) -> ResponseReturnValue:
    rows = matching(list_leave(current_scope()), words_asked(), lambda row: row.clinician_name)
    page = page_of(rows, page_asked())
    html = render_template(
        "leave/index.html",
        form=form,
        hits=hits,
        page=page,
        pagination=pagination(page),
        find=words_asked(),
        is_own=not any(current_scope().has_role(role) for role in ("coordinator", "administrator", "manager")),
    )
    return html, status


def _tell(form: LeaveForm, error: InvalidInput) -> None:
    """Put what the service found wrong beside the fields it means."""
    for name, sentence in error.problems.items():
        field = form._fields.get(FIELDS.get(name, name))
        if field is None:
            form.form_errors.append(i18n.translate(sentence))
        else:
            field.errors = [*field.errors, i18n.translate(sentence)]
    if not error.problems:
        form.form_errors.append(i18n.translate(error.said))
