"""A workspace says in which channel jobs are usually posted."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("workspace_settings", sa.Column("jobs_channel", sa.String(32)))


def downgrade() -> None:
    op.drop_column("workspace_settings", "jobs_channel")
