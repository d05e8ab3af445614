"""Writes each event once per revision and dress, for all feeds that show it.

Nothing is stored here: whoever renders gets the rows to store, so that a reader never waits for the database's one
writer.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Executable, delete, insert, select

from scheduler.duties import Duty, LeaveFact, SessionFact, TravelBlock
from scheduler.extensions import LateWrite, db
from scheduler.feeds.events import WrittenEvent, write_duty, write_leave, write_public, write_session, write_travel
from scheduler.feeds.style import FeedStyle
from scheduler.models import EventBytes
from scheduler.queries.duties import in_chunks

ONE_SECOND = timedelta(seconds=1)
"""What the stamps of an event can tell apart."""

Fact = Duty | SessionFact | LeaveFact
Write = Callable[[Any, FeedStyle], WrittenEvent]

_WRITERS: Mapping[str, Write] = {
    "duty": write_duty,
    "session": write_session,
    "public": write_public,
    "leave": write_leave,
}


@dataclass(frozen=True, slots=True)
class EventKey:
    """Which event in which dress; ``part`` tells apart what is derived from one seat."""

    kind: str
    subject_id: int
    part: str
    dress: str


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be stored.

    Parameters
    ----------
    revised_at
        The revision of the seat, session or leave that was looked at.
    stamped_at, sequence
        The revision that the event itself tells: older, where nothing that it shows changed since.
    digest
        Of what a derived event is made from; empty for others.
    """

    key: EventKey
    written: WrittenEvent
    revised_at: datetime
    stamped_at: datetime
    sequence: int
    basis: str
    digest: str = ""

    def values(self) -> dict[str, Any]:
        """Give the columns of the row."""
        return {
            "kind": self.key.kind,
            "subject_id": self.key.subject_id,
            "part": self.key.part,
            "dress": self.key.dress,
            "uid": self.written.uid,
            "sequence": self.sequence,
            "revised_at": self.revised_at,
            "stamped_at": self.stamped_at,
            "digest": self.digest,
            "basis": self.basis,
            "zone": self.written.zone,
            "start_at": self.written.start_at,
            "end_at": self.written.end_at,
            "body": self.written.body,
        }


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event as it was stored last, whether it still holds or not."""

    uid: str
    sequence: int
    stamped_at: datetime
    digest: str
    basis: str
    zone: str | None
    start_at: datetime
    end_at: datetime
    body: bytes


def load_known(kind: str, dress: str, subject_ids: Iterable[int]) -> dict[EventKey, KnownEvent]:
    """Load what is stored of these events."""
    rows = [
        row
        for ids in in_chunks(subject_ids)
        for row in db.session.execute(
            select(
                EventBytes.subject_id,
                EventBytes.part,
                EventBytes.uid,
                EventBytes.sequence,
                EventBytes.stamped_at,
                EventBytes.digest,
                EventBytes.basis,
                EventBytes.zone,
                EventBytes.start_at,
                EventBytes.end_at,
                EventBytes.body,
            ).where(EventBytes.kind == kind, EventBytes.dress == dress, EventBytes.subject_id.in_(ids))
        )
    ]
    return {EventKey(kind, row[0], row[1], dress): KnownEvent(*row[2:]) for row in rows}


def write_event(key: EventKey, fact: Fact, style: FeedStyle, *, known: KnownEvent | None, basis: str) -> NewEvent:
    """Write an event that is new, or whose seat, session or leave was revised.

    A revision that changes nothing which this dress shows leaves the event as it was, stamps included: the calendar
    of the public does not move when two colleagues change places.
    """
    write = _WRITERS[key.kind]
    if known is not None and known.sequence == fact.sequence and known.stamped_at <= fact.revised_at:
        kept = write(replace(fact, revised_at=known.stamped_at), style)
        if kept.body == known.body:
            return NewEvent(key, kept, fact.revised_at, known.stamped_at, known.sequence, basis)
    return NewEvent(key, write(fact, style), fact.revised_at, fact.revised_at, fact.sequence, basis)


def write_way(
    key: EventKey,
    block: TravelBlock,
    style: FeedStyle,
    *,
    known: KnownEvent | None,
    revised_at: datetime,
    basis: str,
) -> NewEvent | WrittenEvent:
    """Write the time on the road, which has no revision of its own; what is stored and still holds is given as it is.

    Its sequence goes up when its times change, and its stamps move when anything that it shows does.

    Parameters
    ----------
    revised_at
        The revision of the duty to which the way belongs.
    """
    digest = sha256(repr(block).encode()).hexdigest()
    if known is None:
        written = write_travel(block, style, revised_at=revised_at, sequence=0)
        return NewEvent(key, written, revised_at, revised_at, 0, basis, digest)
    if known.digest == digest and known.basis == basis:
        return WrittenEvent(known.uid, known.start_at, known.end_at, known.zone, known.body)
    written = write_travel(block, style, revised_at=known.stamped_at, sequence=known.sequence)
    if written.body == known.body:
        return NewEvent(key, written, revised_at, known.stamped_at, known.sequence, basis, digest)
    is_moved = (known.start_at, known.end_at) != (block.start_at, block.end_at)
    sequence, stamped_at = known.sequence + is_moved, max(revised_at, known.stamped_at + ONE_SECOND)
    written = write_travel(block, style, revised_at=stamped_at, sequence=sequence)
    return NewEvent(key, written, revised_at, stamped_at, sequence, basis, digest)


def storing(events: Iterable[NewEvent]) -> list[LateWrite]:
    """Give the writes that store events in the place of those that were stored before."""
    kinds: dict[tuple[str, str, str], list[NewEvent]] = defaultdict(list)
    for event in events:
        kinds[event.key.kind, event.key.part, event.key.dress].append(event)
    writes = [
        LateWrite(_removing(*key, ids))
        for key, rows in sorted(kinds.items())
        for ids in in_chunks(row.key.subject_id for row in rows)
    ]
    return [*writes, LateWrite(insert(EventBytes), [row.values() for rows in kinds.values() for row in rows])]


def _removing(kind: str, part: str, dress: str, subject_ids: Sequence[int]) -> Executable:
    return delete(EventBytes).where(
        EventBytes.kind == kind,
        EventBytes.part == part,
        EventBytes.dress == dress,
        EventBytes.subject_id.in_(subject_ids),
    )
