"""The tables of what people applied with."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from bot.domain.apply.files import LONGEST_FILE_NAME
from bot.domain.apply.submission import (
    LONGEST_HEARD,
    LONGEST_PHONE,
    LONGEST_SOURCE,
    Answers,
    FileFacts,
    RightToWork,
    ScanState,
    Submission,
    Suspicion,
    TextState,
    Version,
)
from bot.domain.candidates import LONGEST_EMAIL, LONGEST_LINK, LONGEST_NAME
from bot.storage.schema import Moment, Row, metadata, part_of, partial_index

IS_APART = text("suspicion IS NOT NULL")

submissions = Table(
    "submissions",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("opening", String(32), nullable=False),
    Column("application", String(32)),
    Column("form", String(40), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("is_first", Boolean, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("answer_by", Date, nullable=False),
    Column("language", String(20), nullable=False),
    Column("source", String(LONGEST_SOURCE)),
    Column("suspicion", String(20)),
    Column("withdrawn_at", Moment),
    Column("erasure_asked_at", Moment),
    part_of("openings", "opening"),
    part_of("applications", "application"),
    Index(None, "workspace", "form", unique=True),
    Index(None, "token_hash", unique=True),
    Index(None, "workspace", "application"),
    Index(None, "workspace", "opening", "sent_at"),
    Index(None, "workspace", "erasure_asked_at"),
    partial_index("ix_submissions_apart", "sent_at", where=IS_APART),
)
"""Of a token only its hash is kept. What is suspected has no application."""

versions = Table(
    "submission_versions",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("submission", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("email", String(LONGEST_EMAIL), nullable=False),
    Column("phone", String(LONGEST_PHONE)),
    Column("link", String(LONGEST_LINK)),
    Column("country", String(2), nullable=False),
    Column("right_to_work", String(20), nullable=False),
    Column("heard", String(LONGEST_HEARD)),
    Column("adjustments", Text),
    Column("pool_until", Date),
    Column("file", String(32)),
    part_of("submissions", "submission"),
)

files = Table(
    "candidate_files",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("submission", String(32)),
    Column("form", String(40)),
    Column("expires_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("name", String(LONGEST_FILE_NAME), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("scan", String(20), nullable=False),
    Column("text_state", String(20), nullable=False),
    Column("text", Text),
    Column("content", LargeBinary, nullable=False),
    part_of("submissions", "submission"),
    Index(None, "workspace", "submission"),
    Index(None, "workspace", "form"),
    Index(None, "expires_at"),
    Index(None, "text_state"),
)
"""One that no submission has is of a form that was refused: it is kept until `expires_at`."""

applicants = Table(
    "applicants",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("email_key", String(LONGEST_EMAIL), primary_key=True),
    Column("candidate", String(32), nullable=False),
    part_of("candidates", "candidate"),
)
"""Whose address it is: two forms with one address, at one moment, are one candidate's."""

secret_keys = Table(
    "secret_keys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", String(64), nullable=False),
)
"""One row at most: what links are signed with where the settings name no key."""

FACTS = ("id", "name", "kind", "size", "sha256", "scan", "text_state")
FACT_COLUMNS = [files.c[name].label(f"file_{name}") for name in FACTS]


def submission_of(row: Any, found: tuple[Version, ...]) -> Submission:
    names = (
        *("id", "opening", "application", "form", "token_hash", "is_first", "sent_at"),
        *("answer_by", "language", "source", "withdrawn_at", "erasure_asked_at"),
    )
    suspicion = Suspicion(row["suspicion"]) if row["suspicion"] else None
    return Submission(**{name: row[name] for name in names}, suspicion=suspicion, versions=found)


def version_of(row: Any) -> Version:
    names = ("name", "email", "country", "phone", "link", "heard", "adjustments", "pool_until")
    right = RightToWork(row["right_to_work"])
    answers = Answers(**{name: row[name] for name in names}, right_to_work=right)
    file = file_of(row, "file_") if row["file_id"] is not None else None
    return Version(row["number"], row["at"], answers, file)


def file_of(row: Any, prefix: str = "") -> FileFacts:
    facts = {name: row[f"{prefix}{name}"] for name in FACTS}
    facts["scan"] = ScanState(facts["scan"])
    facts["text_state"] = TextState(facts["text_state"])
    return FileFacts(**facts)


def row_of_version(submission: str, version: Version) -> Row:
    answers = vars(version.answers) | {"right_to_work": version.answers.right_to_work.value}
    file = version.file.id if version.file is not None else None
    return {
        "submission": submission,
        "number": version.number,
        "at": version.at,
        "file": file,
        **answers,
    }


def row_of_submission(sent: Submission) -> Row:
    row = dict(vars(sent))
    del row["versions"]
    return row
