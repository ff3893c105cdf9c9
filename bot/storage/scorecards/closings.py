"""What closed each interview's scorecard, in the database."""

from sqlalchemy import Column, Index, Integer, String, Table

from bot.storage.schema import Moment, metadata, part_of

closings = Table(
    "closings",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("interview", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("how", String(20), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("receiver", String(32)),
    Column("owner", String(32)),
    Column("reason", String(200), nullable=False, server_default=""),
    part_of("interviews", "interview"),
    Index(None, "workspace", "receiver"),
)
