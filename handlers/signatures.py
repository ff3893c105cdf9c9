"""Whether a request is Slack's: asked of its raw body, before anything reads it."""

import hmac
import logging
import time
from collections import Counter as Counts
from collections.abc import Mapping, Sequence
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter

from bot.logs import Repeats

log = logging.getLogger(__name__)

OLDEST = 300
"""Seconds by which Slack's clock and ours may differ, as Slack advises: what is older is a replay,
or one of the clocks is wrong."""


RECENT = 10
"""Minutes for which it is remembered how many requests were refused."""


class Refusal(StrEnum):
    """Why a request does not count as Slack's."""

    MISSING = "missing"
    WRONG = "wrong"
    STALE = "stale"


class Signatures:
    """Verifies requests by any of the signing secrets: two while one is being exchanged."""

    def __init__(self, secrets: Sequence[str], registry: CollectorRegistry) -> None:
        self._secrets = [secret.encode() for secret in secrets]
        self._refused = Counter(
            "panelist_signatures_refused",
            "Requests that do not count as Slack's, by the reason",
            ["reason"],
            registry=registry,
        )
        for reason in Refusal:
            self._refused.labels(reason)
        self._repeats = Repeats()
        self._by_minute: Counts[tuple[int, Refusal]] = Counts()

    @property
    def recent(self) -> Mapping[Refusal, int]:
        """How many requests were refused in the last minutes, by the reason."""
        oldest = _minute() - RECENT
        found: Counts[Refusal] = Counts()
        for (minute, reason), count in self._by_minute.items():
            if minute > oldest:
                found[reason] += count
        return found

    def accept(self, headers: Mapping[str, str], body: bytes, client: str) -> bool:
        """Whether the request is Slack's; the log and the metrics say why it is not, and the log of
        which address it came from."""
        stamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not signature or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
            self._refuse(Refusal.MISSING, client)
            return False
        if not any(_signature(secret, stamp, body, signature) for secret in self._secrets):
            self._refuse(Refusal.WRONG, client)
            return False
        age = time.time() - int(stamp)
        if abs(age) > OLDEST:
            self._refuse(Refusal.STALE, client, age)
            return False
        return True

    def _remember(self, reason: Refusal) -> None:
        this = _minute()
        for minute, other in [*self._by_minute]:
            if minute <= this - RECENT:
                del self._by_minute[minute, other]
        self._by_minute[this, reason] += 1

    def _refuse(self, reason: Refusal, client: str, age: float | None = None) -> None:
        self._refused.labels(reason).inc()
        self._remember(reason)
        if (more := self._repeats.unsaid(reason)) is None:
            return
        extra = {"reason": str(reason), "client": client, "more": more}
        extra |= {} if age is None else {"seconds_old": f"{age:.0f}"}
        log.warning("signature.refused", extra=extra)


def _minute() -> int:
    return int(time.monotonic() // 60)


def _signature(secret: bytes, stamp: str, body: bytes, given: str) -> bool:
    made = hmac.digest(secret, b"v0:" + stamp.encode() + b":" + body, "sha256")
    return hmac.compare_digest(f"v0={made.hex()}".encode(), given.encode())
