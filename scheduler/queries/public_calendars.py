"""The calendars that are open to the public: which zones have one, as a whole and for each specialty."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import AgreementLine, CooperationAgreement, Specialty, Zone
from scheduler.models.organisations import zone_site
from scheduler.queries.feed_conditions import in_force


@dataclass(frozen=True, slots=True)
class PublicCalendar:
    """A zone of which the public may know consultations, and the specialties of these, named in English."""

    zone_code: str
    zone_name: str
    specialties: tuple[str, ...]


def list_public_calendars() -> tuple[PublicCalendar, ...]:
    """List the zones at whose sites an agreement in force is released to the public, by name."""
    agreement = CooperationAgreement
    rows = db.session.execute(
        select(Zone.code, Zone.name, Specialty.name)
        .join(zone_site, zone_site.c.zone_id == Zone.id)
        .join(
            agreement,
            or_(agreement.home_site_id == zone_site.c.site_id, agreement.host_site_id == zone_site.c.site_id),
        )
        .join(AgreementLine, AgreementLine.agreement_id == agreement.id)
        .join(Specialty, Specialty.id == AgreementLine.specialty_id)
        .where(agreement.is_released, in_force(clock.today()))
        .distinct()
        .order_by(Zone.name, Zone.code, Specialty.name)
    )
    found: dict[tuple[str, str], list[str]] = {}
    for code, name, specialty in rows:
        found.setdefault((code, name), []).append(specialty)
    return tuple(PublicCalendar(code, name, tuple(specialties)) for (code, name), specialties in found.items())
