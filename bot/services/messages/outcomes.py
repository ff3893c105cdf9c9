"""What becomes of a message, apart from being sent: how it ends, and when it is tried again."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter

from bot.domain.messages import OUTCOME_UNKNOWN, OWN_FAULT, MessageState, OutboxMessage

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What has become of an attempt, as the metrics count it."""

    SENT = "sent"
    EDITED = "edited"
    PUT_OFF = "put_off"
    """Slack is away, or takes nothing for now: it is tried again."""
    REFUSED = "refused"
    BROKEN = "broken"
    """By a fault of ours."""
    UNKNOWN = "unknown"
    """Slack has never said whether it has it."""


class OutcomeCounter:
    """Counts what becomes of messages, by kind."""

    def __init__(self, registry: CollectorRegistry | None) -> None:
        self._counter = Counter(
            "panelist_messages",
            "Messages by kind and by what has become of each attempt",
            ["kind", "outcome"],
            registry=registry or CollectorRegistry(),
        )

    def add(self, kind: str, outcome: Outcome) -> None:
        self._counter.labels(kind, outcome).inc()

    def add_failure(self, message: OutboxMessage) -> None:
        known = {OWN_FAULT: Outcome.BROKEN, OUTCOME_UNKNOWN: Outcome.UNKNOWN}
        self.add(message.kind, known.get(message.error or "", Outcome.REFUSED))


SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=10)


def own_fault(message: OutboxMessage, error: Exception) -> OutboxMessage:
    """It has failed by a fault of ours, which is logged here and nowhere else."""
    log.error("outbox.broken", exc_info=error, extra={"kind": message.kind})
    return replace(message, state=MessageState.FAILED, error=OWN_FAULT)


def lanes(message: OutboxMessage) -> Sequence[tuple[str, str]]:
    """What keeps its pace: new messages to one recipient, and all that is done to one message."""
    this = (message.workspace, message.key)
    return [this] if message.ts is not None else [this, (message.workspace, message.recipient)]


def sent(message: OutboxMessage, ts: str) -> OutboxMessage:
    return replace(message, state=MessageState.SENT, ts=ts, attempts=0, error=None, due_since=None)


def next_wait(attempts: int) -> timedelta:
    """How long after this many attempts the next is made: ever longer, up to a limit."""
    wait: timedelta = SHORTEST_WAIT * 2 ** min(attempts, 10)
    return min(wait, LONGEST_WAIT)
