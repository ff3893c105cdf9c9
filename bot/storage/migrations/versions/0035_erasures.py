"""Erasures, what of them is still to be done in Slack, legal holds, the files that were put into
Slack, backups by where they were written; and for how long a workspace keeps candidates."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0032"


def _keys(*names: str, length: int = 32) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name in names]


def _moment(name: str, *, is_known: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_known)


def _part_of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", column],
        [f"{parent}.workspace", f"{parent}.id"],
        name=f"fk_{table}_workspace_{column}",
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "erasures",
        *_keys("workspace", "candidate"),
        sa.Column("people", sa.JSON, nullable=False),
        sa.Column("because", sa.String(10), nullable=False),
        *_keys("asked_by"),
        _moment("asked_at"),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("deleted", sa.Integer, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        _moment("done_at", is_known=False),
        sa.PrimaryKeyConstraint("workspace", "candidate", name="pk_erasures"),
    )
    op.create_index("ix_erasures_step", "erasures", ["step"])
    op.create_table(
        "erasure_copies",
        *_keys("workspace", "candidate"),
        *_keys("name", length=200),
        sa.Column("is_file", sa.Boolean, nullable=False),
        *_keys("channel"),
        sa.Column("ts", sa.String(32)),
        _moment("since"),
        _moment("found_at"),
        _moment("next_at"),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.String(100)),
        sa.Column("is_left", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace", "candidate", "name", "is_file", name="pk_erasure_copies"
        ),
    )
    op.create_index("ix_erasure_copies_next_at", "erasure_copies", ["next_at"])
    op.create_table(
        "legal_holds",
        *_keys("workspace", "candidate", "actor"),
        _moment("at"),
        _part_of("legal_holds", "candidate", "candidates"),
        sa.PrimaryKeyConstraint("workspace", "candidate", name="pk_legal_holds"),
    )
    op.create_table(
        "sent_files",
        *_keys("workspace", "id", "interview", "channel"),
        _moment("sent_at"),
        _part_of("sent_files", "interview", "interviews"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_sent_files"),
    )
    op.create_index("ix_sent_files_workspace_interview", "sent_files", ["workspace", "interview"])
    op.create_table(
        "backups_made",
        *_keys("file", length=1000),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("file", name="pk_backups_made"),
    )
    op.create_table(
        "retention",
        *_keys("workspace"),
        sa.Column("days", sa.Integer),
        sa.Column("not_hired_days", sa.Integer),
        sa.Column("messages_days", sa.Integer, nullable=False, server_default="400"),
        sa.Column("audit_days", sa.Integer, nullable=False, server_default="1095"),
        _moment("announced_at", is_known=False),
        sa.Column("due", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("workspace", name="pk_retention"),
    )


def downgrade() -> None:
    for table in (
        "retention",
        "backups_made",
        "sent_files",
        "legal_holds",
        "erasure_copies",
        "erasures",
    ):
        op.drop_table(table)
