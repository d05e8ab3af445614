"""Cooperation agreements, what they cover, and who is enrolled in them."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Model
from scheduler.models.clinicians import Clinician, Specialty
from scheduler.models.organisations import Organisation, Site


class CooperationAgreement(Model):
    """A contract for work across organisations, in force in [valid_from, valid_until).

    ``is_released``: the public may see care, place and time of its consultations.
    """

    __tablename__ = "cooperation_agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    home_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    host_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    home_site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    host_site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    legal_basis: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    frequency: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    sources: Mapped[list[str]] = mapped_column(JSON, default=list)
    invented: Mapped[list[str]] = mapped_column(JSON, default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_released: Mapped[bool] = mapped_column(default=False)
    home_organisation: Mapped[Organisation] = relationship(foreign_keys=[home_organisation_id])
    host_organisation: Mapped[Organisation] = relationship(foreign_keys=[host_organisation_id])
    home_site: Mapped[Site] = relationship(foreign_keys=[home_site_id])
    host_site: Mapped[Site] = relationship(foreign_keys=[host_site_id])
    lines: Mapped[list["AgreementLine"]] = relationship(back_populates="agreement", cascade="all, delete-orphan")
    enrolments: Mapped[list["AgreementEnrolment"]] = relationship(
        back_populates="agreement", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("valid_from < valid_until", name="valid_before_end"),
        CheckConstraint(
            "kind in ('visiting', 'patient_flow', 'reserved_capacity', 'emergency', 'zone_only')", name="kind"
        ),
    )


class AgreementLine(Model):
    """One specialty of an agreement: kinds of session (empty: all) and numbers a week."""

    __tablename__ = "agreement_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("cooperation_agreement.id", ondelete="CASCADE"), index=True)
    specialty_id: Mapped[int] = mapped_column(ForeignKey("specialty.id"))
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    min_per_week: Mapped[int | None]
    target_per_week: Mapped[int | None]
    max_per_week: Mapped[int | None]
    agreement: Mapped[CooperationAgreement] = relationship(back_populates="lines")
    specialty: Mapped[Specialty] = relationship()

    __table_args__ = (
        CheckConstraint("min_per_week is null or max_per_week is null or min_per_week <= max_per_week", name="min_max"),
    )


class AgreementEnrolment(Model):
    """A clinician may work under the agreement in [valid_from, valid_until)."""

    __tablename__ = "agreement_enrolment"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("cooperation_agreement.id", ondelete="CASCADE"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id", ondelete="CASCADE"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    agreement: Mapped[CooperationAgreement] = relationship(back_populates="enrolments")
    clinician: Mapped[Clinician] = relationship()

    __table_args__ = (
        UniqueConstraint("agreement_id", "clinician_id", "valid_from"),
        CheckConstraint("valid_from < valid_until", name="valid_before_end"),
    )
