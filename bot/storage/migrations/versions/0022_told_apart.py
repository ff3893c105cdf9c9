"""Candidates of one name or address whom somebody said to be different people."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

TABLE = "told_apart"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("candidate", sa.String(32), nullable=False),
        sa.Column("other", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "candidate", "other", name=f"pk_{TABLE}"),
        *(
            sa.ForeignKeyConstraint(
                ["workspace", column],
                ["candidates.workspace", "candidates.id"],
                name=f"fk_{TABLE}_workspace_{column}",
                ondelete="CASCADE",
            )
            for column in ("candidate", "other")
        ),
    )
    op.create_index(f"ix_{TABLE}_workspace_other", TABLE, ["workspace", "other"])


def downgrade() -> None:
    op.drop_table(TABLE)
