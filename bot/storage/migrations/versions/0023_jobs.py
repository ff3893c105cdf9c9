"""An opening becomes a job: where, for how much, until when, how to apply, with its own text and
interview plan; and who referred a candidate is known.

Openings that are there stay as they are, without any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

TABLE = "openings"


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("posting_title", sa.String(150)),
        sa.Column("slug", sa.String(80)),
        sa.Column("places", sa.JSON),
        sa.Column("work_mode", sa.String(10)),
        sa.Column("employment_type", sa.String(20)),
        sa.Column("pay", sa.JSON),
        sa.Column("no_pay", sa.String(200)),
        sa.Column("hours", sa.String(200)),
        sa.Column("seats", sa.Integer, nullable=False, server_default="1"),
        sa.Column("closes_on", sa.Date),
        sa.Column("apply_at", sa.String(1000)),
        sa.Column("channel", sa.String(32)),
        sa.Column("posts_applications", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("posting", sa.JSON),
        sa.Column("plan", sa.JSON),
        sa.Column("content", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("status_at", sa.DateTime(timezone=True)),
    )


def upgrade() -> None:
    for column in _columns():
        op.add_column(TABLE, column)
    op.create_index("ix_openings_workspace_slug", TABLE, ["workspace", "slug"], unique=True)
    op.create_index("ix_openings_workspace_status", TABLE, ["workspace", "status"])
    op.create_index("ix_openings_closes_on", TABLE, ["closes_on"])
    op.add_column("applications", sa.Column("referrer", sa.String(32)))
    op.add_column("applications", sa.Column("referred_because", sa.Text))


def downgrade() -> None:
    op.drop_column("applications", "referred_because")
    op.drop_column("applications", "referrer")
    op.drop_index("ix_openings_closes_on", TABLE)
    op.drop_index("ix_openings_workspace_status", TABLE)
    op.drop_index("ix_openings_workspace_slug", TABLE)
    for column in reversed(_columns()):
        op.drop_column(TABLE, column.name)
