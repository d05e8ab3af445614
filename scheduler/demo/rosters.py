"""The demonstration's first rosters: made, solved, approved by both hospitals and published, as people would do it."""

from collections.abc import Iterator
from datetime import date

from apiflask import APIFlask
from sqlalchemy import func, select

from scheduler import clock
from scheduler.demo.load import find_anchor
from scheduler.demo.source import Weeks, read_json
from scheduler.extensions import db, transaction
from scheduler.models import Account, ClinicalSession, Placement, Roster, RosterVersion, Site
from scheduler.queries.approvals import needed_organisations
from scheduler.queries.findings import findings_of
from scheduler.queries.scopes import scope_of
from scheduler.scope import Scope
from scheduler.services import publishing, rosters
from scheduler.solving import solve_now
from scheduler.text import N_
from solver.problem import Strength

WEEKS = (0, 1)
"""The week of the first loading, and the next."""

REASON = N_("First roster of the demonstration.")


def publish_first_rosters(app: APIFlask) -> Iterator[str]:
    """Publish a roster for each of the first weeks that has none; tell in one line what each holds."""
    with app.app_context(), transaction():
        anchor = find_anchor()
        first = [] if anchor is None else [Weeks(anchor).monday(week) for week in WEEKS]
    for monday in first:
        with app.app_context():
            with transaction():
                roster_id = _roster_of(monday)
                is_done = rosters.published_version(roster_id) is not None
                draft_id = _draft_of(roster_id)
                actor = _coordinators()[0]
            if is_done:
                continue
            if draft_id is None:
                draft_id = solve_now(app, actor=actor, roster_id=roster_id, whole_weeks=True)
            with transaction():
                yield _publish(draft_id, monday)


def _roster_of(monday: date) -> int:
    roster_id = db.session.scalar(
        select(Roster.id).join(Roster.site_weeks).where(Roster.first_on == monday).order_by(Roster.id).limit(1)
    )
    if roster_id is not None:
        return roster_id
    plan = read_json("demonstration.json")["roster"]
    site_ids = db.session.scalars(select(Site.id).where(Site.code.in_(plan["sites"]))).all()
    made = rosters.create_roster(
        actor=_coordinators()[0], title=plan["title"], first_on=monday, weeks=1, site_ids=site_ids
    )
    return made.id


def _draft_of(roster_id: int) -> int | None:
    """Give the draft that an interrupted set-up left behind."""
    return db.session.scalar(
        select(RosterVersion.id)
        .where(RosterVersion.roster_id == roster_id, RosterVersion.state == "draft")
        .order_by(RosterVersion.number.desc())
        .limit(1)
    )


def _publish(draft_id: int, monday: date) -> str:
    draft = db.session.get_one(RosterVersion, draft_id)
    needed = needed_organisations(draft)
    coordinators = _coordinators()
    for actor in coordinators:
        for organisation_id in actor.organisations_as("coordinator") & needed:
            publishing.approve(
                actor=actor, version_id=draft.id, revision=draft.revision, organisation_id=organisation_id
            )
    warned = findings_of(draft.findings).of_strength(Strength.WARN)
    publishing.publish(
        actor=coordinators[0], version_id=draft.id, revision=draft.revision, reason=REASON if warned else ""
    )
    held = db.session.scalar(select(func.count(Placement.id)).where(Placement.version_id == draft.id))
    wanted = db.session.scalar(
        select(func.count(ClinicalSession.id)).where(ClinicalSession.roster_id == draft.roster_id)
    )
    return f"Week of {monday}: {held} of {wanted} sessions held, solved and published."


def _coordinators() -> list[Scope]:
    """Give what the coordinators of both hospitals can do."""
    logins = [facts["login"] for facts in read_json("demonstration.json")["accounts"] if facts["role"] == "coordinator"]
    accounts = db.session.scalars(select(Account).where(Account.login.in_(logins)).order_by(Account.id))
    return [scope_of(account, clock.today()) for account in accounts]
