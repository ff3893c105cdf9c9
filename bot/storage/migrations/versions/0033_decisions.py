"""A job has a decision rule, which each of its panels keeps, and a decision against it says why;
where a workspace wants that, a second decider confirms decisions, and it chooses in how many days
candidates hear."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

COLUMNS = (
    ("openings", "rule", sa.JSON),
    ("panels", "rule", sa.JSON),
    ("decisions", "rule", sa.JSON),
    ("decisions", "against_rule", sa.Text),
    ("decisions", "confirmed_at", sa.DateTime(timezone=True)),
    ("decisions", "confirmed_by", sa.String(32)),
)
SWITCHES = (("decisions", "needs_second"), ("workspace_settings", "two_deciders"))


def upgrade() -> None:
    for table, column, kind in COLUMNS:
        op.add_column(table, sa.Column(column, kind))
    for table, column in SWITCHES:
        switch = sa.Column(column, sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column(table, switch)
    days = sa.Column("answer_days", sa.Integer, nullable=False, server_default="5")
    op.add_column("workspace_settings", days)


def downgrade() -> None:
    op.drop_column("workspace_settings", "answer_days")
    for table, column in SWITCHES:
        op.drop_column(table, column)
    for table, column, _ in reversed(COLUMNS):
        op.drop_column(table, column)
