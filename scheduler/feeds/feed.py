"""What a kind of feed is: one value of the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scheduler.duties import Subject
from scheduler.feeds.style import FeedStyle
from scheduler.feeds.variants import Variant
from scheduler.scope import OFFICE, Scope
from scheduler.terms_text import TITLE_JOINT, shown

MaySubscribe = Callable[[Scope, Subject, int], bool]
"""Tells whether an account may subscribe to a subject's feed through one of its organisations, given by id."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A kind of feed.

    Parameters
    ----------
    id
        Its name in the database.
    title, about, shows, audience
        For people: what it is called, what it is about (the label of a field), what stands in it, who may subscribe.
    name_text
        Names the calendar after its subject: a text with ``%(name)s``.
    events
        What its events are: one clinician's duties, sessions with their teams, or sessions without any names.
    choices
        Those of OPTIONS that a subscriber may choose.
    is_scoped
        Each organisation sees a part of its own: its sessions and those of its agreements.
    is_lean
        Too large a feed for descriptions and coordinates.
    is_clinician_first
        Titles begin with who holds the session.
    color
        A colour name of CSS.
    """

    id: str
    title: str
    about: str
    shows: str
    audience: str
    name_text: str
    events: Literal["duties", "sessions", "public"]
    color: str
    may_subscribe: MaySubscribe
    choices: tuple[str, ...] = ()
    is_scoped: bool = False
    is_lean: bool = False
    is_clinician_first: bool = False

    def name_of(self, subject: Subject, gettext: Callable[[str], str], *, care: str = "") -> str:
        """Give the name of the calendar in the language of ``gettext``; ``care`` is the one specialty it shows."""
        name = TITLE_JOINT.join(part for part in (subject.name, care) if part)
        return gettext(self.name_text) % {"name": shown(name, gettext)}

    def dress(self, variant: Variant) -> str:
        """Name the dress of its events: two feeds write an event alike when the dress and kind of event are alike."""
        if variant.is_private:
            return f"{variant.language}-busy"
        kinds = (("lean", self.is_lean), ("who", self.is_clinician_first))
        return "-".join([variant.language, *(kind for kind, holds in kinds if holds)])

    def style(self, variant: Variant, gettext: Callable[[str], str], *, uid_domain: str, public_url: str) -> FeedStyle:
        """Give how its events are written."""
        return FeedStyle(
            gettext=gettext,
            uid_domain=uid_domain,
            public_url=public_url,
            is_private=variant.is_private,
            is_lean=self.is_lean,
            is_clinician_first=self.is_clinician_first,
        )


def of_its_office(scope: Scope, subject: Subject, organisation_id: int) -> bool:
    """Tell whether the account belongs to the office of an organisation whose the subject is."""
    return organisation_id in subject.organisation_ids and of_an_office(scope, subject, organisation_id)


def of_an_office(scope: Scope, _subject: Subject, organisation_id: int) -> bool:
    """Tell whether the account belongs to the office of the organisation."""
    return scope.role_in(organisation_id) in OFFICE
