"""A workspace also chooses when nudges come; where it has chosen something else that stays."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TABLE = "reminder_cadences"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("nudge_minutes", sa.Integer, server_default="60"))
    op.add_column(TABLE, sa.Column("opens", sa.Integer, nullable=False, server_default="9"))
    op.add_column(TABLE, sa.Column("closes", sa.Integer, nullable=False, server_default="18"))


def downgrade() -> None:
    for column in ("nudge_minutes", "opens", "closes"):
        op.drop_column(TABLE, column)
