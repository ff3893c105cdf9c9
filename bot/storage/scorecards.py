"""Scorecards, their drafts, and how interviews were settled, in the database."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.scorecards import (
    Assessment,
    Body,
    Choice,
    Draft,
    Duty,
    How,
    Recommendation,
    Scorecard,
    Settlement,
    Version,
)
from bot.storage.candidates import applications, candidates, openings, part_of
from bot.storage.panels import interviews, panels
from bot.storage.schema import Moment, metadata, upsert

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
    Column("recommendation", String(10), nullable=False),
    Column("notes", Text, nullable=False),
    Column("probe_next", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("form", String(32), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    part_of("scorecards", "scorecard"),
)
"""Rows are only ever added."""

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
    part_of("interviews", "interview"),
    Index(None, "workspace", "interviewer"),
)

settlements = Table(
    "settlements",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("interview", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("how", String(20), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("receiver", String(32)),
    part_of("interviews", "interview"),
    Index(None, "workspace", "receiver"),
)

KEY = ("workspace", "interview", "interviewer")


class ScorecardStore:
    """Scorecards within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def duty(self, workspace: str, interview: str, *, lock: bool = False) -> Duty | None:
        """The interview as far as its scorecard goes.

        With `lock` nobody else settles it until the transaction ends.
        """
        columns = interviews.c
        this = and_(columns.workspace == workspace, columns.id == interview)
        if lock and self._connection.dialect.name == "postgresql":
            await self._connection.execute(select(columns.id).where(this).with_for_update())
        found = await self._duties(_duties(workspace).where(this))
        return found[0] if found else None

    async def duties(self, workspace: str, ids: Collection[str]) -> Sequence[Duty]:
        """Those of these interviews that there are."""
        return await self._duties(_duties(workspace).where(interviews.c.id.in_(ids))) if ids else []

    async def duties_of_panel(self, workspace: str, panel: str) -> Sequence[Duty]:
        query = _duties(workspace).where(interviews.c.panel == panel)
        return await self._duties(query.order_by(interviews.c.starts_at, interviews.c.id))

    async def duties_of(self, workspace: str, user: str, most: int) -> Sequence[Duty]:
        """Interviews whose scorecard this person gives, the latest first."""
        columns = settlements.c
        handed = select(columns.interview).where(
            columns.workspace == workspace, columns.receiver == user
        )
        concerned = or_(interviews.c.interviewer == user, interviews.c.id.in_(handed))
        query = _duties(workspace).where(concerned).order_by(interviews.c.starts_at.desc())
        found = await self._duties(query.limit(most))
        return [duty for duty in found if duty.owner == user]

    async def get(self, workspace: str, interview: str, interviewer: str) -> Scorecard | None:
        columns = scorecards.c
        this = and_(columns.interview == interview, columns.interviewer == interviewer)
        found = await self._scorecards(_scorecards(workspace).where(this))
        return found[0] if found else None

    async def by_id(self, workspace: str, id: str) -> Scorecard | None:
        found = await self._scorecards(_scorecards(workspace).where(scorecards.c.id == id))
        return found[0] if found else None

    async def of_panel(self, workspace: str, panel: str) -> Sequence[Scorecard]:
        """Every scorecard of the panel, the first submitted first."""
        columns = interviews.c
        of_it = select(columns.id).where(columns.workspace == workspace, columns.panel == panel)
        query = _scorecards(workspace).where(scorecards.c.interview.in_(of_it))
        return await self._scorecards(query.order_by(scorecards.c.submitted_at, scorecards.c.id))

    async def of_author(self, workspace: str, user: str, most: int) -> Sequence[Scorecard]:
        """Those that the person has written, the latest first."""
        query = _scorecards(workspace).where(scorecards.c.interviewer == user)
        return await self._scorecards(query.order_by(scorecards.c.submitted_at.desc()).limit(most))

    async def versions(self, workspace: str, scorecard: str) -> Sequence[Version]:
        """All of a scorecard's versions, oldest first."""
        columns = versions.c
        query = (
            select(versions)
            .where(columns.workspace == workspace, columns.scorecard == scorecard)
            .order_by(columns.number)
        )
        return [_version(row) for row in (await self._connection.execute(query)).mappings()]

    async def submit(self, item: Scorecard) -> None:
        """Adds the scorecard's current version; whoever has not locked its interview may fail."""
        row = {column.name: getattr(item, column.name) for column in scorecards.c}
        row |= {"version": item.version.number}
        if item.version.number == 1:
            await self._connection.execute(insert(scorecards), row)
        else:
            this = and_(scorecards.c.workspace == item.workspace, scorecards.c.id == item.id)
            statement = update(scorecards).where(this, scorecards.c.version < item.version.number)
            await self._connection.execute(statement.values(version=item.version.number))
        await self._connection.execute(insert(versions), version_row(item))

    async def settle(self, item: Settlement, *, is_over: bool = True) -> None:
        """Adds the settlement; `is_over`: the interview owes nothing any more."""
        await self._connection.execute(insert(settlements), asdict(item))
        this = and_(interviews.c.workspace == item.workspace, interviews.c.id == item.interview)
        new = {"settled_at": item.at} if is_over else {"remind_at": interviews.c.ends_at}
        await self._connection.execute(update(interviews).where(this).values(new))

    async def settlements(self, workspace: str, interview: str) -> Sequence[Settlement]:
        """What was said of the interview, in order."""
        columns = settlements.c
        query = (
            select(settlements)
            .where(columns.workspace == workspace, columns.interview == interview)
            .order_by(columns.number)
        )
        rows = (await self._connection.execute(query)).mappings()
        return [Settlement(**{**row, "how": How(row["how"])}) for row in rows]

    async def draft(self, workspace: str, interview: str, interviewer: str) -> Draft | None:
        this = _is_draft(workspace, interview, interviewer)
        rows = await self._connection.execute(select(drafts).where(this))
        row = rows.mappings().one_or_none()
        return None if row is None else _draft(row)

    async def drafts_of(self, workspace: str, user: str) -> Sequence[Draft]:
        """What the person has typed and not submitted, saved last first."""
        columns = drafts.c
        query = (
            select(drafts)
            .where(columns.workspace == workspace, columns.interviewer == user)
            .order_by(columns.saved_at.desc())
        )
        return [_draft(row) for row in (await self._connection.execute(query)).mappings()]

    async def keep_draft(self, item: Draft) -> None:
        row = asdict(item)
        statement = upsert(self._connection, drafts, row)
        changed = {name: value for name, value in row.items() if name not in KEY}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=KEY, set_=changed)
        )

    async def drop_draft(self, workspace: str, interview: str, interviewer: str) -> None:
        this = _is_draft(workspace, interview, interviewer)
        await self._connection.execute(delete(drafts).where(this))

    async def _duties(self, query: Select[Any]) -> list[Duty]:
        rows = (await self._connection.execute(query)).mappings()
        return [Duty(**{**row, "focus": tuple(row["focus"])}) for row in rows]

    async def _scorecards(self, query: Select[Any]) -> list[Scorecard]:
        rows = (await self._connection.execute(query)).mappings()
        return [_scorecard(row) for row in rows]


def version_row(item: Scorecard) -> dict[str, Any]:
    """The row of a scorecard's current version."""
    version, body = item.version, item.version.body
    return {
        "workspace": item.workspace,
        "scorecard": item.id,
        "number": version.number,
        "ratings": [asdict(assessment) for assessment in body.assessments],
        "recommendation": body.recommendation,
        "notes": body.notes,
        "probe_next": body.probe_next,
        "reason": body.reason,
        "form": version.form,
        "submitted_at": version.submitted_at,
    }


def _duties(workspace: str) -> Select[Any]:
    given = and_(
        settlements.c.workspace == interviews.c.workspace,
        settlements.c.interview == interviews.c.id,
    )
    receiver = (
        select(settlements.c.receiver)
        .where(given, settlements.c.receiver.is_not(None))
        .order_by(settlements.c.number.desc())
        .limit(1)
        .correlate(interviews)
        .scalar_subquery()
    )
    settled = (
        select(func.count()).select_from(settlements).where(given).correlate(interviews)
    ).scalar_subquery()
    columns = interviews.c
    return (
        select(
            columns.workspace,
            columns.id.label("interview"),
            columns.panel,
            candidates.c.name.label("candidate"),
            openings.c.title.label("role"),
            columns.interviewer,
            func.coalesce(receiver, columns.interviewer).label("owner"),
            columns.focus,
            columns.interviewer_zone.label("zone"),
            columns.starts_at,
            columns.ends_at,
            columns.cancelled_at,
            columns.settled_at,
            settled.label("settled"),
            panels.c.set_up_by,
            panels.c.recruiter,
            panels.c.hiring_manager,
        )
        .join(panels, _is_of(panels, columns.panel))
        .join(applications, _is_of(applications, panels.c.application))
        .join(candidates, _is_of(candidates, applications.c.candidate))
        .join(openings, _is_of(openings, applications.c.opening))
        .where(columns.workspace == workspace)
    )


def _is_of(table: Table, id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(table.c.workspace == interviews.c.workspace, table.c.id == id)


def _scorecards(workspace: str) -> Select[Any]:
    current = and_(
        versions.c.workspace == scorecards.c.workspace,
        versions.c.scorecard == scorecards.c.id,
        versions.c.number == scorecards.c.version,
    )
    return (
        select(
            scorecards.c.id,
            scorecards.c.workspace,
            scorecards.c.interview,
            scorecards.c.interviewer,
            scorecards.c.seen_others_before,
            scorecards.c.submitted_at.label("first_submitted_at"),
            *(column for column in versions.c if column.name not in ("workspace", "scorecard")),
        )
        .join(versions, current)
        .where(scorecards.c.workspace == workspace)
    )


def _scorecard(row: RowMapping) -> Scorecard:
    return Scorecard(
        id=row["id"],
        workspace=row["workspace"],
        interview=row["interview"],
        interviewer=row["interviewer"],
        seen_others_before=row["seen_others_before"],
        submitted_at=row["first_submitted_at"],
        version=_version(row),
    )


def _version(row: RowMapping) -> Version:
    body = Body(
        assessments=_assessments(row["ratings"]),
        recommendation=Recommendation(row["recommendation"]),
        notes=row["notes"],
        probe_next=row["probe_next"],
        reason=row["reason"],
    )
    return Version(row["number"], body, row["form"], row["submitted_at"])


def _draft(row: RowMapping) -> Draft:
    kept = row["body"]
    chosen = kept["recommendation"]
    body = Body(
        assessments=_assessments(kept["assessments"]),
        recommendation=Recommendation(chosen) if chosen else None,
        notes=kept["notes"],
        probe_next=kept["probe_next"],
        reason=kept["reason"],
    )
    return Draft(**{**row, "body": body})


def _assessments(kept: Iterable[dict[str, Any]]) -> tuple[Assessment, ...]:
    return tuple(
        Assessment(
            competency=item["competency"],
            choice=Choice(item["choice"]) if item["choice"] else None,
            evidence=item["evidence"],
        )
        for item in kept
    )


def _is_draft(workspace: str, interview: str, interviewer: str) -> ColumnElement[bool]:
    columns = drafts.c
    return and_(
        columns.workspace == workspace,
        columns.interview == interview,
        columns.interviewer == interviewer,
    )
