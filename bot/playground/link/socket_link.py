"""Reaches the app by Socket Mode: envelopes over the WebSockets that the app has opened."""

import asyncio
import json
import secrets
import time
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.link.link import FAILED, PATIENCE, TIMED_OUT, Answer, Outgoing, Sent
from bot.playground.state.models import APP_ID, Json
from bot.playground.state.workspace import Workspace

CONNECTIONS_MOST = 10
TICKET_LIFE = 30.0
PATH = "/link"
ACCEPTS_RESPONSE = frozenset({"slash_commands", "interactive"})


class SocketLink:
    """Sends each envelope to one of the app's connections; the app is up while it has any."""

    def __init__(self, workspace: Workspace, address: str) -> None:
        self._workspace = workspace
        self._url = "ws" + address.removeprefix("http") + PATH
        self._tickets: dict[str, float] = {}
        self._connections: list[WebSocket] = []
        self._waiting: dict[str, tuple[WebSocket, asyncio.Future[Any]]] = {}

    async def start(self) -> None:
        """Nothing to do: the app comes by itself."""

    async def stop(self) -> None:
        """Tells the app to look for another connection."""
        for connection in list(self._connections):
            await _send(connection, _disconnect("warning"))
            self._forget(connection)

    def new_url(self) -> str:
        """An address for one connection, good for half a minute."""
        ticket = secrets.token_urlsafe(16)
        now = time.monotonic()
        self._tickets = {key: until for key, until in self._tickets.items() if until > now}
        self._tickets[ticket] = now + TICKET_LIFE
        return f"{self._url}?ticket={ticket}&app_id={APP_ID}"

    async def send(self, request: Outgoing) -> Answer:
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": request.type,
            "payload": request.payload,
            "accepts_response_payload": request.type in ACCEPTS_RESPONSE,
        }
        if request.type == "events_api":
            envelope |= {"retry_attempt": request.retry, "retry_reason": request.retry_reason}
        sent = Sent(self._workspace, request, "WebSocket", self._url, {})
        return sent.answered(await self._delivered(envelope))

    async def endpoint(self, websocket: WebSocket) -> None:
        """The WebSocket that an app opens after `apps.connections.open`."""
        until = self._tickets.pop(websocket.query_params.get("ticket", ""), 0.0)
        if until < time.monotonic():
            await websocket.close(1008)
            return
        await websocket.accept()
        if len(self._connections) >= CONNECTIONS_MOST:
            await websocket.send_json(_disconnect("too_many_websockets"))
            await websocket.close()
            return
        self._connections.append(websocket)
        try:
            if await _send(websocket, _hello(len(self._connections))):
                self._workspace.app_is(True)
            while (message := await websocket.receive())["type"] == "websocket.receive":
                self._acknowledged(message.get("text") or "")
        finally:
            self._forget(websocket)

    async def _delivered(self, envelope: Json) -> Answer:
        acknowledged: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection = await self._passed_on(envelope, acknowledged)
        if connection is None:
            return Answer(error=FAILED)
        try:
            async with asyncio.timeout(PATIENCE):
                return Answer(200, await acknowledged)
        except TimeoutError:
            return Answer(error=TIMED_OUT)
        except ConnectionError:
            return Answer(error=FAILED)
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    async def _passed_on(
        self, envelope: Json, acknowledged: asyncio.Future[Any]
    ) -> WebSocket | None:
        while self._connections:
            connection = self._connections.pop(0)
            self._connections.append(connection)
            self._waiting[envelope["envelope_id"]] = (connection, acknowledged)
            if await _send(connection, envelope):
                return connection
            del self._waiting[envelope["envelope_id"]]
            self._forget(connection)
        return None

    def _acknowledged(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        envelope_id = message.get("envelope_id") if isinstance(message, dict) else None
        waiting = self._waiting.get(envelope_id) if isinstance(envelope_id, str) else None
        if waiting is not None and not waiting[1].done():
            waiting[1].set_result(message.get("payload"))

    def _forget(self, connection: WebSocket) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for owner, acknowledged in self._waiting.values():
            if owner is connection and not acknowledged.done():
                acknowledged.set_exception(ConnectionError("the app has gone"))
        if not self._connections:
            self._workspace.app_is(False)


async def _send(connection: WebSocket, message: Json) -> bool:
    try:
        await connection.send_json(message)
    except (WebSocketDisconnect, RuntimeError):
        return False
    return True


def _hello(connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "playground", "approximate_connection_time": 18_060},
        "connection_info": {"app_id": APP_ID},
    }


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
