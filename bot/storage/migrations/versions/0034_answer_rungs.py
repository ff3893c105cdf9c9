"""Reminders of answers are told in the daily digest, each once, rather than in messages of their
own."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

TABLE = "answer_rungs"
UNTOLD = sa.text("day IS NULL")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("application", sa.String(32), nullable=False),
        sa.Column("by", sa.Date, nullable=False),
        sa.Column("rung", sa.String(10), nullable=False),
        sa.Column("recipient", sa.String(32), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date),
        sa.ForeignKeyConstraint(
            ["workspace", "application"],
            ["applications.workspace", "applications.id"],
            name=f"fk_{TABLE}_workspace_application",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "application", "by", "rung", "recipient", name=f"pk_{TABLE}"
        ),
    )
    columns = ["workspace", "recipient", "day"]
    op.create_index(f"ix_{TABLE}_workspace_recipient_day", TABLE, columns)
    op.create_index(
        f"ix_{TABLE}_untold",
        TABLE,
        ["workspace", "recipient"],
        postgresql_where=UNTOLD,
        sqlite_where=UNTOLD,
    )
    op.execute("DELETE FROM outbox WHERE kind = 'debrief.answer'")


def downgrade() -> None:
    op.drop_table(TABLE)
