"""What has been sent about something is found by what it is about."""

from alembic import op

revision = "0008"
down_revision = "0007"

INDEX = "ix_outbox_workspace_subject"


def upgrade() -> None:
    op.create_index(INDEX, "outbox", ["workspace", "subject"])


def downgrade() -> None:
    op.drop_index(INDEX, "outbox")
