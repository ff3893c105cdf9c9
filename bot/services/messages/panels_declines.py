"""What organizers are told where an interviewer can't make it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.messages import AboutField, MessageKind
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Interview, Panel
from bot.services.messages.message import RenderContext, zone_of
from bot.services.messages.panels import InterviewMessage
from bot.storage.database import Transaction


@dataclass(frozen=True)
class Declined:
    """For an organizer: the interviewer could not make it at `starts_at`, as they said at
    `declined_at`, which messages of earlier versions do not tell."""

    panel: Panel
    interview: Interview
    content: FrozenContent
    starts_at: datetime
    declined_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing has been done about it yet."""
        item = self.interview
        return item.is_on and item.starts_at == self.starts_at and self.is_last

    @property
    def is_last(self) -> bool:
        """Whether the interviewer has not said otherwise since."""
        at = self.interview.declined_at
        return at is not None and self.declined_at in (None, at)


@dataclass(frozen=True, kw_only=True)
class DeclinedMessage(InterviewMessage):
    """That the interviewer can't make it at this start, for one organizer."""

    kind = MessageKind.PANEL_DECLINED
    organizer_hears = True
    starts_at: datetime
    declined_at: datetime | None = None

    @property
    def key(self) -> str:
        """Another each time, so that whoever declines once more is heard once more."""
        key = f"declined:{self.interview}:{int(self.starts_at.timestamp())}:{self.recipient}"
        at = self.declined_at
        return key if at is None else f"{key}:{int(at.timestamp() * 1000)}"

    async def render(self, tx: Transaction, context: RenderContext) -> Declined | None:
        found = await self._found(tx)
        if found is None:
            return None
        panel, item = found
        content = await context.contents.of(tx, panel)
        item = replace(item, zone=await zone_of(tx, self.workspace, self.recipient, item.zone))
        declined = Declined(panel, item, content, self.starts_at, self.declined_at)
        return declined if declined.is_open or context.is_sent else None


async def enqueue_declines(tx: Transaction, panel: Panel, now: datetime, before: Panel) -> None:
    """Enqueues what follows for organizers from an interviewer having declined in the panel's last
    revision, or from what has changed about an interview that was declined before."""
    for item in panel.interviews:
        old = before.find(item.id)
        declined = old if old is not None and old.declined_at is not None else item
        if item.revision == panel.revision and declined.declined_at is not None:
            await _enqueue(tx, panel, declined, now)


async def _enqueue(tx: Transaction, panel: Panel, item: Interview, now: datetime) -> None:
    """Tells every organizer that the interviewer can't make it at this time, and puts right what
    they were told of it before."""
    messages = {
        declined.key: declined
        for organizer in panel.organizers
        if organizer != item.interviewer
        for declined in [
            DeclinedMessage(
                workspace=panel.workspace,
                panel=panel.id,
                interview=item.id,
                recipient=organizer,
                starts_at=item.starts_at,
                declined_at=item.declined_at,
            )
        ]
    }
    rows = await tx.outbox.about(panel.workspace, AboutField.INTERVIEW, [item.id])
    earlier = {row.key for row in rows if row.kind == MessageKind.PANEL_DECLINED}
    await tx.outbox.refresh(panel.workspace, earlier - messages.keys(), now)
    for key in sorted(messages):
        await messages[key].enqueue(tx, now)
