"""The database remembers whose it is, and who was seen as a member lately."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
    )
    op.create_table(
        "members",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "person", name="pk_members"),
    )
    op.create_index("ix_members_seen_at", "members", ["seen_at"])


def downgrade() -> None:
    op.drop_table("members")
    op.drop_table("workspace")
