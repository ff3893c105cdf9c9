"""A candidate as a whole, and all that is theirs, in the database."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import MessageKind, MessageState, OutboxMessage
from bot.domain.records.erasing import Counts
from bot.storage.applications import applications
from bot.storage.board.channels import channel_boards
from bot.storage.candidates import candidates, merges
from bot.storage.home import homes
from bot.storage.openings import openings
from bot.storage.outbox import COLUMNS, message_of, outbox
from bot.storage.panels.rows import interviews, panels
from bot.storage.records.erasures import sent_files
from bot.storage.records.holding import Erasure
from bot.storage.records.register import REGISTER, Person, belongs_to
from bot.storage.schema import metadata
from bot.storage.scorecards.closings import closings
from bot.storage.scorecards.rows import scorecards

LISTS = (
    MessageKind.REMINDERS_DIGEST,
    MessageKind.REMINDERS_LATER,
    MessageKind.REMINDERS_ASKED,
)
"""Messages that list several candidates' scorecards, and so are about none of them by their row."""

AROUND = timedelta(days=1)
"""Days are those of whoever reads a message, wherever they are."""

AT_ONCE = 400
"""Rows that one statement names."""


class PeopleStore:
    """Candidates as a whole, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def person(self, workspace: str, id: str) -> Person | None:
        """The candidate with everybody who turned out to be them, or who they turned out to be."""
        query = select(merges.c.candidate, merges.c.into).where(merges.c.workspace == workspace)
        links = [(row.candidate, row.into) for row in await self._connection.execute(query)]
        ids = {id}
        while more := {one for link in links if ids & {*link} for one in link} - ids:
            ids |= more
        return await self.of_ids(workspace, ids)

    async def of_ids(self, workspace: str, ids: set[str] | Sequence[str]) -> Person | None:
        """These as one person; None where none of them is there."""
        columns = candidates.c
        query = select(columns.key, columns.email_key).where(
            columns.workspace == workspace, columns.id.in_(ids)
        )
        rows = (await self._connection.execute(query)).all()
        if not rows:
            return None
        return Person(
            workspace,
            frozenset(ids),
            frozenset(row.key for row in rows if row.key),
            frozenset(row.email_key for row in rows if row.email_key),
        )

    async def root(self, person: Person) -> str:
        """The id of the one whom all the others turned out to be."""
        columns = merges.c
        query = select(columns.candidate).where(columns.workspace == person.workspace)
        query = query.where(columns.candidate.in_(person.ids))
        merged = set((await self._connection.execute(query)).scalars())
        return min(person.ids - merged)

    async def name(self, workspace: str, id: str) -> str:
        query = select(candidates.c.name).where(candidates.c.workspace == workspace)
        return str((await self._connection.execute(query.where(candidates.c.id == id))).scalar())

    async def ids(self, person: Person) -> frozenset[str]:
        """Theirs, and those of everything that has an id of its own."""
        found = set(person.ids)
        for table in (applications, panels, interviews, scorecards):
            query = select(table.c.id).where(belongs_to(REGISTER[table.name], person))
            found |= set((await self._connection.execute(query)).scalars())
        return frozenset(found)

    async def messages(self, person: Person, now: datetime) -> Sequence[OutboxMessage]:
        """Every message about them, and each that lists them among others: the digests of whoever
        had a part while a scorecard was due, and the boards of their openings' channels."""
        workspace = person.workspace
        own = belongs_to(REGISTER[outbox.name], person)
        query = select(*COLUMNS).where(own)
        found = [message_of(row) for row in (await self._connection.execute(query)).mappings()]
        for where in (await self._in_lists(person, now), await self._on_boards(person, now)):
            query = select(*COLUMNS).where(outbox.c.workspace == workspace, where)
            found += map(message_of, (await self._connection.execute(query)).mappings())
        return sorted({one.key: one for one in found}.values(), key=lambda one: one.key)

    async def files(self, person: Person) -> Sequence[tuple[str, str, datetime]]:
        """Slack's ids of the files about them, each with its channel and when it was sent."""
        columns = sent_files.c
        query = select(columns.id, columns.channel, columns.sent_at)
        query = query.where(belongs_to(REGISTER[sent_files.name], person)).order_by(columns.id)
        return [(row[0], row[1], row[2]) for row in await self._connection.execute(query)]

    async def forget_messages(self, workspace: str, keys: Sequence[str]) -> None:
        """Deletes these messages' rows, whatever became of them."""
        for start in range(0, len(keys), AT_ONCE):
            these = outbox.c.key.in_(keys[start : start + AT_ONCE])
            await self._connection.execute(
                delete(outbox).where(outbox.c.workspace == workspace, these)
            )

    async def forget_files(self, person: Person) -> None:
        """Forgets that their files are in Slack."""
        one = REGISTER[sent_files.name]
        await self._connection.execute(delete(sent_files).where(belongs_to(one, person)))

    async def counts(self, person: Person) -> Counts:
        """What stays of them."""

        async def number(table: str) -> int:
            one = REGISTER[table]
            query = select(func.count()).select_from(one.table).where(belongs_to(one, person))
            return int((await self._connection.execute(query)).scalar_one())

        columns = applications.c
        query = select(columns.opening, columns.stage).order_by(columns.applied_at)
        query = query.where(belongs_to(REGISTER[applications.name], person))
        stages = {row.opening: row.stage for row in await self._connection.execute(query)}
        names = ("applications", "panels", "interviews", "scorecards", "decisions")
        return Counts(**{name: await number(name) for name in names}, stages=stages)

    async def delete(self, person: Person, now: datetime) -> None:
        """Deletes every row that is theirs, and has shown anew what others see of them."""
        await self._show_anew(person, now)
        last = (candidates, applications, panels, interviews, scorecards)
        children = [table for table in metadata.sorted_tables if table not in last]
        for table in (*reversed(children), *reversed(last)):
            one = REGISTER[table.name]
            if one.erasure is Erasure.ROWS:
                await self._connection.execute(delete(table).where(belongs_to(one, person)))

    async def _show_anew(self, person: Person, now: datetime) -> None:
        """Homes list candidates, whether or not their readers opened them lately; so do boards."""
        workspace, involved = person.workspace, await self._involved(person)
        of_home = and_(homes.c.workspace == workspace, homes.c.person.in_(involved))
        await self._connection.execute(update(homes).where(of_home).values(stale_at=now))
        of_board = channel_boards.c.opening.in_(self._openings(person))
        await self._connection.execute(
            delete(channel_boards).where(channel_boards.c.workspace == workspace, of_board)
        )

    def _openings(self, person: Person) -> Select[tuple[str]]:
        of_person = belongs_to(REGISTER[applications.name], person)
        return select(applications.c.opening).where(of_person)

    async def _involved(self, person: Person) -> Sequence[str]:
        """Whoever had a part in their hiring."""
        workspace = person.workspace
        parts = (
            *_people(panels, person, "set_up_by", "recruiter", "hiring_manager"),
            *_people(interviews, person, "interviewer"),
            *_people(closings, person, "receiver", "owner"),
        )
        theirs = and_(openings.c.workspace == workspace, openings.c.id.in_(self._openings(person)))
        keepers = [
            select(openings.c[name]).where(theirs)
            for name in ("author", "recruiter", "hiring_manager")
        ]
        deciders = (await self._connection.execute(select(openings.c.deciders).where(theirs))).all()
        found = {one for (named,) in deciders for one in named or ()}
        for query in (*parts, *keepers):
            found |= set((await self._connection.execute(query.distinct())).scalars())
        return sorted(found - {None})

    async def _in_lists(self, person: Person, now: datetime) -> ColumnElement[bool]:
        """Lists sent to whoever was involved, from the first interview on for as long as one of
        its scorecards was due."""
        submitted = (
            select(func.max(scorecards.c.submitted_at))
            .where(scorecards.c.workspace == interviews.c.workspace)
            .where(scorecards.c.interview == interviews.c.id)
            .correlate(interviews)
            .scalar_subquery()
        )
        columns = interviews.c
        over = func.coalesce(columns.cancelled_at, columns.closed_at, submitted)
        is_open = func.max(case((over.is_(None), 1), else_=0))
        query = select(
            func.min(columns.starts_at), func.max(over), is_open, func.max(columns.ends_at)
        )
        query = query.where(belongs_to(REGISTER[interviews.name], person))
        first, last, still, ends = (await self._connection.execute(query)).one()
        if first is None:
            return outbox.c.key.in_(())
        until = max([now if still else last, ends])
        involved = await self._involved(person)
        is_list = outbox.c.kind.in_(LISTS) & outbox.c.recipient.in_(involved)
        return is_list & _between(min(first, now), until)

    async def _on_boards(self, person: Person, now: datetime) -> ColumnElement[bool]:
        """Boards of their openings, from when they applied until it was decided."""
        of_person = belongs_to(REGISTER[applications.name], person)
        query = select(func.min(applications.c.applied_at)).where(of_person)
        first = (await self._connection.execute(query)).scalar()
        if first is None:
            return outbox.c.key.in_(())
        is_board = outbox.c.kind == MessageKind.BOARD_DAY
        return is_board & outbox.c.opening.in_(self._openings(person)) & _between(first, now)


def _people(table: object, person: Person, *names: str) -> Sequence[Select[tuple[str]]]:
    one = REGISTER[table.name]  # type: ignore[attr-defined]
    return [select(one.table.c[name]).where(belongs_to(one, person)) for name in names]


def _between(first: datetime, last: datetime) -> ColumnElement[bool]:
    """Messages of one of these days; of those that have no day, claimed then."""
    days: tuple[date, date] = ((first - AROUND).date(), (last + AROUND).date())
    by_claim = and_(
        outbox.c.day.is_(None), outbox.c.claimed_at.between(first - AROUND, last + AROUND)
    )
    return or_(outbox.c.day.between(*days), by_claim)


def is_in_flight(message: OutboxMessage) -> bool:
    """Whether it may still be posted, whatever anybody does now."""
    return message.state in (MessageState.SENDING, MessageState.UNKNOWN)
