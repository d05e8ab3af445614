"""A session of a roster version: its page, where it could go, and what is done to it in a draft."""

from collections.abc import Callable

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler import i18n
from scheduler.clock import monday_of
from scheduler.errors import InvalidInput
from scheduler.extensions import rollback
from scheduler.forms.rosters import DraftForm, MoveForm, PinForm, PlaceForm, SeatForm
from scheduler.queries import explanations
from scheduler.queries.questions import list_questions
from scheduler.queries.rosters import load_version
from scheduler.queries.session_page import SeatLine, SessionPage, load_session_page
from scheduler.security import access, current_scope, is_fragment_request
from scheduler.services import drafts
from scheduler.views.choices import (
    Choices,
    SeatChoice,
    choices_of,
    verdicts_by_clinician,
    verdicts_by_room,
)
from scheduler.views.lists import number_asked

blueprint = Blueprint(
    "sessions", __name__, url_prefix="/rosters/<int:roster_id>/versions/<int:number>/sessions/<int:session_id>"
)


@blueprint.get("")
@access("coordinator", "administrator", "manager", "clinician")
def show(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Show a session: team, places, people, and why it is not held."""
    return _page(load_session_page(current_scope(), roster_id, number, session_id))


@blueprint.get("/places")
@access("coordinator")
def places(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Give by cell of the board what dropping the session there would mean."""
    scope = current_scope()
    session = load_session_page(scope, roster_id, number, session_id)
    found = explanations.places(scope, session.version_id, session_id)
    if _by() == "rooms":
        return jsonify(cells=verdicts_by_room(session, found))
    seat = _seat_of_row(session, request.args.get("row", ""))
    people = explanations.candidates(scope, session.version_id, seat.seat_id) if seat is not None else ()
    return jsonify(cells=verdicts_by_clinician(session, found, seat, people))


@blueprint.post("/move")
@access("coordinator")
def move(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Hold the session at another half-day or in another room."""
    form = MoveForm()

    def deed(**draft: int) -> None:
        place = form.chosen()
        drafts.move_session(
            actor=current_scope(),
            session_id=session_id,
            on=place.on,
            half_day=place.half_day,
            room_id=place.room_id,
            **draft,
        )
        flash(
            _(
                "The session is moved to %(day)s, %(half_day)s.",
                day=i18n.day(place.on),
                half_day=i18n.term(place.half_day, "half_day"),
            )
        )

    return _change(roster_id, number, session_id, form, deed)


@blueprint.post("/place")
@access("coordinator")
def place(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Hold a session that was not held, with a team."""
    form = PlaceForm()

    def deed(**draft: int) -> None:
        place = form.chosen()
        drafts.place_session(
            actor=current_scope(),
            session_id=session_id,
            on=place.on,
            half_day=place.half_day,
            room_id=place.room_id,
            team=form.team(),
            **draft,
        )
        flash(_("The session is held on %(day)s.", day=i18n.day(place.on)))

    return _change(roster_id, number, session_id, form, deed)


@blueprint.post("/assign")
@access("coordinator")
def assign(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Give a seat to someone else."""
    form = SeatForm()

    def deed(**draft: int) -> None:
        if not form.clinician_id.data:
            raise InvalidInput(_("Choose a person."))
        drafts.assign_seat(
            actor=current_scope(), seat_id=form.seat_id.data or 0, clinician_id=form.clinician_id.data, **draft
        )
        flash(_("The team is changed."))

    return _change(roster_id, number, session_id, form, deed)


@blueprint.post("/remove")
@access("coordinator")
def remove(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Take the session off the roster."""

    def deed(**draft: int) -> None:
        drafts.remove_session(actor=current_scope(), session_id=session_id, **draft)
        flash(_("The session is taken off the roster. You can undo this."))

    return _change(roster_id, number, session_id, DraftForm(), deed)


@blueprint.post("/pin")
@access("coordinator")
def pin(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Have solving keep the session's place, or the person in one seat."""
    form = PinForm()

    def deed(**draft: int) -> None:
        drafts.pin_session(actor=current_scope(), session_id=session_id, seat_id=form.seat_id.data, **draft)
        flash(_("It is pinned: solving keeps it."))

    return _change(roster_id, number, session_id, form, deed)


@blueprint.post("/unpin")
@access("coordinator")
def unpin(roster_id: int, number: int, session_id: int) -> ResponseReturnValue:
    """Let solving change it again."""
    form = PinForm()

    def deed(**draft: int) -> None:
        drafts.unpin_session(actor=current_scope(), session_id=session_id, seat_id=form.seat_id.data, **draft)
        flash(_("It is not pinned any more."))

    return _change(roster_id, number, session_id, form, deed)


def _change(
    roster_id: int, number: int, session_id: int, form: DraftForm, deed: Callable[..., None]
) -> ResponseReturnValue:
    """Do a deed to the draft and go back to the board; a refusal is told on the session's page."""
    version = load_version(current_scope(), roster_id, number).version
    try:
        deed(version_id=version.id, revision=form.revision.data or 0)
    except InvalidInput as error:
        if is_fragment_request():
            raise
        rollback()
        session = load_session_page(current_scope(), roster_id, number, session_id)
        return _page(session, problem=i18n.translate(error.said), status=error.status)
    return redirect(_board_url(load_session_page(current_scope(), roster_id, number, session_id)), code=303)


def _page(session: SessionPage, problem: str = "", status: int = 200) -> ResponseReturnValue:
    scope = current_scope()
    is_open = session.is_editable and not session.is_past
    html = render_template(
        "rosters/session_fragment.html" if is_fragment_request() else "rosters/session.html",
        session=session,
        gap=explanations.gap_of(scope, session.version_id, session.session_id) if session.sees_findings else None,
        choices=_choices(session) if is_open and not session.is_pinned else None,
        asked=_asked(session) if session.can_start_draft else None,
        questions=list_questions(scope, session.version_id, session.session_id) if session.sees_findings else (),
        by=_by(),
        url=url_for(".show", roster_id=session.roster_id, number=session.number, session_id=session.session_id),
        board_url=_board_url(session),
        problem=problem,
    )
    return html, status


def _choices(session: SessionPage) -> Choices:
    scope = current_scope()
    found = explanations.places(scope, session.version_id, session.session_id)
    seats = (
        ()
        if session.is_held or not any(one.allowed for one in found)
        else tuple(_seat_choice(session, seat) for seat in session.seats)
    )
    return choices_of(found, seats, chosen=request.values.get("place", ""))


def _asked(session: SessionPage) -> SeatChoice | None:
    """Give the people for the seat that the address asks about."""
    seat = next((one for one in session.seats if one.seat_id == number_asked("seat")), None)
    if seat is None or seat.is_past:
        return None
    found = explanations.seat_question(current_scope(), session.version_id, seat.seat_id)
    return SeatChoice(seat.seat_id, seat.role, found.candidates, seat.clinician_name, found.why, found.days)


def _seat_choice(session: SessionPage, seat: SeatLine) -> SeatChoice:
    people = explanations.candidates(current_scope(), session.version_id, seat.seat_id)
    return SeatChoice(seat.seat_id, seat.role, people)


def _seat_of_row(session: SessionPage, row: str) -> SeatLine | None:
    found = (one for one in session.seats if one.clinician_id and row == f"clinician-{one.clinician_id}")
    return next(found, None)


def _by() -> str:
    return "clinicians" if request.values.get("by") == "clinicians" else "rooms"


def _board_url(session: SessionPage) -> str:
    """Give the board on which the session stands, scrolled to it."""
    return url_for(
        "rosters.board",
        roster_id=session.roster_id,
        number=session.number,
        by=_by(),
        week=monday_of(session.on or session.week_on),
        _anchor=f"s{session.session_id}",
    )
