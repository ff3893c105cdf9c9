"""What the team hears of people who applied: in the morning, at once in the private channel, and
when somebody withdraws."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.apply.submission import Version
from bot.domain.candidates import Candidate
from bot.domain.messages import MessageKind
from bot.domain.openings.job import Job
from bot.services.messages.message import Message, RenderContext
from bot.storage.database import Transaction


@dataclass(frozen=True)
class Arrived:
    """For the recruiter: how many applied since the morning before, and how many forms are kept
    apart as spam until somebody has looked."""

    job: Job
    count: int
    apart: int
    since: datetime


@dataclass(frozen=True)
class ApplicationCard:
    """For an opening's private channel: who applied, and with what."""

    job: Job
    candidate: Candidate
    application: str
    version: Version


@dataclass(frozen=True)
class WithdrawnByCandidate:
    """For the recruiter: who no longer wants the job; `meetings` interviews are still to come."""

    job: Job
    candidate: Candidate
    application: str
    meetings: int


@dataclass(frozen=True, kw_only=True)
class ArrivedMessage(Message):
    """How many applied for an opening between two mornings of its recruiter's."""

    kind = MessageKind.APPLICATION_ARRIVED
    opening: str
    day: date
    since: datetime
    until: datetime

    @property
    def key(self) -> str:
        return f"applications:{self.opening}:{self.recipient}:{self.day.isoformat()}"

    @property
    def names_candidate(self) -> bool:
        return False

    async def render(self, tx: Transaction, context: RenderContext) -> Arrived | None:
        job = await tx.openings.job(self.workspace, self.opening)
        if job is None:
            return None
        found = await tx.submissions.arrived(self.workspace, self.opening, self.since, self.until)
        return Arrived(job, *found, self.since) if any(found) or context.is_sent else None


@dataclass(frozen=True, kw_only=True)
class ApplicationMessage(Message):
    """Who applied, in the opening's private channel: once for each application."""

    kind = MessageKind.APPLICATION_CARD
    opening: str
    application: str

    @property
    def key(self) -> str:
        return f"application:{self.application}:{self.recipient}"

    async def render(self, tx: Transaction, context: RenderContext) -> ApplicationCard | None:
        job = await tx.openings.job(self.workspace, self.opening)
        application = await tx.applications.get(self.workspace, self.application)
        if job is None or application is None:
            return None
        is_shown = job.terms.posts_applications and job.terms.channel == self.recipient
        if not context.is_sent and not is_shown:
            return None
        candidate = await tx.candidates.get(self.workspace, application.candidate)
        sent = await tx.submissions.of_application(self.workspace, self.application)
        if candidate is None or not sent:
            return None
        return ApplicationCard(job, candidate, application.id, sent[0].current)


@dataclass(frozen=True, kw_only=True)
class WithdrawnMessage(Message):
    """That a candidate withdrew on their own page."""

    kind = MessageKind.APPLICATION_WITHDRAWN
    opening: str
    application: str
    submission: str

    @property
    def key(self) -> str:
        return f"withdrawn:{self.submission}:{self.recipient}"

    async def render(self, tx: Transaction, context: RenderContext) -> WithdrawnByCandidate | None:
        job = await tx.openings.job(self.workspace, self.opening)
        application = await tx.applications.get(self.workspace, self.application)
        if job is None or application is None:
            return None
        candidate = await tx.candidates.get(self.workspace, application.candidate)
        if candidate is None:
            return None
        panels = await tx.panels.of_applications(self.workspace, [self.application])
        coming = [item for panel in panels for item in panel.on if item.ends_at > context.now]
        return WithdrawnByCandidate(job, candidate, application.id, len(coming))
