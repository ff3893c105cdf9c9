"""Debriefs: whom an opening names to decide, who opened a debrief early, and the leanings."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

TABLES = ("leanings", "early_opens", "debriefs")


def _of_panel(table: str, *columns: sa.Column[object], people: bool) -> None:
    op.create_table(
        table,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("panel", sa.String(32), nullable=False),
        *([sa.Column("person", sa.String(32), nullable=False)] if people else []),
        *columns,
        sa.ForeignKeyConstraint(
            ["workspace", "panel"],
            ["panels.workspace", "panels.id"],
            name=f"fk_{table}_workspace_panel",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "panel", *(["person"] if people else []), name=f"pk_{table}"
        ),
    )


def upgrade() -> None:
    op.add_column("openings", sa.Column("deciders", sa.JSON))
    _of_panel(
        "debriefs",
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("opened_by", sa.String(32)),
        people=False,
    )
    _of_panel(
        "early_opens",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("awaited", sa.Integer, nullable=False),
        people=True,
    )
    _of_panel(
        "leanings",
        sa.Column("leaning", sa.String(10), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        people=True,
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("openings", "deciders")
