"""Which room a session gets when somebody moves it by hand."""

from sqlalchemy import select

from scheduler.errors import InvalidInput
from scheduler.extensions import db
from scheduler.models import ClinicalSession, Room
from scheduler.services.draft_desk import Desk
from scheduler.text import N_, say
from solver.problem import HalfDay, Option

UNFIT_ROOM = N_("“%(session)s” cannot be held in this room: it has another kind or lacks equipment.")


def room_for(desk: Desk, session: ClinicalSession, option: Option, room_id: int | None) -> int | None:
    """Give the room of a session at a half-day: the one asked for, else the one that suits best.

    Raises
    ------
    InvalidInput
        When the session cannot be held in the room asked for.
    """
    if room_id is None:
        return free_room(desk, session, option)
    if room_id not in {room.id for room in _fitting(session)}:
        raise InvalidInput(say(UNFIT_ROOM, session=desk.title(session.id)))
    return room_id


def free_room(desk: Desk, session: ClinicalSession, option: Option) -> int | None:
    """Give the room that suits a session at a half-day best; None when it needs none or its site has none.

    The present room if it is free, else a free one with as little equipment to spare as possible; when none is free,
    the present one or the first that fits: the audit then shows the clash.
    """
    taken = {
        state.room_id
        for other, state in desk.states.items()
        if other != session.id and state.start_at < option.end_at and option.start_at < state.end_at
    }
    open_at = {room.id: room.open_at for room in desk.problem.rooms}
    at = (option.on, HalfDay(option.half_day))

    def worth(room: Room) -> tuple[bool, bool, int, int]:
        hours = open_at[str(room.id)]
        is_free = room.id not in taken and (hours is None or at in hours)
        state = desk.states.get(session.id)
        is_present = state is not None and state.room_id == room.id
        return (not is_free, not is_present, len(room.equipment), room.id)

    best = min(_fitting(session), key=worth, default=None)
    return best.id if best is not None else None


def _fitting(session: ClinicalSession) -> list[Room]:
    template = session.template
    rooms = db.session.scalars(select(Room).where(Room.site_id == template.site_id).order_by(Room.id))
    return [
        room for room in rooms if room.kind == template.room_kind and set(template.equipment) <= set(room.equipment)
    ]
