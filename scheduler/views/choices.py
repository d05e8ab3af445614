"""Places and people to choose from, put the way the page of a session and the board need them."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import i18n
from scheduler.queries.explanations import Candidate, Place
from scheduler.queries.session_page import SeatLine, SessionPage
from scheduler.text import Message


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """A room at a half-day; ``value`` is what the form sends."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """A half-day at which the session could be held, and the rooms that are free then."""

    index: int
    on: date
    half_day: str
    cost_change: int | None
    warnings: tuple[Message, ...]
    rooms: tuple[RoomChoice, ...]


@dataclass(frozen=True, slots=True)
class RefusedPlace:
    """A half-day that the session's pattern offers and the rules forbid, with the rooms of which that is said."""

    on: date
    half_day: str
    room_names: tuple[str, ...]
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class SeatChoice:
    """A seat and everyone who has its role and specialty, the best first.

    ``why`` says what speaks for ``holder``, who has the seat; ``days`` are those at which the session may be held.
    """

    seat_id: int
    role: str
    candidates: tuple[Candidate, ...]
    holder: str = ""
    why: tuple[Message, ...] = ()
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """Where a session could go; ``other_count`` half-days and rooms are outside its pattern."""

    groups: tuple[PlaceGroup, ...]
    refused: tuple[RefusedPlace, ...]
    other_count: int
    seats: tuple[SeatChoice, ...] = ()


def value_of(place: Place) -> str:
    """Give what a form sends for a place."""
    return f"{place.on.isoformat()}|{place.half_day}|{place.room_id or ''}"


def choices_of(places: tuple[Place, ...], seats: tuple[SeatChoice, ...] = (), chosen: str = "") -> Choices:
    """Group places by half-day, keeping their rank; ``chosen`` is marked, else the first."""
    free = [place for place in places if place.allowed and not place.is_present]
    if chosen not in map(value_of, free):
        chosen = value_of(free[0]) if free else ""
    by_half_day: dict[tuple[date, str], list[Place]] = {}
    for place in free:
        by_half_day.setdefault((place.on, place.half_day), []).append(place)
    refused: dict[tuple[date, str, tuple[Message, ...]], list[str]] = {}
    for place in places:
        if not place.allowed and not place.is_present and place.start_at is not None:
            refused.setdefault((place.on, place.half_day, place.reasons), []).append(place.room_name)
    return Choices(
        groups=tuple(_group(n, found, chosen) for n, found in enumerate(by_half_day.values(), 1)),
        refused=tuple(
            RefusedPlace(on, half_day, tuple(filter(None, names)), reasons)
            for (on, half_day, reasons), names in sorted(refused.items(), key=lambda item: item[0][0])
        ),
        other_count=sum(place.start_at is None for place in places),
        seats=seats,
    )


def verdicts_by_room(session: SessionPage, places: tuple[Place, ...]) -> dict[str, object]:
    """Give by cell of the board of rooms what putting the session there would mean."""
    return {
        f"{_room_row(place, session)} {place.on} {place.half_day}": place_verdict(session, place) for place in places
    }


def verdicts_by_clinician(
    session: SessionPage, places: tuple[Place, ...], seat: SeatLine | None, people: tuple[Candidate, ...]
) -> dict[str, object]:
    """Give by cell of the board of clinicians what moving in time, or passing the seat to someone else, would mean."""
    best: dict[tuple[date, str], Place] = {}
    for place in sorted(places, key=lambda one: (not one.allowed, one.room_name != session.room_name)):
        best.setdefault((place.on, place.half_day), place)
    rows = {f"clinician-{one.clinician_id}" for one in session.seats if one.clinician_id is not None}
    cells: dict[str, object] = {
        f"{row} {place.on} {place.half_day}": place_verdict(session, place)
        for place in best.values()
        for row in sorted(rows)
    }
    if seat is not None:
        for person in people:
            if not person.is_present:
                cells[f"clinician-{person.clinician_id} {session.on} {session.half_day}"] = _person_verdict(
                    seat, person
                )
    return cells


def place_verdict(session: SessionPage, place: Place) -> dict[str, object]:
    """Say what a place would mean, and what to send to go there."""
    where = _("%(room)s, %(day)s, %(half_day)s") % {
        "room": place.room_name or session.site_name,
        "day": i18n.day(place.on),
        "half_day": i18n.term(place.half_day, "half_day"),
    }
    verdict = _judged(where, place)
    if verdict["verdict"] != "no":
        if session.is_held:
            verdict["post"] = {"action": "move", "place": value_of(place)}
        else:
            verdict["open"] = value_of(place)
    return verdict


def _person_verdict(seat: SeatLine, person: Candidate) -> dict[str, object]:
    verdict = _judged(person.name, person)
    if verdict["verdict"] != "no":
        verdict["post"] = {"action": "assign", "seat_id": str(seat.seat_id), "clinician_id": str(person.clinician_id)}
    return verdict


def _judged(subject: str, one: Place | Candidate) -> dict[str, object]:
    if not one.allowed:
        said = _("%(subject)s: not possible.", subject=subject)
        return {"verdict": "no", "text": _with(said, one.reasons)}
    if one.warnings:
        said = _("%(subject)s: possible with a warning.", subject=subject)
        return {"verdict": "warn", "text": _with(said, one.warnings)}
    points = one.cost_change or 0
    if points == 0:
        said = _("%(subject)s: possible, as good as now.", subject=subject)
    elif points < 0:
        said = ngettext(
            "%(subject)s: possible, %(num)s point better than now.",
            "%(subject)s: possible, %(num)s points better than now.",
            -points,
            subject=subject,
        )
    else:
        said = ngettext(
            "%(subject)s: possible, %(num)s point worse than now.",
            "%(subject)s: possible, %(num)s points worse than now.",
            points,
            subject=subject,
        )
    return {"verdict": "ok", "text": said}


def _with(said: str, messages: tuple[Message, ...]) -> str:
    return " ".join((said, *(i18n.translate(message) for message in messages)))


def _group(index: int, found: list[Place], chosen: str) -> PlaceGroup:
    rooms = tuple(RoomChoice(value_of(one), one.room_name, value_of(one) == chosen) for one in found)
    return PlaceGroup(index, found[0].on, found[0].half_day, found[0].cost_change, found[0].warnings, rooms)


def _room_row(place: Place, session: SessionPage) -> str:
    return f"room-{place.room_id}" if place.room_id is not None else f"site-{session.site_id}"
