"""Candidates, openings, panels and their interviews; who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    is_on = sa.text("cancelled_at IS NULL")
    op.create_table(
        "candidates",
        *_ids(),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("link", sa.String(1000)),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_candidates"),
    )
    op.create_table(
        "openings",
        *_ids(),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("level", sa.String(10)),
        sa.Column("created_by", sa.String(32), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_openings"),
    )
    op.create_table(
        "applications",
        *_ids(),
        sa.Column("candidate", sa.String(32), nullable=False),
        sa.Column("opening", sa.String(32), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_applications"),
        _part_of("applications", "candidates", "candidate"),
        _part_of("applications", "openings", "opening"),
    )
    op.create_table(
        "content_versions",
        *_ids(),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_content_versions"),
    )
    op.create_table(
        "panels",
        *_ids(),
        sa.Column("application", sa.String(32), nullable=False),
        sa.Column("content", sa.String(32), nullable=False),
        sa.Column("set_up_by", sa.String(32), nullable=False),
        sa.Column("recruiter", sa.String(32), nullable=False),
        sa.Column("hiring_manager", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32)),
        _moment("created_at"),
        _moment("cancelled_at", nullable=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_panels"),
        _part_of("panels", "applications", "application"),
    )
    op.create_table(
        "interviews",
        *_ids(),
        sa.Column("panel", sa.String(32), nullable=False),
        sa.Column("interviewer", sa.String(32), nullable=False),
        sa.Column("interviewer_zone", sa.String(64), nullable=False),
        sa.Column("focus", sa.JSON, nullable=False),
        _moment("starts_at"),
        _moment("ends_at"),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("questions", sa.JSON, nullable=False),
        sa.Column("replaces", sa.String(32)),
        _moment("declined_at", nullable=True),
        _moment("cancelled_at", nullable=True),
        _moment("settled_at", nullable=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_interviews"),
        _part_of("interviews", "panels", "panel"),
    )
    op.create_table(
        "interview_reminders",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "person", name="pk_interview_reminders"),
    )
    op.create_table(
        "audit",
        *_ids(),
        _moment("at"),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("part", sa.String(32)),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_audit"),
    )
    for table, *columns in (
        ("candidates", "key"),
        ("applications", "candidate"),
        ("applications", "opening"),
        ("panels", "application"),
        ("panels", "set_up_by"),
        ("panels", "recruiter"),
        ("panels", "hiring_manager"),
        ("interviews", "panel"),
        ("interviews", "interviewer", "starts_at"),
        ("audit", "subject", "revision"),
    ):
        name = "_".join(("ix", table, "workspace", *columns))
        op.create_index(name, table, ["workspace", *columns])
    op.create_index(
        "uq_interviews_workspace_panel_interviewer",
        "interviews",
        ["workspace", "panel", "interviewer"],
        unique=True,
        sqlite_where=is_on,
        postgresql_where=is_on,
    )


def _ids() -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _part_of(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", column],
        [f"{parent}.workspace", f"{parent}.id"],
        name=f"fk_{table}_workspace_{column}",
        ondelete="CASCADE",
    )
