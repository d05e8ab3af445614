"""What feeds are about, and what an account may subscribe to.

The table "who sees what" for calendars: ``list_subjects`` says it for the page where people choose, a feed's
``may_subscribe`` for one subject, ``feed_access.still_allowed`` in SQL for each fetch; a test holds the three against
each other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from scheduler import clock
from scheduler.duties import Subject
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import (
    Affiliation,
    AgreementEnrolment,
    Clinician,
    CooperationAgreement,
    Organisation,
    Programme,
    Room,
    SessionTemplate,
    Site,
    Specialty,
    Zone,
)
from scheduler.models.organisations import zone_programme, zone_site
from scheduler.queries.feed_access import enrolment_holds, in_force, seen_by
from scheduler.queries.paging import folded
from scheduler.scope import OFFICE, Scope
from scheduler.terms_text import TITLE_JOINT
from scheduler.text import N_

DEFAULT_ZONE = "Europe/Brussels"
"""Zone of a calendar about things that lie in several, when no organisation looks at it."""
NO_CALENDAR = N_("There is no such calendar.")

Choice = tuple[Subject, int]
"""A subject, and the organisation through which one may subscribe to it."""


def list_subjects(scope: Scope, feed_id: str) -> tuple[Choice, ...]:
    """List what an account may subscribe to of one kind of feed, by name; the own clinician comes first."""
    if feed_id not in _CHOICES:
        return ()
    pairs = sorted(_CHOICES[feed_id](scope))
    subjects = load_subjects(feed_id, {subject_id for subject_id, _ in pairs})
    order = {subject_id: place for place, subject_id in enumerate(subjects)}
    pairs.sort(key=lambda pair: (feed_id != "clinician" or pair[0] != scope.clinician_id, order[pair[0]], pair[1]))
    return tuple((subjects[subject_id], organisation_id) for subject_id, organisation_id in pairs)


def load_subject(feed_id: str, subject_id: int, *, viewer_id: int = 0) -> Subject:
    """Load what a feed is about.

    Parameters
    ----------
    viewer_id
        The organisation whose view it is, if the feed has such views: its zone is that of the calendar.

    Raises
    ------
    NotFound
        When there is none.
    """
    found = load_subjects(feed_id, [subject_id], viewer_id=viewer_id)
    if subject_id not in found:
        raise NotFound(NO_CALENDAR)
    return found[subject_id]


def load_subjects(feed_id: str, subject_ids: Iterable[int], *, viewer_id: int = 0) -> dict[int, Subject]:
    """Load by id what several feeds of one kind are about, in the order of their names."""
    load = _LOADERS.get(feed_id)
    return load(set(subject_ids), viewer_id) if load is not None else {}


def subject_names(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Give the names of what feeds are about, by kind of feed and subject; what is gone is left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for feed_id, subject_id in pairs:
        wanted[feed_id].add(subject_id)
    return {
        (feed_id, subject.id): subject.name
        for feed_id, ids in wanted.items()
        for subject in load_subjects(feed_id, ids).values()
    }


def _clinicians(scope: Scope) -> set[tuple[int, int]]:
    rows = db.session.execute(
        select(Affiliation.clinician_id, Affiliation.organisation_id).where(
            Affiliation.is_home,
            or_(
                Affiliation.clinician_id == scope.clinician_id if scope.clinician_id is not None else false(),
                Affiliation.organisation_id.in_(scope.organisations_as("coordinator")),
            ),
        )
    )
    return _pairs(rows)


def _sites(scope: Scope) -> set[tuple[int, int]]:
    return _pairs(
        db.session.execute(
            select(Site.id, Site.organisation_id).where(Site.organisation_id.in_(scope.organisations_as(*OFFICE)))
        )
    )


def _rooms(scope: Scope) -> set[tuple[int, int]]:
    return _pairs(
        db.session.execute(
            select(Room.id, Site.organisation_id)
            .join(Site, Site.id == Room.site_id)
            .where(Site.organisation_id.in_(scope.organisations_as(*OFFICE)))
        )
    )


def _agreements(scope: Scope) -> set[tuple[int, int]]:
    """Give agreements in force by party, and those in which the account's clinician is enrolled, through the home."""
    today, office = clock.today(), scope.organisations_as(*OFFICE)
    parties = db.session.execute(
        select(
            CooperationAgreement.id,
            CooperationAgreement.home_organisation_id,
            CooperationAgreement.host_organisation_id,
        ).where(in_force(today))
    ).all()
    found = {(agreement_id, party) for agreement_id, home, host in parties for party in {home, host} & office}
    if scope.clinician_id is None:
        return found
    own = db.session.execute(
        select(AgreementEnrolment.agreement_id, Affiliation.organisation_id)
        .join(CooperationAgreement, CooperationAgreement.id == AgreementEnrolment.agreement_id)
        .join(Affiliation, Affiliation.clinician_id == AgreementEnrolment.clinician_id)
        .where(
            AgreementEnrolment.clinician_id == scope.clinician_id,
            enrolment_holds(today),
            in_force(today),
            Affiliation.is_home,
        )
    )
    return found | _pairs(own)


def _specialties(scope: Scope) -> set[tuple[int, int]]:
    return _in_view(scope, lambda sites: select(Specialty.id).join(*_TEMPLATES).where(sites))


def _programmes(scope: Scope) -> set[tuple[int, int]]:
    zones = zone_programme.join(zone_site, zone_site.c.zone_id == zone_programme.c.zone_id)
    joined = zones.join(SessionTemplate, SessionTemplate.site_id == zone_site.c.site_id)
    return _in_view(scope, lambda seen: select(zone_programme.c.programme_id).select_from(joined).where(seen))


def _zones(scope: Scope) -> set[tuple[int, int]]:
    joined = zone_site.join(SessionTemplate, SessionTemplate.site_id == zone_site.c.site_id)
    return _in_view(scope, lambda seen: select(zone_site.c.zone_id).select_from(joined).where(seen))


def _in_view(scope: Scope, wanted: Callable[[ColumnElement[bool]], Select[int]]) -> set[tuple[int, int]]:
    """Give what holds sessions that an organisation sees, for each in whose office the account works."""
    today = clock.today()
    return {
        (subject_id, organisation_id)
        for organisation_id in scope.organisations_as(*OFFICE)
        for subject_id in db.session.scalars(wanted(seen_by(organisation_id, today)).distinct())
    }


def _pairs(rows: Iterable[Any]) -> set[tuple[int, int]]:
    return {(row[0], row[1]) for row in rows}


def _load_clinicians(ids: set[int], _viewer_id: int) -> dict[int, Subject]:
    rows = db.session.execute(
        select(Clinician.id, Clinician.name, Clinician.sort_name, Site.timezone, Affiliation.organisation_id)
        .join(Affiliation, and_(Affiliation.clinician_id == Clinician.id, Affiliation.is_home))
        .join(Site, Site.id == Affiliation.site_id)
        .where(Clinician.id.in_(ids))
    ).all()
    return {
        row.id: Subject(
            kind="clinician",
            id=row.id,
            name=row.name,
            timezone=row.timezone,
            organisation_ids=frozenset((row.organisation_id,)),
            clinician_ids=frozenset((row.id,)),
        )
        for row in sorted(rows, key=lambda one: (folded(one.sort_name or one.name), one.id))
    }


def _by_name(subjects: Iterable[Subject]) -> dict[int, Subject]:
    return {one.id: one for one in sorted(subjects, key=lambda one: (folded(one.name), one.id))}


def _load_sites(ids: set[int], _viewer_id: int) -> dict[int, Subject]:
    sites = db.session.execute(select(Site.id, Site.name, Site.timezone, Site.organisation_id).where(Site.id.in_(ids)))
    return _by_name(_place("site", row.id, row.name, row) for row in sites)


def _load_rooms(ids: set[int], _viewer_id: int) -> dict[int, Subject]:
    rooms = db.session.execute(
        select(Room.id, Room.name, Site.name.label("site"), Site.timezone, Site.organisation_id)
        .join(Site, Site.id == Room.site_id)
        .where(Room.id.in_(ids))
    )
    return _by_name(_place("room", row.id, TITLE_JOINT.join((row.name, row.site)), row) for row in rooms)


def _place(kind: str, subject_id: int, name: str, row: Any) -> Subject:
    return Subject(
        kind=kind,
        id=subject_id,
        name=name,
        timezone=row.timezone,
        organisation_ids=frozenset((row.organisation_id,)),
    )


def _load_agreements(ids: set[int], _viewer_id: int) -> dict[int, Subject]:
    today, agreement = clock.today(), CooperationAgreement
    enrolled: dict[int, set[int]] = defaultdict(set)
    for agreement_id, clinician_id in db.session.execute(
        select(AgreementEnrolment.agreement_id, AgreementEnrolment.clinician_id).where(
            AgreementEnrolment.agreement_id.in_(ids), enrolment_holds(today)
        )
    ):
        enrolled[agreement_id].add(clinician_id)
    rows = db.session.execute(
        select(
            agreement.id,
            agreement.title,
            Site.timezone,
            agreement.home_organisation_id,
            agreement.host_organisation_id,
            in_force(today).label("is_in_force"),
        )
        .join(Site, Site.id == agreement.host_site_id)
        .where(agreement.id.in_(ids))
    )
    return _by_name(
        Subject(
            kind="agreement",
            id=row.id,
            name=row.title,
            timezone=row.timezone,
            organisation_ids=frozenset((row.home_organisation_id, row.host_organisation_id)),
            clinician_ids=frozenset(enrolled[row.id]),
            is_in_force=bool(row.is_in_force),
        )
        for row in rows
    )


def _load_named(kind: str, model: type[Specialty] | type[Programme] | type[Zone]) -> "_Loader":
    """Give what loads things that belong to nobody; each organisation sees its own part of them."""

    def load(ids: set[int], viewer_id: int) -> dict[int, Subject]:
        rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
        zone = _zone_of(viewer_id)
        return _by_name(Subject(kind=kind, id=row.id, name=row.name, timezone=zone) for row in rows)

    return load


def _zone_of(organisation_id: int) -> str:
    """Give the zone in which most sites of an organisation lie."""
    zone = db.session.scalar(
        select(Site.timezone)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(Organisation.id == organisation_id)
        .group_by(Site.timezone)
        .order_by(func.count().desc(), Site.timezone)
        .limit(1)
    )
    return zone or DEFAULT_ZONE


_Loader = Callable[[set[int], int], dict[int, Subject]]
_TEMPLATES = (SessionTemplate, SessionTemplate.specialty == Specialty.name)
_CHOICES: dict[str, Callable[[Scope], set[tuple[int, int]]]] = {
    "clinician": _clinicians,
    "site": _sites,
    "room": _rooms,
    "specialty": _specialties,
    "agreement": _agreements,
    "programme": _programmes,
    "zone": _zones,
}
"""What may be chosen of each kind of feed, as pairs of subject and organisation; public feeds need no address."""
_LOADERS: dict[str, _Loader] = {
    "clinician": _load_clinicians,
    "site": _load_sites,
    "room": _load_rooms,
    "specialty": _load_named("specialty", Specialty),
    "agreement": _load_agreements,
    "programme": _load_named("programme", Programme),
    "zone": _load_named("zone", Zone),
    "public": _load_named("public", Zone),
}
