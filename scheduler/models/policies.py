"""What an organisation changed about the rules."""

import json
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.extensions import Model


class RuleChoice(Model):
    """An organisation's strength, weight and parameters of one rule; None keeps the rule's own.

    ``applies_to`` is empty for the choice that holds in general.  An exception states whom and what it is about, as
    canonical JSON: codes by ``contracts``, ``sites`` or ``kinds``.
    """

    __tablename__ = "rule_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    rule: Mapped[str]
    strength: Mapped[str | None]
    weight: Mapped[int | None]
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    applies_to: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("organisation_id", "rule", "applies_to"),
        CheckConstraint("strength in ('block', 'warn', 'info', 'off')", name="strength"),
    )

    @property
    def concerns(self) -> dict[str, list[str]]:
        """Give the codes an exception is about, by what they name; empty for a general choice."""
        found: dict[str, list[str]] = json.loads(self.applies_to) if self.applies_to else {}
        return found
