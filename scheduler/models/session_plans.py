"""Session templates, the sessions made from them, and the seats of their teams."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Base, Model, UtcDateTime
from scheduler.models.agreements import CooperationAgreement
from scheduler.models.clinicians import ClinicalRole, Specialty
from scheduler.models.organisations import Site

HALF_DAYS = ("morning", "midday", "afternoon", "evening", "night")
"""The columns of a day in the order of the clock."""

demand_specialty = Table(
    "demand_specialty",
    Base.metadata,
    Column("demand_id", ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True),
    Column("specialty_id", ForeignKey("specialty.id"), primary_key=True),
)


class HalfDayTimes(Model):
    """Local clock times of a half-day, for one site or all, for one session kind or all.

    The most particular row wins: site and kind, site, kind, neither.  An end at or before the start is the next day.
    """

    __tablename__ = "half_day_times"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str | None]
    half_day: Mapped[str]
    starts: Mapped[str]
    ends: Mapped[str]

    __table_args__ = (UniqueConstraint("site_id", "kind", "half_day"),)


class SessionTemplate(Model):
    """The pattern from which sessions are made: so many a week, every n weeks counted from an anchor Monday."""

    __tablename__ = "session_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("cooperation_agreement.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    kind: Mapped[str]
    specialty: Mapped[str]
    sessions_per_week: Mapped[int] = mapped_column(default=1)
    every_weeks: Mapped[int] = mapped_column(default=1)
    anchor_on: Mapped[date]
    is_fixed: Mapped[bool] = mapped_column(default=False)
    is_rostered: Mapped[bool] = mapped_column(default=True)
    priority: Mapped[int] = mapped_column(default=1)
    room_kind: Mapped[str | None]
    equipment: Mapped[list[str]] = mapped_column(JSON, default=list)
    counts_as_session: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(default="")
    agreement: Mapped[CooperationAgreement | None] = relationship()
    site: Mapped[Site] = relationship()
    half_days: Mapped[list["TemplateHalfDay"]] = relationship(
        back_populates="template", cascade="all, delete-orphan", order_by="TemplateHalfDay.id"
    )
    demands: Mapped[list["Demand"]] = relationship(
        back_populates="template", cascade="all, delete-orphan", order_by="Demand.position"
    )

    __table_args__ = (
        CheckConstraint("sessions_per_week >= 1", name="sessions_per_week"),
        CheckConstraint("every_weeks >= 1", name="every_weeks"),
        CheckConstraint("priority between 0 and 3", name="priority"),
    )


class TemplateHalfDay(Model):
    """A half-day of the week at which a template's sessions may be held."""

    __tablename__ = "template_half_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("session_template.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    half_day: Mapped[str]
    template: Mapped[SessionTemplate] = relationship(back_populates="half_days")

    __table_args__ = (
        UniqueConstraint("template_id", "weekday", "half_day"),
        CheckConstraint("weekday between 1 and 7", name="weekday_is_iso"),
    )


class Demand(Model):
    """A clinical role and head count that each session of a template needs."""

    __tablename__ = "demand"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("session_template.id", ondelete="CASCADE"))
    position: Mapped[int]
    role_id: Mapped[int] = mapped_column(ForeignKey("clinical_role.id"))
    side: Mapped[str]
    head_count: Mapped[int] = mapped_column(default=1)
    is_exclusive: Mapped[bool] = mapped_column(default=True)
    cover_hours: Mapped[int | None]
    template: Mapped[SessionTemplate] = relationship(back_populates="demands")
    role: Mapped[ClinicalRole] = relationship()
    specialties: Mapped[list[Specialty]] = relationship(secondary=demand_specialty, order_by=Specialty.name)

    __table_args__ = (
        UniqueConstraint("template_id", "position"),
        CheckConstraint("side in ('visitor', 'host', 'any')", name="side"),
        CheckConstraint("head_count >= 1", name="head_count"),
    )


class ClinicalSession(Model):
    """One session of a week; keeps its identity through moves and versions.

    ``uid`` and ``sequence`` are its iCalendar identity; ``revised_at`` moves when a fact shown in a feed changes.
    """

    __tablename__ = "clinical_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("session_template.id"))
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"), index=True)
    week_on: Mapped[date]
    index: Mapped[int]
    uid: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid4()))
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    template: Mapped[SessionTemplate] = relationship()
    seats: Mapped[list["Seat"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="Seat.id"
    )

    __table_args__ = (UniqueConstraint("template_id", "week_on", "index"),)


class Seat(Model):
    """One place in a session's team, stable over versions."""

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("clinical_session.id", ondelete="CASCADE"))
    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id"), index=True)
    index: Mapped[int]
    uid: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid4()))
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    session: Mapped[ClinicalSession] = relationship(back_populates="seats")
    demand: Mapped[Demand] = relationship()

    __table_args__ = (UniqueConstraint("session_id", "demand_id", "index"),)
