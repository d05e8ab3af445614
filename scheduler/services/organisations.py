"""Makes organisations."""

import re

from sqlalchemy import select

from scheduler.errors import Conflict, InvalidInput, NotAllowed
from scheduler.extensions import db
from scheduler.models import Organisation
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.text import N_


def create_organisation(*, actor: Scope | None, code: str, name: str, country: str) -> Organisation:
    """Make an organisation; only the platform administrator may, or the command line.

    Parameters
    ----------
    country
        ISO 3166 alpha-2 code.

    Raises
    ------
    NotAllowed, InvalidInput, Conflict
        When the actor is someone else, a value cannot be used, or the code is taken.
    """
    if actor is not None and not actor.is_platform_administrator:
        raise NotAllowed(N_("Only the platform administrator creates organisations."))
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{1,39}", code):
        raise InvalidInput(N_("A code has 2 to 40 capital letters, digits and hyphens."))
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise InvalidInput(N_("Give the country by its two letters, such as BE."))
    if not name.strip():
        raise InvalidInput(N_("Give the organisation a name."))
    if db.session.scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
        raise Conflict(N_("There is an organisation with this code already."))
    organisation = Organisation(code=code, name=name.strip(), country=country)
    db.session.add(organisation)
    db.session.flush()
    journal.record(
        actor=actor,
        deed="organisation.created",
        subject="organisation",
        subject_id=organisation.id,
        organisation_ids=[organisation.id],
    )
    return organisation
