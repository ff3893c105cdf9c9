"""Candidates, openings and applications are things of their own, each with an id of its own.

Until now a panel made a candidate and an application under its own id, and an opening was the hash
of its role and level, so that teams which knew nothing of each other shared one. Now each hiring
manager's panels for such an opening have an opening. Candidates of one name stay apart: whether
they are one person is for people to say.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)


def _table(name: str, *columns: str, moment: str = "created_at") -> sa.TableClause:
    names = ("workspace", "id", *columns)
    return sa.table(name, *(sa.column(one, sa.String) for one in names), sa.column(moment, MOMENT))


CANDIDATES = _table("candidates", "name", "key", "email", "email_key", "link")
OPENINGS = _table(
    "openings", "role", "title", "level", "author", "hiring_manager", "recruiter", "status"
)
APPLICATIONS = _table(
    "applications", "candidate", "opening", "stage", "source", moment="applied_at"
)
PANELS = _table("panels", "application", "set_up_by", "hiring_manager", "recruiter")

Row = dict[str, Any]
Id = tuple[str, str]
"""A workspace and an id in it."""


def upgrade() -> None:
    _columns()
    _carry_over()
    op.drop_index("ix_applications_workspace_candidate", "applications")
    op.create_index(
        "ix_applications_workspace_candidate_opening",
        "applications",
        ["workspace", "candidate", "opening"],
        unique=True,
    )
    for table, column in (
        ("candidates", "email_key"),
        ("openings", "author"),
        ("openings", "hiring_manager"),
        ("openings", "recruiter"),
    ):
        op.create_index(f"ix_{table}_workspace_{column}", table, ["workspace", column])
    _merges()


def downgrade() -> None:
    raise NotImplementedError("Going back past 0012 is a restore: see docs/upgrade.md.")


def _columns() -> None:
    op.add_column("candidates", sa.Column("email_key", sa.String(254)))
    op.alter_column("openings", "created_by", new_column_name="author")
    op.add_column("openings", sa.Column("team", sa.String(60)))
    op.add_column(
        "openings", sa.Column("status", sa.String(10), nullable=False, server_default="draft")
    )
    op.add_column("openings", sa.Column("hiring_manager", sa.String(32)))
    op.add_column("openings", sa.Column("recruiter", sa.String(32)))
    op.alter_column("applications", "created_at", new_column_name="applied_at")
    for name, known in (("stage", "interviewing"), ("source", "panel")):
        column = sa.Column(name, sa.String(20), nullable=False, server_default=known)
        op.add_column("applications", column)


def _carry_over() -> None:
    """Everything gets an id of its own, and what went by the old one goes by that."""
    candidates = _new_candidates()
    openings: dict[tuple[Id, str | None], Row] = {}
    applications, moves = [], []
    for row in _rows(_old_applications()):
        workspace = row["workspace"]
        old = (workspace, row["opening"])
        opening = openings.setdefault((old, row["hiring_manager"]), _new_opening(row))
        opening["recruiter"] = row["recruiter"]
        application = {
            "workspace": workspace,
            "id": _new_id(),
            "candidate": candidates[(workspace, row["candidate"])]["id"],
            "opening": opening["id"],
            "stage": "interviewing",
            "source": "panel",
            "applied_at": row["applied_at"],
        }
        applications.append(application)
        moves.append({"of": workspace, "old": row["application"], "new": application["id"]})
    _insert(CANDIDATES, list(candidates.values()))
    _insert(OPENINGS, list(openings.values()))
    _insert(APPLICATIONS, applications)
    columns = PANELS.c
    is_of = (columns.workspace == sa.bindparam("of"), columns.application == sa.bindparam("old"))
    _each(sa.update(PANELS).where(*is_of).values(application=sa.bindparam("new")), moves)
    _delete(APPLICATIONS, ((one["of"], one["old"]) for one in moves))
    _delete(CANDIDATES, candidates)
    _delete(OPENINGS, dict.fromkeys(old for old, _ in openings))


def _new_candidates() -> dict[Id, Row]:
    """By their old ids."""
    found = {}
    for row in _rows(sa.select(CANDIDATES)):
        email = row["email"]
        changes = {"id": _new_id(), "email_key": email.casefold()[:254] if email else None}
        found[(row["workspace"], row["id"])] = {**row, **changes}
    return found


def _old_applications() -> sa.Select[Any]:
    """Each with its opening and its panel, the earliest panel first."""
    applications, openings, panels = APPLICATIONS.c, OPENINGS.c, PANELS.c
    of_opening = sa.and_(
        openings.workspace == applications.workspace, openings.id == applications.opening
    )
    of_panel = sa.and_(
        panels.workspace == applications.workspace, panels.application == applications.id
    )
    return (
        sa.select(
            applications.workspace,
            applications.id.label("application"),
            applications.candidate,
            applications.opening,
            applications.applied_at,
            openings.role,
            openings.title,
            openings.level,
            sa.func.coalesce(panels.set_up_by, openings.author).label("author"),
            panels.hiring_manager,
            panels.recruiter,
        )
        .select_from(APPLICATIONS)
        .join(OPENINGS, of_opening)
        .outerjoin(PANELS, of_panel)
        .order_by(applications.applied_at, applications.id)
    )


def _new_opening(first: Row) -> Row:
    """The opening of whoever set up its first panel."""
    names = ("workspace", "role", "title", "level", "author", "hiring_manager")
    kept = {name: first[name] for name in names}
    return kept | {"id": _new_id(), "status": "draft", "created_at": first["applied_at"]}


def _new_id() -> str:
    return secrets.token_hex(8)


def _rows(query: sa.Select[Any]) -> Sequence[Any]:
    return op.get_bind().execute(query).mappings().all()


def _insert(table: sa.TableClause, rows: Sequence[Row]) -> None:
    _each(sa.insert(table), rows)


def _delete(table: sa.TableClause, ids: Iterable[Id]) -> None:
    columns = table.c
    this = (columns.workspace == sa.bindparam("of"), columns.id == sa.bindparam("old"))
    _each(sa.delete(table).where(*this), [{"of": of, "old": old} for of, old in ids])


def _each(statement: sa.Executable, rows: Sequence[Row]) -> None:
    if rows:
        op.get_bind().execute(statement, rows)


def _merges() -> None:
    op.create_table(
        "merges",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("candidate", sa.String(32), nullable=False),
        sa.Column("into", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applications", sa.JSON, nullable=False),
        sa.Column("panels", sa.JSON, nullable=False),
        sa.Column("folded", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "candidate", name="pk_merges"),
        *(
            sa.ForeignKeyConstraint(
                ["workspace", column],
                ["candidates.workspace", "candidates.id"],
                name=f"fk_merges_workspace_{column}",
                ondelete="CASCADE",
            )
            for column in ("candidate", "into")
        ),
    )
    op.create_index("ix_merges_workspace_into", "merges", ["workspace", "into"])
