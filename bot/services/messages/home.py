"""What Panelist answers to whoever writes to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.messages import MessageKind
from bot.services.messages.message import Message, RenderContext
from bot.storage.database import Transaction

ANSWER_WITHIN = timedelta(hours=1)
"""After this nobody waits for it any more."""


@dataclass(frozen=True)
class Help:
    """What Panelist can do; `prefix` is what every command begins with here."""

    prefix: str


@dataclass(frozen=True, kw_only=True)
class HelpMessage(Message):
    """The one answer to one direct message, which is told by its time in Slack.

    It goes through the outbox because Slack may tell of a message more than once, to several
    processes.
    """

    kind = MessageKind.HOME_HELP
    person: str
    asked_at: str
    prefix: str = ""

    @property
    def key(self) -> str:
        return f"help:{self.person}:{self.asked_at}"

    @property
    def names_candidate(self) -> bool:
        return False

    async def render(self, tx: Transaction, context: RenderContext) -> Help | None:
        return Help(self.prefix)


async def enqueue_help(
    tx: Transaction, workspace: str, person: str, asked_at: str, prefix: str, now: datetime
) -> None:
    message = HelpMessage(
        workspace=workspace, recipient=person, person=person, asked_at=asked_at, prefix=prefix
    )
    if await tx.outbox.get(workspace, message.key) is None:
        await message.enqueue(tx, now, now + ANSWER_WITHIN)
