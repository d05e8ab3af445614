"""Solves that were asked for; the row is the truth, the queue only delivers its id."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Model, UtcDateTime
from scheduler.models.rosters import Roster, RosterVersion


class SolveRun(Model):
    """One asked-for solve: state, lease, fence, input snapshot, seed and versions, progress and result.

    ``kind`` is ``plan`` for a solve that makes a draft; the others answer a question about the base version and make
    none.  ``asked`` says what exactly is asked: what may change, or what the question names.
    ``fence`` grows with each claim; whoever holds an older number may not write.  ``seq`` grows with each progress.
    ``published_version_id`` is what was published when the question was written down.
    ``checkpoint`` is a plan as JSON: the best one so far, from which another attempt starts, or the plan that a
    question is about.  ``outcome`` is the end as JSON: an outcome, or the answer.
    """

    __tablename__ = "solve_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"))
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("roster_version.id"))
    published_version_id: Mapped[int | None] = mapped_column(ForeignKey("roster_version.id"))
    kind: Mapped[str] = mapped_column(default="plan")
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(default="queued")
    attempt: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stop_requested: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float] = mapped_column(default=20.0)
    seed: Mapped[int] = mapped_column(default=1)
    versions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seq: Mapped[int] = mapped_column(default=0)
    checkpoint: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str] = mapped_column(default="")
    result_version_id: Mapped[int | None] = mapped_column(ForeignKey("roster_version.id"), unique=True)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    roster: Mapped[Roster] = relationship()
    base_version: Mapped[RosterVersion | None] = relationship(foreign_keys=[base_version_id])
    result_version: Mapped[RosterVersion | None] = relationship(foreign_keys=[result_version_id])

    __table_args__ = (
        CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        CheckConstraint("kind in ('plan', 'remedies', 'contrast', 'trade_off')", name="kind"),
        Index(
            "ix_solve_run_one_active",
            "roster_id",
            unique=True,
            sqlite_where=text("state in ('queued', 'running') and kind = 'plan'"),
            postgresql_where=text("state in ('queued', 'running') and kind = 'plan'"),
        ),
    )
