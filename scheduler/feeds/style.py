"""In which dress events are written."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedStyle:
    """How events are written, whatever they show.

    Parameters
    ----------
    gettext
        Translates an English text into the feed's language; equal for equal languages.
    uid_domain
        Right-hand side of every UID; must never change.
    public_url
        Address of the app, for links to a duty's page; empty: no links.
    is_private
        Show that someone is busy, not where or with what.
    is_lean
        Leave out what makes a large feed heavy: description and coordinates.
    is_clinician_first
        Begin a session's title with who holds it: whoever reads the calendar of a room knows the room.
    """

    gettext: Callable[[str], str]
    uid_domain: str
    public_url: str = ""
    is_private: bool = False
    is_lean: bool = False
    is_clinician_first: bool = False
