"""Clinicians, what they may do, and the papers that let them do it."""

from datetime import date
from uuid import uuid4

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Base, Model
from scheduler.models.organisations import Organisation, Site

clinician_specialty = Table(
    "clinician_specialty",
    Base.metadata,
    Column("clinician_id", ForeignKey("clinician.id", ondelete="CASCADE"), primary_key=True),
    Column("specialty_id", ForeignKey("specialty.id"), primary_key=True),
)
clinician_clinical_role = Table(
    "clinician_clinical_role",
    Base.metadata,
    Column("clinician_id", ForeignKey("clinician.id", ondelete="CASCADE"), primary_key=True),
    Column("clinical_role_id", ForeignKey("clinical_role.id"), primary_key=True),
)


class Specialty(Model):
    """A medical specialty; ``name`` is its English name and the key of its translation."""

    __tablename__ = "specialty"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class ClinicalRole(Model):
    """What a seat of a session asks for: lead, counterpart, anaesthetist, cover…"""

    __tablename__ = "clinical_role"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)


class Clinician(Model):
    """A person who can be rostered, with weekly and daily limits counted in sessions and days."""

    __tablename__ = "clinician"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    uid: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid4()))
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(default="")
    birth_year: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    max_sessions_per_week: Mapped[int] = mapped_column(default=10)
    max_sessions_per_day: Mapped[int] = mapped_column(default=2)
    max_days_abroad_per_week: Mapped[int] = mapped_column(default=5)
    travel_counts: Mapped[bool] = mapped_column(default=False)
    a1_valid_until: Mapped[date | None]
    specialties: Mapped[list[Specialty]] = relationship(secondary=clinician_specialty, order_by=Specialty.name)
    roles: Mapped[list[ClinicalRole]] = relationship(secondary=clinician_clinical_role, order_by=ClinicalRole.code)
    affiliations: Mapped[list["Affiliation"]] = relationship(
        back_populates="clinician", cascade="all, delete-orphan", order_by="Affiliation.id"
    )
    registrations: Mapped[list["Registration"]] = relationship(
        back_populates="clinician", cascade="all, delete-orphan", order_by="Registration.country"
    )
    insurances: Mapped[list["Insurance"]] = relationship(back_populates="clinician", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("max_sessions_per_week >= 0", name="week_limit"),
        CheckConstraint("max_sessions_per_day >= 0", name="day_limit"),
        CheckConstraint("max_days_abroad_per_week between 0 and 7", name="abroad_limit"),
    )

    @property
    def home(self) -> "Affiliation":
        """The affiliation to the home organisation."""
        return next(a for a in self.affiliations if a.is_home)


class Affiliation(Model):
    """A clinician's tie to an organisation: contract status, full-time share, dates [valid_from, valid_until)."""

    __tablename__ = "affiliation"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    contract: Mapped[str]
    share: Mapped[float] = mapped_column(default=1.0)
    is_home: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    clinician: Mapped[Clinician] = relationship(back_populates="affiliations")
    organisation: Mapped[Organisation] = relationship()
    site: Mapped[Site] = relationship()

    __table_args__ = (
        CheckConstraint("share > 0 and share <= 1", name="share"),
        Index(
            "ix_affiliation_one_home",
            "clinician_id",
            unique=True,
            sqlite_where=text("is_home"),
            postgresql_where=text("is_home"),
        ),
    )


class Registration(Model):
    """A right to practise in one country in [valid_from, valid_until)."""

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id", ondelete="CASCADE"))
    country: Mapped[str]
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    clinician: Mapped[Clinician] = relationship(back_populates="registrations")

    __table_args__ = (
        UniqueConstraint("clinician_id", "country", "kind", "valid_from"),
        CheckConstraint("valid_from < valid_until", name="valid_before_end"),
        CheckConstraint("kind in ('registration', 'temporary_declaration')", name="kind"),
        CheckConstraint("length(country) = 2", name="country_is_iso"),
    )


class Insurance(Model):
    """Professional liability insurance, valid in several countries in [valid_from, valid_until)."""

    __tablename__ = "insurance"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id", ondelete="CASCADE"), index=True)
    countries: Mapped[list[str]] = mapped_column(JSON)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    clinician: Mapped[Clinician] = relationship(back_populates="insurances")

    __table_args__ = (CheckConstraint("valid_from < valid_until", name="valid_before_end"),)
