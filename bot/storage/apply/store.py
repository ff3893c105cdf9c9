"""Forms that were sent, in the database."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.apply.submission import ErasureRequest, Submission, Version
from bot.storage.applications import applications
from bot.storage.apply.rows import (
    FACT_COLUMNS,
    applicants,
    files,
    row_of_submission,
    row_of_version,
    secret_keys,
    submission_of,
    submissions,
    version_of,
    versions,
)
from bot.storage.candidates import merges
from bot.storage.openings import openings
from bot.storage.schema import upsert

ONLY = 1


class SubmissionStore:
    """Submissions within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def key(self, made: str) -> str:
        """What links are signed with; `made` is kept where there is none yet."""
        row = {"id": ONLY, "key": made}
        statement = upsert(self._connection, secret_keys, row).on_conflict_do_nothing()
        await self._connection.execute(statement)
        return str((await self._connection.execute(select(secret_keys.c.key))).scalar_one())

    async def add(self, workspace: str, sent: Submission) -> bool:
        """Keeps what was sent; False where the same form has been sent before."""
        row = row_of_submission(sent) | {"workspace": workspace}
        statement = upsert(self._connection, submissions, row).on_conflict_do_nothing()
        if (await self._connection.execute(statement)).rowcount != 1:
            return False
        for version in sent.versions:
            await self.add_version(workspace, sent.id, version)
        return True

    async def add_version(self, workspace: str, submission: str, version: Version) -> None:
        row = row_of_version(submission, version) | {"workspace": workspace}
        await self._connection.execute(insert(versions), row)

    async def applicant(self, workspace: str, email_key: str, candidate: str) -> str:
        """Whose address this is: that candidate's from now on, unless it is another's already. Of
        one who turned out to be another, that one."""
        row = {"workspace": workspace, "email_key": email_key, "candidate": candidate}
        statement = upsert(self._connection, applicants, row).on_conflict_do_nothing()
        await self._connection.execute(statement)
        columns = applicants.c
        query = select(columns.candidate).where(
            columns.workspace == workspace, columns.email_key == email_key
        )
        found = str((await self._connection.execute(query)).scalar_one())
        same = (
            select(merges.c.into.label("into"))
            .where(merges.c.workspace == workspace, merges.c.candidate == found)
            .cte("same", recursive=True)
        )
        same = same.union(
            select(merges.c.into).where(
                merges.c.workspace == workspace, merges.c.candidate == same.c.into
            )
        )
        is_merged = select(merges.c.candidate).where(merges.c.workspace == workspace)
        last = select(same.c.into).where(same.c.into.not_in(is_merged))
        return str((await self._connection.execute(last)).scalar_one_or_none() or found)

    async def by_form(self, workspace: str, form: str) -> Submission | None:
        return await self._one(workspace, submissions.c.form == form)

    async def by_token(
        self, workspace: str, token_hash: str, *, lock: bool = False
    ) -> Submission | None:
        """The one whose page has this token; locked, nobody else changes it meanwhile."""
        return await self._one(workspace, submissions.c.token_hash == token_hash, lock=lock)

    async def get(self, workspace: str, id: str, *, lock: bool = False) -> Submission | None:
        return await self._one(workspace, submissions.c.id == id, lock=lock)

    async def of_application(self, workspace: str, application: str) -> Sequence[Submission]:
        """All that came for it, the earliest first."""
        return await self._where(workspace, submissions.c.application == application)

    async def suspected(self, workspace: str, opening: str, most: int) -> Sequence[Submission]:
        """What is kept apart, the earliest first."""
        columns = submissions.c
        apart = and_(columns.opening == opening, columns.suspicion.is_not(None))
        return await self._where(workspace, apart & columns.application.is_(None), most)

    async def arrived(
        self, workspace: str, opening: str, since: datetime, until: datetime
    ) -> tuple[int, int]:
        """How many came for the opening in that time, and how many were kept apart of them and
        still are."""
        columns = submissions.c
        query = (
            select(columns.application.is_not(None), func.count())
            .where(columns.workspace == workspace, columns.opening == opening)
            .where(columns.sent_at >= since, columns.sent_at < until)
            .where(columns.withdrawn_at.is_(None))
            .group_by(columns.application.is_not(None))
        )
        found = {bool(kind): count for kind, count in await self._connection.execute(query)}
        return found.get(True, 0), found.get(False, 0)

    async def free(self, workspace: str, id: str, application: str, *, is_first: bool) -> None:
        """It is no spam: it belongs to this application from now on."""
        statement = update(submissions).where(_is(workspace, id))
        await self._connection.execute(statement.values(application=application, is_first=is_first))

    async def withdraw(self, workspace: str, id: str, now: datetime) -> None:
        statement = update(submissions).where(_is(workspace, id))
        await self._connection.execute(statement.values(withdrawn_at=now))

    async def ask_erasure(self, workspace: str, id: str, now: datetime) -> None:
        statement = update(submissions).where(_is(workspace, id))
        await self._connection.execute(statement.values(erasure_asked_at=now))

    async def remove_apart(self, before: datetime) -> int:
        """Removes what is kept apart as suspected spam and was sent before then, or whose sender
        asks for that; gives how many."""
        columns = submissions.c
        is_over = (columns.sent_at <= before) | columns.erasure_asked_at.is_not(None)
        apart = and_(columns.application.is_(None), columns.suspicion.is_not(None), is_over)
        return (await self._connection.execute(delete(submissions).where(apart))).rowcount

    async def erasures_asked(self, workspace: str, most: int) -> Sequence[ErasureRequest]:
        """What candidates ask to have erased, the earliest first."""
        columns = submissions.c
        of_version = and_(
            versions.c.workspace == columns.workspace, versions.c.submission == columns.id
        )
        of_opening = and_(
            openings.c.workspace == columns.workspace, openings.c.id == columns.opening
        )
        of_application = and_(
            applications.c.workspace == columns.workspace,
            applications.c.id == columns.application,
        )
        query = (
            select(
                columns.id,
                applications.c.candidate,
                versions.c.name,
                func.coalesce(openings.c.posting_title, openings.c.title).label("title"),
                columns.erasure_asked_at,
            )
            .join(versions, of_version)
            .join(openings, of_opening)
            .join(applications, of_application)
            .where(columns.workspace == workspace, columns.erasure_asked_at.is_not(None))
            .where(versions.c.number == 1)
            .order_by(columns.erasure_asked_at, columns.id)
            .limit(most)
        )
        rows = await self._connection.execute(query)
        return [ErasureRequest(*row) for row in rows]

    async def promised(
        self, workspace: str, ids: Collection[str]
    ) -> dict[str, tuple[date, datetime]]:
        """Of these applications those whose candidates were promised an answer, by when, and since
        when they wait: by the first form that still holds."""
        columns = submissions.c
        query = (
            select(columns.application, columns.answer_by, columns.sent_at)
            .where(columns.workspace == workspace, columns.application.in_(ids))
            .where(columns.withdrawn_at.is_(None))
            .order_by(columns.sent_at.desc())
        )
        if not ids:
            return {}
        rows = await self._connection.execute(query)
        return {row.application: (row.answer_by, row.sent_at) for row in rows}

    async def with_submissions(self, workspace: str, ids: Collection[str]) -> dict[str, datetime]:
        """Of these applications those that came by a form, each with when it came last."""
        columns = submissions.c
        query = (
            select(columns.application, func.max(columns.sent_at).label("at"))
            .where(columns.workspace == workspace, columns.application.in_(ids))
            .group_by(columns.application)
        )
        rows = (await self._connection.execute(query)).all() if ids else []
        return {row.application: row.at for row in rows}

    async def _one(
        self, workspace: str, where: ColumnElement[bool], *, lock: bool = False
    ) -> Submission | None:
        if lock:
            query = select(submissions.c.id).where(submissions.c.workspace == workspace, where)
            await self._connection.execute(query.with_for_update())
        found = await self._where(workspace, where, 1)
        return found[0] if found else None

    async def _where(
        self, workspace: str, where: ColumnElement[bool], most: int = 100
    ) -> Sequence[Submission]:
        columns = submissions.c
        query = select(submissions).where(columns.workspace == workspace, where)
        query = query.order_by(columns.sent_at, columns.id).limit(most)
        rows = (await self._connection.execute(query)).mappings().all()
        of_file = and_(files.c.workspace == versions.c.workspace, files.c.id == versions.c.file)
        detail = (
            select(versions, *FACT_COLUMNS)
            .join(files, of_file, isouter=True)
            .where(versions.c.workspace == workspace)
            .where(versions.c.submission.in_([row["id"] for row in rows]))
            .order_by(versions.c.number)
        )
        found: dict[str, list[Version]] = defaultdict(list)
        if rows:
            for row in (await self._connection.execute(detail)).mappings():
                found[row["submission"]].append(version_of(row))
        return [submission_of(row, tuple(found[row["id"]])) for row in rows]


def _is(workspace: str, id: str) -> ColumnElement[bool]:
    return and_(submissions.c.workspace == workspace, submissions.c.id == id)
