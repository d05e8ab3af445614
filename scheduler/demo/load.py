"""Loads the demonstration: everything once, and nothing a second time."""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import func, select

from config import Config
from scheduler import clock
from scheduler.demo.cooperation import load_cooperation
from scheduler.demo.people import load_people
from scheduler.demo.places import load_places
from scheduler.demo.source import Store, Weeks, read_json
from scheduler.errors import NotAllowed
from scheduler.extensions import db
from scheduler.models import Account, Clinician, Organisation, SessionTemplate
from scheduler.services import accounts, journal
from scheduler.text import N_

PUBLIC = N_("The demonstration is not offered at a public address: its sign-ins all share one password.")
PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading added, by table; ``password`` is set when accounts were among it and is kept nowhere."""

    anchor: date
    added: Counter[str]
    password: str | None

    def __str__(self) -> str:
        """Give one line that says what was added."""
        if not self.added:
            return "The demonstration was loaded before; nothing was added."
        names = {"site": "sites", "clinician": "clinicians", "cooperation_agreement": "agreements"}
        parts = [f"{self.added[table]} {name}" for table, name in names.items()]
        return f"Loaded {', '.join(parts)} and {self.added['account']} accounts; week 0 begins on {self.anchor}."


def load_demonstration() -> Loaded:
    """Add what is not there yet; dates count from the week of the first loading.

    Raises
    ------
    NotAllowed
        When people reach the app by https.
    """
    config: Config = current_app.config["PASSERELLE"]
    if config.is_https:
        raise NotAllowed(PUBLIC)
    store = Store()
    weeks = Weeks(find_anchor() or clock.monday_of(clock.today()))
    sites = load_places(store)
    people = load_people(store, weeks, sites)
    load_cooperation(store, weeks, sites=sites, people=people)
    db.session.flush()
    password = _load_accounts(store)
    if store.added:
        journal.record(actor=None, deed="demonstration.loaded", subject="site", facts=dict(store.added))
    db.session.flush()
    return Loaded(weeks.anchor, store.added, password)


def find_anchor() -> date | None:
    """Give the Monday from which the loaded demonstration counts its weeks; None before the first loading."""
    codes = [facts["code"] for facts in read_json("session_templates.json") if "anchor_week" not in facts]
    return db.session.scalar(select(func.min(SessionTemplate.anchor_on)).where(SessionTemplate.code.in_(codes)))


def renew_password() -> str:
    """Give all demonstration accounts one new password, which is kept nowhere.

    Raises
    ------
    NotAllowed
        When there are none, or people reach the app by https.
    """
    config: Config = current_app.config["PASSERELLE"]
    if config.is_https:
        raise NotAllowed(PUBLIC)
    ids = db.session.scalars(select(Account.id).where(Account.is_demonstration)).all()
    if not ids:
        raise NotAllowed(N_("There are no demonstration accounts."))
    password = _new_password()
    for account_id in ids:
        accounts.set_password(actor=None, account_id=account_id, password=password)
    return password


def _load_accounts(store: Store) -> str | None:
    password = _new_password()
    made = False
    for facts in read_json("demonstration.json")["accounts"]:
        if store.has(Account, login=facts["login"]):
            continue
        person = _clinician(facts.get("clinician"))
        organisation_id = (
            person.home.organisation_id
            if person is not None
            else store.once(Organisation, {"code": facts["organisation"]}).id
        )
        accounts.create_account(
            actor=None,
            login=facts["login"],
            name=person.name if person is not None else facts["name"],
            password=password,
            language=facts["language"],
            roles={organisation_id: facts["role"]},
            clinician_id=person.id if person is not None else None,
            is_demonstration=True,
        )
        store.added["account"] += 1
        made = True
    return password if made else None


def _clinician(code: str | None) -> Clinician | None:
    return None if code is None else db.session.scalars(select(Clinician).where(Clinician.code == code)).one()


def _new_password() -> str:
    return secrets.token_urlsafe(PASSWORD_BYTES)
