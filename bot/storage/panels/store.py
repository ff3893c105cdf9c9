"""Interview panels in the database."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    func,
    insert,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.candidates import Candidate
from bot.domain.names import search_key
from bot.domain.openings import Opening
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Interview, Panel
from bot.domain.questions.selection import Level
from bot.storage.applications import applications
from bot.storage.candidates import LONGEST_KEY, candidates, part_of
from bot.storage.openings import openings
from bot.storage.schema import Moment, metadata, partial_index, upsert

IS_ON = text("cancelled_at IS NULL")
"""Written out rather than bound, or the databases would not use the index that has it."""

IS_PENDING = text("cancelled_at IS NULL AND closed_at IS NULL")
"""The same, of interviews whose scorecard is still to come."""

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
    Column("replaces", String(32)),
    Column("declined_at", Moment),
    Column("cancelled_at", Moment),
    Column("closed_at", Moment),
    Column("remind_at", Moment),
    Column("revision", Integer, nullable=False),
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
    Index(None, "workspace", "interviewer", "starts_at"),
    partial_index(None, "remind_at", where=IS_PENDING),
    partial_index("ix_interviews_pending", "workspace", "interviewer", "ends_at", where=IS_PENDING),
)
"""`remind_at` is when it has to be looked at for reminders next, at first its end."""


CHANGING = ("recruiter", "hiring_manager", "channel", "cancelled_at", "revision")
"""What a revision of a panel may have different from the one before, interviews aside."""


@dataclass(frozen=True)
class Whose:
    """Whose panels are looked for: those that the user has a part in, those `also` named by their
    ids, or all for an admin."""

    user: str
    all: bool = False
    also: frozenset[str] = frozenset()


class PanelStore:
    """Panels within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, panel: Panel, content: FrozenContent) -> bool:
        """Adds the panel and what it needs; False where its candidate has been added already."""
        ids = {"workspace": panel.workspace, "created_at": panel.created_at}
        opening, candidate = panel.opening, panel.candidate
        if not await self._keep(candidates, ids | _candidate_row(candidate)):
            return False
        await self._keep(
            content_versions,
            ids
            | {"id": panel.content, "role": content.role.slug, "version": content.role.version}
            | {"content": content.model_dump_json()},
        )
        await self._keep(
            openings, ids | asdict(opening) | {"id": opening.id, "created_by": panel.set_up_by}
        )
        await self._insert(
            applications,
            ids | {"id": panel.application, "candidate": candidate.id, "opening": opening.id},
        )
        columns = {column.name for column in panels.c}
        await self._insert(panels, {k: v for k, v in vars(panel).items() if k in columns})
        await self._write(panel, panel.interviews)
        return True

    async def save(self, panel: Panel) -> bool:
        """Writes a panel's next revision; False where somebody else has made one before."""
        columns = panels.c
        statement = (
            update(panels)
            .where(columns.workspace == panel.workspace, columns.id == panel.id)
            .where(columns.revision == panel.revision - 1)
            .values({name: getattr(panel, name) for name in CHANGING})
        )
        if (await self._connection.execute(statement)).rowcount != 1:
            return False
        await self._save_candidate(panel.workspace, panel.candidate)
        changed = [item for item in panel.interviews if item.revision == panel.revision]
        await self._write(panel, sorted(changed, key=lambda item: item.is_on))
        return True

    async def _save_candidate(self, workspace: str, candidate: Candidate) -> None:
        columns = candidates.c
        statement = (
            update(candidates)
            .where(columns.workspace == workspace, columns.id == candidate.id)
            .values(_candidate_row(candidate))
        )
        await self._connection.execute(statement)

    async def get(self, workspace: str, id: str) -> Panel | None:
        found = await self._load(workspace, panels.c.id == id, 1)
        return found[0] if found else None

    async def of_interview(self, workspace: str, interview: str) -> Panel | None:
        """The panel that the interview belongs to."""
        columns = interviews.c
        query = select(columns.panel).where(columns.workspace == workspace, columns.id == interview)
        id = (await self._connection.execute(query)).scalar_one_or_none()
        return None if id is None else await self.get(workspace, id)

    async def mine(self, workspace: str, whose: Whose, now: datetime, most: int) -> Sequence[Panel]:
        """Those with something still to come, soonest first, then the others, latest first."""
        columns = interviews.c
        ends = (
            select(func.max(columns.ends_at))
            .where(columns.workspace == workspace, columns.panel == panels.c.id)
            .where(columns.cancelled_at.is_(null()))
            .correlate(panels)
            .scalar_subquery()
        )
        following = (
            select(func.min(columns.starts_at))
            .where(columns.workspace == workspace, columns.panel == panels.c.id)
            .where(columns.cancelled_at.is_(null()), columns.ends_at > now)
            .correlate(panels)
            .scalar_subquery()
        )
        to_come = [following.is_(null()), following, ends.desc(), panels.c.created_at.desc()]
        return await self._load(workspace, _part_in(workspace, whose), most, order=to_come)

    async def latest(self, workspace: str, organizer: str, most: int) -> Sequence[Panel]:
        """Those that the person organises, the newest first."""
        where = _organized_by(organizer)
        return await self._load(workspace, where, most, order=[panels.c.created_at.desc()])

    async def named(self, workspace: str, whose: Whose, name: str, most: int) -> Sequence[Panel]:
        """Panels for candidates of this name or one that begins so, exact ones first."""
        key = search_key(name)[:LONGEST_KEY]
        if not key:
            return []
        matches = candidates.c.key.startswith(key, autoescape=True)
        order = [candidates.c.key != key, panels.c.created_at.desc()]
        where = _part_in(workspace, whose) & matches
        return await self._load(workspace, where, most, order=order)

    async def upcoming(
        self, workspace: str, now: datetime, interviewer: str | None = None
    ) -> Sequence[Panel]:
        """Panels with an interview that has not begun, for one interviewer or for everybody."""
        columns = interviews.c
        which = select(columns.panel).where(
            columns.workspace == workspace,
            columns.starts_at > now,
            columns.cancelled_at.is_(null()),
        )
        if interviewer is not None:
            which = which.where(columns.interviewer == interviewer)
        return await self._load(workspace, panels.c.id.in_(which))

    async def content(self, workspace: str, id: str) -> FrozenContent:
        columns = content_versions.c
        query = select(columns.content).where(columns.workspace == workspace, columns.id == id)
        found = (await self._connection.execute(query)).scalar_one()
        return FrozenContent.model_validate_json(found)

    async def _load(
        self,
        workspace: str,
        where: ColumnElement[bool],
        most: int | None = None,
        order: Sequence[ColumnElement[Any]] = (),
    ) -> list[Panel]:
        query = (
            select(
                panels,
                candidates.c.id.label("candidate_id"),
                candidates.c.name,
                candidates.c.email,
                candidates.c.link,
                openings.c.role,
                openings.c.title,
                openings.c.level,
            )
            .join(applications, _same(applications, panels.c.application))
            .join(candidates, _same(candidates, applications.c.candidate))
            .join(openings, _same(openings, applications.c.opening))
            .where(panels.c.workspace == workspace, where)
            .order_by(*order, panels.c.id)
            .limit(most)
        )
        rows = (await self._connection.execute(query)).mappings().all()
        of = await self._interviews(workspace, [row["id"] for row in rows])
        return [_panel(row, of.get(row["id"], ())) for row in rows]

    async def _interviews(self, workspace: str, ids: Sequence[str]) -> dict[str, list[Interview]]:
        columns = interviews.c
        query = (
            select(interviews)
            .where(columns.workspace == workspace, columns.panel.in_(ids))
            .order_by(columns.starts_at, columns.id)
        )
        found: dict[str, list[Interview]] = {}
        for row in (await self._connection.execute(query)).mappings() if ids else ():
            found.setdefault(row["panel"], []).append(_interview(row))
        return found

    async def _write(self, panel: Panel, items: Sequence[Interview]) -> None:
        if not items:
            return
        rows = [
            asdict(item)
            | {"workspace": panel.workspace, "panel": panel.id, "remind_at": item.ends_at}
            | {"focus": list(item.focus), "questions": list(item.questions)}
            for item in items
        ]
        statement = upsert(self._connection, interviews, rows)
        ids = ("workspace", "id")
        kept = (*ids, "closed_at")  # which is written with a closing, and by nothing else
        new = {c.name: statement.excluded[c.name] for c in interviews.c if c.name not in kept}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=ids, set_=new)
        )

    async def _insert(self, table: Table, row: dict[str, Any]) -> None:
        await self._connection.execute(insert(table), row)

    async def _keep(self, table: Table, row: dict[str, Any]) -> bool:
        """Adds a row unless it is there already; whether it was not."""
        statement = upsert(self._connection, table, row).on_conflict_do_nothing()
        return bool((await self._connection.execute(statement)).rowcount)


def _candidate_row(candidate: Candidate) -> dict[str, Any]:
    return asdict(candidate) | {"key": search_key(candidate.name)[:LONGEST_KEY]}


def _same(table: Table, id: ColumnElement[Any]) -> ColumnElement[bool]:
    return (table.c.workspace == panels.c.workspace) & (table.c.id == id)


def _part_in(workspace: str, whose: Whose) -> ColumnElement[bool]:
    """The panels that somebody organises or interviews for, cancelled interviews aside."""
    if whose.all:
        return panels.c.workspace == workspace
    columns = interviews.c
    interviewing = select(columns.panel).where(
        columns.workspace == workspace,
        columns.interviewer == whose.user,
        columns.cancelled_at.is_(null()),
    )
    return _organized_by(whose.user) | panels.c.id.in_(interviewing) | panels.c.id.in_(whose.also)


def _organized_by(user: str) -> ColumnElement[bool]:
    return or_(
        panels.c.set_up_by == user, panels.c.recruiter == user, panels.c.hiring_manager == user
    )


def _panel(row: RowMapping, items: Iterable[Interview]) -> Panel:
    return Panel(
        id=row["id"],
        workspace=row["workspace"],
        application=row["application"],
        candidate=Candidate(row["candidate_id"], row["name"], row["email"], row["link"]),
        opening=Opening(row["role"], row["title"], Level(row["level"]) if row["level"] else None),
        content=row["content"],
        set_up_by=row["set_up_by"],
        recruiter=row["recruiter"],
        hiring_manager=row["hiring_manager"],
        channel=row["channel"],
        created_at=row["created_at"],
        interviews=tuple(items),
        cancelled_at=row["cancelled_at"],
        revision=row["revision"],
    )


def _interview(row: RowMapping) -> Interview:
    fields = {key: row[key] for key in row if key not in ("workspace", "panel", "remind_at")}
    fields |= {"focus": tuple(row["focus"]), "questions": tuple(row["questions"])}
    return Interview(**fields)
