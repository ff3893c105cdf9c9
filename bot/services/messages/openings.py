"""What Panelist posts and says about openings: the posting in a channel, and who was referred."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.applications import Application
from bot.domain.candidates import Candidate
from bot.domain.dates import day_in
from bot.domain.messages import AboutField, MessageKind
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.posting import IN_ENGLISH, PostingWords
from bot.services.messages.message import Message, RenderContext
from bot.storage.database import Transaction

DAY = timedelta(days=1)
POST_WITHIN = DAY
"""After this nobody expects a posting to appear any more."""

SHOW_OPENING = (MessageKind.OPENING_POSTED, MessageKind.OPENING_UNPOSTED)


@dataclass(frozen=True)
class Posted:
    """An opening in a channel, as it is now; `today` is the day by which it closes, and `words` the
    fixed ones in its language."""

    job: Job
    today: date
    zone: str
    words: PostingWords = IN_ENGLISH

    @property
    def is_taking(self) -> bool:
        return self.job.is_taking(self.today)


@dataclass(frozen=True)
class Unposted:
    """For whoever posted: that a channel does not show an opening, or not as it is now."""

    job: Job
    channel: str
    was_posted: bool
    error: str


@dataclass(frozen=True)
class Referred:
    """For the recruiter: whom a colleague referred; or for the next of the job's people, where
    Slack does not let it through to the one before, which is `instead_of`."""

    job: Job
    candidate: Candidate
    application: Application
    instead_of: str | None = None


@dataclass(frozen=True)
class Unheard:
    """For whoever referred somebody: that none of the job's people could be told."""

    job: Job
    candidate: Candidate


@dataclass(frozen=True, kw_only=True)
class PostingMessage(Message):
    """An opening in a channel, where somebody posted it; `post` tells one press from another.

    `zone` is where whoever posted it was then: days end there. It is kept, since where somebody is
    is known for a day only. A row of the version before has none.
    """

    kind = MessageKind.OPENING_POSTED
    opening: str
    post: str
    posted_by: str
    zone: str = "UTC"

    @staticmethod
    def key_of(opening: str, post: str) -> str:
        return f"opening:{opening}:{post}"

    @property
    def key(self) -> str:
        return self.key_of(self.opening, self.post)

    @property
    def names_candidate(self) -> bool:
        return False

    async def render(self, tx: Transaction, context: RenderContext) -> Posted | None:
        job = await tx.openings.job(self.workspace, self.opening)
        if job is None:
            return None
        # One that is gone from its channel once it was posted has been removed by somebody. By then
        # it has no end, which only what was never posted has.
        is_asked_for = job.status is OpeningStatus.OPEN and context.expires_at is not None
        if not context.is_sent and not is_asked_for:
            return None
        words = IN_ENGLISH
        if job.content is not None:
            words = (await tx.panels.content(self.workspace, job.content)).role.words
        return Posted(job, day_in(self.zone, context.now), self.zone, words)

    async def failure_notices(
        self, tx: Transaction, error: str, now: datetime
    ) -> Sequence[Message]:
        told = UnpostedMessage(
            workspace=self.workspace,
            recipient=self.posted_by,
            opening=self.opening,
            post=self.post,
            channel=self.recipient,
        )
        return [told]


@dataclass(frozen=True, kw_only=True)
class UnpostedMessage(Message):
    """That a posting did not get into its channel, for whoever posted it."""

    kind = MessageKind.OPENING_UNPOSTED
    opening: str
    post: str
    channel: str

    @property
    def key(self) -> str:
        return f"unposted:{self.opening}:{self.post}"

    @property
    def names_candidate(self) -> bool:
        return False

    async def render(self, tx: Transaction, context: RenderContext) -> Unposted | None:
        job = await tx.openings.job(self.workspace, self.opening)
        key = PostingMessage.key_of(self.opening, self.post)
        posting = await tx.outbox.get(self.workspace, key)
        # While a posting is tried again, and where that works, there is no error to tell of: what
        # this said before stays as it is.
        if job is None or posting is None or posting.error is None:
            return None
        return Unposted(job, self.channel, posting.ts is not None, posting.error)


@dataclass(frozen=True, kw_only=True)
class ReferredMessage(Message):
    """That a colleague referred somebody, for the opening's recruiter. `refused` are those whom
    this could not be told before: the next of its people hears in their place, and in the end the
    colleague that nobody did."""

    kind = MessageKind.OPENING_REFERRED
    opening: str
    application: str
    refused: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"referred:{self.application}:{self.recipient}"

    async def failure_notices(
        self, tx: Transaction, error: str, now: datetime
    ) -> Sequence[Message]:
        job = await tx.openings.job(self.workspace, self.opening)
        application = await tx.applications.get(self.workspace, self.application)
        if job is None or application is None:
            return ()
        refused, referrer = (*self.refused, self.recipient), application.referrer
        keepers = [one for one in job.opening.keepers if one != referrer]
        left = [one for one in (*keepers, referrer) if one and one not in refused]
        return [replace(self, recipient=one, refused=refused) for one in left[:1]]

    async def render(self, tx: Transaction, context: RenderContext) -> Referred | Unheard | None:
        job = await tx.openings.job(self.workspace, self.opening)
        application = await tx.applications.get(self.workspace, self.application)
        if job is None or application is None:
            return None
        candidate = await tx.candidates.get(self.workspace, application.candidate)
        if candidate is None:
            return None
        if self.refused and self.recipient == application.referrer:
            return Unheard(job, candidate)
        return Referred(job, candidate, application, self.refused[0] if self.refused else None)


async def refresh_postings(tx: Transaction, workspace: str, opening: str, now: datetime) -> None:
    """Has every message that shows the opening say what is true now."""
    found = await tx.outbox.about(workspace, AboutField.OPENING, [opening])
    keys = [row.key for row in found if row.kind in SHOW_OPENING]
    if keys:
        await tx.outbox.refresh(workspace, keys, now)


async def closed_between(
    tx: Transaction, since: datetime, until: datetime
) -> Mapping[str, Sequence[str]]:
    """The keys of the postings whose closing day was over in that time, by workspace: where whoever
    posted them is, days end at other times."""
    days: dict[str, dict[str, date]] = defaultdict(dict)
    first, last = since.date() - DAY, until.date() + DAY
    for workspace, id, closes_on in await tx.openings.closing(first, last):
        days[workspace][id] = closes_on
    found: dict[str, list[str]] = defaultdict(list)
    for workspace, closing in days.items():
        for row in await tx.outbox.about(workspace, AboutField.OPENING, closing):
            if row.kind == MessageKind.OPENING_POSTED:
                posting = PostingMessage.load(row)
                over = datetime.combine(
                    closing[posting.opening] + DAY, time(), ZoneInfo(posting.zone)
                )
                if since < over <= until:
                    found[workspace].append(row.key)
    return found
