"""Since when a message has been due, which its attempts no longer move."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

TABLE = "outbox"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("due_since", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column(TABLE, "due_since")
