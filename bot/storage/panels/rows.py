"""The tables of panels, and whose panels are meant."""

from dataclasses import dataclass

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    Text,
    null,
    or_,
    select,
    text,
)

from bot.domain.panels.panel import LONGEST_PLACE
from bot.storage.schema import Moment, metadata, part_of, partial_index

IS_ON = text("cancelled_at IS NULL")
"""Written out rather than bound, or the databases would not use the index that has it."""

IS_PENDING = text("cancelled_at IS NULL AND closed_at IS NULL")
"""The same, of interviews whose scorecard is still to come."""

IS_DECLINED = text("declined_at IS NOT NULL AND cancelled_at IS NULL AND closed_at IS NULL")
"""The same, of interviews whose interviewers can't make them."""

content_versions = Table(
    "content_versions",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("role", String(60), nullable=False),
    Column("version", String(12), nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

panels = Table(
    "panels",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("application", String(32), nullable=False),
    Column("content", String(32), nullable=False),
    Column("set_up_by", String(32), nullable=False),
    Column("recruiter", String(32), nullable=False),
    Column("hiring_manager", String(32), nullable=False),
    Column("channel", String(32)),
    Column("created_at", Moment, nullable=False),
    Column("cancelled_at", Moment),
    Column("revision", Integer, nullable=False),
    Column("rule", JSON),
    part_of("applications", "application"),
    Index(None, "workspace", "application"),
    Index(None, "workspace", "set_up_by"),
    Index(None, "workspace", "recruiter"),
    Index(None, "workspace", "hiring_manager"),
)

interviews = Table(
    "interviews",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("panel", String(32), nullable=False),
    Column("interviewer", String(32), nullable=False),
    Column("interviewer_zone", String(64), nullable=False),
    Column("focus", JSON, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("questions", JSON, nullable=False),
    Column("place", String(LONGEST_PLACE)),
    Column("replaces", String(32)),
    Column("declined_at", Moment),
    Column("cancelled_at", Moment),
    Column("closed_at", Moment),
    Column("remind_at", Moment),
    Column("revision", Integer, nullable=False),
    Column("entered_at", Moment),
    Column("declined_because", Text),
    Column("other_time", Moment),
    part_of("panels", "panel"),
    partial_index(
        "uq_interviews_workspace_panel_interviewer",
        "workspace",
        "panel",
        "interviewer",
        where=IS_ON,
        unique=True,
    ),
    Index(None, "workspace", "panel"),
    Index(None, "workspace", "ends_at"),
    Index(None, "workspace", "interviewer", "starts_at"),
    partial_index(None, "remind_at", where=IS_PENDING),
    partial_index("ix_interviews_pending", "workspace", "interviewer", "ends_at", where=IS_PENDING),
    partial_index("ix_interviews_declined", "workspace", "panel", where=IS_DECLINED),
)
"""`remind_at` is when it has to be looked at for reminders next: at first its end, or when its
interviewer declined."""


@dataclass(frozen=True)
class Whose:
    """Whose panels are looked for: those that the user has a part in, those `also` named by their
    ids, or all for an admin."""

    user: str
    all: bool = False
    also: frozenset[str] = frozenset()


def part_in(workspace: str, whose: Whose) -> ColumnElement[bool]:
    """The panels that somebody organises or interviews for, cancelled interviews aside."""
    if whose.all:
        return panels.c.workspace == workspace
    columns = interviews.c
    interviewing = select(columns.panel).where(
        columns.workspace == workspace,
        columns.interviewer == whose.user,
        columns.cancelled_at.is_(null()),
    )
    return organized_by(whose.user) | panels.c.id.in_(interviewing) | panels.c.id.in_(whose.also)


def organized_by(user: str) -> ColumnElement[bool]:
    return or_(
        panels.c.set_up_by == user, panels.c.recruiter == user, panels.c.hiring_manager == user
    )
