"""Public holidays by country, and a company's own calendar of holidays.

Everybody's public holidays are those of their time zone's country until somebody chooses otherwise.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

TABLE = "holiday_calendars"


def upgrade() -> None:
    op.add_column(
        "reminder_cadences",
        sa.Column("public_holidays", sa.Boolean, nullable=False, server_default=sa.true()),
    )
    op.add_column("reminder_people", sa.Column("holiday_country", sa.String(2)))
    op.create_table(
        TABLE,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("url", sa.String(1000)),
        sa.Column("etag", sa.String(200)),
        sa.Column("days", sa.JSON, nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True)),
        sa.Column("fetch_at", sa.DateTime(timezone=True)),
        sa.Column("fault", sa.String(300)),
        sa.PrimaryKeyConstraint("workspace", "source", name=f"pk_{TABLE}"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("reminder_people", "holiday_country")
    op.drop_column("reminder_cadences", "public_holidays")
