"""Questions to the solver about a version: what would have to change, why not this person, one goal or the other."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler import i18n
from scheduler.errors import AppError, Conflict, InvalidInput
from scheduler.extensions import rollback
from scheduler.forms.rosters import ContrastForm, TradeOffForm
from scheduler.queries.questions import goals_in_force
from scheduler.queries.rosters import VersionPage, load_version
from scheduler.queries.session_page import SessionPage, load_session_page
from scheduler.security import access, current_scope
from scheduler.services import questions as service

blueprint = Blueprint("questions", __name__, url_prefix="/rosters/<int:roster_id>/versions/<int:number>")


@blueprint.post("/sessions/<int:session_id>/remedies")
@access("coordinator")
def remedies(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Ask what would have to change so that a session can be held."""
    session = load_session_page(current_scope(), roster_id, number, session_id)
    return _asked(
        session,
        lambda: (
            service.ask_remedies(actor=current_scope(), version_id=session.version_id, session_id=session.session_id).id
        ),
    )


@blueprint.post("/sessions/<int:session_id>/contrast")
@access("coordinator")
def contrast(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Ask what it would cost to have this person in a seat of a session."""
    session = load_session_page(current_scope(), roster_id, number, session_id)
    form = ContrastForm()
    if not form.validate():
        return _back(session, _("Choose a person."))
    return _asked(
        session,
        lambda: (
            service.ask_contrast(
                actor=current_scope(),
                version_id=session.version_id,
                session_id=session.session_id,
                seat_id=form.seat_id.data or 0,
                clinician_id=form.clinician_id.data or 0,
                on=form.on.data,
            ).id
        ),
    )


@blueprint.get("/trade-off")
@access("coordinator")
def prepare_trade_off(roster_id: int, number: int) -> ResponseReturnValue:
    """Ask which two goals to weigh against each other."""
    page = load_version(current_scope(), roster_id, number)
    goals = _goals(page)
    form = TradeOffForm(formdata=None, goals=goals, other=goals[1][0] if len(goals) > 1 else None)
    return _trade_off(page, form)


@blueprint.post("/trade-off")
@access("coordinator")
def trade_off(roster_id: int, number: int) -> ResponseReturnValue:
    """Have two goals weighed against each other, and go to watch it."""
    page = load_version(current_scope(), roster_id, number)
    form = TradeOffForm(goals=_goals(page))
    if not form.validate():
        return _trade_off(page, form, 422)
    try:
        run = service.ask_trade_off(
            actor=current_scope(), version_id=page.version.id, one=form.one.data, other=form.other.data
        )
    except (Conflict, InvalidInput) as error:
        form.other.errors = [i18n.translate(error.said)]
        return _trade_off(page, form, error.status)
    return redirect(url_for("solve_runs.show", run_id=run.id), code=303)


def _goals(page: VersionPage) -> list[tuple[str, str]]:
    found = goals_in_force(current_scope(), page.roster.id, page.version.number)
    return [(rule, i18n.translate(title)) for rule, title in found]


def _trade_off(page: VersionPage, form: TradeOffForm, status: int = 200) -> ResponseReturnValue:
    return render_template("questions/trade_off.html", page=page, form=form), status


def _asked(session: SessionPage, ask: Callable[[], int]) -> ResponseReturnValue:
    """Go to watch a question; what speaks against it is told on the session's page."""
    try:
        run_id = ask()
    except (Conflict, InvalidInput) as error:
        return _refused(session, error)
    return redirect(url_for("solve_runs.show", run_id=run_id), code=303)


def _refused(session: SessionPage, error: AppError) -> ResponseReturnValue:
    rollback()
    return _back(session, i18n.translate(error.said))


def _back(session: SessionPage, problem: str) -> ResponseReturnValue:
    flash(problem, "warn")
    return redirect(
        url_for(
            "rosters.sessions.show",
            roster_id=session.roster_id,
            number=session.number,
            session_id=session.session_id,
            by=request.values.get("by", "rooms"),
        ),
        code=303,
    )
