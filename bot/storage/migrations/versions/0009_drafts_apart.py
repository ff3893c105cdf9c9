"""A draft keeps since when it has stood in its form, and what was written in others beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TABLE = "scorecard_drafts"
LONG_AGO = "2000-01-01 00:00:00.000000"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column(TABLE, sa.Column("typed_at", moment, nullable=False, server_default=LONG_AGO))
    op.add_column(TABLE, sa.Column("aside", sa.JSON))


def downgrade() -> None:
    for column in ("typed_at", "aside"):
        op.drop_column(TABLE, column)
