"""The messages that go through the outbox: how the model of each is shown."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.services.messages.panels import (
    Appointed,
    Declined,
    Kit,
    Soon,
    Summary,
    Undelivered,
    Unshown,
)
from bot.services.messages.reminders import Digest, Nudge, Stopped, Unreachable
from bot.services.messages.scorecards import Arrived, Handed, Receipt, Settled
from handlers.views.panels.kit import kit, soon
from handlers.views.panels.messages import appointed, declined, summary, undelivered, unshown
from handlers.views.reminders import digest, nudge, stopped, unreachable
from handlers.views.scorecards.messages import arrived, handed, receipt, settled

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
    Arrived: arrived,
    Settled: settled,
    Handed: handed,
    Digest: digest,
    Nudge: nudge,
    Stopped: stopped,
    Unreachable: unreachable,
}
"""For each type of model its view."""
