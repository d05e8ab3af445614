"""Rosters: the list by week, a new roster, the board of a version, and what is done to a whole draft."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler import clock, i18n
from scheduler.errors import InvalidInput
from scheduler.forms.rosters import DraftForm, RosterForm
from scheduler.queries.board import load_board
from scheduler.queries.rosters import list_rosters, load_roster, load_version
from scheduler.queries.sites import list_site_names
from scheduler.security import access, current_scope, is_fragment_request
from scheduler.services import drafts
from scheduler.services import rosters as service
from scheduler.views import publishing as publishing_view
from scheduler.views import roster_sessions
from scheduler.views.boards import board_of_week

blueprint = Blueprint("rosters", __name__)
blueprint.register_blueprint(roster_sessions.blueprint)
blueprint.register_blueprint(publishing_view.blueprint)


@blueprint.get("/rosters")
@access("coordinator", "administrator", "manager", "clinician")
def index() -> ResponseReturnValue:
    """List the rosters in sight by week, with the form to make one."""
    return _index(_form(first_on=_first_free_monday()) if _may_make() else None)


@blueprint.post("/rosters")
@access("coordinator")
def create() -> ResponseReturnValue:
    """Make a roster and open it."""
    form = _form()
    if not form.validate():
        return _index(form, 422)
    try:
        roster = service.create_roster(
            actor=current_scope(),
            title=form.title.data.strip(),
            first_on=form.first_on.data,
            weeks=form.weeks.data,
            site_ids=form.site_ids.data,
        )
    except InvalidInput as error:
        tell(form, error)
        return _index(form, error.status)
    flash(_("The roster is made. Solve it, or start a draft by hand."))
    return redirect(url_for("rosters.show", roster_id=roster.id), code=303)


@blueprint.get("/rosters/<int:roster_id>")
@access("coordinator", "administrator", "manager", "clinician")
def show(roster_id: int) -> ResponseReturnValue:
    """Open the current version; a roster without one says what to do first."""
    roster = load_roster(current_scope(), roster_id)
    if roster.row.current_number is None:
        return render_template("rosters/roster.html", roster=roster)
    return redirect(url_for("rosters.board", roster_id=roster_id, number=roster.row.current_number), code=303)


@blueprint.get("/rosters/<int:roster_id>/versions")
@access("coordinator", "administrator", "manager", "clinician")
def versions(roster_id: int) -> ResponseReturnValue:
    """List all versions of a roster."""
    return render_template("rosters/roster.html", roster=load_roster(current_scope(), roster_id))


@blueprint.get("/rosters/<int:roster_id>/versions/<int:number>")
@access("coordinator", "administrator", "manager", "clinician")
def board(roster_id: int, number: int) -> ResponseReturnValue:
    """Show a version as a board of rooms or clinicians; for a script its part that changes."""
    scope = current_scope()
    seen = board_of_week(
        load_board(scope, roster_id, number, request.args.get("by", "rooms")), request.args.get("week", "")
    )
    roster = load_roster(scope, roster_id)
    template = "rosters/board_fragment.html" if is_fragment_request() else "rosters/board.html"
    return render_template(
        template,
        board=seen.board,
        seen=seen,
        roster=roster,
        url=url_for("rosters.board", roster_id=roster_id, number=number),
        today=clock.today(),
    )


@blueprint.post("/rosters/<int:roster_id>/drafts")
@access("coordinator")
def start_draft(roster_id: int) -> ResponseReturnValue:
    """Start a draft from what is published."""
    draft = service.start_draft(actor=current_scope(), roster_id=roster_id)
    flash(
        _("Draft %(number)s is ready. What is published stays as it is until you publish again.", number=draft.number)
    )
    return redirect(url_for("rosters.board", roster_id=roster_id, number=draft.number), code=303)


@blueprint.post("/rosters/<int:roster_id>/versions/<int:number>/discard")
@access("coordinator")
def discard(roster_id: int, number: int) -> ResponseReturnValue:
    """Give a draft up."""
    form = DraftForm()
    version = load_version(current_scope(), roster_id, number).version
    service.discard_draft(actor=current_scope(), version_id=version.id, revision=form.revision.data or 0)
    flash(_("Draft %(number)s is discarded.", number=number))
    return redirect(url_for("rosters.show", roster_id=roster_id), code=303)


@blueprint.post("/rosters/<int:roster_id>/versions/<int:number>/undo")
@access("coordinator")
def undo(roster_id: int, number: int) -> ResponseReturnValue:
    """Take the last change of a draft back."""
    return _step(roster_id, number, drafts.undo, _("The last change is undone."))


@blueprint.post("/rosters/<int:roster_id>/versions/<int:number>/redo")
@access("coordinator")
def redo(roster_id: int, number: int) -> ResponseReturnValue:
    """Make the last change that was undone again."""
    return _step(roster_id, number, drafts.redo, _("The change is made again."))


def tell(form: RosterForm, error: InvalidInput) -> None:
    """Put what a service found wrong beside the fields it means."""
    for name, sentence in error.problems.items():
        field = form._fields.get(name)
        if field is None:
            form.form_errors.append(i18n.translate(sentence))
        else:
            field.errors = [*field.errors, i18n.translate(sentence)]
    if not error.problems:
        form.form_errors.append(i18n.translate(error.said))


def _step(roster_id: int, number: int, deed: Callable[..., object], said: str) -> ResponseReturnValue:
    form = DraftForm()
    version = load_version(current_scope(), roster_id, number).version
    deed(actor=current_scope(), version_id=version.id, revision=form.revision.data or 0)
    flash(said)
    return redirect(
        url_for("rosters.board", roster_id=roster_id, number=number, by=form.by.data, week=request.form.get("week")),
        code=303,
    )


def _first_free_monday() -> date:
    """Give the first Monday from next week on that no roster in sight covers."""
    monday, rosters = clock.monday_of(clock.today()) + timedelta(days=7), list_rosters(current_scope())
    while any(row.first_on <= monday <= row.last_on for row in rosters):
        monday += timedelta(days=7)
    return monday


def _may_make() -> bool:
    return current_scope().has_role("coordinator")


def _form(first_on: date | None = None) -> RosterForm:
    return RosterForm(sites=list_site_names(current_scope()), first_on=first_on)


def _index(form: RosterForm | None, status: int = 200) -> ResponseReturnValue:
    rosters = list_rosters(current_scope())
    html = render_template("rosters/index.html", form=form, rosters=rosters, this_monday=clock.monday_of(clock.today()))
    return html, status
