"""A workspace chooses more than its reminders: whether its jobs are approved, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "workspace_settings",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("approval", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("approvers", sa.JSON, nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("workspace", name="pk_workspace_settings"),
    )


def downgrade() -> None:
    op.drop_table("workspace_settings")
