"""Solves: asking for one, watching it, stopping it."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import Config
from scheduler import clock, i18n
from scheduler.errors import Conflict, InvalidInput
from scheduler.forms.rosters import MODES, SolveForm
from scheduler.queries.board import load_board
from scheduler.queries.checks import check_roster
from scheduler.queries.questions import load_question
from scheduler.queries.rosters import RosterPage, load_roster
from scheduler.queries.solve_runs import RunRow, load_run
from scheduler.security import access, current_scope, is_fragment_request
from scheduler.services import solve_runs as service
from scheduler.views.lists import number_asked

blueprint = Blueprint("solve_runs", __name__)


@blueprint.get("/rosters/<int:roster_id>/solve")
@access("coordinator")
def prepare(roster_id: int) -> ResponseReturnValue:
    """Ask how long to look for a plan; lead to the solve that is running, if there is one."""
    roster = load_roster(current_scope(), roster_id)
    if roster.running_id is not None:
        return redirect(url_for("solve_runs.show", run_id=roster.running_id), code=303)
    config: Config = current_app.config["PASSERELLE"]
    base = number_asked("base", roster.row.current_number)
    ids = {version.number: version.id for version in roster.versions}
    form = SolveForm(
        formdata=None,
        versions=_versions(roster),
        modes=_modes(roster),
        base=ids.get(base or 0, 0),
        mode="fewest_changes" if roster.row.published is not None else "everything",
        seconds=round(config.solve_seconds),
    )
    return _prepare(roster, form)


@blueprint.post("/rosters/<int:roster_id>/solve")
@access("coordinator")
def start(roster_id: int) -> ResponseReturnValue:
    """Ask for a solve and go to watch it."""
    scope = current_scope()
    roster = load_roster(scope, roster_id)
    form = SolveForm(versions=_versions(roster), modes=_modes(roster))
    if not form.validate():
        return _prepare(roster, form, 422)
    try:
        run = service.request_solve(
            actor=scope,
            roster_id=roster_id,
            base_version_id=form.base.data or None,
            seconds=float(form.seconds.data),
            mode=form.mode.data,
            keep_percent=form.keep_percent.data or 0,
        )
    except InvalidInput as error:
        field = form.mode if "mode" in error.problems else form.seconds
        field.errors = [i18n.translate(error.said)]
        return _prepare(roster, form, error.status)
    return redirect(url_for("solve_runs.show", run_id=run.id), code=303)


@blueprint.get("/solve-runs/<int:run_id>")
@access("coordinator", "administrator", "manager")
def show(run_id: int) -> ResponseReturnValue:
    """Show a solve as it runs, and how it ended."""
    run = load_run(current_scope(), run_id)
    return render_template(f"{_templates(run)}/show.html", **_facts(run))


@blueprint.get("/solve-runs/<int:run_id>/progress")
@access("coordinator", "administrator", "manager")
def progress(run_id: int) -> ResponseReturnValue:
    """Give the part of the page that changes; 304 as long as nothing did."""
    run = load_run(current_scope(), run_id)
    if not is_fragment_request():
        return redirect(url_for("solve_runs.show", run_id=run_id), code=303)
    response = current_app.make_response(render_template(f"{_templates(run)}/progress.html", **_facts(run)))
    response.set_etag(f"{run.mark}-{i18n.current_language()}")
    return response.make_conditional(request)


@blueprint.post("/solve-runs/<int:run_id>/stop")
@access("coordinator")
def stop(run_id: int) -> ResponseReturnValue:
    """Have a solve end with the best plan so far."""
    try:
        service.stop_solve(actor=current_scope(), run_id=run_id)
    except Conflict as error:
        flash(i18n.translate(error.said), "warn")
    return redirect(url_for("solve_runs.show", run_id=run_id), code=303)


def milestone(run: RunRow) -> str:
    """Say how far a solve or a question came: what is worth reading out, not every second."""
    if run.kind != "plan":
        return _milestone_of_question(run)
    if run.state == "queued":
        return _("The solve waits for its turn.")
    if run.was_stopped:
        return _("Stopped: the best plan so far is kept.")
    if run.state == "done":
        return _("The solve is done.")
    if run.state == "failed":
        return _("The solve failed.")
    if run.state == "cancelled":
        return _("The solve was cancelled before it began.")
    if run.stop_requested:
        return _("Stopping: the best plan so far is kept.")
    if run.cost is None:
        return _("The solve looks for a first plan.")
    if run.sessions_not_held == 0:
        return _("There is a plan in which all sessions are held. It is being improved.")
    return _("There is a plan. It is being improved.")


def _milestone_of_question(run: RunRow) -> str:
    if run.state == "done":
        return _("The answer is there.")
    if run.state == "failed":
        return _("The solver could not answer.")
    if run.state == "cancelled" or run.stop_requested:
        return _("The question was stopped.")
    if run.state == "queued":
        return _("The question waits for its turn.")
    return _("The solver looks into the question.")


def phase_text(run: RunRow) -> str:
    """Say what the solver does just now."""
    texts = {
        "starting": _("The solver starts."),
        "building": _("The question is being written down as a model."),
        "presolve": _("The model is being made smaller."),
        "searching": _("Plans are being looked for."),
    }
    return texts.get(run.phase, "") if run.state == "running" else ""


def engine_text(run: RunRow) -> str:
    """Say what found the best plan so far."""
    texts = {
        "greedy": _("a quick first plan"),
        "neighbourhoods": _("search around the best plan"),
        "highs": _("HiGHS, at the whole plan"),
        "cpsat": _("CP-SAT, at the whole plan"),
    }
    return texts.get(run.engine, run.engine)


def _templates(run: RunRow) -> str:
    """Give the folder of the pages of this kind of run."""
    return "solve_runs" if run.kind == "plan" else "questions"


def _facts(run: RunRow) -> dict[str, Any]:
    """Give templates what they show of a run; ``spent`` are seconds since it began."""
    began = run.started_at or clock.now()
    spent = ((run.finished_at or clock.now()) - began).total_seconds()
    facts: dict[str, Any] = {"run": run, "milestone": milestone(run), "spent": spent}
    if run.kind == "plan":
        return facts | {"result": _result(run), "phase": phase_text(run), "engine": engine_text(run)}
    return facts | {"question": load_question(current_scope(), run.id)}


def _versions(roster: RosterPage) -> list[tuple[int, str]]:
    """Give the versions from which a solve may start, the newest first, and the empty plan."""
    named = {
        "published": _("Published version %(number)s"),
        "draft": _("Draft %(number)s"),
    }
    found = [
        (version.id, named[version.state] % {"number": version.number})
        for version in reversed(roster.versions)
        if version.state in named
    ]
    return [*found, (0, _("No version: without any pin"))]


def _modes(roster: RosterPage) -> list[str]:
    """Give what a solve may be asked to change: without a published version there is nothing of it to keep."""
    if roster.row.published is not None:
        return list(MODES)
    return ["everything", "fill_gaps"] if roster.row.drafts else ["everything"]


def _prepare(roster: RosterPage, form: SolveForm, status: int = 200) -> ResponseReturnValue:
    base = next((version for version in roster.versions if version.id == form.base.data), None)
    checks = check_roster(current_scope(), roster.row.id, base.id if base is not None else None)
    html = render_template("solve_runs/prepare.html", roster=roster, form=form, checks=checks, base=base)
    return html, status


def _result(run: RunRow) -> object:
    """Load the draft that a solve made, for the summary of it."""
    if run.result_number is None:
        return None
    return load_board(current_scope(), run.roster_id, run.result_number)
