"""The form of a job's own page: shown, refused, or kept, once however often it is sent."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.apply.files import fault_of, file_name, kind_of
from bot.domain.apply.form import (
    ApplyField,
    Faults,
    SentFile,
    Typed,
    answers_of,
    faults_of,
    typed_of,
)
from bot.domain.apply.limits import (
    HOUR,
    MINUTE,
    MOST_FILES_OF_NETWORK,
    MOST_IN_ALL,
    MOST_OF_NETWORK,
    Counted,
)
from bot.domain.apply.signing import OPENED_AT_MOST, QUICKEST, FormStamp, Signer, hash_of, new_form
from bot.domain.apply.submission import (
    ANSWER_DAYS,
    HOURS_KEPT,
    FileFacts,
    Submission,
    Suspicion,
    Version,
)
from bot.domain.audit import new_id
from bot.domain.dates import day_in
from bot.domain.site.jobs import PageState, PublishedJob
from bot.errors import DatabaseAway
from bot.services.apply.arriving import applied, note, promised, tell_team
from bot.services.apply.keys import Keys
from bot.services.apply.rendering import ApplyRendering, JobPages
from bot.services.ports import Clock
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database

EVERYBODY = ""
KEPT = timedelta(hours=HOURS_KEPT)


class NotTaking(Exception):
    """Nobody can apply for the job here: it is closed, paused, or takes applications elsewhere."""


@dataclass(frozen=True)
class Shown:
    """A page with the form, and the status that goes with it."""

    body: str
    status: int = 200


@dataclass(frozen=True)
class Kept:
    """It was kept: whoever sent it goes on to the page of this token."""

    token: str


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True)
class _Looked:
    """A file that has been looked at: what is kept of it, and what is wrong with it."""

    facts: FileFacts
    content: bytes
    sent: SentFile


def looked_at(upload: Upload) -> _Looked:
    """What the file is, which takes a while for a large one."""
    name = file_name(upload.name)
    content = upload.content
    fault = fault_of(name, content)
    digest = hashlib.sha256(content).hexdigest()
    facts = FileFacts(new_id(), name, kind_of(name)[:10], len(content), digest)
    return _Looked(facts, content, SentFile(name, len(content), fault))


class Applying:
    """The use case of somebody who applies. What counts as many is counted in this process."""

    def __init__(
        self,
        database: Database,
        pages: JobPages,
        rendering: ApplyRendering,
        keys: Keys,
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self._database = database
        self._pages = pages
        self._rendering = rendering
        self._keys = keys
        self._clock = clock
        self._flush = flush
        self._workspaces = WorkspaceService(database)
        self._of_network = Counted(MOST_OF_NETWORK, HOUR)
        self._files_of_network = Counted(MOST_FILES_OF_NETWORK, HOUR)
        self._in_all = Counted(MOST_IN_ALL, MINUTE)
        self._turn = asyncio.Semaphore(1)  # so that what Slack waits for waits for one form at most

    def published(self, slug: str) -> PublishedJob | None:
        """The job that is called so, or has this id."""
        now = self._pages.now
        return now.by_slug.get(slug) or now.by_id.get(slug)

    async def form(self, slug: str, source: str) -> Shown:
        """The empty form. Raises NotTaking."""
        one = self._taking(slug)
        now = self._clock.now()
        stamp = (await self._keys.signer()).stamp(one.job.id, now)
        return await self._shown(one, now, stamp, {"src": source}, {}, None)

    async def submit(
        self, slug: str, given: Mapping[str, str], upload: Upload | None, network: str
    ) -> Shown | Kept:
        """Keeps what was sent, or shows it again with what is wrong. Raises NotTaking.

        `network` is as much of the sender's address as counts.
        """
        one = self._taking(slug)
        workspace = await self._workspaces.known()
        if workspace is None:
            raise NotTaking
        now, signer = self._clock.now(), await self._keys.signer()
        typed = typed_of(given)
        stamp = signer.stamped(one.job.id, typed.get("form", ""))
        if self._in_all.is_full(EVERYBODY, at := time.monotonic()):
            again = signer.stamp(one.job.id, now, stamp.form if stamp else None)
            return await self._shown(one, now, again, typed, {}, None, 429, is_busy=True)
        self._in_all.add(EVERYBODY, at)
        try:
            return await self._submitted(one, workspace, signer, typed, stamp, upload, network, now)
        except DatabaseAway:
            again = signer.stamp(one.job.id, now, stamp.form if stamp else None)
            return await self._shown(one, now, again, typed, {}, None, 503, is_busy=True)

    async def _submitted(
        self,
        one: PublishedJob,
        workspace: str,
        signer: Signer,
        typed: Typed,
        stamp: FormStamp | None,
        upload: Upload | None,
        network: str,
        now: datetime,
    ) -> Shown | Kept:
        """Looks at what was sent, and keeps it where nothing is wrong."""
        at = time.monotonic()
        looked = None if upload is None else await asyncio.to_thread(looked_at, upload)
        if stamp is None or now - stamp.shown_at > OPENED_AT_MOST:
            stamp = None
        elif (sent := await self._sent(workspace, stamp)) is not None:
            return Kept(signer.token(sent.form))
        kept = None if stamp is None else await self._kept_file(workspace, stamp, now)
        words = self._rendering.words(one.words.language)
        faults = faults_of(typed, words, looked.sent if looked else None, kept)
        if stamp is None:
            faults = {ApplyField.FORM: words.fault_old, **faults}
        if faults or stamp is None:
            return await self._refused(
                one, workspace, now, signer, stamp, typed, faults, looked, kept, network
            )
        suspicion = self._suspicion(typed, stamp, now, network, at)
        await self._keep(workspace, one, stamp, signer, typed, looked, kept, suspicion, now)
        return Kept(signer.token(stamp.form))

    def _taking(self, slug: str) -> PublishedJob:
        one = self.published(slug)
        if one is None or one.state(self._clock.now()) is not PageState.OPEN:
            raise NotTaking
        if not one.job.applies_here:
            raise NotTaking
        return one

    async def _sent(self, workspace: str, stamp: FormStamp) -> Submission | None:
        async with self._database.read() as tx:
            return await tx.submissions.by_form(workspace, stamp.form)

    async def _kept_file(self, workspace: str, stamp: FormStamp, now: datetime) -> FileFacts | None:
        async with self._database.read() as tx:
            return await tx.files.kept_for(workspace, stamp.form, now)

    async def _refused(
        self,
        one: PublishedJob,
        workspace: str,
        now: datetime,
        signer: Signer,
        stamp: FormStamp | None,
        typed: Typed,
        faults: Faults,
        looked: _Looked | None,
        kept: FileFacts | None,
        network: str,
    ) -> Shown:
        """The form as it was filled in. A good file is kept with it, as long as few are."""
        form = new_form() if stamp is None else stamp.form
        again = signer.stamp(one.job.id, now if stamp is None else stamp.shown_at, form)
        at = time.monotonic()
        is_good = looked is not None and looked.sent.fault is None
        if is_good and looked is not None and not self._files_of_network.is_full(network, at):
            self._files_of_network.add(network, at)
            async with self._turn, self._database.write() as tx:
                await tx.files.add(
                    workspace,
                    looked.facts,
                    looked.content,
                    now,
                    form=form,
                    expires_at=now + KEPT,
                )
            kept = looked.facts
        return await self._shown(one, now, again, typed, faults, kept, 422)

    async def _shown(
        self,
        one: PublishedJob,
        now: datetime,
        stamp: str,
        typed: Typed,
        faults: Faults,
        kept: FileFacts | None,
        status: int = 200,
        *,
        is_busy: bool = False,
    ) -> Shown:
        """Rendered beside everything else, or Slack's acks would wait for it."""
        body = await asyncio.to_thread(
            self._rendering.form, one, now, stamp, typed, faults, kept, is_busy=is_busy
        )
        return Shown(body, status)

    def _suspicion(
        self, typed: Typed, stamp: FormStamp, now: datetime, network: str, at: float
    ) -> Suspicion | None:
        """Why a person has to look at it first, if they have to."""
        is_many = self._of_network.is_full(network, at)
        self._of_network.add(network, at)
        if typed.get("website"):
            return Suspicion.TRAP
        if now - stamp.shown_at < QUICKEST:
            return Suspicion.FAST
        return Suspicion.MANY if is_many else None

    async def _keep(
        self,
        workspace: str,
        one: PublishedJob,
        stamp: FormStamp,
        signer: Signer,
        typed: Typed,
        looked: _Looked | None,
        kept: FileFacts | None,
        suspicion: Suspicion | None,
        now: datetime,
    ) -> None:
        """Writes it, in one transaction; nothing where the same form was first."""
        answers = answers_of(typed, day_in(one.zone, now))
        facts = looked.facts if looked is not None else kept
        async with self._turn, self._database.write() as tx:
            job = await tx.openings.job(workspace, one.job.id)
            is_taking = job is not None and job.is_taking(day_in(one.zone, now))
            if job is None or not is_taking or not job.applies_here:
                raise NotTaking
            if await tx.submissions.by_form(workspace, stamp.form) is not None:
                return
            application, is_first = None, False
            if suspicion is None:
                application, is_first = await applied(tx, workspace, job, answers, now)
            days = self._rendering.days or ANSWER_DAYS
            sent = Submission(
                id=new_id(),
                opening=job.id,
                application=application,
                form=stamp.form,
                token_hash=hash_of(signer.token(stamp.form)),
                is_first=is_first,
                sent_at=now,
                answer_by=await promised(tx, workspace, job, now, days),
                language=one.words.language,
                source=typed.get("src") or None,
                suspicion=suspicion,
                versions=(Version(1, now, answers, facts),),
            )
            if not await tx.submissions.add(workspace, sent):
                return
            if looked is not None:
                await tx.files.add(workspace, looked.facts, looked.content, now, submission=sent.id)
            elif kept is not None:
                await tx.files.give(workspace, kept.id, sent.id)
            await note(tx, workspace, "application.sent", application or sent.id, now, sent.id)
            await tell_team(tx, workspace, job, application, now)
        self._flush()
