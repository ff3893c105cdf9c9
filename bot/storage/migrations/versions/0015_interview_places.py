"""An interview can have a place, or the link of its meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("interviews", sa.Column("place", sa.String(300)))


def downgrade() -> None:
    op.drop_column("interviews", "place")
