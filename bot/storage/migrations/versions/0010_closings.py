"""What closed a due scorecard goes by the product's own word."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _rename("settlements", "closings", "settled_at", "closed_at")


def downgrade() -> None:
    _rename("closings", "settlements", "closed_at", "settled_at")


def _rename(old: str, new: str, old_column: str, new_column: str) -> None:
    op.alter_column("interviews", old_column, new_column_name=new_column)
    op.rename_table(old, new)
    op.drop_index(f"ix_{old}_workspace_receiver", new)
    op.create_index(f"ix_{new}_workspace_receiver", new, ["workspace", "receiver"])
    if op.get_bind().dialect.name == "postgresql":
        for constraint in (f"pk_{old}", f"fk_{old}_workspace_interview"):
            renamed = constraint.replace(old, new)
            op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {constraint} TO {renamed}")
