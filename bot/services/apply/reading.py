"""What the team sees of an application: what was sent, its files, and what is kept apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.applications import Application
from bot.domain.apply.signing import FileLink
from bot.domain.apply.submission import ScanState, Submission
from bot.domain.audit import AuditEntry, new_id
from bot.domain.candidates import Candidate
from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening
from bot.domain.rights import Access, Act
from bot.errors import UserError
from bot.services.apply.arriving import applied
from bot.services.apply.keys import Keys
from bot.services.ports import Clock
from bot.services.rights import NOT_YOURS, Rights, require_member
from bot.storage.apply.files import StoredFile
from bot.storage.database import Database, Transaction

NO_APPLICATION = "There's no such application, or it isn't yours to read."
MOST_APART = 20
LONGEST_EXCERPT = 2500
"""Characters of a file's text that are shown at once."""


class NoFile(Exception):
    """There is no such file, or the link is too old, or not for this person."""


@dataclass(frozen=True)
class ApplicationSheet:
    """What somebody applied with, for one who may read it: all forms that came for it, the last
    first; of files their links, which last for minutes, and the beginning of their text."""

    opening: Opening
    candidate: Candidate
    application: Application
    submissions: Sequence[Submission]
    links: Mapping[str, str]
    texts: Mapping[str, str]
    sees_adjustments: bool
    now: datetime
    zone: str


@dataclass(frozen=True)
class ApartSheet:
    """What was sent for an opening and is kept apart, the earliest first."""

    opening: Opening
    submissions: Sequence[Submission]
    zone: str


class ApplicationReading:
    """Each method raises UserError where the person may not. `base` is where the pages are, if
    there are any."""

    def __init__(
        self,
        database: Database,
        rights: Rights,
        keys: Keys,
        base: str | None,
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self._database = database
        self._rights = rights
        self._keys = keys
        self._base = base
        self._clock = clock
        self._flush = flush

    async def sheet(self, workspace: str, user: str, application: str) -> ApplicationSheet:
        """The application, as it is now; that somebody has read it is recorded."""
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.read() as tx:
            await _readable(tx, access, application)
        signer, now = await self._keys.signer(), self._clock.now()
        async with self._database.write() as tx:
            found, job = await _readable(tx, access, application)
            candidate = await tx.candidates.get(workspace, found.candidate)
            sent = await tx.submissions.of_application(workspace, application)
            if candidate is None or not sent:
                raise UserError(NO_APPLICATION)
            files = [one.current.file for one in sent if one.current.file is not None]
            texts = await tx.files.texts(workspace, [file.id for file in files])
            await _record(tx, access, "application.read", application, now)
        return ApplicationSheet(
            opening=job.opening,
            candidate=candidate,
            application=found,
            submissions=sent[::-1],
            links={
                file.id: f"{self._base}/files/{signer.link(file.id, user, now)}"
                for file in files
                if file.scan is not ScanState.INFECTED and self._base is not None
            },
            texts={id: text[:LONGEST_EXCERPT] for id, text in texts.items()},
            sees_adjustments=access.may_of_application(Act.READ_ADJUSTMENTS, job.opening),
            now=now,
            zone=access.zone,
        )

    async def apart(self, workspace: str, user: str, opening: str) -> ApartSheet:
        """What is kept apart of what was sent for the opening."""
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.read() as tx:
            return await self._apart(tx, access, opening)

    async def free(self, workspace: str, user: str, submission: str) -> ApartSheet:
        """It is no spam: it becomes an application like any other. Done twice it is one."""
        access = require_member(await self._rights.access(workspace, user))
        now = self._clock.now()
        async with self._database.write() as tx:
            sent = await tx.submissions.get(workspace, submission, lock=True)
            job = await tx.openings.job(workspace, sent.opening) if sent else None
            if sent is None or job is None:
                raise UserError(NO_APPLICATION)
            _require(access, Act.SCREEN, job)
            if sent.application is None:
                made = await applied(tx, workspace, job, sent.current.answers, now)
                application, is_first = made
                await tx.submissions.free(workspace, sent.id, application, is_first=is_first)
                await _record(tx, access, "application.freed", application, now)
                await tx.homes.changed(workspace, job.opening.keepers, now)
            sheet = await self._apart(tx, access, job.id)
        self._flush()
        return sheet

    async def file(self, signed: str) -> StoredFile:
        """The file of a link, for the person it was made for, as long as they may; each time is
        recorded. Raises NoFile."""
        now = self._clock.now()
        link: FileLink | None = (await self._keys.signer()).linked(signed, now)
        async with self._database.read() as tx:
            workspace = await tx.workspace.owner()
        if link is None or workspace is None:
            raise NoFile
        try:
            access = require_member(await self._rights.access(workspace, link.person))
        except UserError as error:
            raise NoFile from error
        async with self._database.write() as tx:
            file = await tx.files.get(workspace, link.file)
            sent = await tx.submissions.get(workspace, file.submission or "") if file else None
            job = await tx.openings.job(workspace, sent.opening) if sent else None
            if file is None or sent is None or job is None:
                raise NoFile
            may = access.may_of_application(Act.READ_APPLICATION, job.opening)
            if not may or file.facts.scan is ScanState.INFECTED:
                raise NoFile
            await _record(
                tx, access, "file.downloaded", sent.application or sent.id, now, link.file
            )
        return file

    async def _apart(self, tx: Transaction, access: Access, opening: str) -> ApartSheet:
        job = await tx.openings.job(access.workspace, opening)
        if job is None:
            raise UserError(NO_APPLICATION)
        _require(access, Act.SCREEN, job)
        found = await tx.submissions.suspected(access.workspace, opening, MOST_APART)
        return ApartSheet(job.opening, found, access.zone)


async def _readable(tx: Transaction, access: Access, application: str) -> tuple[Application, Job]:
    """The application with its opening, for whoever may read it. Raises UserError."""
    found = await tx.applications.get(access.workspace, application)
    job = await tx.openings.job(access.workspace, found.opening) if found else None
    if found is None or job is None:
        raise UserError(NO_APPLICATION)
    _require(access, Act.READ_APPLICATION, job)
    return found, job


def _require(access: Access, act: Act, job: Job) -> None:
    if access.may_of_application(act, job.opening):
        return
    reads = access.may_of_application(Act.READ_APPLICATION, job.opening)
    raise UserError(NOT_YOURS[Act.SCREEN] if reads else NO_APPLICATION)


async def _record(
    tx: Transaction,
    access: Access,
    action: str,
    subject: str,
    now: datetime,
    part: str | None = None,
) -> None:
    entry = AuditEntry(new_id(), access.workspace, now, access.user, action, subject, 0, part)
    await tx.audit.add(entry)
