"""What the database knows of a kind of feed: one value of the registry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement

from scheduler.duties import Subject
from scheduler.queries.feed_conditions import Day
from scheduler.queries.session_states import SessionState
from scheduler.scope import Scope

Conditions = tuple[ColumnElement[bool], ...]
Choices = set[tuple[int, int]]
"""Subjects, each with the organisation through which one may subscribe to it."""


@dataclass(frozen=True, slots=True)
class TouchedTemplate:
    """What a template says of its sessions that have changed."""

    id: int
    site_id: int
    specialty: str
    agreement_id: int | None
    kind: str
    is_released: bool


@dataclass(frozen=True, slots=True)
class TouchedSessions:
    """Sessions that have changed: the templates they are of, who takes or took part, where they are or were held."""

    session_ids: frozenset[int]
    templates: frozenset[TouchedTemplate]
    clinician_ids: frozenset[int]
    room_ids: frozenset[int]

    @property
    def site_ids(self) -> set[int]:
        """The sites at which they are held."""
        return {template.site_id for template in self.templates}


def _no_choices(_scope: Scope) -> Choices:
    return set()


def _nothing_own(_scope: Scope) -> int | None:
    return None


def _no_condition() -> Conditions:
    return ()


def _always(_state: SessionState, _subject_id: int) -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class FeedSelection:
    """Which things a kind of feed can be about, who may read it, which sessions it shows and when it changes.

    Conditions are asked for when a statement is built, once; they name their facts ``SUBJECT``, ``VIEWER``, ``TODAY``.

    Parameters
    ----------
    id
        That of the Feed.
    event_kind
        What its events are; ``duty``: its subject is a clinician.
    names
        The columns with id, code and name of what it can be about.
    load
        Loads subjects by id, in the order of their names, for the organisation whose view it is, or 0.
    touched
        Gives the subjects whose feeds show one of these sessions.
    shows
        Conditions on templates: those whose sessions it shows.
    held, was_held
        More of the kind that tell one session of a template from another: conditions on its placement, and the same
        for the state in which a session was last and a subject, when it is cancelled.
    agreements
        Condition on agreements: those whose first and last days change what it shows.
    choices
        What an account may subscribe to.
    own
        The one of its choices that is first, as it is the account itself.
    may_read
        Condition on FeedSubscription, FeedBytes and Account: whoever made the address could make it on this day.
        None: the feed is open to all and has no addresses.
    lasts
        Condition on FeedBytes: what the feed is about still holds on this day, whoever reads it.
    """

    id: str
    names: tuple[Any, Any, Any]
    load: Callable[[set[int], int], dict[int, Subject]]
    touched: Callable[[TouchedSessions], Iterable[int]]
    shows: Callable[[], Conditions]
    event_kind: Literal["duty", "session", "public"] = "session"
    held: Callable[[], Conditions] = _no_condition
    was_held: Callable[[SessionState, int], bool] = _always
    agreements: Callable[[], ColumnElement[bool]] | None = None
    choices: Callable[[Scope], Choices] = _no_choices
    own: Callable[[Scope], int | None] = _nothing_own
    may_read: Callable[[Day], ColumnElement[bool]] | None = None
    lasts: Callable[[Day], ColumnElement[bool]] | None = None

    @property
    def is_open(self) -> bool:
        """Whether anyone may read it, without an address of one's own."""
        return self.may_read is None
