"""When clinicians cannot or would rather not work."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Model, UtcDateTime
from scheduler.models.clinicians import Clinician

LEAVE_KINDS = ("annual", "study", "parental", "other")
"""The closed list of leave kinds; sickness is not among them on purpose."""


class Leave(Model):
    """A clinician is away on all days of [start_on, end_on).

    ``uid`` and ``sequence`` are its iCalendar identity; ``revised_at`` moves when its days change.
    """

    __tablename__ = "leave"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"), index=True)
    kind: Mapped[str]
    start_on: Mapped[date]
    end_on: Mapped[date]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uid: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid4()))
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clinician: Mapped[Clinician] = relationship()

    __table_args__ = (
        CheckConstraint("start_on < end_on", name="starts_before_end"),
        CheckConstraint("kind in ('annual', 'study', 'parental', 'other')", name="kind"),
    )


class Unavailability(Model):
    """A clinician cannot work in [start_at, end_at), for no stated reason."""

    __tablename__ = "unavailability"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"), index=True)
    start_at: Mapped[datetime] = mapped_column(UtcDateTime)
    end_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clinician: Mapped[Clinician] = relationship()

    __table_args__ = (CheckConstraint("start_at < end_at", name="starts_before_end"),)


class ClinicianPreference(Model):
    """How much a clinician likes to work on a half-day of the week: -3 to 3, never 0."""

    __tablename__ = "clinician_preference"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"))
    weekday: Mapped[int]
    half_day: Mapped[str]
    liking: Mapped[int]

    __table_args__ = (
        UniqueConstraint("clinician_id", "weekday", "half_day"),
        CheckConstraint("liking between -3 and 3 and liking <> 0", name="liking"),
    )
