"""Scorecards, their drafts, and how they were closed, in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, insert, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.panels.cautions import Caution, Written
from bot.domain.scorecards.closing import Closing, ClosingKind, DueScorecard
from bot.domain.scorecards.scorecard import (
    OwnScorecard,
    Scorecard,
    ScorecardDraft,
    ScorecardVersion,
)
from bot.storage.panels.rows import interviews, organized_by
from bot.storage.schema import upsert
from bot.storage.scorecards.closings import closings
from bot.storage.scorecards.due import is_due
from bot.storage.scorecards.rows import (
    DUE_SCORECARDS,
    DUE_SCORECARDS_OF_PERSON,
    OWN_SCORECARDS,
    SCORECARDS,
    SEVERAL_DUE_SCORECARDS,
    draft_of,
    draft_row,
    drafts,
    due_scorecard_of,
    own_scorecard_of,
    scorecard_of,
    scorecards,
    version_of,
    version_row,
    versions,
)

KEY = ("workspace", "interview", "interviewer")


class ScorecardStore:
    """Scorecards within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def own_scorecard(
        self, workspace: str, interview: str, user: str, *, lock: bool = False
    ) -> OwnScorecard | None:
        """The interview with what the person has written about it and read.

        With `lock` no one else writes or closes anything of it until the transaction ends.
        """
        if lock:
            await self.lock(workspace, interview)
        which = {"of_workspace": workspace, "of_interview": interview, "of_user": user}
        row = (await self._connection.execute(OWN_SCORECARDS, which)).mappings().one_or_none()
        return None if row is None else own_scorecard_of(row, user)

    async def lock(self, workspace: str, interview: str) -> None:
        """No one else writes or closes anything of the interview until the transaction ends."""
        if self._connection.dialect.name == "postgresql":
            columns = interviews.c
            this = and_(columns.workspace == workspace, columns.id == interview)
            await self._connection.execute(select(columns.id).where(this).with_for_update())

    async def due_scorecard(self, workspace: str, interview: str) -> DueScorecard | None:
        """The interview as far as its scorecard goes."""
        found = await self._due_scorecards(
            workspace, DUE_SCORECARDS.where(interviews.c.id == interview)
        )
        return found[0] if found else None

    async def due_scorecards(self, workspace: str, ids: Collection[str]) -> Sequence[DueScorecard]:
        """Those of these interviews that there are."""
        if not ids:
            return []
        return await self._due_scorecards(
            workspace, SEVERAL_DUE_SCORECARDS, of_interviews=list(ids)
        )

    async def due_scorecards_of_panel(self, workspace: str, panel: str) -> Sequence[DueScorecard]:
        query = DUE_SCORECARDS.where(interviews.c.panel == panel)
        return await self._due_scorecards(
            workspace, query.order_by(interviews.c.starts_at, interviews.c.id)
        )

    async def due_scorecards_of(
        self, workspace: str, user: str, most: int
    ) -> Sequence[DueScorecard]:
        """Interviews whose scorecard this person gives, the latest first."""
        found = await self._due_scorecards(
            workspace, DUE_SCORECARDS_OF_PERSON, of_user=user, most=most
        )
        return [due for due in found if due.owner == user]

    async def due_scorecards_organized_by(
        self, workspace: str, organizer: str, now: datetime, most: int
    ) -> Sequence[DueScorecard]:
        """Those that are due of panels that this person organizes, the longest due first."""
        query = DUE_SCORECARDS.where(organized_by(organizer), *is_due(now))
        return await self._due_scorecards(
            workspace, query.order_by(interviews.c.ends_at, interviews.c.id).limit(most)
        )

    async def get(self, workspace: str, interview: str, interviewer: str) -> Scorecard | None:
        columns = scorecards.c
        this = and_(columns.interview == interview, columns.interviewer == interviewer)
        found = await self._scorecards(workspace, SCORECARDS.where(this))
        return found[0] if found else None

    async def by_id(self, workspace: str, id: str) -> Scorecard | None:
        found = await self._scorecards(workspace, SCORECARDS.where(scorecards.c.id == id))
        return found[0] if found else None

    async def of_panel(self, workspace: str, panel: str) -> Sequence[Scorecard]:
        """Every scorecard of the panel, the first submitted first."""
        columns = interviews.c
        of_it = select(columns.id).where(columns.workspace == workspace, columns.panel == panel)
        query = SCORECARDS.where(scorecards.c.interview.in_(of_it))
        query = query.order_by(scorecards.c.submitted_at, scorecards.c.id)
        return await self._scorecards(workspace, query)

    async def of_author(self, workspace: str, user: str, most: int) -> Sequence[Scorecard]:
        """Those that the person has written, the latest first."""
        query = SCORECARDS.where(scorecards.c.interviewer == user)
        query = query.order_by(scorecards.c.submitted_at.desc()).limit(most)
        return await self._scorecards(workspace, query)

    async def written(self, workspace: str, panel: str) -> Written:
        """Of which of a panel's interviews a scorecard is submitted, or words are in a draft."""
        columns = interviews.c
        of_it = select(columns.id).where(columns.workspace == workspace, columns.panel == panel)
        begun = select(drafts).where(drafts.c.workspace == workspace, drafts.c.interview.in_(of_it))
        submitted = select(scorecards.c.interview).where(
            scorecards.c.workspace == workspace, scorecards.c.interview.in_(of_it)
        )
        rows = (await self._connection.execute(begun)).mappings()
        found = {draft.interview: Caution.DRAFT for draft in map(draft_of, rows) if draft.has_words}
        ids = (await self._connection.execute(submitted)).scalars()
        return found | dict.fromkeys(ids, Caution.SCORECARD)

    async def versions(
        self, workspace: str, scorecard: str, numbers: Collection[int]
    ) -> Sequence[ScorecardVersion]:
        """Those of a scorecard's versions with these numbers, oldest first."""
        columns = versions.c
        query = (
            select(versions)
            .where(columns.workspace == workspace, columns.scorecard == scorecard)
            .where(columns.number.in_(numbers))
            .order_by(columns.number)
        )
        return [version_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def versions_by(
        self, workspace: str, scorecards: Collection[str], at: datetime
    ) -> Mapping[str, ScorecardVersion]:
        """The version that each of these scorecards had then; without those that came later."""
        columns = versions.c
        query = (
            select(versions)
            .where(columns.workspace == workspace, columns.scorecard.in_(scorecards))
            .where(columns.submitted_at <= at)
            .order_by(columns.number)
        )
        rows = (await self._connection.execute(query)).mappings()
        return {row["scorecard"]: version_of(row) for row in rows}

    async def is_submitted(self, workspace: str, scorecard: str, form: str) -> bool:
        """Whether one of the scorecard's versions was submitted from this form."""
        columns = versions.c
        query = (
            select(columns.number)
            .where(columns.workspace == workspace, columns.scorecard == scorecard)
            .where(columns.form == form)
            .limit(1)
        )
        return (await self._connection.execute(query)).first() is not None

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

    async def close(self, item: Closing, *, is_over: bool = True) -> None:
        """Adds the closing; `is_over`: no scorecard is due any more.

        Else it is again, however it had been closed before.
        """
        await self._connection.execute(insert(closings), asdict(item))
        this = and_(interviews.c.workspace == item.workspace, interviews.c.id == item.interview)
        due = {"closed_at": null(), "remind_at": interviews.c.ends_at}
        new = {"closed_at": item.at} if is_over else due
        await self._connection.execute(update(interviews).where(this).values(new))

    async def closings(self, workspace: str, interview: str) -> Sequence[Closing]:
        """How the interview's scorecard was closed, in order."""
        return (await self.closings_of(workspace, [interview]))[interview]

    async def closings_of(
        self, workspace: str, ids: Collection[str]
    ) -> Mapping[str, Sequence[Closing]]:
        """The same of each of these interviews."""
        columns = closings.c
        query = (
            select(closings)
            .where(columns.workspace == workspace, columns.interview.in_(ids))
            .order_by(columns.number)
        )
        found: dict[str, list[Closing]] = {id: [] for id in ids}
        for row in (await self._connection.execute(query)).mappings():
            found[row["interview"]].append(Closing(**{**row, "how": ClosingKind(row["how"])}))
        return found

    async def draft(
        self, workspace: str, interview: str, interviewer: str
    ) -> ScorecardDraft | None:
        this = _is_draft(workspace, interview, interviewer)
        rows = await self._connection.execute(select(drafts).where(this))
        row = rows.mappings().one_or_none()
        return None if row is None else draft_of(row)

    async def drafts_of(self, workspace: str, user: str) -> Sequence[ScorecardDraft]:
        """What the person has typed and not submitted, saved last first."""
        columns = drafts.c
        query = (
            select(drafts)
            .where(columns.workspace == workspace, columns.interviewer == user)
            .order_by(columns.saved_at.desc())
        )
        return [draft_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def keep_draft(self, item: ScorecardDraft) -> None:
        row = draft_row(item)
        statement = upsert(self._connection, drafts, row)
        changed = {name: value for name, value in row.items() if name not in KEY}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=KEY, set_=changed)
        )

    async def delete_draft(self, workspace: str, interview: str, interviewer: str) -> None:
        this = _is_draft(workspace, interview, interviewer)
        await self._connection.execute(delete(drafts).where(this))

    async def _due_scorecards(
        self, workspace: str, query: Select[Any], **which: object
    ) -> list[DueScorecard]:
        rows = await self._connection.execute(query, {"of_workspace": workspace, **which})
        return [due_scorecard_of(row) for row in rows.mappings()]

    async def _scorecards(self, workspace: str, query: Select[Any]) -> list[Scorecard]:
        rows = await self._connection.execute(query, {"of_workspace": workspace})
        return [scorecard_of(row) for row in rows.mappings()]


def _is_draft(workspace: str, interview: str, interviewer: str) -> ColumnElement[bool]:
    columns = drafts.c
    return and_(
        columns.workspace == workspace,
        columns.interview == interview,
        columns.interviewer == interviewer,
    )
