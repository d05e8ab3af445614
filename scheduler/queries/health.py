"""Looks whether the database can be worked with."""

import logging
from functools import cache

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from config import ROOT
from scheduler.extensions import db

_log = logging.getLogger(__name__)


def is_ready() -> bool:
    """Tell whether the database answers and has had the newest migration."""
    try:
        found = db.session.scalars(text("select version_num from alembic_version")).all()
    except SQLAlchemyError as error:
        _log.warning("The database is not ready: %s", type(error).__name__)
        return False
    return list(found) == [_newest_migration()]


@cache
def _newest_migration() -> str:
    """Give the migration that ``migrations/.head`` pins."""
    return (ROOT / "migrations" / ".head").read_text().strip()
