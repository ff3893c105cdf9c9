"""People apply on a job's own page: what they sent, their files, and the key that links are signed
with. An application says how it came."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"

TABLES = ("secret_keys", "applicants", "candidate_files", "submission_versions", "submissions")
IS_APART = sa.text("suspicion IS NOT NULL")
MOMENT = sa.DateTime(timezone=True)


def _belongs(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", column],
        [f"{parent}.workspace", f"{parent}.id"],
        name=f"fk_{table}_workspace_{column}",
        ondelete="CASCADE",
    )


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, [*columns], unique=unique)


def _text(name: str, length: int, *, needed: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=not needed)


def upgrade() -> None:
    op.add_column("applications", _text("applied_via", 20))
    _submissions()
    _versions()
    _files()
    op.create_table(
        "applicants",
        _text("workspace", 32, needed=True),
        _text("email_key", 254, needed=True),
        _text("candidate", 32, needed=True),
        _belongs("applicants", "candidates", "candidate"),
        sa.PrimaryKeyConstraint("workspace", "email_key", name="pk_applicants"),
    )
    op.create_table(
        "secret_keys",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        _text("key", 64, needed=True),
        sa.PrimaryKeyConstraint("id", name="pk_secret_keys"),
    )


def _submissions() -> None:
    op.create_table(
        "submissions",
        _text("workspace", 32, needed=True),
        _text("id", 32, needed=True),
        _text("opening", 32, needed=True),
        _text("application", 32),
        _text("form", 40, needed=True),
        _text("token_hash", 64, needed=True),
        sa.Column("is_first", sa.Boolean, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("answer_by", sa.Date, nullable=False),
        _text("language", 20, needed=True),
        _text("source", 40),
        _text("suspicion", 20),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("erasure_asked_at", MOMENT),
        _belongs("submissions", "openings", "opening"),
        _belongs("submissions", "applications", "application"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_submissions"),
    )
    _index("submissions", "workspace", "form", unique=True)
    _index("submissions", "token_hash", unique=True)
    _index("submissions", "workspace", "application")
    _index("submissions", "workspace", "opening", "sent_at")
    _index("submissions", "workspace", "erasure_asked_at")
    op.create_index(
        "ix_submissions_apart",
        "submissions",
        ["sent_at"],
        postgresql_where=IS_APART,
        sqlite_where=IS_APART,
    )


def _versions() -> None:
    op.create_table(
        "submission_versions",
        _text("workspace", 32, needed=True),
        _text("submission", 32, needed=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _text("name", 150, needed=True),
        _text("email", 254, needed=True),
        _text("phone", 40),
        _text("link", 1000),
        _text("country", 2, needed=True),
        _text("right_to_work", 20, needed=True),
        _text("heard", 200),
        sa.Column("adjustments", sa.Text),
        sa.Column("pool_until", sa.Date),
        _text("file", 32),
        _belongs("submission_versions", "submissions", "submission"),
        sa.PrimaryKeyConstraint("workspace", "submission", "number", name="pk_submission_versions"),
    )


def _files() -> None:
    op.create_table(
        "candidate_files",
        _text("workspace", 32, needed=True),
        _text("id", 32, needed=True),
        _text("submission", 32),
        _text("form", 40),
        sa.Column("expires_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        _text("name", 120, needed=True),
        _text("kind", 10, needed=True),
        sa.Column("size", sa.Integer, nullable=False),
        _text("sha256", 64, needed=True),
        _text("scan", 20, needed=True),
        _text("text_state", 20, needed=True),
        sa.Column("text", sa.Text),
        sa.Column("content", sa.LargeBinary, nullable=False),
        _belongs("candidate_files", "submissions", "submission"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_candidate_files"),
    )
    _index("candidate_files", "workspace", "submission")
    _index("candidate_files", "workspace", "form")
    _index("candidate_files", "expires_at")
    _index("candidate_files", "text_state")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("applications", "applied_via")
