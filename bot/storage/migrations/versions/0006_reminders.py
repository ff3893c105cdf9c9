"""How workspaces and people are reminded; when each interview and person is looked at next."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    is_pending = sa.text("cancelled_at IS NULL AND settled_at IS NULL")
    has_next = sa.text("next_digest_at IS NOT NULL")
    op.create_table(
        "reminder_cadences",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("working_days", sa.JSON, nullable=False),
        sa.Column("holidays", sa.JSON, nullable=False),
        sa.Column("chase_days", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_reminder_cadences"),
    )
    op.create_table(
        "reminder_people",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("hour", sa.Integer),
        sa.Column("working_days", sa.JSON(none_as_null=True)),
        sa.Column("days_off", sa.JSON, nullable=False),
        sa.Column("snoozed_until", sa.DateTime(timezone=True)),
        sa.Column("next_digest_at", sa.DateTime(timezone=True)),
        sa.Column("last_digest", sa.Date),
        sa.Column("later_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("workspace", "person", name="pk_reminder_people"),
    )
    op.create_index(
        "ix_reminder_people_next_digest_at",
        "reminder_people",
        ["next_digest_at"],
        sqlite_where=has_next,
        postgresql_where=has_next,
    )
    is_stale = sa.text("stale_at IS NOT NULL")
    op.create_table(
        "homes",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stale_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("workspace", "person", name="pk_homes"),
    )
    op.create_index(
        "ix_homes_stale_at",
        "homes",
        ["stale_at"],
        sqlite_where=is_stale,
        postgresql_where=is_stale,
    )
    op.add_column("interviews", sa.Column("remind_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE interviews SET remind_at = ends_at")
    for name, columns in (
        ("ix_interviews_remind_at", ["remind_at"]),
        ("ix_interviews_pending", ["workspace", "interviewer", "ends_at"]),
    ):
        op.create_index(
            name, "interviews", columns, sqlite_where=is_pending, postgresql_where=is_pending
        )
