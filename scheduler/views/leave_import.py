"""Leave from a calendar file: choose the file, see what it holds, enter what is ticked.

The file lives as long as the request that brings it.  What is sent back from the dry run are days, which are checked
like days typed by hand.
"""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import i18n
from scheduler.errors import InvalidInput
from scheduler.extensions import reading, rollback
from scheduler.forms.leave_import import CalendarFileForm, ChosenDaysForm, written_days
from scheduler.imports import texts
from scheduler.imports.lines import MAX_BYTES
from scheduler.imports.process import read_in_child
from scheduler.imports.records import CalendarFile, CalendarRefused, Days
from scheduler.queries.clinicians import list_own_clinicians
from scheduler.security import access, current_scope
from scheduler.services import leave_import as service

FEW = 12
"""So many events that cannot become leave are shown at once; more are a list to open."""
blueprint = Blueprint("imports", __name__, url_prefix="/leave/import")


@blueprint.get("")
@access("coordinator", "clinician")
def show() -> ResponseReturnValue:
    """Ask for the file."""
    return _page(CalendarFileForm(formdata=None, people=list_own_clinicians(current_scope())))


@blueprint.post("")
@access("coordinator", "clinician")
def look() -> ResponseReturnValue:
    """Show what the file holds; nothing is entered yet, and nothing of it is kept."""
    scope = current_scope()
    form = CalendarFileForm(people=list_own_clinicians(scope))
    if not form.validate():
        return _page(form, 422)
    clinician_id = form.clinician_id.data
    window = service.import_window(actor=scope, clinician_id=clinician_id)
    with form.file.data.stream as upload:  # closed at once: large ones lie in a temporary file
        data = upload.read(MAX_BYTES + 1)
    rollback()  # reading may take seconds, in which others are to be able to write
    with reading():
        try:
            file = read_in_child(data, window)
        except CalendarRefused as refused:
            form.file.errors = [i18n.translate(refused.said)]
            return _page(form, refused.status)
        return _dry_run(form, file)


@blueprint.post("/enter")
@access("coordinator", "clinician")
def enter() -> ResponseReturnValue:
    """Enter the days that were ticked."""
    scope = current_scope()
    form = ChosenDaysForm(people=list_own_clinicians(scope))
    if not form.validate():
        return _not_entered(next(iter(form.errors.values()))[0])
    try:
        imported = service.enter_days(
            actor=scope, clinician_id=form.clinician_id.data, kind=form.kind.data, chosen=form.days.data
        )
    except InvalidInput as error:
        return _not_entered(i18n.translate(error.said))
    _tell(imported)
    return redirect(url_for("leave.index"), code=303)


def _page(form: CalendarFileForm, status: int = 200) -> ResponseReturnValue:
    return render_template("leave/import.html", form=form), status


def _not_entered(why: str) -> ResponseReturnValue:
    """Say why nothing was entered, where the file can be chosen once more: nobody can go back to what it held."""
    rollback()
    form = CalendarFileForm(people=list_own_clinicians(current_scope()))
    form.form_errors = [why, _("The file was not kept: choose it once more.")]
    return _page(form, 422)


def _dry_run(form: CalendarFileForm, file: CalendarFile) -> ResponseReturnValue:
    clinician_id = form.clinician_id.data
    people = list_own_clinicians(current_scope())
    chosen = ChosenDaysForm(formdata=None, people=people, clinician_id=clinician_id)
    return render_template(
        "leave/import_dry_run.html",
        form=chosen,
        name=dict(people)[clinician_id],
        clinician_id=clinician_id,
        file=file,
        dry_run=service.dry_run(actor=current_scope(), clinician_id=clinician_id, file=file),
        written=written_days,
        span=_span,
        texts=texts,
        few=FEW,
    )


def _span(stretches: Sequence[Days]) -> str:
    """Write stretches of days: Mon 21 Dec to Wed 23 Dec 2026; Fri 1 Jan 2027."""
    return "; ".join(
        _("%(first)s to %(last)s", first=i18n.day(days.start_on), last=f"{i18n.day(days.last_on)} {days.last_on.year}")
        if days.number > 1
        else f"{i18n.day(days.start_on)} {days.start_on.year}"
        for days in stretches
    )


def _tell(imported: service.Imported) -> None:
    """Say what was entered, and what lacks someone now."""
    if not imported.leaves:
        flash(_("These days were entered already: nothing is changed."))
        return
    count = len(imported.leaves)
    flash(ngettext("%(num)s leave is entered.", "%(num)s leaves are entered.", count))
    if imported.hits:
        flash(
            ngettext(
                "%(num)s published session now lacks someone. It stays as it is until a new version is published.",
                "%(num)s published sessions now lack someone. They stay as they are until a new version is published.",
                imported.hits,
            ),
            "warn",
        )
