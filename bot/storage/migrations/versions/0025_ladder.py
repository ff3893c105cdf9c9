"""Reminders that organizers ask for, and how lateness climbs."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"

REQUESTS = "reminder_requests"


def upgrade() -> None:
    op.create_table(
        REQUESTS,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("interview", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "interview", "day", name=f"pk_{REQUESTS}"),
        _of_an_interview(REQUESTS),
    )
    op.create_index(f"ix_{REQUESTS}_workspace_person_day", REQUESTS, ["workspace", "person", "day"])


def downgrade() -> None:
    op.drop_table(REQUESTS)


def _of_an_interview(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", "interview"],
        ["interviews.workspace", "interviews.id"],
        name=f"fk_{table}_workspace_interview",
        ondelete="CASCADE",
    )
