"""Openings in the database."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Label,
    String,
    Table,
    and_,
    cast,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.openings.job import LONGEST_SLUG, Job
from bot.domain.openings.opening import (
    HIRING,
    LONGEST_TEAM,
    LONGEST_TITLE,
    PUBLIC,
    Opening,
    OpeningStatus,
)
from bot.domain.openings.pay import Pay
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.plan import Plan
from bot.domain.openings.public import PublicPart
from bot.domain.openings.rule import Rule
from bot.domain.openings.terms import (
    LONGEST_APPLY_AT,
    LONGEST_HOURS,
    LONGEST_NO_PAY,
    EmploymentType,
    Terms,
)
from bot.domain.openings.text import Text
from bot.domain.questions.selection import Level
from bot.storage.applications import applications
from bot.storage.panels.rows import organized_by, panels
from bot.storage.schema import Moment, metadata, upsert

openings = Table(
    "openings",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("role", String(60), nullable=False),
    Column("title", String(60), nullable=False),
    Column("level", String(10)),
    Column("team", String(LONGEST_TEAM)),
    Column("status", String(10), nullable=False),
    Column("author", String(32), nullable=False),
    Column("hiring_manager", String(32)),
    Column("recruiter", String(32)),
    Column("deciders", JSON),
    Column("created_at", Moment, nullable=False),
    Column("posting_title", String(LONGEST_TITLE)),
    Column("slug", String(LONGEST_SLUG)),
    Column("places", JSON),
    Column("work_mode", String(10)),
    Column("employment_type", String(20)),
    Column("pay", JSON),
    Column("no_pay", String(LONGEST_NO_PAY)),
    Column("hours", String(LONGEST_HOURS)),
    Column("seats", Integer, nullable=False, server_default="1"),
    Column("closes_on", Date),
    Column("apply_at", String(LONGEST_APPLY_AT)),
    Column("channel", String(32)),
    Column("posts_applications", Boolean, nullable=False, server_default=false()),
    Column("posts_board", Boolean, nullable=False, server_default=false()),
    Column("posting", JSON),
    Column("plan", JSON),
    Column("rule", JSON),
    Column("content", String(32)),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("status_at", Moment),
    Column("held", JSON),
    Index(None, "workspace", "slug", unique=True),
    Index(None, "workspace", "status"),
    Index(None, "closes_on"),
    Index(None, "posts_board", "status"),
    Index(None, "workspace", "author"),
    Index(None, "workspace", "hiring_manager"),
    Index(None, "workspace", "recruiter"),
)

"""`title` is as much of the title as the version before takes, `posting_title` all of it. What has
no `slug` was made by that version, or for a panel."""

FIELDS = tuple(field.name for field in fields(Opening))
TERMS = tuple(field.name for field in fields(Terms))
SHORT_TITLE = 60


class OpeningStore:
    """Openings within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, workspace: str, item: Opening, created_at: datetime) -> None:
        row = _head(item) | {"id": item.id, "author": item.author}
        row |= {"workspace": workspace, "created_at": created_at}
        await self._connection.execute(insert(openings), row)

    async def add_job(self, workspace: str, job: Job, created_at: datetime) -> bool:
        """Adds the opening with all that is known of it; False where it is there already, or
        another is called so."""
        row = {"id": job.id, "author": job.opening.author, "created_at": created_at}
        values = _job_row(job) | row | {"workspace": workspace}
        statement = upsert(self._connection, openings, values).on_conflict_do_nothing()
        return (await self._connection.execute(statement)).rowcount == 1

    async def save(self, workspace: str, job: Job) -> bool:
        """Writes the next version; False where someone else has made one before."""
        columns = openings.c
        statement = (
            update(openings)
            .where(columns.workspace == workspace, columns.id == job.id)
            .where(columns.version == job.version - 1)
            .values(_job_row(job))
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def job(self, workspace: str, id: str, *, lock: bool = False) -> Job | None:
        """The opening with all that is known of it; locked, nobody else changes it until the
        transaction ends."""
        columns = openings.c
        query = select(openings).where(columns.workspace == workspace, columns.id == id)
        query = query.with_for_update() if lock else query
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else job_of(row)

    async def with_content(self, workspace: str, ids: Collection[str]) -> set[str]:
        """Those of these that have frozen content of their own."""
        columns = openings.c
        query = select(columns.id).where(columns.workspace == workspace, columns.id.in_(ids))
        query = query.where(columns.content.is_not(None))
        return set((await self._connection.execute(query)).scalars()) if ids else set()

    async def shown_to(self, workspace: str, user: str, most: int, *, all: bool) -> Sequence[Job]:
        """Those whose posting anybody may read, then those that the person may change (`all`: an
        admin may change any), what is over aside; the newest first. One that a panel has made is
        not among them before somebody edits it."""
        where = openings.c.slug.is_not(None) & _is_shown(user, all)
        return await self._jobs(workspace, where, most)

    async def revision(self, workspace: str) -> tuple[int, int]:
        """Something else after each change of any opening: each makes its next version."""
        version = func.coalesce(func.sum(openings.c.version), 0)
        query = select(func.count(), version).where(openings.c.workspace == workspace)
        count, versions = (await self._connection.execute(query)).one()
        return int(count), int(versions)

    async def called(self, workspace: str, user: str, slug: str, *, all: bool) -> Sequence[Job]:
        """The one of this slug, if the person may read it; one without has its id instead."""
        columns = openings.c
        is_it = (columns.slug == slug) | (columns.slug.is_(None) & (columns.id == slug))
        return await self._jobs(workspace, is_it & _is_shown(user, all), 1)

    async def names_shown_to(
        self, workspace: str, user: str, *, all: bool
    ) -> Sequence[tuple[str, Opening]]:
        """All that the person may read, those that panels have made too, with their slugs."""
        slug = func.coalesce(openings.c.slug, openings.c.id).label("slug")
        query = select(slug, *opening_columns("opening_"))
        query = query.where(openings.c.workspace == workspace, _is_shown(user, all))
        rows = (await self._connection.execute(query)).mappings()
        return [(row["slug"], opening_of(row, "opening_")) for row in rows]

    async def jobs(self, workspace: str, ids: Collection[str], most: int) -> Sequence[Job]:
        """Those of these that there are, in the same order."""
        return await self._jobs(workspace, openings.c.id.in_(ids), most) if ids else []

    async def taken(self, workspace: str, slugs: Collection[str]) -> set[str]:
        """Those of these by which an opening is called already."""
        columns = openings.c
        query = select(columns.slug).where(columns.workspace == workspace, columns.slug.in_(slugs))
        return set((await self._connection.execute(query)).scalars())

    async def latest_of(self, workspace: str, user: str, role: str) -> Job | None:
        """The opening that a new one for this role begins like: the person's last for it, or their
        last, or the workspace's last; of those that have a place, and that the person may read."""
        columns = openings.c
        order = (columns.author == user, columns.role == role)
        query = (
            select(openings)
            .where(columns.workspace == workspace, columns.slug.is_not(None))
            .where(_is_public() | kept_by(user))
            .order_by(*(one.desc() for one in order), columns.created_at.desc(), columns.id)
            .limit(1)
        )
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else job_of(row)

    async def get(self, workspace: str, id: str) -> Opening | None:
        found = await self._where(workspace, openings.c.id == id, 1)
        return found[0] if found else None

    async def hiring(self, workspace: str, user: str, most: int) -> Sequence[Opening]:
        """Those being hired for in which the person has a part, the newest first."""
        return await self._where(workspace, _is_hiring() & _has_part(workspace, user), most)

    async def any_begun(self, workspace: str) -> bool:
        """Whether a job was ever posted, or a panel set up."""
        columns = openings.c
        here = columns.workspace == workspace
        posted = select(columns.id).where(here, columns.status != OpeningStatus.DRAFT)
        by_panel = select(columns.id).where(here, columns.slug.is_(None))
        found = await self._connection.execute(select(posted.exists() | by_panel.exists()))
        return bool(found.scalar_one())

    async def chosen(self, workspace: str, user: str, id: str) -> Opening | None:
        """This one, if it is being hired for and the person has a part in it."""
        this = openings.c.id == id
        found = await self._where(workspace, this & _is_hiring() & _has_part(workspace, user), 1)
        return found[0] if found else None

    async def same(self, workspace: str, user: str, item: Opening) -> Opening | None:
        """The person's own for the same role, level, team and hiring manager."""
        columns = openings.c
        alike = (
            columns[name].is_not_distinct_from(getattr(item, name))
            for name in ("role", "level", "team", "hiring_manager")
        )
        where = and_(_is_hiring(), _has_part(workspace, user), *alike)
        found = await self._where(workspace, where, 1)
        return found[0] if found else None

    async def closing(self, first: date, last: date) -> Sequence[tuple[str, str, date]]:
        """Workspaces, ids and days of those that are open and close on one of these days."""
        columns = openings.c
        query = (
            select(columns.workspace, columns.id, columns.closes_on)
            .where(columns.status == OpeningStatus.OPEN, columns.closes_on.between(first, last))
            .order_by(columns.workspace, columns.id)
        )
        return [(row[0], row[1], row[2]) for row in await self._connection.execute(query)]

    async def showing_boards(self) -> Sequence[tuple[str, Job]]:
        """Those being hired for whose private channel shows their board, each with its
        workspace."""
        columns = openings.c
        query = select(openings).where(columns.posts_board == true(), _is_hiring())
        query = query.where(columns.channel.is_not(None)).order_by(columns.workspace, columns.id)
        rows = (await self._connection.execute(query)).mappings()
        return [(row["workspace"], job_of(row)) for row in rows]

    async def everywhere(self) -> Sequence[tuple[str, Job]]:
        """All there are, each with its workspace, in the order in which they were made."""
        query = select(openings).order_by(openings.c.created_at, openings.c.id)
        rows = (await self._connection.execute(query)).mappings()
        return [(row["workspace"], job_of(row)) for row in rows]

    async def _jobs(
        self, workspace: str, where: ColumnElement[bool], most: int | None
    ) -> Sequence[Job]:
        columns = openings.c
        query = select(openings).where(columns.workspace == workspace, where)
        order = (_is_public().desc(), columns.created_at.desc(), columns.id)
        query = query.order_by(*order).limit(most)
        return [job_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def _where(
        self, workspace: str, where: ColumnElement[bool], most: int
    ) -> Sequence[Opening]:
        columns = openings.c
        query = select(openings).where(columns.workspace == workspace, where)
        query = query.order_by(columns.created_at.desc(), columns.id).limit(most)
        rows = (await self._connection.execute(query)).mappings()
        return [opening_of(row) for row in rows]


def opening_columns(prefix: str) -> list[Label[Any]]:
    """The columns of an opening in a row that has more in it."""
    return [openings.c[name].label(f"{prefix}{name}") for name in (*FIELDS, "posting_title")]


def opening_of(row: Any, prefix: str = "") -> Opening:
    values = {name: row[f"{prefix}{name}"] for name in FIELDS}
    values["title"] = row[f"{prefix}posting_title"] or values["title"]
    values["deciders"] = tuple(values["deciders"] or ())
    level = Level(values["level"]) if values["level"] else None
    return Opening(**values | {"level": level, "status": OpeningStatus(values["status"])})


def job_of(row: Any) -> Job:
    opening = opening_of(row)
    mode, kind = row["work_mode"], row["employment_type"]
    terms = Terms(
        **{name: row[name] for name in TERMS}
        | {
            "places": read(tuple[Place, ...], row["places"] or []),
            "work_mode": WorkMode(mode) if mode else None,
            "employment_type": EmploymentType(kind) if kind else None,
            "pay": read(Pay, row["pay"]) if row["pay"] else None,
        }
    )
    return Job(
        opening=opening,
        slug=row["slug"] or opening.id,
        terms=terms,
        text=read(Text, row["posting"] or []),
        plan=read(Plan, row["plan"] or []),
        rule=read(Rule, row["rule"] or []),
        content=row["content"],
        version=row["version"],
        status_at=row["status_at"],
        held=read(PublicPart, row["held"]) if row["held"] else None,
    )


def _head(item: Opening) -> dict[str, Any]:
    """What stands in a row of what may change about an opening's head."""
    row = {name: getattr(item, name) for name in FIELDS if name not in ("id", "author")}
    row |= {"deciders": list(item.deciders) or None}
    if len(item.title) > SHORT_TITLE:
        row |= {"title": item.title[:SHORT_TITLE], "posting_title": item.title}
    return row


def _job_row(job: Job) -> dict[str, Any]:
    terms = {name: getattr(job.terms, name) for name in TERMS}
    as_json = {
        "places": dumped(tuple[Place, ...], job.terms.places),
        "pay": dumped(Pay, job.terms.pay) if job.terms.pay else None,
        "posting": dumped(Text, job.text),
        "plan": dumped(Plan, job.plan),
        "rule": dumped(Rule, job.rule),
        "held": dumped(PublicPart, job.held) if job.held else None,
    }
    rest = {name: getattr(job, name) for name in ("slug", "content", "version", "status_at")}
    return {"posting_title": None} | _head(job.opening) | terms | rest | as_json


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Made when it is first used: a start does not wait for it."""
    return TypeAdapter(kind)


def read(kind: Any, value: Any) -> Any:
    """A part of an opening, as JSON has it."""
    return _adapter(kind).validate_python(value)


def dumped(kind: Any, value: Any) -> Any:
    """The same as JSON."""
    return _adapter(kind).dump_python(value, mode="json")


def kept_by(user: str) -> ColumnElement[bool]:
    """The openings that somebody made, recruits or hires for."""
    columns = openings.c
    return or_(columns.author == user, columns.hiring_manager == user, columns.recruiter == user)


def decided_by(user: str) -> ColumnElement[bool]:
    """The openings that name somebody to decide; ids hold no quotation marks."""
    return cast(openings.c.deciders, String).contains(f'"{user}"', autoescape=True)


def _is_public() -> ColumnElement[bool]:
    return openings.c.status.in_(PUBLIC)


def _is_shown(user: str, all: bool) -> ColumnElement[bool]:
    """Those that a person may read, what is over aside; `all`: any, as an admin."""
    return _is_public() | (_is_hiring() & (true() if all else kept_by(user)))


def _is_hiring() -> ColumnElement[bool]:
    return openings.c.status.in_(HIRING)


def _has_part(workspace: str, user: str) -> ColumnElement[bool]:
    """The openings that somebody made, recruits or hires for, or organizes a panel of."""
    columns = openings.c
    organized = (
        select(applications.c.opening)
        .join(
            panels,
            (panels.c.workspace == applications.c.workspace)
            & (panels.c.application == applications.c.id),
        )
        .where(applications.c.workspace == workspace, organized_by(user))
    )
    return kept_by(user) | columns.id.in_(organized)
