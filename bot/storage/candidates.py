"""Candidates, and which of them turned out to be one person, in the database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Index,
    Select,
    String,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.candidates import (
    LONGEST_EMAIL,
    LONGEST_KEY,
    LONGEST_LINK,
    LONGEST_NAME,
    Candidate,
    KnownCandidate,
    Merge,
)
from bot.storage.applications import applications
from bot.storage.openings import kept_by, opening_columns, opening_of, openings
from bot.storage.panels.rows import Whose, organized_by, panels, part_in
from bot.storage.schema import Moment, Row, insert_into, metadata, part_of

candidates = Table(
    "candidates",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("key", String(LONGEST_KEY), nullable=False),
    Column("email", String(LONGEST_EMAIL)),
    Column("email_key", String(LONGEST_EMAIL)),
    Column("link", String(LONGEST_LINK)),
    Column("created_at", Moment, nullable=False),
    Index(None, "workspace", "key"),
    Index(None, "workspace", "email_key"),
)
"""`key` and `email_key` are what names and addresses are compared by."""

merges = Table(
    "merges",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("candidate", String(32), primary_key=True),
    Column("into", String(32), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("applications", JSON, nullable=False),
    Column("panels", JSON, nullable=False),
    Column("folded", JSON, nullable=False),
    part_of("candidates", "candidate"),
    part_of("candidates", "into"),
    Index(None, "workspace", "into"),
)
"""Those that hold: one that is undone goes, and the audit knows of both. The candidate that became
another keeps their row, which whoever erases a person has to find through here."""

told_apart = Table(
    "told_apart",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("candidate", String(32), primary_key=True),
    Column("other", String(32), primary_key=True),
    Column("actor", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    part_of("candidates", "candidate"),
    part_of("candidates", "other"),
    Index(None, "workspace", "other"),
)
"""Two who are different people though they have one name or address: each pair both ways."""

CANDIDATE_COLUMNS = [
    candidates.c[name].label(f"candidate_{name}") for name in ("id", "name", "email", "link")
]


class CandidateStore:
    """Candidates within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, workspace: str, item: Candidate, created_at: datetime) -> None:
        row = _row(item) | {"workspace": workspace, "created_at": created_at}
        await self._connection.execute(insert(candidates), row)

    async def save(self, workspace: str, item: Candidate) -> None:
        statement = update(candidates).where(_is(workspace, item.id)).values(_row(item))
        await self._connection.execute(statement)

    async def get(self, workspace: str, id: str) -> Candidate | None:
        """The candidate, unless they turned out to be another."""
        query = select(*CANDIDATE_COLUMNS).where(_is(workspace, id), ~is_merged())
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else candidate_of(row)

    async def of_address(self, workspace: str, email_key: str) -> str | None:
        """The id of the first who has this address, unless they turned out to be another."""
        columns = candidates.c
        query = (
            select(columns.id)
            .where(columns.workspace == workspace, columns.email_key == email_key, ~is_merged())
            .order_by(columns.created_at, columns.id)
            .limit(1)
        )
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def remove(self, workspace: str, id: str) -> None:
        """Removes one of whom nothing else is known."""
        await self._connection.execute(delete(candidates).where(_is(workspace, id)))

    async def everywhere(self) -> Sequence[tuple[str, Candidate]]:
        """All there are, each with their workspace, by name; not those that became others."""
        columns = candidates.c
        query = (
            select(columns.workspace, *CANDIDATE_COLUMNS)
            .where(~is_merged())
            .order_by(columns.key, columns.created_at, columns.id)
        )
        rows = (await self._connection.execute(query)).mappings()
        return [(row["workspace"], candidate_of(row)) for row in rows]

    async def workspace_of(self, id: str) -> str | None:
        """The workspace that has the candidate, whoever they turned out to be."""
        query = select(candidates.c.workspace).where(candidates.c.id == id)
        return (await self._connection.execute(query)).scalars().first()

    async def lock(self, workspace: str, *ids: str) -> None:
        """Nobody else changes or merges these until the transaction ends."""
        columns = candidates.c
        these = and_(columns.workspace == workspace, columns.id.in_(ids))
        await self._connection.execute(
            select(columns.id).where(these).order_by(columns.id).with_for_update()
        )

    async def known(
        self, workspace: str, whose: Whose, like: Candidate, most: int
    ) -> Sequence[KnownCandidate]:
        """Others of this name or email address of whom the person has a panel, or who were referred
        for an opening of theirs, latest first."""
        part = None if whose.all else part_in(workspace, whose)
        is_told = applications.c.referrer.is_not(None) & kept_by(whose.user)
        return await self._alike(workspace, like, part, most, other=is_told)

    async def duplicates(
        self, workspace: str, whose: Whose, of: Candidate, most: int
    ) -> Sequence[KnownCandidate]:
        """Others of this name or email address for whom the person organizes a panel, but for
        those of whom it was said that they are someone else. That holds for whoever either of the
        two has been merged with, too."""
        part = None if whose.all else organized_by(whose.user)
        others = _others_than(workspace, of.id)
        return await self._alike(workspace, of, part, most, candidates.c.id.not_in(others))

    async def tell_apart(
        self, workspace: str, candidate: str, other: str, actor: str, now: datetime
    ) -> bool:
        """Records that these are two people; no where that is recorded already."""
        statement = insert_into(told_apart, self._connection.dialect.name).on_conflict_do_nothing()
        said = {"workspace": workspace, "actor": actor, "at": now}
        pairs = sorted([(candidate, other), (other, candidate)])
        counts = [
            (
                await self._connection.execute(
                    statement, said | {"candidate": one, "other": another}
                )
            ).rowcount
            for one, another in pairs
        ]
        return any(count == 1 for count in counts)

    async def recruited_by(self, workspace: str, user: str, *ids: str) -> frozenset[str]:
        """Those of the candidates who have panels, and of all of them this recruiter."""
        others = case((panels.c.recruiter == user, 0), else_=1)
        query = (
            select(applications.c.candidate)
            .join(
                panels,
                and_(
                    panels.c.workspace == applications.c.workspace,
                    panels.c.application == applications.c.id,
                ),
            )
            .where(applications.c.workspace == workspace, applications.c.candidate.in_(ids))
            .group_by(applications.c.candidate)
            .having(func.sum(others) == 0)
        )
        return frozenset((await self._connection.execute(query)).scalars())

    async def told_apart(self) -> frozenset[tuple[str, str]]:
        """All pairs of candidates who are different people, each both ways; of merged ones, those
        whom they are now."""
        rows = await self._connection.execute(select(told_apart.c.candidate, told_apart.c.other))
        merged = await self._connection.execute(select(merges.c.candidate, merges.c.into))
        into = {row.candidate: row.into for row in merged}

        def now(id: str) -> str:
            while id in into:
                id = into[id]
            return id

        return frozenset((now(row.candidate), now(row.other)) for row in rows)

    async def _alike(
        self,
        workspace: str,
        like: Candidate,
        part: ColumnElement[bool] | None,
        most: int,
        *which: ColumnElement[bool],
        other: ColumnElement[bool] | None = None,
    ) -> Sequence[KnownCandidate]:
        """Each with the latest of their openings that has a panel with this `part`, or any; or
        whose application is such an `other` one."""
        columns = candidates.c
        same = columns.key == like.key if like.key else columns.name == like.name
        if like.email_key is not None:
            same = or_(same, columns.email_key == like.email_key)
        latest = func.row_number().over(
            partition_by=columns.id,
            order_by=(applications.c.applied_at.desc(), applications.c.id),
        )
        query = (
            select(
                *CANDIDATE_COLUMNS,
                *opening_columns("opening_"),
                applications.c.applied_at,
                latest.label("place"),
            )
            .join(
                applications,
                and_(
                    applications.c.workspace == columns.workspace,
                    applications.c.candidate == columns.id,
                ),
            )
            .join(
                openings,
                and_(
                    openings.c.workspace == columns.workspace,
                    openings.c.id == applications.c.opening,
                ),
            )
            .where(columns.workspace == workspace, columns.id != like.id, same, ~is_merged())
            .where(*which)
        )
        if part is not None:
            theirs = select(panels.c.application).where(panels.c.workspace == workspace, part)
            has_part = applications.c.id.in_(theirs)
            query = query.where(has_part if other is None else has_part | other)
        found = query.subquery()
        ranked = select(found).where(found.c.place == 1)
        ranked = ranked.order_by(found.c.applied_at.desc(), found.c.candidate_id).limit(most)
        rows = (await self._connection.execute(ranked)).mappings()
        return [
            KnownCandidate(candidate_of(row), opening_of(row, "opening_"), row["applied_at"])
            for row in rows
        ]

    async def add_merge(self, item: Merge) -> None:
        row = asdict(item)
        row |= {name: list(row[name]) for name in ("applications", "panels")}
        await self._connection.execute(insert(merges), row)

    async def remove_merge(self, item: Merge) -> None:
        columns = merges.c
        this = and_(columns.workspace == item.workspace, columns.candidate == item.candidate)
        await self._connection.execute(delete(merges).where(this))

    async def merges_of(self, workspace: str, *ids: str) -> Sequence[Merge]:
        """The merges by which these became others, or others these; the latest first."""
        columns = merges.c
        query = (
            select(merges)
            .where(columns.workspace == workspace)
            .where(or_(columns.candidate.in_(ids), columns.into.in_(ids)))
            .order_by(columns.at.desc(), columns.candidate)
        )
        rows = (await self._connection.execute(query)).mappings()
        lists = ("applications", "panels")
        return [Merge(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in rows]

    async def last_merge_into(self, workspace: str, id: str) -> tuple[Merge, str] | None:
        """Who was the last to turn out to be this candidate, with the name they had."""
        found = await self.merges_of(workspace, id)
        last = next((item for item in found if item.into == id), None)
        if last is None:
            return None
        query = select(candidates.c.name).where(_is(workspace, last.candidate))
        return last, (await self._connection.execute(query)).scalar_one()


def candidate_of(row: Any) -> Candidate:
    names = ("id", "name", "email", "link")
    return Candidate(**{name: row[f"candidate_{name}"] for name in names})


def _row(item: Candidate) -> Row:
    return asdict(item) | {"key": item.key, "email_key": item.email_key}


def _is(workspace: str, id: str) -> ColumnElement[bool]:
    return and_(candidates.c.workspace == workspace, candidates.c.id == id)


def _others_than(workspace: str, id: str) -> Select[tuple[str]]:
    """The ids of those who are someone else than this candidate: whoever was told apart from them
    or from one that became them, and whom those have become since."""
    same = select(literal(id).label("id")).cte("same", recursive=True)
    same = same.union(
        select(merges.c.candidate).where(
            merges.c.workspace == workspace, merges.c.into == same.c.id
        )
    )
    others = (
        select(told_apart.c.other.label("id"))
        .where(told_apart.c.workspace == workspace)
        .where(told_apart.c.candidate.in_(select(same.c.id)))
        .cte("others", recursive=True)
    )
    others = others.union(
        select(merges.c.into).where(
            merges.c.workspace == workspace, merges.c.candidate == others.c.id
        )
    )
    return select(others.c.id)


def is_merged() -> ColumnElement[bool]:
    columns = candidates.c
    return (
        exists()
        .where(merges.c.workspace == columns.workspace, merges.c.candidate == columns.id)
        .correlate(candidates)
    )
