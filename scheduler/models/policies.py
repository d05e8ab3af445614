"""What an organisation changed about the rules."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.extensions import Model


class RuleChoice(Model):
    """An organisation's strength, weight and parameters of one rule; None keeps the rule's own."""

    __tablename__ = "rule_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    rule: Mapped[str]
    strength: Mapped[str | None]
    weight: Mapped[int | None]
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (
        UniqueConstraint("organisation_id", "rule"),
        CheckConstraint("strength in ('block', 'warn', 'info', 'off')", name="strength"),
    )
