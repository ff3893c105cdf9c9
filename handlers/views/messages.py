"""The messages that go through the outbox: how each view model is shown."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.services.messages.applications import ApplicationCard, Arrived, WithdrawnByCandidate
from bot.services.messages.board import ChannelBoard, UnpostedBoard
from bot.services.messages.debriefs import OutcomeTold, ToConfirm
from bot.services.messages.home import Help
from bot.services.messages.openings import Posted, Referred, Unheard, Unposted
from bot.services.messages.openings_approvals import Answered, ToApprove
from bot.services.messages.panels import (
    Appointed,
    Kit,
    Soon,
    Summary,
    Undelivered,
    Unshown,
)
from bot.services.messages.panels_declines import Declined
from bot.services.messages.progress import Progress
from bot.services.messages.reminders import Nudge, Stopped, Unreachable
from bot.services.messages.reminders_asked import Asked
from bot.services.messages.reminders_due import Digest
from bot.services.messages.scorecards import Closed, Reassigned, Receipt
from bot.services.ports import RenderedMessage
from handlers.views.apply.messages import application_card, arrived, withdrawn_by_candidate
from handlers.views.board.channel import channel_board, unposted_board
from handlers.views.debriefs.decision import outcome, to_confirm
from handlers.views.home.start import help_message
from handlers.views.openings.approvals import answered, to_approve
from handlers.views.openings.posting import posting, referred, unheard, unposted
from handlers.views.panels.kit import kit, soon
from handlers.views.panels.messages import appointed, declined, summary, undelivered, unshown
from handlers.views.panels.progress import progress
from handlers.views.reminders import asked, digest, nudge, stopped, unreachable
from handlers.views.scorecards.messages import closed, reassigned, receipt

MessageView = Callable[[Any], tuple[str, list[dict[str, Any]]]]
"""Makes a model into its text, which notifications and screen readers read, and its blocks."""

VIEWS: Mapping[type, MessageView] = {
    Kit: kit,
    Soon: soon,
    Declined: declined,
    Summary: summary,
    Unshown: unshown,
    Appointed: appointed,
    Undelivered: undelivered,
    Receipt: receipt,
    Progress: progress,
    Closed: closed,
    Reassigned: reassigned,
    Digest: digest,
    Asked: asked,
    Nudge: nudge,
    Stopped: stopped,
    Unreachable: unreachable,
    Posted: posting,
    Unposted: unposted,
    Referred: referred,
    Unheard: unheard,
    ToApprove: to_approve,
    Answered: answered,
    OutcomeTold: outcome,
    ToConfirm: to_confirm,
    ChannelBoard: channel_board,
    UnpostedBoard: unposted_board,
    Arrived: arrived,
    ApplicationCard: application_card,
    WithdrawnByCandidate: withdrawn_by_candidate,
    Help: help_message,
}
"""For each type of view model its view; a test compares them with what messages render."""


def show(model: object) -> RenderedMessage:
    """What Slack shows of a message, made before anything is said to Slack."""
    text, blocks = VIEWS[type(model)](model)
    return RenderedMessage(text, blocks)
