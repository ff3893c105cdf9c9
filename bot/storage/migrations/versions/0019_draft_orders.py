"""A draft keeps in which order what stood in each of its forms was written."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

TABLE = "scorecard_drafts"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("orders", sa.JSON))


def downgrade() -> None:
    op.drop_column(TABLE, "orders")
