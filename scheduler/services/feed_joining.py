"""Joins feeds from events: those that are stored and still hold, and those that are written now, once for all feeds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app

from config import Config
from scheduler import clock
from scheduler.duties import Duty, Subject
from scheduler.feeds import Feed, feed_of
from scheduler.feeds.events import WrittenEvent
from scheduler.feeds.ics import write_calendar
from scheduler.feeds.style import FeedStyle
from scheduler.feeds.travel import travel_blocks
from scheduler.feeds.variants import Variant
from scheduler.feeds.window import feed_window
from scheduler.i18n import gettext_for
from scheduler.queries.feed_cancelled import cancelled_duties, cancelled_sessions
from scheduler.queries.feed_events import Chosen, ChosenEvent, chosen_events
from scheduler.queries.feed_facts import duties_by_seat, home_place, leave_facts, sessions_by_id, travel_minutes
from scheduler.queries.feed_subjects import load_subject
from scheduler.queries.feeds import FeedKey, name_of_care
from scheduler.services.event_store import EventKey, Fact, NewEvent, load_known, write_event, write_way

DERIVED_KINDS = {"out": "there", "on": "there", "back": "back"}
"""A duty has one way there and one way back, wherever they begin and end: the part under which each is stored."""


@dataclass(frozen=True, slots=True)
class FeedView:
    """What a feed shows at one instant, and how."""

    key: FeedKey
    feed: Feed
    variant: Variant
    style: FeedStyle
    subject: Subject
    chosen: Chosen
    from_at: datetime
    until_at: datetime

    @property
    def dress(self) -> str:
        """The dress of its events."""
        return self.feed.dress(self.variant)

    def body(self, events: Iterable[WrittenEvent]) -> bytes:
        """Give the whole calendar."""
        care = name_of_care(self.key.care_id) if self.key.care_id else ""
        return write_calendar(
            events,
            title=self.feed.name_of(self.subject, self.style.gettext, care=care),
            timezone=self.subject.timezone,
            description=self.style.gettext(self.feed.shows),
            color=self.feed.color,
        )


@dataclass(frozen=True, slots=True)
class Joined:
    """The events of a feed, and those of them that are not stored yet."""

    events: tuple[WrittenEvent, ...]
    new: tuple[NewEvent, ...]


def look_at(key: FeedKey, *, basis: str, now: datetime) -> FeedView:
    """Find out what a feed shows now.

    Raises
    ------
    NotFound
        When there is no such kind of feed, or what it is about is gone.
    """
    feed, variant = feed_of(key.feed), Variant.of(key.language, key.options)
    config: Config = current_app.config["PASSERELLE"]
    from_at, until_at = feed_window(clock.today())
    return FeedView(
        key=key,
        feed=feed,
        variant=variant,
        style=feed.style(
            variant,
            gettext_for(key.language),
            uid_domain=config.calendar_uid_domain,
            public_url=config.public_url,
        ),
        subject=load_subject(key.feed, key.subject_id, viewer_id=key.viewer_id),
        chosen=chosen_events(key, dress=feed.dress(variant), basis=basis, from_at=from_at, until_at=until_at, now=now),
        from_at=from_at,
        until_at=until_at,
    )


def join_feeds(views: Sequence[FeedView], *, basis: str) -> list[Joined]:
    """Give the events of several feeds, in the order of the feeds; the facts of what is yet to be written load once."""
    written = _write_missing(views, basis=basis)
    ways = _ways(views, basis=basis)
    return [_joined(view, written, ways.get(place, [])) for place, view in enumerate(views)]


def _joined(view: FeedView, written: Mapping[EventKey, NewEvent], ways: Sequence[NewEvent | WrittenEvent]) -> Joined:
    events, new = [], [way for way in ways if isinstance(way, NewEvent)]
    for one in view.chosen.events:
        if one.stored is not None:
            events.append(WrittenEvent(one.stored.uid, one.start_at, one.end_at, one.stored.zone, one.stored.body))
            continue
        fresh = written[_key(view, one)]
        new.append(fresh)
        # Days away have no instants of their own: the feed's, so that the order does not depend on what is stored.
        events.append(replace(fresh.written, start_at=one.start_at, end_at=one.end_at))
    events += [way.written if isinstance(way, NewEvent) else way for way in ways]
    return Joined(tuple(events), tuple(new))


def _key(view: FeedView, event: ChosenEvent) -> EventKey:
    return EventKey(event.kind, event.subject_id, "", view.dress)


def _missing(views: Iterable[FeedView]) -> Iterator[tuple[FeedView, ChosenEvent]]:
    return ((view, event) for view in views for event in view.chosen.events if event.stored is None)


def _write_missing(views: Sequence[FeedView], *, basis: str) -> dict[EventKey, NewEvent]:
    """Write what no stored event holds for, each once."""
    wanted = {_key(view, event): (view, event) for view, event in _missing(views)}
    if not wanted:
        return {}
    facts = _load_facts(wanted.values())
    by_dress: dict[tuple[str, str], list[int]] = defaultdict(list)
    for key in wanted:
        by_dress[key.kind, key.dress].append(key.subject_id)
    known = {
        key: event for (kind, dress), ids in by_dress.items() for key, event in load_known(kind, dress, ids).items()
    }
    return {
        key: write_event(
            key, facts[key.kind, event.is_cancelled, key.subject_id], view.style, known=known.get(key), basis=basis
        )
        for key, (view, event) in wanted.items()
    }


def _load_facts(wanted: Iterable[tuple[FeedView, ChosenEvent]]) -> dict[tuple[str, bool, int], Fact]:
    """Load the facts of events, by kind, whether they were cancelled, and subject."""
    ids: dict[tuple[str, bool], set[int]] = defaultdict(set)
    away: dict[int, FeedView] = {}
    for view, event in wanted:
        ids[event.kind, event.is_cancelled].add(event.subject_id)
        if event.kind == "leave":
            away[view.subject.id] = view
    facts: dict[tuple[str, bool, int], Fact] = {}
    for (kind, is_cancelled), subject_ids in ids.items():
        for subject_id, fact in _facts(kind, subject_ids, away.values(), is_cancelled=is_cancelled).items():
            facts[kind, is_cancelled, subject_id] = fact
    return facts


def _facts(kind: str, ids: set[int], away: Iterable[FeedView], *, is_cancelled: bool) -> Mapping[int, Fact]:
    if kind == "leave":
        return {
            fact.leave_id: fact
            for view in away
            for fact in leave_facts(view.subject.id, view.from_at.date(), view.until_at.date())
        }
    if kind == "duty":
        return cancelled_duties(ids) if is_cancelled else duties_by_seat(ids)
    return cancelled_sessions(ids) if is_cancelled else sessions_by_id(ids)


def _ways(views: Sequence[FeedView], *, basis: str) -> dict[int, list[NewEvent | WrittenEvent]]:
    """Give the time on the road for those feeds that show it, by their places."""
    seats = {
        place: [event.subject_id for event in view.chosen.events if event.kind == "duty" and not event.is_cancelled]
        for place, view in enumerate(views)
        if view.variant.with_travel
    }
    if not seats:
        return {}
    duties = duties_by_seat({seat for ids in seats.values() for seat in ids})
    return {place: _ways_of(views[place], [duties[seat] for seat in ids], basis=basis) for place, ids in seats.items()}


def _ways_of(view: FeedView, duties: Sequence[Duty], *, basis: str) -> list[NewEvent | WrittenEvent]:
    home = home_place(view.subject.id)
    minutes = travel_minutes({home.id, *(duty.site.id for duty in duties)})
    revised = {duty.seat_id: duty.revised_at for duty in duties}
    known = load_known("travel", view.dress, revised)
    ways = []
    for block in travel_blocks(duties, minutes, home):
        key = EventKey("travel", block.seat_id, DERIVED_KINDS[block.part], view.dress)
        ways.append(
            write_way(key, block, view.style, known=known.get(key), revised_at=revised[block.seat_id], basis=basis)
        )
    return ways
