"""Rosters, their numbered versions, and what is published of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Model, UtcDateTime
from scheduler.models.clinicians import Clinician
from scheduler.models.organisations import Organisation, Room, Site
from scheduler.models.session_plans import ClinicalSession, Seat


class Roster(Model):
    """A dated plan for whole ISO weeks and a set of sites."""

    __tablename__ = "roster"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    first_on: Mapped[date]
    weeks: Mapped[int] = mapped_column(default=1)
    site_weeks: Mapped[list["RosterSiteWeek"]] = relationship(back_populates="roster", cascade="all, delete-orphan")
    versions: Mapped[list["RosterVersion"]] = relationship(
        back_populates="roster", order_by="RosterVersion.number", cascade="all, delete-orphan"
    )

    __table_args__ = (CheckConstraint("weeks >= 1", name="weeks"),)


class RosterSiteWeek(Model):
    """A week of a site that a roster plans; each belongs to at most one roster."""

    __tablename__ = "roster_site_week"

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    week_on: Mapped[date]
    roster: Mapped[Roster] = relationship(back_populates="site_weeks")
    site: Mapped[Site] = relationship()

    __table_args__ = (UniqueConstraint("site_id", "week_on"),)


class RosterVersion(Model):
    """One numbered state of a roster: draft, published (the current one), superseded or discarded.

    ``revision`` counts changes of a draft; whoever changes it must name the revision seen.
    ``findings`` is the audit of the version as JSON: cost, cost per rule, breaches, gaps.
    """

    __tablename__ = "roster_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    revision: Mapped[int] = mapped_column(default=1)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("roster_version.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")
    findings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    roster: Mapped[Roster] = relationship(back_populates="versions")
    based_on: Mapped["RosterVersion | None"] = relationship(remote_side=[id])
    placements: Mapped[list["Placement"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="Placement.start_at"
    )
    approvals: Mapped[list["Approval"]] = relationship(back_populates="version", cascade="all, delete-orphan")
    pins: Mapped[list["SessionPin"]] = relationship(back_populates="version", cascade="all, delete-orphan")
    edits: Mapped[list["DraftEdit"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="DraftEdit.number"
    )

    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}  # noqa: RUF012  SQLAlchemy reads it so
    __table_args__ = (
        UniqueConstraint("roster_id", "number"),
        CheckConstraint("state in ('draft', 'published', 'superseded', 'discarded')", name="state"),
        Index(
            "ix_roster_version_one_published",
            "roster_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )


class Placement(Model):
    """A session as held in one version: when, and in which room."""

    __tablename__ = "placement"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_version.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("clinical_session.id"), index=True)
    on_date: Mapped[date]
    half_day: Mapped[str]
    start_at: Mapped[datetime] = mapped_column(UtcDateTime)
    end_at: Mapped[datetime] = mapped_column(UtcDateTime)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    version: Mapped[RosterVersion] = relationship(back_populates="placements")
    session: Mapped[ClinicalSession] = relationship()
    room: Mapped[Room | None] = relationship()
    assignments: Mapped[list["Assignment"]] = relationship(
        back_populates="placement", cascade="all, delete-orphan", order_by="Assignment.seat_id"
    )

    __table_args__ = (
        UniqueConstraint("version_id", "session_id"),
        CheckConstraint("start_at < end_at", name="starts_before_end"),
    )


class Assignment(Model):
    """One clinician in one seat in one version."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id", ondelete="CASCADE"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"), index=True)
    placement: Mapped[Placement] = relationship(back_populates="assignments")
    seat: Mapped[Seat] = relationship()
    clinician: Mapped[Clinician] = relationship()

    __table_args__ = (UniqueConstraint("placement_id", "seat_id"),)


class SessionPin(Model):
    """The solver may not change this: a session's half-day and room (no seat), or the clinician of one seat."""

    __tablename__ = "session_pin"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_version.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("clinical_session.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    version: Mapped[RosterVersion] = relationship(back_populates="pins")

    __table_args__ = (
        Index(
            "ix_session_pin_place",
            "version_id",
            "session_id",
            unique=True,
            sqlite_where=text("seat_id is null"),
            postgresql_where=text("seat_id is null"),
        ),
        Index(
            "ix_session_pin_seat",
            "version_id",
            "seat_id",
            unique=True,
            sqlite_where=text("seat_id is not null"),
            postgresql_where=text("seat_id is not null"),
        ),
    )


class Approval(Model):
    """One organisation's key to a draft, given to the revision it saw."""

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_version.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[RosterVersion] = relationship(back_populates="approvals")
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (UniqueConstraint("version_id", "organisation_id"),)


class DraftEdit(Model):
    """One step of undo in a draft: the touched sessions as they were, and as they became."""

    __tablename__ = "draft_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_version.id", ondelete="CASCADE"))
    number: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deed: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_undone: Mapped[bool] = mapped_column(default=False)
    version: Mapped[RosterVersion] = relationship(back_populates="edits")

    __table_args__ = (UniqueConstraint("version_id", "number"),)


class PublishedDuty(Model):
    """Who holds a seat in the current published version.

    The database refuses two overlapping exclusive rows of one clinician, across all hospitals.
    """

    __tablename__ = "published_duty"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_version.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("clinical_session.id"), index=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"))
    on_date: Mapped[date]
    half_day: Mapped[str]
    start_at: Mapped[datetime] = mapped_column(UtcDateTime)
    end_at: Mapped[datetime] = mapped_column(UtcDateTime)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    is_exclusive: Mapped[bool]
    seat: Mapped[Seat] = relationship()
    session: Mapped[ClinicalSession] = relationship()
    clinician: Mapped[Clinician] = relationship()
    room: Mapped[Room | None] = relationship()
    version: Mapped[RosterVersion] = relationship()

    __table_args__ = (
        CheckConstraint("start_at < end_at", name="starts_before_end"),
        Index("ix_published_duty_clinician_start", "clinician_id", "start_at"),
        Index("ix_published_duty_room_start", "room_id", "start_at"),
    )
