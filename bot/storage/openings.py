"""Openings in the database."""

from sqlalchemy import Column, String, Table

from bot.storage.schema import Moment, metadata

openings = Table(
    "openings",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("role", String(60), nullable=False),
    Column("title", String(60), nullable=False),
    Column("level", String(10)),
    Column("created_by", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
)
