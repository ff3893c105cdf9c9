"""Candidates, openings and applications in the database."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, String, Table

from bot.storage.schema import Moment, metadata

LONGEST_KEY = 200


def part_of(parent: str, column: str) -> ForeignKeyConstraint:
    """Rows that go when the row they belong to is deleted."""
    return ForeignKeyConstraint(
        ["workspace", column], [f"{parent}.workspace", f"{parent}.id"], ondelete="CASCADE"
    )


candidates = Table(
    "candidates",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("name", String(150), nullable=False),
    Column("key", String(LONGEST_KEY), nullable=False),
    Column("email", String(254)),
    Column("link", String(1000)),
    Column("created_at", Moment, nullable=False),
    Index(None, "workspace", "key"),
)
"""`key` is the name as people look for it."""
