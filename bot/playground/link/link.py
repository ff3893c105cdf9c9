"""What goes to the app and how it answers, whichever way the app is reached."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from bot.playground.state.models import Exchange, Json
from bot.playground.state.workspace import Workspace

PATIENCE = 3.0
"""Seconds within which an app has to acknowledge a request."""

TIMED_OUT = "operation_timeout"
FAILED = "dispatch_failed"


@dataclass(frozen=True)
class Outgoing:
    """A request to the app; `name` is what the inspector calls it."""

    type: Literal["slash_commands", "interactive", "events_api"]
    name: str
    payload: Json
    retry: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Answer:
    """The app's acknowledgement; `error` says why there is none."""

    status: int | None = None
    body: Any = None
    error: str | None = None
    exchange: int = 0

    @property
    def ok(self) -> bool:
        return self.error is None


class Link(Protocol):
    """A way to reach the app."""

    async def start(self) -> None:
        """Begins to look whether the app is there."""

    async def send(self, request: Outgoing) -> Answer:
        """Sends a request and waits for its acknowledgement, for at most three seconds."""

    async def stop(self) -> None:
        """Lets go of the app."""


@dataclass
class Sent:
    """A request under way, to be recorded with its answer."""

    workspace: Workspace
    request: Outgoing
    method: str
    url: str
    headers: Mapping[str, str]
    _started: float = field(default_factory=time.perf_counter)

    def answered(self, answer: Answer) -> Answer:
        """Shows the exchange in the inspector; returns the answer with its number."""
        number = self.workspace.next_exchange_id()
        self.workspace.record(
            Exchange(
                id=number,
                at=self.workspace.clock.now(),
                direction="to_app",
                kind=self.request.name,
                method=self.method,
                url=self.url,
                request_headers=dict(self.headers),
                request_body=self.request.payload,
                status=answer.status,
                response_body=answer.body,
                ms=(time.perf_counter() - self._started) * 1000,
                error=answer.error,
            )
        )
        return replace(answer, exchange=number)
