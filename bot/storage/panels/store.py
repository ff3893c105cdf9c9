"""Interview panels in the database."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Table,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.candidates import LONGEST_KEY
from bot.domain.names import has_words, search_key
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Interview, Panel
from bot.storage.applications import applications
from bot.storage.candidates import CANDIDATE_COLUMNS, candidate_of, candidates
from bot.storage.openings import decided_by, opening_columns, opening_of, openings
from bot.storage.panels.rows import (
    Whose,
    content_versions,
    interviews,
    organized_by,
    panels,
    part_in,
)
from bot.storage.schema import upsert

CHANGING = (
    "application",
    "recruiter",
    "hiring_manager",
    "channel",
    "cancelled_at",
    "revision",
)
"""What a revision of a panel may have different from the one before, interviews aside."""


class PanelStore:
    """Panels within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, panel: Panel, content: FrozenContent) -> bool:
        """Adds the panel, whose application is there, with what it asks.

        False where it has been added already.
        """
        await self.keep_content(panel.workspace, content, panel.created_at)
        columns = {column.name for column in panels.c}
        if not await self._keep(panels, {k: v for k, v in vars(panel).items() if k in columns}):
            return False
        await self._write(panel, panel.interviews)
        return True

    async def keep_content(self, workspace: str, content: FrozenContent, at: datetime) -> None:
        """Keeps what panels ask, once for all that ask the same."""
        kept = {
            "workspace": workspace,
            "id": content.id,
            "role": content.role.slug,
            "version": content.role.version,
            "content": content.model_dump_json(),
            "created_at": at,
        }
        await self._keep(content_versions, kept)

    async def save(self, panel: Panel) -> bool:
        """Writes a panel's next revision; False where someone else has made one before."""
        columns = panels.c
        statement = (
            update(panels)
            .where(columns.workspace == panel.workspace, columns.id == panel.id)
            .where(columns.revision == panel.revision - 1)
            .values({name: getattr(panel, name) for name in CHANGING})
        )
        if (await self._connection.execute(statement)).rowcount != 1:
            return False
        changed = [item for item in panel.interviews if item.revision == panel.revision]
        await self._write(panel, sorted(changed, key=lambda item: item.is_on))
        return True

    async def get(self, workspace: str, id: str) -> Panel | None:
        found = await self._load(workspace, panels.c.id == id, 1)
        return found[0] if found else None

    async def of_interview(self, workspace: str, interview: str) -> Panel | None:
        """The panel that the interview belongs to."""
        columns = interviews.c
        query = select(columns.panel).where(columns.workspace == workspace, columns.id == interview)
        id = (await self._connection.execute(query)).scalar_one_or_none()
        return None if id is None else await self.get(workspace, id)

    async def of_candidate(self, workspace: str, candidate: str) -> Sequence[Panel]:
        """The candidate's panels, which nobody else changes until the transaction ends."""
        return await self._load(workspace, candidates.c.id == candidate, lock=True)

    async def of_applications(self, workspace: str, ids: Sequence[str]) -> Sequence[Panel]:
        """Those of these applications that were not canceled."""
        where = panels.c.application.in_(ids) & panels.c.cancelled_at.is_(null())
        return await self._load(workspace, where) if ids else []

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
        return await self._load(workspace, part_in(workspace, whose), most, order=to_come)

    async def latest(self, workspace: str, organizer: str, most: int) -> Sequence[Panel]:
        """Those that the person organises, the newest first."""
        where = organized_by(organizer)
        return await self._load(workspace, where, most, order=[panels.c.created_at.desc()])

    async def decided_by(self, workspace: str, user: str, most: int) -> Sequence[str]:
        """The ids of panels whose opening names the person to decide, the newest first."""
        query = select(panels.c.id).where(panels.c.workspace == workspace, decided_by(user))
        query = query.join(applications, _same(applications, panels.c.application))
        query = query.join(openings, _same(openings, applications.c.opening))
        query = query.order_by(panels.c.created_at.desc(), panels.c.id).limit(most)
        return (await self._connection.execute(query)).scalars().all()

    async def debriefed_by(self, workspace: str, user: str, most: int) -> Sequence[Panel]:
        """Those whose feedback the person reads as organizer or decider, the newest first."""
        mine = or_(panels.c.recruiter == user, panels.c.hiring_manager == user)
        where = (mine | decided_by(user)) & panels.c.cancelled_at.is_(null())
        return await self._load(workspace, where, most, order=[panels.c.created_at.desc()])

    async def named(self, workspace: str, whose: Whose, name: str, most: int) -> Sequence[Panel]:
        """Panels for candidates with a name of these words, exact ones first, then the newest."""
        key = search_key(name)[:LONGEST_KEY]
        words = [word for word in map(search_key, name.split()) if word]
        if not words:
            return []
        holds = (candidates.c.key.contains(word, autoescape=True) for word in words)
        query = (
            select(panels.c.id, candidates.c.name)
            .join(applications, _same(applications, panels.c.application))
            .join(candidates, _same(candidates, applications.c.candidate))
            .where(panels.c.workspace == workspace, part_in(workspace, whose), *holds)
            .order_by(candidates.c.key != key, panels.c.created_at.desc(), panels.c.id)
        )
        rows = (await self._connection.execute(query)).all()
        # Where words begin is known from the name alone, so the database only narrows it down.
        ids = [row.id for row in rows if has_words(row.name, name)][:most]
        found = {panel.id: panel for panel in await self._load(workspace, panels.c.id.in_(ids))}
        return [found[id] for id in ids]

    async def times_of(
        self,
        workspace: str,
        people: Iterable[str],
        since: datetime,
        until: datetime,
        apart_from: str | None = None,
    ) -> dict[str, list[tuple[datetime, datetime]]]:
        """When these people interview between those moments, whoever the candidate is, apart from
        one panel."""
        columns = interviews.c
        query = (
            select(columns.interviewer, columns.starts_at, columns.ends_at)
            .where(columns.workspace == workspace, columns.interviewer.in_(set(people)))
            .where(columns.starts_at < until, columns.ends_at > since)
            .where(columns.cancelled_at.is_(null()), columns.declined_at.is_(null()))
        )
        if apart_from is not None:
            query = query.where(columns.panel != apart_from)
        found: dict[str, list[tuple[datetime, datetime]]] = {}
        for row in await self._connection.execute(query):
            found.setdefault(row.interviewer, []).append((row.starts_at, row.ends_at))
        return found

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
        *,
        lock: bool = False,
    ) -> list[Panel]:
        query = (
            select(panels, *CANDIDATE_COLUMNS, *opening_columns("opening_"))
            .join(applications, _same(applications, panels.c.application))
            .join(candidates, _same(candidates, applications.c.candidate))
            .join(openings, _same(openings, applications.c.opening))
            .where(panels.c.workspace == workspace, where)
            .order_by(*order, panels.c.id)
            .limit(most)
        )
        if lock:
            query = query.with_for_update(of=panels)
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
            | {
                "workspace": panel.workspace,
                "panel": panel.id,
                "remind_at": item.declined_at or item.ends_at,
            }
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

    async def _keep(self, table: Table, row: dict[str, Any]) -> bool:
        """Adds a row unless it is there already; whether it was not."""
        statement = upsert(self._connection, table, row).on_conflict_do_nothing()
        return bool((await self._connection.execute(statement)).rowcount)


def _same(table: Table, id: ColumnElement[Any]) -> ColumnElement[bool]:
    return (table.c.workspace == panels.c.workspace) & (table.c.id == id)


def _panel(row: RowMapping, items: Iterable[Interview]) -> Panel:
    return Panel(
        id=row["id"],
        workspace=row["workspace"],
        application=row["application"],
        candidate=candidate_of(row),
        opening=opening_of(row, "opening_"),
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
