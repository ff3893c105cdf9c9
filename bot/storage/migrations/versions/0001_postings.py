"""Posted job descriptions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "postings",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("posted_by", sa.String(32), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message", sa.String(32)),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_postings"),
    )
    op.create_index(
        "ix_postings_workspace_role_posted_at", "postings", ["workspace", "role", "posted_at"]
    )
