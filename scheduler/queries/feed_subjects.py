"""What feeds are about, and what an account may subscribe to.

The table "who sees what" for calendars: ``list_subjects`` says it for the page where people choose, a feed's
``may_subscribe`` for one subject, ``feed_access.still_allowed`` in SQL for each fetch; a test holds the three against
each other.
"""

from collections import defaultdict
from collections.abc import Iterable

from scheduler.duties import Subject
from scheduler.errors import NotFound
from scheduler.queries.feed_selections import NO_CALENDAR, SELECTIONS_BY_ID
from scheduler.scope import Scope

Choice = tuple[Subject, int]
"""A subject, and the organisation through which one may subscribe to it."""


def list_subjects(scope: Scope, feed_id: str) -> tuple[Choice, ...]:
    """List what an account may subscribe to of one kind of feed, by name; the own clinician comes first."""
    selection = SELECTIONS_BY_ID.get(feed_id)
    if selection is None:
        return ()
    pairs = selection.choices(scope)
    subjects = load_subjects(feed_id, {subject_id for subject_id, _ in pairs})
    order = {subject_id: place for place, subject_id in enumerate(subjects)} | {selection.own(scope): -1}
    ordered = sorted(pairs, key=lambda pair: (order[pair[0]], pair[1]))
    return tuple((subjects[subject_id], organisation_id) for subject_id, organisation_id in ordered)


def load_subject(feed_id: str, subject_id: int, *, viewer_id: int = 0) -> Subject:
    """Load what a feed is about.

    Parameters
    ----------
    viewer_id
        The organisation whose view it is, if the feed has such views: its zone is that of the calendar.

    Raises
    ------
    NotFound
        When there is none.
    """
    found = load_subjects(feed_id, [subject_id], viewer_id=viewer_id)
    if subject_id not in found:
        raise NotFound(NO_CALENDAR)
    return found[subject_id]


def load_subjects(feed_id: str, subject_ids: Iterable[int], *, viewer_id: int = 0) -> dict[int, Subject]:
    """Load by id what several feeds of one kind are about, in the order of their names."""
    selection = SELECTIONS_BY_ID.get(feed_id)
    return selection.load(set(subject_ids), viewer_id) if selection is not None else {}


def subject_names(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Give the names of what feeds are about, by kind of feed and subject; what is gone is left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for feed_id, subject_id in pairs:
        wanted[feed_id].add(subject_id)
    return {
        (feed_id, subject.id): subject.name
        for feed_id, ids in wanted.items()
        for subject in load_subjects(feed_id, ids).values()
    }
