"""A workspace chooses more than its reminders: whether its jobs are approved, and by whom; and
what becomes of those that are sent for approval."""

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
    op.create_table(
        "opening_approvals",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("opening", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sent_by", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.String(32)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
        sa.Column("public", sa.JSON),
        sa.PrimaryKeyConstraint("workspace", "opening", "number", name="pk_opening_approvals"),
    )
    op.create_index(
        "ix_opening_approvals_workspace_state", "opening_approvals", ["workspace", "state"]
    )
    op.add_column("openings", sa.Column("held", sa.JSON))


def downgrade() -> None:
    op.drop_column("openings", "held")
    op.drop_index("ix_opening_approvals_workspace_state", "opening_approvals")
    op.drop_table("opening_approvals")
    op.drop_table("workspace_settings")
