"""Which older versions of Panelist can still run on the database."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

TABLE = "compatibility"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("runs_since", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
