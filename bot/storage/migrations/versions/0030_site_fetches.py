"""Which boards have fetched what of the jobs pages, and when last."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0027"

TABLE = "site_fetches"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("reader", sa.String(20), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "what", "reader", name=f"pk_{TABLE}"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
