"""Reminders of answers are told in the daily digest, each once, rather than in messages of their
own; and what became of an offer is kept."""

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
    op.create_table(
        "offer_results",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("application", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("ended", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String(32)),
        sa.ForeignKeyConstraint(
            ["workspace", "application"],
            ["applications.workspace", "applications.id"],
            name="fk_offer_results_workspace_application",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "application", "number", name="pk_offer_results"),
    )
    op.execute("DELETE FROM outbox WHERE kind = 'debrief.answer'")


def downgrade() -> None:
    op.drop_table("offer_results")
    op.drop_table(TABLE)
