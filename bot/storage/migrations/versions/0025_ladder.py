"""Reminders that organizers ask for, and how lateness climbs."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"

REQUESTS, RUNGS, POLICIES = "reminder_requests", "reminder_rungs", "reminder_cadences"


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
    op.create_table(
        RUNGS,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("interview", sa.String(32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rung", sa.String(10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(32), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date()),
        sa.PrimaryKeyConstraint(
            *("workspace", "interview", "since", "rung", "days", "recipient"), name=f"pk_{RUNGS}"
        ),
        _of_an_interview(RUNGS),
    )
    op.create_index(f"ix_{RUNGS}_workspace_recipient_day", RUNGS, ["workspace", "recipient", "day"])
    untold = sa.text("day IS NULL")
    op.create_index(
        f"ix_{RUNGS}_untold",
        RUNGS,
        ["workspace", "interview"],
        sqlite_where=untold,
        postgresql_where=untold,
    )
    op.add_column("closings", sa.Column("owner", sa.String(32)))
    op.add_column(
        "closings", sa.Column("reason", sa.String(200), nullable=False, server_default="")
    )
    for column, days in (("manager_after", "1"), ("recruiter_after", "3")):
        op.add_column(
            POLICIES, sa.Column(column, sa.Integer(), nullable=False, server_default=days)
        )


def downgrade() -> None:
    for column in ("recruiter_after", "manager_after"):
        op.drop_column(POLICIES, column)
    op.drop_column("closings", "reason")
    op.drop_column("closings", "owner")
    op.drop_table(RUNGS)
    op.drop_table(REQUESTS)


def _of_an_interview(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", "interview"],
        ["interviews.workspace", "interviews.id"],
        name=f"fk_{table}_workspace_interview",
        ondelete="CASCADE",
    )
