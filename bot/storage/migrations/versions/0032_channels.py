"""A workspace says in which channel jobs are usually posted, and a job's private channel can show
its board each morning."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

TABLE = "channel_boards"


def upgrade() -> None:
    op.add_column("workspace_settings", sa.Column("jobs_channel", sa.String(32)))
    op.add_column(
        "openings",
        sa.Column("posts_board", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        TABLE,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("opening", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("posted", sa.String(64), nullable=False),
        sa.Column("shown", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "opening", name=f"pk_{TABLE}"),
    )
    op.create_index("ix_openings_posts_board_status", "openings", ["posts_board", "status"])


def downgrade() -> None:
    op.drop_index("ix_openings_posts_board_status", "openings")
    op.drop_table(TABLE)
    op.drop_column("openings", "posts_board")
    op.drop_column("workspace_settings", "jobs_channel")
