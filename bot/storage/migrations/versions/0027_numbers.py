"""Interviews are found by when they ended, for figures over a time."""

from alembic import op

revision = "0027"
down_revision = "0026"

NAME, TABLE = "ix_interviews_workspace_ends_at", "interviews"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["workspace", "ends_at"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
