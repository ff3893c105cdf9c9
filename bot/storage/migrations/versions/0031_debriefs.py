"""Debriefs: whom an opening names to decide, who opened a debrief early, the leanings, what
was decided, and when candidates were told."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

TABLES = ("answers", "decisions", "leanings", "early_opens", "debriefs")


def _of_panel(table: str, *columns: sa.Column[object], each: str | None = None) -> None:
    """`each`: what there is several of for one panel, by which name."""
    keys: dict[str, sa.Column[object]] = {
        "person": sa.Column("person", sa.String(32), nullable=False),
        "number": sa.Column("number", sa.Integer, nullable=False),
    }
    op.create_table(
        table,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("panel", sa.String(32), nullable=False),
        *([keys[each]] if each else []),
        *columns,
        sa.ForeignKeyConstraint(
            ["workspace", "panel"],
            ["panels.workspace", "panels.id"],
            name=f"fk_{table}_workspace_panel",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "panel", *([each] if each else []), name=f"pk_{table}"
        ),
    )


def upgrade() -> None:
    op.add_column("openings", sa.Column("deciders", sa.JSON))
    _of_panel(
        "debriefs",
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("opened_by", sa.String(32)),
    )
    _of_panel(
        "early_opens",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("awaited", sa.Integer, nullable=False),
        each="person",
    )
    _of_panel(
        "leanings",
        sa.Column("leaning", sa.String(10), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        each="person",
    )
    _of_panel(
        "decisions",
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("competencies", sa.JSON, nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_before", sa.String(20), nullable=False),
        sa.Column("closes_due", sa.Boolean, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String(32)),
        each="number",
    )

    op.create_table(
        "answers",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("application", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "application"],
            ["applications.workspace", "applications.id"],
            name="fk_answers_workspace_application",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "application", "at", name="pk_answers"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("openings", "deciders")
