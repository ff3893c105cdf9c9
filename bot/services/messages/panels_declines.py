"""What organizers are told at once where an interviewer can't make it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ladder import Reached, Rung, is_near
from bot.domain.messages import AboutField, MessageKind
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Interview, Panel
from bot.domain.reminders import RemindedPerson, is_zone
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
    """Tells the organizers to whom it is near that an interviewer has declined in the panel's last
    revision, and puts right what they were told of interviews that were declined before. The others
    read it in their digests."""
    for item in panel.interviews:
        old = before.find(item.id)
        was = old.declined_at if old is not None else None
        if item.revision != panel.revision or (was is None and item.declined_at is None):
            continue
        rows = await tx.outbox.about(panel.workspace, AboutField.INTERVIEW, [item.id])
        earlier = {row.key for row in rows if row.kind == MessageKind.PANEL_DECLINED}
        await tx.outbox.refresh(panel.workspace, earlier, now)
        if item.declined_at is not None and item.declined_at != was:
            await _tell_at_once(tx, panel, item, item.declined_at, now)


async def _tell_at_once(
    tx: Transaction, panel: Panel, item: Interview, declined_at: datetime, now: datetime
) -> None:
    """Tells every organizer who would read it too late in a digest, by their own calendar."""
    workspace = panel.workspace
    policy = await tx.reminders.policy(workspace)
    organizers = [one for one in panel.organizers if one != item.interviewer]
    known = await tx.reminders.people(workspace, organizers)
    zone = item.zone if is_zone(item.zone) else "UTC"
    told = []
    for organizer in sorted(organizers):
        person = known.get(organizer) or RemindedPerson(
            workspace, organizer, await zone_of(tx, workspace, organizer, zone)
        )
        calendar = person.calendar(policy)
        if not is_near(calendar, declined_at, item.starts_at):
            continue
        ids = (workspace, item.id, declined_at)
        day = calendar.day_of(declined_at)
        told.append(Reached(*ids, Rung.AT_ONCE, 0, organizer, declined_at, day))
    await tx.rungs.add(told)
    for one in told:
        message = DeclinedMessage(
            workspace=workspace,
            panel=panel.id,
            interview=item.id,
            recipient=one.recipient,
            starts_at=item.starts_at,
            declined_at=declined_at,
        )
        await message.enqueue(tx, now)
