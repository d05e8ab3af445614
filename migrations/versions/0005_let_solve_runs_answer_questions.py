"""A solve run may answer a question about a version instead of making a plan."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ACTIVE = "state in ('queued', 'running')"
ACTIVE_PLAN = f"{ACTIVE} and kind = 'plan'"
KIND = "kind in ('plan', 'remedies', 'contrast', 'trade_off')"


def upgrade() -> None:
    op.drop_index("ix_solve_run_one_active", table_name="solve_run")
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="plan"))
        batch_op.add_column(sa.Column("asked", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.create_check_constraint(batch_op.f("ck_solve_run_kind"), KIND)
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)
        batch_op.alter_column("asked", server_default=None)
    _one_active(ACTIVE_PLAN)


def downgrade() -> None:
    op.execute("delete from solve_run where kind <> 'plan'")
    op.drop_index("ix_solve_run_one_active", table_name="solve_run")
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_solve_run_kind"), type_="check")
        batch_op.drop_column("asked")
        batch_op.drop_column("kind")
    _one_active(ACTIVE)


def _one_active(condition: str) -> None:
    op.create_index(
        "ix_solve_run_one_active",
        "solve_run",
        ["roster_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
