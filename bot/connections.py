"""Connections of clients: none may keep us waiting for long, and they are never too many to answer.

uvicorn waits for a request for as long as its client likes, and takes connections until there are
no descriptors left. Here each connection has to come to the point in time; where there are too
many, the one that has kept us waiting longest makes room, never one that waits for our answer.
"""

import asyncio
import logging
import resource
from enum import StrEnum
from typing import Any

import h11
import uvicorn
from prometheus_client import CollectorRegistry, Counter
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot import routes
from bot.logs import Repeats

log = logging.getLogger(__name__)

MOST = 500
"""Connections at once; half of the process's descriptors, where that is less."""

ACCEPTED_AT_ONCE = 16
"""Connections taken before those that are too many can be let go of: each holds a descriptor."""

BEGIN_WITHIN = 5.0
HEADERS_WITHIN = 5.0
BODY_WITHIN = 10.0
READ_WITHIN = 30.0
"""Seconds for a client to begin a request, to end its headers, to end its body, and to read on in
an answer that is larger than what the network takes from us."""

UPLOAD_WITHIN = 120.0
"""Seconds for the body of a form with a file, which somebody may send from a phone on a train."""

JUST_CAME = 1.0
"""Seconds for which a client that has not begun its request is spared where others have begun
theirs and do not go on: what it sends may be on its way."""

GOES_ON = 0.2
"""Seconds for which the same is so of whoever has begun: a request comes in several packets."""

LAST_WITHIN = 1.0
"""Seconds for the same once we are told to stop."""


class Wait(StrEnum):
    """What a client keeps us waiting for."""

    BEGIN = "begin"
    HEADERS = "headers"
    BODY = "body"
    READING = "reading"


WITHIN = {
    Wait.BEGIN: BEGIN_WITHIN,
    Wait.HEADERS: HEADERS_WITHIN,
    Wait.BODY: BODY_WITHIN,
    Wait.READING: READ_WITHIN,
}


class Dropped(StrEnum):
    """Why a connection was cut off."""

    SLOW = "slow"
    CROWDED = "crowded"


class Connections:
    """What the connections of one server share: how many there may be, and what became of them."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.most = most_connections()
        self.is_stopping = False
        self._repeats = Repeats()
        self._dropped = Counter(
            "panelist_connections_dropped",
            "Connections cut off before their request was whole, by the reason",
            ["reason"],
            registry=registry,
        )
        for reason in Dropped:
            self._dropped.labels(reason)

    def count(self, reason: Dropped) -> None:
        self._dropped.labels(reason).inc()
        if (more := self._repeats.unsaid(reason)) is not None:
            log.warning("connection.dropped", extra={"reason": str(reason), "more": more})


def most_connections() -> int:
    """How many connections leave enough descriptors for the database, Slack and files."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if descriptors == resource.RLIM_INFINITY else min(MOST, max(descriptors // 2, 1))


class ServerConfig(uvicorn.Config):
    """uvicorn's, for connections with limits."""

    def __init__(self, app: Any, connections: Connections, **options: Any) -> None:
        super().__init__(
            app, http=TimedProtocol, backlog=ACCEPTED_AT_ONCE, log_config=None, **options
        )
        self.connections = connections


class TimedProtocol(H11Protocol):
    """uvicorn's, with a time for whatever the client keeps us waiting for."""

    config: ServerConfig

    _waits: Wait | None = None
    _since = 0.0
    _has_answered = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look()
        if len(self.connections) > self.config.connections.most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        self._has_answered = True
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._wait_for(None)
        super().handle_websocket_upgrade(event)

    def shutdown(self) -> None:
        super().shutdown()
        waits, self._waits = self._waits, None
        self._wait_for(waits)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_for(None)
        super().connection_lost(exc)

    def _look(self) -> None:
        """Sees what the client keeps us waiting for by now, if anything."""
        if self.flow.write_paused or self.transport.is_closing():
            self._wait_for(Wait.READING)
        elif self.conn.their_state is h11.IDLE:
            has_begun = bool(self.conn.trailing_data[0])
            self._wait_for(Wait.HEADERS if has_begun else Wait.BEGIN)
        else:
            self._wait_for(Wait.BODY if self.conn.their_state is h11.SEND_BODY else None)

    def _wait_for(self, wait: Wait | None) -> None:
        if wait is self._waits:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if wait is not None and self._waits is None:
            self._since = self.loop.time()
        is_stopping = self.config.connections.is_stopping
        is_uvicorns = wait is Wait.BEGIN and self._has_answered and not is_stopping
        if wait is not None and not is_uvicorns:  # which lets go of an idle connection by itself
            usual = UPLOAD_WITHIN if wait is Wait.BODY and self._is_upload else WITHIN[wait]
            within = min(usual, LAST_WITHIN) if is_stopping else usual
            self._timer = self.loop.call_later(within, self._drop, Dropped.SLOW)
        self._waits = wait

    @property
    def _is_upload(self) -> bool:
        """Whether the request in hand is a form with a file."""
        scope = self.scope or {}
        return scope.get("method") == "POST" and scope.get("path", "").endswith(routes.UPLOADS)

    def _make_room(self) -> None:
        """Cuts off the connection that has kept us waiting longest, rather one of a client that we
        have never answered, and rather not one that has just come."""
        waiting = [one for one in self.connections if isinstance(one, TimedProtocol) and one._waits]
        now = self.loop.time()

        def order(one: TimedProtocol) -> tuple[bool, bool, float]:
            spared = JUST_CAME if one._waits is Wait.BEGIN else GOES_ON
            return one._has_answered, now - one._since < spared, one._since

        if waiting:
            min(waiting, key=order)._drop(Dropped.CROWDED)

    def _drop(self, reason: Dropped) -> None:
        is_idle = reason is Dropped.SLOW and self._waits is Wait.BEGIN
        if not is_idle:
            self.config.connections.count(reason)
        self.transport.abort()
        self.connections.discard(self)
