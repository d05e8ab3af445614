"""Makes rosters, and drafts of them."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import Roster, RosterSiteWeek, RosterVersion, SessionPin, Site
from scheduler.queries.roster_access import check_can_edit, find_roster, find_version
from scheduler.queries.session_states import SessionState, states_of
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.draft_desk import open_draft
from scheduler.services.judging import judge_version
from scheduler.services.placements import place
from scheduler.services.session_plans import make_sessions
from scheduler.text import N_, say

MAX_WEEKS = 26
TITLE_LENGTH = 120

NO_TITLE = N_("Give the roster a title of at most %(length)d characters.")
NOT_A_MONDAY = N_("A roster starts on a Monday.")
WRONG_WEEKS = N_("A roster covers 1 to %(most)d weeks.")
NO_SITES = N_("Choose at least one site.")
NOT_YOURS = N_("Only a coordinator of one of the sites can make a roster for them.")
TAKEN = N_("%(site)s in the week of %(week)s already belongs to the roster “%(roster)s”.")


def create_roster(*, actor: Scope, title: str, first_on: date, weeks: int, site_ids: Collection[int]) -> Roster:
    """Make a roster for whole weeks of some sites, with the sessions that their templates ask for.

    Raises
    ------
    InvalidInput
        With problems by field.
    NotFound
        When a site is neither the actor's nor a partner's.
    NotAllowed
        When the actor coordinates none of the sites.
    Conflict
        When a week of a site belongs to another roster.
    """
    _check_input(title, first_on, weeks, site_ids)
    sites = db.session.scalars(select(Site).where(Site.id.in_(set(site_ids)))).all()
    visible = actor.visible_organisation_ids
    if len(sites) != len(set(site_ids)) or any(site.organisation_id not in visible for site in sites):
        raise NotFound()
    owners = {site.organisation_id for site in sites}
    if not actor.organisations_as("coordinator") & owners:
        raise NotAllowed(NOT_YOURS)
    _check_free(sites, first_on, weeks)
    roster = Roster(title=title.strip(), first_on=first_on, weeks=weeks)
    roster.site_weeks = [
        RosterSiteWeek(site=site, week_on=first_on + timedelta(weeks=n)) for site in sites for n in range(weeks)
    ]
    try:
        with db.session.begin_nested():
            db.session.add(roster)
    except IntegrityError:
        # Someone made a roster for these weeks between our look and our writing.
        _check_free(sites, first_on, weeks)
        raise
    made = make_sessions(roster=roster)
    journal.record(
        actor=actor,
        deed="roster.created",
        subject="roster",
        subject_id=roster.id,
        organisation_ids=owners,
        facts={"first_on": first_on, "weeks": weeks, "site_ids": sorted(site_ids), "sessions": len(made)},
    )
    return roster


def start_draft(*, actor: Scope, roster_id: int, from_number: int | None = None) -> RosterVersion:
    """Make a new numbered draft.

    Parameters
    ----------
    from_number
        The version to copy.  None: the published version, or nothing when there is none.  Whatever it says about
        half-days that are past, the draft keeps what was published there.

    Raises
    ------
    NotFound
        When there is no such roster or version for the actor.
    NotAllowed
        When the actor coordinates none of the roster's hospitals.
    """
    roster, reach = find_roster(actor, roster_id)
    check_can_edit(reach)
    published = published_version(roster.id)
    source = find_version(actor, roster_id, from_number)[0] if from_number is not None else published
    make_sessions(roster=roster)
    draft = new_draft(roster=roster, actor=actor)
    states = _copied(source, published)
    for session_id, state in states.items():
        place(draft, session_id, state)
    for pin in source.pins if source is not None else []:
        if pin.session_id in states:
            draft.pins.append(SessionPin(session_id=pin.session_id, seat_id=pin.seat_id))
    judge_version(draft)
    db.session.flush()
    journal.record(
        actor=actor,
        deed="roster_version.started",
        subject="roster_version",
        subject_id=draft.id,
        organisation_ids=reach.owner_ids,
        facts={"roster_id": roster.id, "number": draft.number, "from": source.number if source else None},
    )
    return draft


def discard_draft(*, actor: Scope, version_id: int, revision: int) -> RosterVersion:
    """Put a draft aside for good; it stays readable.

    Raises
    ------
    NotFound
        When there is no such version for the actor.
    NotAllowed
        When the actor coordinates none of the roster's hospitals.
    Conflict
        When it is no draft any more, or not at the revision that the actor saw.
    """
    draft, reach = open_draft(actor=actor, version_id=version_id, revision=revision)
    check_can_edit(reach)
    draft.state = "discarded"
    db.session.flush()
    journal.record(
        actor=actor,
        deed="roster_version.discarded",
        subject="roster_version",
        subject_id=draft.id,
        organisation_ids=reach.owner_ids,
        facts={"roster_id": draft.roster_id, "number": draft.number},
    )
    return draft


def published_version(roster_id: int) -> RosterVersion | None:
    """Give the published version of a roster, or None."""
    return db.session.scalar(
        select(RosterVersion).where(RosterVersion.roster_id == roster_id, RosterVersion.state == "published")
    )


def new_draft(*, roster: Roster, actor: Scope | None) -> RosterVersion:
    """Add an empty draft with the next number, based on the published version."""
    lock_roster(roster.id)
    highest = db.session.scalar(select(func.max(RosterVersion.number)).where(RosterVersion.roster_id == roster.id))
    draft = RosterVersion(
        roster=roster,
        number=(highest or 0) + 1,
        state="draft",
        revision=1,
        based_on=published_version(roster.id),
        created_at=clock.now(),
        created_by_id=actor.account_id if actor is not None else None,
        findings={},
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def lock_roster(roster_id: int) -> None:
    """Make those who number or publish versions of a roster queue until the transaction ends."""
    db.session.execute(select(Roster.id).where(Roster.id == roster_id).with_for_update())


def _copied(source: RosterVersion | None, published: RosterVersion | None) -> dict[int, SessionState]:
    """Give the states to copy: those of the source, with the past as it was published."""
    states = states_of(source.id if source is not None else None)
    if published is None or source is published:
        return states
    now, known = clock.now(), states_of(published.id)
    past = {i: state for i, state in known.items() if state.start_at <= now}
    return {i: s for i, s in states.items() if s.start_at > now and i not in past} | past


def _check_input(title: str, first_on: date, weeks: int, site_ids: Collection[int]) -> None:
    problems = {}
    if not 0 < len(title.strip()) <= TITLE_LENGTH:
        problems["title"] = say(NO_TITLE, length=TITLE_LENGTH)
    if first_on.isoweekday() != 1:
        problems["first_on"] = say(NOT_A_MONDAY)
    if not 1 <= weeks <= MAX_WEEKS:
        problems["weeks"] = say(WRONG_WEEKS, most=MAX_WEEKS)
    if not site_ids:
        problems["site_ids"] = say(NO_SITES)
    if problems:
        raise InvalidInput(next(iter(problems.values())), problems)


def _check_free(sites: Collection[Site], first_on: date, weeks: int) -> None:
    mondays = [first_on + timedelta(weeks=n) for n in range(weeks)]
    taken = db.session.scalar(
        select(RosterSiteWeek)
        .where(RosterSiteWeek.site_id.in_([s.id for s in sites]), RosterSiteWeek.week_on.in_(mondays))
        .order_by(RosterSiteWeek.week_on)
        .limit(1)
    )
    if taken is not None:
        raise Conflict(say(TAKEN, site=taken.site.name, week=taken.week_on, roster=taken.roster.title))
