"""The tables of scorecards, the queries over them, and what their rows are read as."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    select,
    union,
)

from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.fields import choices_of, read_fields, texts_of
from bot.domain.scorecards.ordering import FormOrder
from bot.domain.scorecards.scorecard import (
    Assessment,
    OwnScorecard,
    Scorecard,
    ScorecardBody,
    ScorecardDraft,
    ScorecardVersion,
)
from bot.storage.applications import applications
from bot.storage.candidates import candidates
from bot.storage.feedback import feedback_reads
from bot.storage.openings import openings
from bot.storage.panels.rows import interviews, panels
from bot.storage.schema import Moment, metadata, part_of
from bot.storage.scorecards.closings import closings
from bot.storage.scorecards.due import owner_of, reassigned_to

scorecards = Table(
    "scorecards",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("interview", String(32), nullable=False),
    Column("interviewer", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("seen_others_before", Boolean, nullable=False),
    Column("submitted_at", Moment, nullable=False),
    part_of("interviews", "interview"),
    UniqueConstraint("workspace", "interview", "interviewer"),
    Index(None, "workspace", "interviewer", "submitted_at"),
)

versions = Table(
    "scorecard_versions",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("scorecard", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("ratings", JSON, nullable=False),
    *(
        Column(name, String(max(map(len, one.options))), nullable=False)
        for name, one in choices_of(ScorecardBody).items()
    ),
    *(Column(name, Text, nullable=False) for name in texts_of(ScorecardBody)),
    Column("form", String(32), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    part_of("scorecards", "scorecard"),
)
"""Rows are only ever added."""

LONG_AGO = "2000-01-01 00:00:00.000000"
"""In `typed_at`, by which versions of Panelist before `orders` put a draft in order."""

drafts = Table(
    "scorecard_drafts",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("interview", String(32), primary_key=True),
    Column("interviewer", String(32), primary_key=True),
    Column("body", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("form", String(32), nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("typed_at", Moment, nullable=False, server_default=LONG_AGO),
    Column("aside", JSON(none_as_null=True)),
    Column("orders", JSON(none_as_null=True)),
    part_of("interviews", "interview"),
    Index(None, "workspace", "interviewer"),
)


BODY_COLUMNS = (*choices_of(ScorecardBody), *texts_of(ScorecardBody))


def version_row(item: Scorecard) -> dict[str, Any]:
    """The row of a scorecard's current version."""
    version, body = item.version, item.version.body
    return {
        "workspace": item.workspace,
        "scorecard": item.id,
        "number": version.number,
        "ratings": [asdict(assessment) for assessment in body.assessments],
        **{name: getattr(body, name) for name in BODY_COLUMNS},
        "form": version.form,
        "submitted_at": version.submitted_at,
    }


def _due_scorecards(of: FromClause) -> Select[Any]:
    """What each of these interviews has due of a scorecard."""
    columns = of.c

    def is_theirs(table: Table, id: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(table.c.workspace == columns.workspace, table.c.id == id)

    given = and_(closings.c.workspace == columns.workspace, closings.c.interview == columns.id)
    receiver = reassigned_to(of)
    theirs = interviews.alias("theirs")
    owners_zone = (
        select(theirs.c.interviewer_zone)
        .where(theirs.c.workspace == columns.workspace, theirs.c.panel == columns.panel)
        .where(theirs.c.interviewer == receiver)
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )
    closed = (
        select(func.count()).select_from(closings).where(given).correlate(of)
    ).scalar_subquery()
    return (
        select(
            columns.workspace,
            columns.id.label("interview"),
            columns.panel,
            candidates.c.name.label("candidate"),
            openings.c.title.label("role"),
            columns.interviewer,
            owner_of(of).label("owner"),
            columns.focus,
            func.coalesce(owners_zone, columns.interviewer_zone).label("zone"),
            columns.starts_at,
            columns.ends_at,
            columns.cancelled_at,
            columns.declined_at,
            columns.closed_at,
            columns.entered_at,
            closed.label("closings"),
            panels.c.set_up_by,
            panels.c.recruiter,
            panels.c.hiring_manager,
        )
        .join(panels, is_theirs(panels, columns.panel))
        .join(applications, is_theirs(applications, panels.c.application))
        .join(candidates, is_theirs(candidates, applications.c.candidate))
        .join(openings, is_theirs(openings, applications.c.opening))
    )


def _found_first(query: Select[Any]) -> CTE:
    """Interviews to be found before anything is joined to them.

    PostgreSQL would otherwise, where it has no statistics yet, begin with all of a workspace's
    panels and candidates.
    """
    return query.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")


def _due_scorecards_of_person() -> Select[Any]:
    """The latest `most` interviews that `of_user` was to hold, or whose scorecard was
    reassigned to them."""
    columns, workspace = interviews.c, bindparam("of_workspace", type_=String)
    user = bindparam("of_user", type_=String)
    own = select(columns.id).where(columns.workspace == workspace, columns.interviewer == user)
    reassigned = select(closings.c.interview).where(
        closings.c.workspace == workspace, closings.c.receiver == user
    )
    found = _found_first(
        select(interviews)
        .where(columns.workspace == workspace, columns.id.in_(union(own, reassigned)))
        .order_by(columns.starts_at.desc())
        .limit(bindparam("most", type_=Integer))
    )
    return _due_scorecards(found).order_by(found.c.starts_at.desc())


IS_CURRENT = and_(
    versions.c.workspace == scorecards.c.workspace,
    versions.c.scorecard == scorecards.c.id,
    versions.c.number == scorecards.c.version,
)
CARD = (
    scorecards.c.id,
    scorecards.c.interviewer.label("author"),
    scorecards.c.seen_others_before,
    scorecards.c.submitted_at.label("first_submitted_at"),
    *(column for column in versions.c if column.name not in ("workspace", "scorecard")),
)
IN_WORKSPACE = interviews.c.workspace == bindparam("of_workspace", type_=String)

DUE_SCORECARDS = _due_scorecards(interviews).where(IN_WORKSPACE)
"""Interviews of the workspace `of_workspace`; made once, which is most of a query's cost."""

SEVERAL_DUE_SCORECARDS = _due_scorecards(
    _found_first(
        select(interviews).where(
            IN_WORKSPACE,
            interviews.c.id.in_(bindparam("of_interviews", type_=String, expanding=True)),
        )
    )
)
"""The interviews `of_interviews`."""

DUE_SCORECARDS_OF_PERSON = _due_scorecards_of_person()

SCORECARDS = (
    select(scorecards.c.workspace, scorecards.c.interview, *CARD)
    .join(versions, IS_CURRENT)
    .where(scorecards.c.workspace == bindparam("of_workspace"))
)
"""Scorecards of the workspace `of_workspace`, each at its current version."""

OWN_SCORECARDS = (
    DUE_SCORECARDS.add_columns(
        *CARD,
        drafts.c.body.label("draft_body"),
        drafts.c.revision.label("draft_revision"),
        drafts.c.form.label("draft_form"),
        drafts.c.saved_at.label("draft_saved_at"),
        drafts.c.aside.label("draft_aside"),
        drafts.c.orders.label("draft_orders"),
        exists()
        .where(
            feedback_reads.c.workspace == interviews.c.workspace,
            feedback_reads.c.panel == interviews.c.panel,
            feedback_reads.c.person == bindparam("of_user"),
        )
        .correlate(interviews)
        .label("has_read"),
    )
    .outerjoin(
        scorecards,
        and_(
            scorecards.c.workspace == interviews.c.workspace,
            scorecards.c.interview == interviews.c.id,
            scorecards.c.interviewer == bindparam("of_user"),
        ),
    )
    .outerjoin(versions, IS_CURRENT)
    .outerjoin(
        drafts,
        and_(
            drafts.c.workspace == interviews.c.workspace,
            drafts.c.interview == interviews.c.id,
            drafts.c.interviewer == bindparam("of_user"),
        ),
    )
    .where(interviews.c.id == bindparam("of_interview"))
)
"""The interview `of_interview`, with what `of_user` has written about it and read."""

DUE_SCORECARD_FIELDS = tuple(field.name for field in fields(DueScorecard))


def own_scorecard_of(row: RowMapping, user: str) -> OwnScorecard:
    return OwnScorecard(
        due_scorecard=due_scorecard_of(row),
        scorecard=None if row["id"] is None else scorecard_of(row),
        draft=None if row["draft_body"] is None else _draft_beside(row, user),
        has_read=bool(row["has_read"]),
    )


def _draft_beside(row: RowMapping, user: str) -> ScorecardDraft:
    names = ("body", "revision", "form", "saved_at", "aside", "orders")
    ids = {"workspace": row["workspace"], "interview": row["interview"], "interviewer": user}
    return draft_of(ids | {name: row[f"draft_{name}"] for name in names})


def due_scorecard_of(row: RowMapping) -> DueScorecard:
    return DueScorecard(
        **{name: row[name] for name in DUE_SCORECARD_FIELDS} | {"focus": tuple(row["focus"])}
    )


def scorecard_of(row: RowMapping) -> Scorecard:
    return Scorecard(
        id=row["id"],
        workspace=row["workspace"],
        interview=row["interview"],
        interviewer=row["author"],
        seen_others_before=row["seen_others_before"],
        submitted_at=row["first_submitted_at"],
        version=version_of(row),
    )


def version_of(row: RowMapping) -> ScorecardVersion:
    body = ScorecardBody(_assessments(row["ratings"]), **read_fields(ScorecardBody, {**row}))
    return ScorecardVersion(row["number"], body, row["form"], row["submitted_at"])


def draft_row(item: ScorecardDraft) -> dict[str, Any]:
    return {
        "workspace": item.workspace,
        "interview": item.interview,
        "interviewer": item.interviewer,
        "body": asdict(item.body),
        "revision": item.revision,
        "form": item.form,
        "saved_at": item.saved_at,
        "aside": None if item.aside is None else asdict(item.aside),
        "orders": {form: _order_row(order) for form, order in item.orders.items()},
    }


def draft_of(row: RowMapping | dict[str, Any]) -> ScorecardDraft:
    aside, orders = row["aside"], row["orders"] or {}
    return ScorecardDraft(
        workspace=row["workspace"],
        interview=row["interview"],
        interviewer=row["interviewer"],
        body=_body(row["body"]),
        revision=row["revision"],
        form=row["form"],
        saved_at=row["saved_at"],
        aside=None if aside is None else _body(aside),
        orders={form: _order(kept) for form, kept in orders.items()},
    )


def _order_row(order: FormOrder) -> dict[str, Any]:
    """Times as text: a number of JSON's is not exact."""
    latest = {str(turn): str(at) for turn, at in order.latest.items()}
    return {"submitted": order.submitted, "latest": latest}


def _order(kept: dict[str, Any]) -> FormOrder:
    latest = {int(turn): Decimal(at) for turn, at in kept["latest"].items()}
    return FormOrder(kept["submitted"], latest)


def _body(kept: dict[str, Any]) -> ScorecardBody:
    return ScorecardBody(_assessments(kept["assessments"]), **read_fields(ScorecardBody, kept))


def _assessments(kept: Iterable[dict[str, Any]]) -> tuple[Assessment, ...]:
    return tuple(Assessment(item["competency"], **read_fields(Assessment, item)) for item in kept)
