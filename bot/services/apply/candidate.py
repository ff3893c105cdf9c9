"""The page that each sender of a form has: where things stand, and what they can do about it."""

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.applications import Stage
from bot.domain.apply.form import Faults, SentFile, corrected, faults_of_correction, typed_of
from bot.domain.apply.page import RECEIVED, KnownState, Meeting
from bot.domain.apply.signing import hash_of
from bot.domain.apply.submission import Submission, Version
from bot.domain.openings.job import Job
from bot.domain.site.jobs import PublishedJob
from bot.services.apply.applying import Shown, Upload, looked_at
from bot.services.apply.arriving import note
from bot.services.apply.rendering import ApplyRendering, JobPages
from bot.services.messages.applications import WithdrawnMessage
from bot.services.ports import Clock
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database, Transaction

MOST_VERSIONS = 20
"""Corrections of one form; whoever needs more writes to the recruiter."""

OPEN = frozenset({Stage.APPLIED, Stage.IN_REVIEW, Stage.INTERVIEWING, Stage.DECIDING, Stage.OFFER})


class NoPage(Exception):
    """There is no such page, or nothing can be done with it any more."""


@dataclass(frozen=True)
class _Found:
    """What a page is about."""

    workspace: str
    sent: Submission
    known: KnownState


class CandidatePages:
    """Each method raises NoPage where no form has this token."""

    def __init__(
        self,
        database: Database,
        pages: JobPages,
        rendering: ApplyRendering,
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self._database = database
        self._pages = pages
        self._rendering = rendering
        self._clock = clock
        self._flush = flush
        self._workspaces = WorkspaceService(database)

    async def page(self, token: str) -> Shown:
        """Where things stand."""
        async with self._database.read() as tx:
            found = await self._found(tx, token)
        return await self._shown(found, token)

    async def data(self, token: str) -> bytes:
        """What this form sent, and when what happened, as JSON."""
        async with self._database.read() as tx:
            found = await self._found(tx, token)
            contents = {}
            for version in found.sent.versions:
                if version.file is not None:
                    file = await tx.files.get(found.workspace, version.file.id)
                    contents[version.file.id] = file.content if file is not None else None
            job = await tx.openings.job(found.workspace, found.sent.opening)
        return await asyncio.to_thread(_as_json, found, job, contents)

    async def withdraw(self, token: str) -> None:
        """The candidate's no; done twice it is one. Of a form that made the application it ends
        that; of another only what that form sent."""
        now = self._clock.now()
        async with self._database.write() as tx:
            found = await self._found(tx, token, lock=True)
            sent, workspace = found.sent, found.workspace
            if sent.withdrawn_at is not None:
                return
            await tx.submissions.withdraw(workspace, sent.id, now)
            await note(tx, workspace, "application.withdrawn", _subject(sent), now, sent.id)
            if sent.application is not None:
                application = await tx.applications.get(workspace, sent.application)
                is_open = application is not None and application.stage in OPEN
                if sent.is_first and is_open:
                    await tx.applications.put_stage(workspace, sent.application, Stage.WITHDRAWN)
                    await self._tell(tx, workspace, sent, now)
        self._flush()

    async def correct(
        self, token: str, given: Mapping[str, str], upload: Upload | None
    ) -> Shown | None:
        """Keeps another phone, link or file as the next version; None once that is done, otherwise
        the page with what is wrong."""
        now, typed = self._clock.now(), typed_of(given)
        looked = None if upload is None else await asyncio.to_thread(looked_at, upload)
        async with self._database.read() as tx:
            found = await self._found(tx, token)
        words = self._rendering.words(found.sent.language)
        file: SentFile | None = looked.sent if looked is not None else None
        faults = faults_of_correction(typed, words, file)
        if faults:
            return await self._shown(found, token, faults, 422)
        async with self._database.write() as tx:
            found = await self._found(tx, token, lock=True)
            sent, workspace = found.sent, found.workspace
            last = sent.current
            if sent.withdrawn_at is not None or last.number >= MOST_VERSIONS:
                raise NoPage
            answers = corrected(last.answers, typed)
            if answers == last.answers and looked is None:
                return None
            facts = looked.facts if looked is not None else last.file
            version = Version(last.number + 1, now, answers, facts)
            await tx.submissions.add_version(workspace, sent.id, version)
            if looked is not None:
                await tx.files.add(workspace, looked.facts, looked.content, now, submission=sent.id)
            await note(tx, workspace, "application.corrected", _subject(sent), now, sent.id)
        return None

    async def ask_erasure(self, token: str) -> None:
        """Records that the candidate asks for it, once; an admin confirms it."""
        now = self._clock.now()
        async with self._database.write() as tx:
            found = await self._found(tx, token, lock=True)
            if found.sent.erasure_asked_at is not None:
                return
            workspace, sent = found.workspace, found.sent
            await tx.submissions.ask_erasure(workspace, sent.id, now)
            await note(tx, workspace, "application.erasure", _subject(sent), now, sent.id)
            await tx.homes.changed(workspace, None, now)

    async def _tell(self, tx: Transaction, workspace: str, sent: Submission, now: datetime) -> None:
        """Has the recruiter know at once: there may be interviews to cancel."""
        job = await tx.openings.job(workspace, sent.opening)
        if job is None or sent.application is None:
            return
        told = WithdrawnMessage(
            workspace=workspace,
            recipient=job.opening.hears_of_candidates,
            opening=job.id,
            application=sent.application,
            submission=sent.id,
        )
        await told.enqueue(tx, now)
        await tx.homes.changed(workspace, job.opening.keepers, now)

    async def _found(self, tx: Transaction, token: str, *, lock: bool = False) -> _Found:
        workspace = await tx.workspace.owner()
        if workspace is None:
            raise NoPage
        sent = await tx.submissions.by_token(workspace, hash_of(token), lock=lock)
        if sent is None:
            raise NoPage
        known = RECEIVED
        if sent.is_first and sent.application is not None:
            known = await _known_state(tx, workspace, sent.application)
        return _Found(workspace, sent, known)

    async def _shown(
        self,
        found: _Found,
        token: str,
        faults: Faults | None = None,
        status: int = 200,
    ) -> Shown:
        one = self._job(found.sent)
        now = self._clock.now()
        body = await asyncio.to_thread(
            self._rendering.candidate, found.sent, found.known, one, token, now, faults
        )
        return Shown(body, status)

    def _job(self, sent: Submission) -> PublishedJob:
        one = self._pages.now.by_id.get(sent.opening)
        if one is None:
            raise NoPage
        return one


async def _known_state(tx: Transaction, workspace: str, application: str) -> KnownState:
    """How it stands, as far as its candidate may know: interviews that take place, and what was
    decided once somebody has told them."""
    found = await tx.applications.get(workspace, application)
    if found is None:
        return RECEIVED
    panels = await tx.panels.of_applications(workspace, [application])
    told = await tx.answers.last_told(workspace, [application])
    meetings = tuple(
        Meeting(item.starts_at, item.minutes)
        for panel in panels
        for item in panel.on
        if item.declined_at is None
    )
    return KnownState(found.stage, meetings, application in told)


def _subject(sent: Submission) -> str:
    return sent.application or sent.id


def _as_json(found: _Found, job: Job | None, contents: Mapping[str, bytes | None]) -> bytes:
    """What is held, for whoever sent it."""
    sent = found.sent
    told = {
        "reference": sent.id[:8].upper(),
        "job": job.opening.title if job is not None else None,
        "sent_at": sent.sent_at.isoformat(),
        "answer_by": sent.answer_by.isoformat(),
        "came_from": sent.source,
        "withdrawn_at": sent.withdrawn_at and sent.withdrawn_at.isoformat(),
        "erasure_asked_at": sent.erasure_asked_at and sent.erasure_asked_at.isoformat(),
        "interviews": [
            {"starts_at": item.starts_at.isoformat(), "minutes": item.minutes}
            for item in found.known.meetings
        ],
        "versions": [_version(version, contents) for version in sent.versions],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _version(version: Version, contents: Mapping[str, bytes | None]) -> Mapping[str, object]:
    answers, file = version.answers, version.file
    content = contents.get(file.id) if file is not None else None
    return {
        "number": version.number,
        "at": version.at.isoformat(),
        "name": answers.name,
        "email": answers.email,
        "phone": answers.phone,
        "country": answers.country,
        "right_to_work": answers.right_to_work.value,
        "link": answers.link,
        "heard": answers.heard,
        "adjustments": answers.adjustments,
        "talent_pool_until": answers.pool_until and answers.pool_until.isoformat(),
        "resume": file
        and {
            "name": file.name,
            "bytes": file.size,
            "sha256": file.sha256,
            "content_base64": content and base64.b64encode(content).decode(),
        },
    }
