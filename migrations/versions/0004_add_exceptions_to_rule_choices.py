"""A choice about a rule may be an exception for some contracts, sites or kinds of session."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rule_choice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("applies_to", sa.String(), nullable=False, server_default=""))
        batch_op.drop_constraint(batch_op.f("uq_rule_choice_organisation_id_rule"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_rule_choice_organisation_id_rule_applies_to"), ["organisation_id", "rule", "applies_to"]
        )
    with op.batch_alter_table("rule_choice", schema=None) as batch_op:
        batch_op.alter_column("applies_to", server_default=None)


def downgrade() -> None:
    op.execute("delete from rule_choice where applies_to <> ''")
    with op.batch_alter_table("rule_choice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_rule_choice_organisation_id_rule_applies_to"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_rule_choice_organisation_id_rule"), ["organisation_id", "rule"]
        )
        batch_op.drop_column("applies_to")
