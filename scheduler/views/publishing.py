"""The page before publishing: what changes for whom, the keys of both sides, and the last button."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import i18n
from scheduler.errors import InvalidInput
from scheduler.extensions import rollback
from scheduler.forms.rosters import KeyForm, PublishForm
from scheduler.queries.publish_page import load_publish_page
from scheduler.queries.rosters import load_version
from scheduler.security import access, current_scope
from scheduler.services import publishing as service

blueprint = Blueprint("publishing", __name__, url_prefix="/rosters/<int:roster_id>/versions/<int:number>")


@blueprint.get("/publish")
@access("coordinator", "administrator", "manager")
def review(roster_id: int, number: int) -> ResponseReturnValue:
    """Show what publishing this draft would change."""
    return _page(roster_id, number, PublishForm(formdata=None))


@blueprint.post("/approve")
@access("coordinator")
def approve(roster_id: int, number: int) -> ResponseReturnValue:
    """Give the key of an organisation to the draft as it was reviewed."""
    form = KeyForm()
    version = load_version(current_scope(), roster_id, number).version
    service.approve(
        actor=current_scope(),
        version_id=version.id,
        revision=form.revision.data or 0,
        organisation_id=form.organisation_id.data or 0,
    )
    flash(_("Your approval is noted. A later change of the draft asks for it again."))
    return redirect(url_for("rosters.publishing.review", roster_id=roster_id, number=number), code=303)


@blueprint.post("/withdraw")
@access("coordinator")
def withdraw(roster_id: int, number: int) -> ResponseReturnValue:
    """Take the key of an organisation back."""
    form = KeyForm()
    version = load_version(current_scope(), roster_id, number).version
    service.withdraw_approval(
        actor=current_scope(),
        version_id=version.id,
        revision=form.revision.data or 0,
        organisation_id=form.organisation_id.data or 0,
    )
    flash(_("Your approval is taken back."))
    return redirect(url_for("rosters.publishing.review", roster_id=roster_id, number=number), code=303)


@blueprint.post("/publish")
@access("coordinator")
def publish(roster_id: int, number: int) -> ResponseReturnValue:
    """Publish the draft and tell how many calendars change."""
    form = PublishForm()
    page = load_publish_page(current_scope(), roster_id, number)
    if not form.validate():
        return _page(roster_id, number, form, 422)
    try:
        service.publish(
            actor=current_scope(),
            version_id=page.board.version_id,
            revision=form.revision.data,
            reason=(form.reason.data or "").strip(),
        )
    except InvalidInput as error:
        rollback()
        form.reason.errors = [i18n.translate(error.said), *(i18n.translate(one) for one in error.problems.values())]
        return _page(roster_id, number, form, error.status)
    flash(
        ngettext(
            "Version %(number)s is published. The calendar of %(num)s person changes.",
            "Version %(number)s is published. The calendars of %(num)s people change.",
            page.person_count,
            number=number,
        )
    )
    return redirect(url_for("rosters.board", roster_id=roster_id, number=number), code=303)


def _page(roster_id: int, number: int, form: PublishForm, status: int = 200) -> ResponseReturnValue:
    page = load_publish_page(current_scope(), roster_id, number)
    html = render_template(
        "rosters/publish.html",
        page=page,
        board=page.board,
        form=form,
        gap_ids={gap.session_id for gap in page.board.gaps},
        url=url_for("rosters.board", roster_id=roster_id, number=number),
        may_publish=page.board.is_editable,
    )
    return html, status
