"""A job has a decision rule, which each of its panels keeps, and a decision against it says why."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

COLUMNS = (
    ("openings", "rule", sa.JSON),
    ("panels", "rule", sa.JSON),
    ("decisions", "rule", sa.JSON),
    ("decisions", "against_rule", sa.Text),
)


def upgrade() -> None:
    for table, column, kind in COLUMNS:
        op.add_column(table, sa.Column(column, kind))


def downgrade() -> None:
    for table, column, _ in reversed(COLUMNS):
        op.drop_column(table, column)
