"""A solve remembers which version was published when it was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_version_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_solve_run_published_version_id_roster_version"),
            "roster_version",
            ["published_version_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_solve_run_published_version_id_roster_version"), type_="foreignkey")
        batch_op.drop_column("published_version_id")
