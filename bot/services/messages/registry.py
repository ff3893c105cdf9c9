"""Every message that Panelist sends of its own accord.

Rendering, views, failure notices and what is found about somebody or something
all follow from this one tuple; `tests/integration/test_messages.py` walks it.
"""

from collections.abc import Mapping

from bot.domain.messages import MessageFacts
from bot.services.messages.applications import (
    ApplicationMessage,
    ArrivedMessage,
    WithdrawnMessage,
)
from bot.services.messages.board import ChannelBoardMessage, UnpostedBoardMessage
from bot.services.messages.debriefs import ConfirmMessage, OutcomeMessage
from bot.services.messages.home import HelpMessage
from bot.services.messages.message import Message
from bot.services.messages.openings import PostingMessage, ReferredMessage, UnpostedMessage
from bot.services.messages.openings_approvals import AnsweredMessage, ApprovalMessage
from bot.services.messages.panels import (
    AppointedMessage,
    KitMessage,
    PassedOnMessage,
    SoonMessage,
    SummaryMessage,
    UndeliveredMessage,
)
from bot.services.messages.panels_declines import DeclinedMessage
from bot.services.messages.progress import AllInMessage, ProgressMessage
from bot.services.messages.reminders import (
    DigestMessage,
    LaterMessage,
    NudgeMessage,
    ResumedMessage,
    StoppedMessage,
    UnreachableMessage,
)
from bot.services.messages.reminders_asked import AskedMessage
from bot.services.messages.scorecards import (
    ClosedMessage,
    ReassignedMessage,
    ReceiptMessage,
)

MESSAGES: tuple[type[Message], ...] = (
    KitMessage,
    SoonMessage,
    DeclinedMessage,
    SummaryMessage,
    UndeliveredMessage,
    AppointedMessage,
    PassedOnMessage,
    ReceiptMessage,
    ProgressMessage,
    AllInMessage,
    ClosedMessage,
    ReassignedMessage,
    DigestMessage,
    LaterMessage,
    AskedMessage,
    NudgeMessage,
    StoppedMessage,
    ResumedMessage,
    UnreachableMessage,
    PostingMessage,
    UnpostedMessage,
    ReferredMessage,
    ApprovalMessage,
    AnsweredMessage,
    OutcomeMessage,
    ConfirmMessage,
    ChannelBoardMessage,
    UnpostedBoardMessage,
    ArrivedMessage,
    ApplicationMessage,
    WithdrawnMessage,
    HelpMessage,
)

BY_KIND: Mapping[str, type[Message]] = {message.kind: message for message in MESSAGES}


def load(row: MessageFacts) -> Message:
    """The message of a row of a kind that this process knows. Raises ValueError, KeyError."""
    return BY_KIND[row.kind].load(row)
