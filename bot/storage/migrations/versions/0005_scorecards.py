"""Scorecards with their versions and drafts; how interviews were settled; who has read what."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "scorecards",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("interview", sa.String(32), nullable=False),
        sa.Column("interviewer", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("seen_others_before", sa.Boolean, nullable=False),
        _moment("submitted_at"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_scorecards"),
        _part_of("scorecards", "interviews", "interview"),
        sa.UniqueConstraint(
            "workspace",
            "interview",
            "interviewer",
            name="uq_scorecards_workspace_interview_interviewer",
        ),
    )
    op.create_table(
        "scorecard_versions",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("scorecard", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("ratings", sa.JSON, nullable=False),
        sa.Column("recommendation", sa.String(10), nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("probe_next", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("form", sa.String(32), nullable=False),
        _moment("submitted_at"),
        sa.PrimaryKeyConstraint("workspace", "scorecard", "number", name="pk_scorecard_versions"),
        _part_of("scorecard_versions", "scorecards", "scorecard"),
    )
    op.create_table(
        "scorecard_drafts",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("interview", sa.String(32), nullable=False),
        sa.Column("interviewer", sa.String(32), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("form", sa.String(32), nullable=False),
        _moment("saved_at"),
        sa.PrimaryKeyConstraint(
            "workspace", "interview", "interviewer", name="pk_scorecard_drafts"
        ),
        _part_of("scorecard_drafts", "interviews", "interview"),
    )
    op.create_table(
        "settlements",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("interview", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        _moment("at"),
        sa.Column("receiver", sa.String(32)),
        sa.PrimaryKeyConstraint("workspace", "interview", "number", name="pk_settlements"),
        _part_of("settlements", "interviews", "interview"),
    )
    op.create_table(
        "feedback_reads",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("panel", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("anyway", sa.Boolean, nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("workspace", "panel", "person", name="pk_feedback_reads"),
        _part_of("feedback_reads", "panels", "panel"),
    )
    for table, *columns in (
        ("scorecards", "interviewer", "submitted_at"),
        ("scorecard_drafts", "interviewer"),
        ("settlements", "receiver"),
    ):
        name = "_".join(("ix", table, "workspace", *columns))
        op.create_index(name, table, ["workspace", *columns])


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _part_of(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", column],
        [f"{parent}.workspace", f"{parent}.id"],
        name=f"fk_{table}_workspace_{column}",
        ondelete="CASCADE",
    )
