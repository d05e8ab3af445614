"""Gives sites, rooms and clinicians another name, and has every calendar that shows the old one made anew.

Published versions and the journal stay as they are; a name is taken back by renaming once more.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from unicodedata import category

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.feeds.window import feed_window
from scheduler.models import Account, Affiliation, ClinicalSession, Clinician, Room, RosterVersion, Seat, Site
from scheduler.queries.duties import in_chunks
from scheduler.queries.feed_touches import Touched, touched_subjects
from scheduler.queries.people import KEEPERS, in_sight
from scheduler.queries.shown_sessions import (
    ShownSessions,
    last_revision,
    sessions_at_site,
    sessions_in_room,
    sessions_with_clinician,
)
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.feeds import mark_stale
from scheduler.services.judging import judge_version
from scheduler.text import N_, say

LONGEST_NAME = 80
ONE_SECOND = timedelta(seconds=1)
"""What a calendar can tell apart."""
TITLES = frozenset(("dr", "dr.", "mme", "mme.", "mr", "mr.", "m.", "pr", "pr.", "prof", "prof."))
"""Words before a clinician's name by which nobody looks it up."""

NAME_MISSING = N_("Enter a name.")
NAME_TOO_LONG = N_("Use at most %(length)d characters.")
NAME_NOT_PLAIN = N_("The name holds a character that cannot be shown. Type it instead of pasting it.")
ROOM_TAKEN = N_("Another room of this site has this name already.")
RENAMED_MEANWHILE = N_("Someone renamed it meanwhile to “%(name)s”. Nothing was changed.")
NOT_YOUR_SITE = N_("Only a coordinator or administrator of the hospital that owns the site can rename it.")
NOT_YOUR_ROOM = N_("Only a coordinator or administrator of the hospital that owns the room can rename it.")
NOT_YOUR_CLINICIAN = N_("Only a coordinator or administrator of the clinician’s home hospital can change the name.")


def rename_site(*, actor: Scope, site_id: int, name: str, known: str | None = None) -> Site:
    """Give a site another name.

    Parameters
    ----------
    known
        The name as its form showed it; None renames whatever it is called.

    Raises
    ------
    NotFound
        When there is no such site in sight.
    NotAllowed
        When the actor is neither coordinator nor administrator of its hospital.
    InvalidInput
        When the name is missing, too long or not plain text.
    Conflict
        When it was renamed since the form was opened.
    """
    site = db.session.scalar(select(Site).where(Site.id == site_id).with_for_update())
    if site is None or site.organisation_id not in actor.visible_organisation_ids:
        raise NotFound()
    _check_may(actor, site.organisation_id, NOT_YOUR_SITE)
    wanted = _checked(name)
    if not _is_new(site.name, wanted, known):
        return site
    facts = {"from": site.name, "to": wanted}
    site.name = wanted
    shown = sessions_at_site(site.id, _shown_from(), now=clock.now())
    rooms = db.session.scalars(select(Room.id).where(Room.site_id == site.id))
    at_home = db.session.scalars(
        select(Affiliation.clinician_id).where(Affiliation.is_home, Affiliation.site_id == site.id)
    )
    _have_shown(shown, site_ids=[site.id], room_ids=rooms, clinician_ids=at_home)
    _tell(actor, "site.renamed", "site", site.id, organisation_id=site.organisation_id, shown=shown, facts=facts)
    return site


def rename_room(*, actor: Scope, room_id: int, name: str, known: str | None = None) -> Room:
    """Give a room another name, which no other room of its site may have.  Raises as ``rename_site`` does."""
    room = db.session.scalar(select(Room).where(Room.id == room_id).options(joinedload(Room.site)).with_for_update())
    if room is None or room.site.organisation_id not in actor.visible_organisation_ids:
        raise NotFound()
    _check_may(actor, room.site.organisation_id, NOT_YOUR_ROOM)
    wanted = _checked(name)
    if not _is_new(room.name, wanted, known):
        return room
    if db.session.scalar(select(Room.id).where(Room.site_id == room.site_id, Room.name == wanted)) is not None:
        raise InvalidInput(ROOM_TAKEN, {"name": ROOM_TAKEN})
    facts = {"from": room.name, "to": wanted}
    room.name = wanted
    shown = sessions_in_room(room.id, _shown_from(), now=clock.now())
    _have_shown(shown, room_ids=[room.id])
    _tell(actor, "room.renamed", "room", room.id, organisation_id=room.site.organisation_id, shown=shown, facts=facts)
    return room


def rename_clinician(*, actor: Scope, clinician_id: int, name: str, known: str | None = None) -> Clinician:
    """Give a clinician another name, and the clinician's account with it if it has the old one.

    The journal keeps neither name.  Raises as ``rename_site`` does.
    """
    person = db.session.scalar(
        select(Clinician)
        .where(in_sight(actor, clock.today()), Clinician.id == clinician_id)
        .options(selectinload(Clinician.affiliations))
        .with_for_update(of=Clinician)
    )
    if person is None:
        raise NotFound()
    organisation_id = person.home.organisation_id
    _check_may(actor, organisation_id, NOT_YOUR_CLINICIAN)
    wanted = _checked(name)
    if not _is_new(person.name, wanted, known):
        return person
    db.session.execute(
        update(Account)
        .where(Account.clinician_id == person.id, Account.name == person.name)
        .values(name=wanted)
        .execution_options(synchronize_session="fetch")
    )
    old, person.name, person.sort_name = person.name, wanted, sort_name_of(wanted)
    _judge_drafts_that_name(old)
    shown = sessions_with_clinician(person.id, _shown_from(), now=clock.now())
    _have_shown(shown, clinician_ids=[person.id])
    _tell(actor, "clinician.renamed", "clinician", person.id, organisation_id=organisation_id, shown=shown, facts={})
    return person


def sort_name_of(name: str) -> str:
    """Give a clinician's name as it is looked up: family name first, without title."""
    words = name.split()
    if len(words) > 1 and words[0].casefold() in TITLES:
        words = words[1:]
    return " ".join([*words[1:], *words[:1]])


def _check_may(actor: Scope, organisation_id: int, refusal: str) -> None:
    if actor.role_in(organisation_id) not in KEEPERS:
        raise NotAllowed(refusal)


def _checked(name: str) -> str:
    """Give a name on one line, as it is kept."""
    wanted = " ".join(name.split())
    problem = None
    if not wanted:
        problem = say(NAME_MISSING)
    elif len(wanted) > LONGEST_NAME:
        problem = say(NAME_TOO_LONG, length=LONGEST_NAME)
    elif any(category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") for sign in wanted):
        problem = say(NAME_NOT_PLAIN)
    if problem is not None:
        raise InvalidInput(problem, {"name": problem})
    return wanted


def _is_new(present: str, wanted: str, known: str | None) -> bool:
    """Tell whether there is anything to change; a form that is sent twice changes nothing the second time."""
    if present == wanted:
        return False
    if known is not None and known != present:
        raise Conflict(say(RENAMED_MEANWHILE, name=present))
    return True


def _shown_from() -> datetime:
    return feed_window(clock.today())[0]


def _judge_drafts_that_name(old: str) -> None:
    """Have the drafts judged again whose findings hold a name of before: it is by names that others are kept quiet."""
    drafts = db.session.scalars(select(RosterVersion).where(RosterVersion.state == "draft").order_by(RosterVersion.id))
    for draft in drafts.all():
        if old in json.dumps(draft.findings, ensure_ascii=False):
            judge_version(draft)
    db.session.flush()


def _have_shown(
    shown: ShownSessions,
    *,
    site_ids: Iterable[int] = (),
    room_ids: Iterable[int] = (),
    clinician_ids: Iterable[int] = (),
) -> None:
    """Raise the revisions of what shows the name, and have those calendars made anew, and those named after it.

    ``sequence`` stays: neither time nor place nor status changes.
    """
    db.session.flush()
    last = last_revision(shown)
    at = clock.now() if last is None else max(clock.now(), last + ONE_SECOND)
    for model, every in ((ClinicalSession, shown.session_ids), (Seat, shown.seat_ids)):
        for ids in in_chunks(every):
            db.session.execute(update(model).where(model.id.in_(ids)).values(revised_at=at))
    touched = touched_subjects(shown.session_ids, clinician_ids=shown.clinician_ids, room_ids=shown.room_ids)
    mark_stale(touched | Touched.of(site=site_ids, room=room_ids, clinician=clinician_ids))


def _tell(
    actor: Scope,
    deed: str,
    subject: str,
    subject_id: int,
    *,
    organisation_id: int,
    shown: ShownSessions,
    facts: dict[str, Any],
) -> None:
    journal.record(
        actor=actor,
        deed=deed,
        subject=subject,
        subject_id=subject_id,
        organisation_ids=[organisation_id],
        facts={**facts, "sessions": len(shown.session_ids)},
    )
