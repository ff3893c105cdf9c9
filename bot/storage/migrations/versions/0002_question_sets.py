"""Sets of interview questions, by name."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "question_sets",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("name", sa.String(8), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("questions", sa.JSON, nullable=False),
        sa.Column("created_by", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "name", name="pk_question_sets"),
    )
