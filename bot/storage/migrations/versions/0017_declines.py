"""When an interview was given its time, and what its interviewer said when they declined."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"

COLUMNS = ("entered_at", "declined_because", "other_time")


def upgrade() -> None:
    for name in ("entered_at", "other_time"):
        op.add_column("interviews", sa.Column(name, sa.DateTime(timezone=True)))
    op.add_column("interviews", sa.Column("declined_because", sa.Text))
    is_declined = sa.text("declined_at IS NOT NULL AND cancelled_at IS NULL AND closed_at IS NULL")
    op.create_index(
        "ix_interviews_declined",
        "interviews",
        ["workspace", "panel"],
        sqlite_where=is_declined,
        postgresql_where=is_declined,
    )
    # Whoever can't make it has nothing due any more: the organizers are to be reminded instead.
    op.execute(
        "UPDATE interviews SET remind_at = declined_at"
        " WHERE declined_at IS NOT NULL AND cancelled_at IS NULL AND closed_at IS NULL"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE interviews SET remind_at = ends_at"
        " WHERE declined_at IS NOT NULL AND cancelled_at IS NULL AND closed_at IS NULL"
    )
    op.drop_index("ix_interviews_declined", "interviews")
    for name in COLUMNS:
        op.drop_column("interviews", name)
