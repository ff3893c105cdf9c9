"""Applications in the database."""

from sqlalchemy import Column, Index, String, Table

from bot.storage.candidates import part_of
from bot.storage.schema import Moment, metadata

applications = Table(
    "applications",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("candidate", String(32), nullable=False),
    Column("opening", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
    part_of("candidates", "candidate"),
    part_of("openings", "opening"),
    Index(None, "workspace", "candidate"),
    Index(None, "workspace", "opening"),
)
