"""Sets up what is missing: keys, tables, the demonstration and its first rosters.  Does nothing when all is there."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from config import ROOT, Config, read_config
from scheduler.text import N_

if TYPE_CHECKING:
    from apiflask import APIFlask

SQLITE = "sqlite:///"
FEED_CLINICIAN = "C02"


def main() -> None:
    """Set up what is missing and tell what was done."""
    os.umask(0o077)
    config = read_config(os.environ)
    if not is_ready(config):
        for line in set_up(config):
            print(line, flush=True)


def is_ready(config: Config) -> bool:
    """Tell by a glance at the database file whether there is nothing to do; False when in doubt."""
    path = Path(config.database_url.removeprefix(SQLITE))
    if not config.database_url.startswith(SQLITE) or not path.is_file():
        return False
    with closing(sqlite3.connect(path)) as connection:
        try:
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
            return revision == head() and (not wants_demonstration(config) or not _lacks_demonstration(connection))
        except sqlite3.OperationalError:
            return False


def wants_demonstration(config: Config) -> bool:
    """Tell whether an empty database is to get the demonstration: never at a public address."""
    return config.demo and not config.is_https


def head() -> str:
    """Give the number of the newest migration."""
    return (ROOT / "migrations" / ".head").read_text(encoding="utf-8").strip()


def _lacks_demonstration(connection: sqlite3.Connection) -> bool:
    """Tell whether the database is empty, or an earlier set-up of the demonstration was broken off."""
    # The calendar address comes last.
    (organisations, demonstration, feeds) = connection.execute(
        "SELECT (SELECT count(*) FROM organisation), (SELECT count(*) FROM account WHERE is_demonstration), "
        "(SELECT count(*) FROM feed_subscription)"
    ).fetchone()
    return not organisations or bool(demonstration and not feeds)


def set_up(config: Config) -> Iterator[str]:
    """Do what is missing; give one line for each thing done."""
    import flask_migrate

    from scheduler import create_app

    app = create_app(config)
    with app.app_context():
        flask_migrate.upgrade()
    yield f"The database is ready: {_shown(config.database_url)}"
    if wants_demonstration(config) and _lacks_something(app):
        yield from _demonstrate(app, config)
    elif _is_empty(app):
        yield "There is no account yet; make one: ./run flask account create-admin LOGIN"


def _lacks_something(app: "APIFlask") -> bool:
    """Tell whether there is nothing yet, or a demonstration whose set-up was broken off."""
    from sqlalchemy import func, select

    from scheduler.extensions import db, transaction
    from scheduler.models import Account, FeedSubscription, Organisation

    with app.app_context(), transaction():
        if not db.session.scalar(select(func.count(Organisation.id))):
            return True
        demonstration = db.session.scalar(select(func.count(Account.id)).where(Account.is_demonstration))
        return bool(demonstration) and not db.session.scalar(select(func.count(FeedSubscription.id)))


def _is_empty(app: "APIFlask") -> bool:
    from sqlalchemy import func, select

    from scheduler.extensions import db, transaction
    from scheduler.models import Account

    with app.app_context(), transaction():
        return not db.session.scalar(select(func.count(Account.id)))


def _demonstrate(app: "APIFlask", config: Config) -> Iterator[str]:
    from scheduler.demo.load import load_demonstration
    from scheduler.demo.rosters import publish_first_rosters
    from scheduler.extensions import transaction

    with app.app_context(), transaction():
        loaded = load_demonstration()
    yield str(loaded)
    if loaded.password is not None:
        yield from _sign_ins(app, loaded.password)
    yield from publish_first_rosters(app)
    yield from _first_feed(app, config)


def _sign_ins(app: "APIFlask", password: str) -> Iterator[str]:
    from sqlalchemy import select

    from scheduler.extensions import db, transaction
    from scheduler.models import Account

    yield f"Sign in as one of these with the password  {password}"
    with app.app_context(), transaction():
        for account in db.session.scalars(select(Account).where(Account.is_demonstration).order_by(Account.id)):
            roles = ", ".join(f"{grant.role}, {grant.organisation.name}" for grant in account.grants)
            yield f"  {account.login:<24}{account.name} ({roles})"
    yield "The password is shown this once; ./run flask demo password --new makes another one."


def _first_feed(app: "APIFlask", config: Config) -> Iterator[str]:
    from sqlalchemy import select

    from scheduler.extensions import db, transaction
    from scheduler.feeds.addresses import feed_path
    from scheduler.feeds.variants import Variant
    from scheduler.i18n import gettext_for
    from scheduler.models import Clinician
    from scheduler.queries.feeds import language_of
    from scheduler.services.feeds import create_subscription

    with app.app_context(), transaction():
        person = db.session.scalars(select(Clinician).where(Clinician.code == FEED_CLINICIAN)).one()
        language = language_of(person.id)
        label = gettext_for(language)(N_("Demonstration"))
        _, token = create_subscription(
            actor=None, feed="clinician", subject_id=person.id, variant=Variant(language), label=label
        )
        yield f"Calendar of {person.name}, to subscribe to: {config.address}{feed_path(token, person.name)}"


def _shown(url: str) -> str:
    """Give the address of a database without the password in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


if __name__ == "__main__":
    main()
