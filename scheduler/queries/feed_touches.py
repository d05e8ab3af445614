"""Which feeds show a session: what is to be made anew when it changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import and_, select

from scheduler.extensions import db
from scheduler.models import ClinicalSession, CooperationAgreement, SessionTemplate, Specialty
from scheduler.models.organisations import zone_programme, zone_site
from scheduler.queries.duties import in_chunks
from scheduler.queries.feed_access import PUBLIC_KINDS


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of what a change shows in, by kind of feed; ``public`` are zones whose public feed shows it."""

    clinicians: frozenset[int] = frozenset()
    sites: frozenset[int] = frozenset()
    rooms: frozenset[int] = frozenset()
    specialties: frozenset[int] = frozenset()
    agreements: frozenset[int] = frozenset()
    programmes: frozenset[int] = frozenset()
    zones: frozenset[int] = frozenset()
    public: frozenset[int] = frozenset()


def touched_subjects(
    session_ids: Iterable[int], *, clinician_ids: Iterable[int] = (), room_ids: Iterable[int] = ()
) -> Touched:
    """Give all whose feeds show one of these sessions.

    Parameters
    ----------
    clinician_ids, room_ids
        Who takes or took part, and where it is or was held: the caller knows, as that is what changes.
    """
    rows = [
        row
        for ids in in_chunks(session_ids)
        for row in db.session.execute(
            select(
                SessionTemplate.site_id,
                SessionTemplate.specialty,
                SessionTemplate.agreement_id,
                and_(CooperationAgreement.is_released, SessionTemplate.kind.in_(PUBLIC_KINDS)).label("is_public"),
            )
            .join(ClinicalSession, ClinicalSession.template_id == SessionTemplate.id)
            .outerjoin(CooperationAgreement, CooperationAgreement.id == SessionTemplate.agreement_id)
            .where(ClinicalSession.id.in_(ids))
            .distinct()
        )
    ]
    sites = frozenset(row.site_id for row in rows)
    zones = _zones_of(sites)
    return Touched(
        clinicians=frozenset(clinician_ids),
        sites=sites,
        rooms=frozenset(room_ids),
        specialties=frozenset(
            db.session.scalars(select(Specialty.id).where(Specialty.name.in_({row.specialty for row in rows})))
        ),
        agreements=frozenset(row.agreement_id for row in rows if row.agreement_id is not None),
        programmes=_programmes_of(zones),
        zones=zones,
        public=_zones_of({row.site_id for row in rows if row.is_public}),
    )


def _zones_of(site_ids: Collection[int]) -> frozenset[int]:
    """Give the zones in which some of these sites lie."""
    return frozenset(db.session.scalars(select(zone_site.c.zone_id).where(zone_site.c.site_id.in_(site_ids))))


def _programmes_of(zone_ids: Collection[int]) -> frozenset[int]:
    return frozenset(
        db.session.scalars(select(zone_programme.c.programme_id).where(zone_programme.c.zone_id.in_(zone_ids)))
    )
