"""What somebody enters into the set-up form of a panel is kept until it is set up."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TABLE = "panel_drafts"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("email_key", sa.String(254)),
        sa.Column("draft", sa.JSON, nullable=False),
        sa.Column("pressed_at", sa.Float, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=f"pk_{TABLE}"),
    )
    for columns in (("workspace", "person"), ("workspace", "key"), ("workspace", "email_key")):
        op.create_index(f"ix_{TABLE}_{'_'.join(columns)}", TABLE, list(columns))
    op.create_index(f"ix_{TABLE}_saved_at", TABLE, ["saved_at"])


def downgrade() -> None:
    op.drop_table(TABLE)
