"""Seals of the record of what was done, and the records that imports brought along."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

SEALS, HISTORY = "audit_seals", "audit_history"


def upgrade() -> None:
    op.add_column("audit", sa.Column("seal", sa.Integer))
    unsealed = sa.text("seal IS NULL")
    op.create_index(
        "ix_audit_unsealed",
        "audit",
        ["workspace", "at"],
        sqlite_where=unsealed,
        postgresql_where=unsealed,
    )
    op.create_index("ix_audit_workspace_seal", "audit", ["workspace", "seal"])
    op.create_index("ix_audit_workspace_at", "audit", ["workspace", "at"])
    op.create_table(
        SEALS,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *_moments("sealed_at", "first_at", "last_at"),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("aged_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("workspace", "chain", "number", name=f"pk_{SEALS}"),
    )
    op.create_table(
        HISTORY,
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        *_moments("at"),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("part", sa.String(32)),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("seal", sa.Integer),
        sa.PrimaryKeyConstraint("workspace", "chain", "id", name=f"pk_{HISTORY}"),
    )
    op.create_index(f"ix_{HISTORY}_workspace_subject", HISTORY, ["workspace", "subject"])


def downgrade() -> None:
    op.drop_table(HISTORY)
    op.drop_table(SEALS)
    op.drop_index("ix_audit_workspace_at", "audit")
    op.drop_index("ix_audit_workspace_seal", "audit")
    op.drop_index("ix_audit_unsealed", "audit")
    op.drop_column("audit", "seal")


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in names]
