"""A stand-in for Slack: the Web API and response urls over real HTTP, recorded and made to fail."""

import asyncio
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.support.conversations import Conversations
from tests.support.server import Running, serving
from tests.support.waiting import A_MINUTE

Json = dict[str, Any]

DEFAULTS: dict[str, Json] = {
    "auth.test": {"team_id": "T1", "user_id": "UBOT", "bot_id": "B1"},
    "users.info": {"user": {"id": "U1", "is_admin": False, "is_owner": False}},
    "views.open": {"view": {"id": "V1", "hash": "1.a"}},
    "views.push": {"view": {"id": "V2", "hash": "1.b"}},
    "views.update": {"view": {"id": "V1", "hash": "1.c"}},
}


TAKES_JSON = {
    "chat.postMessage",
    "chat.update",
    "conversations.open",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
}
"""Slack reads a JSON body for these only, and finds no arguments in any other's."""


def _from_form(request: Request, body: str) -> Json:
    fields = dict(request.query_params) | dict(parse_qsl(body))
    for key in ("view", "blocks", "metadata"):
        if key in fields:
            fields[key] = json.loads(fields[key])
    return fields


@dataclass(frozen=True)
class Fault:
    """An answer that Slack gives instead of the usual one; `hang` never answers.

    `taken`: Slack has done what was asked all the same. `seconds`: it takes that long to answer.
    """

    status: int = 200
    body: Json | str = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    taken: bool = False
    seconds: float = 0.0


def refused(error: str) -> Fault:
    return Fault(body={"ok": False, "error": error})


RATE_LIMITED = Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
BROKEN = Fault(500, "upstream error")
BROKEN_AFTER_ALL = Fault(500, "upstream error", taken=True)


class StandIn:
    """What was sent to Slack, in order, and what Slack will answer.

    `people` is what users.info says of each; whoever is not among them is a member. `tokens` are
    the methods called, each with the token that it was called with. `addresses` are those of the
    next WebSockets, before those that work.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.responses: list[tuple[str, Json]] = []
        self.faults: dict[str, list[Fault]] = {}
        self._arrived = asyncio.Condition()
        self._numbers = itertools.count(1)
        self.url = ""
        self.sockets: list[WebSocket] = []
        self.addresses: list[str] = []
        self.acks: dict[str, Json] = {}
        self.conversations = Conversations()
        self.people: dict[str, Json] = {}
        self.tokens: list[tuple[str, str]] = []

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def response_url(self) -> str:
        return f"{self.url}/response/{next(self._numbers)}"

    def fails(self, method: str, *faults: Fault) -> None:
        """The next calls of the method (or of "response") are answered so, one after another."""
        self.faults.setdefault(method, []).extend(faults)

    def called(self, method: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    async def next_call(self, method: str, number: int = 1, within: float = A_MINUTE) -> Json:
        """The arguments of the method's first (or n-th) call, waited for."""
        await self._until(lambda: len(self.called(method)) >= number, within)
        return self.called(method)[number - 1]

    async def next_response(self, url: str, number: int = 1, within: float = A_MINUTE) -> Json:
        """What was sent to a response url, waited for."""
        await self._until(lambda: len(self.sent_to(url)) >= number, within)
        return self.sent_to(url)[number - 1]

    def sent_to(self, url: str) -> list[Json]:
        return [message for target, message in self.responses if target == url]

    async def _until(self, happened: Any, within: float) -> None:
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(happened)

    async def _announce(self) -> None:
        async with self._arrived:
            self._arrived.notify_all()

    async def _fault(self, name: str, arguments: Json | None = None) -> Response | None:
        waiting = self.faults.get(name)
        if not waiting:
            return None
        fault = waiting.pop(0)
        if fault.taken:
            self.conversations.answer(name, arguments or {})
        await asyncio.sleep(60 if fault.hang else fault.seconds)
        if isinstance(fault.body, str):
            return PlainTextResponse(fault.body, fault.status, dict(fault.headers))
        return JSONResponse(fault.body, fault.status, dict(fault.headers))

    async def _api(self, request: Request) -> Response:
        method = request.path_params["method"]
        body = (await request.body()).decode()
        is_json = request.headers.get("content-type", "").startswith("application/json")
        if is_json and method not in TAKES_JSON:
            return JSONResponse({"ok": False, "error": "invalid_arguments"})
        arguments = json.loads(body) if is_json else _from_form(request, body)
        self.calls.append((method, arguments))
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        self.tokens.append((method, bearer))
        await self._announce()
        if fault := await self._fault(method, arguments):
            return fault
        if answer := self.conversations.answer(method, arguments):
            return JSONResponse(answer)
        if method == "apps.connections.open":
            address = self.addresses.pop(0) if self.addresses else self.address("link")
            return JSONResponse({"ok": True, "url": address})
        if method == "users.info" and arguments.get("user") in self.people:
            return JSONResponse({"ok": True, "user": self.people[arguments["user"]]})
        return JSONResponse({"ok": True} | DEFAULTS.get(method, {}))

    async def _response(self, request: Request) -> Response:
        self.responses.append((str(request.url), await request.json()))
        await self._announce()
        return await self._fault("response") or PlainTextResponse("ok")

    async def _link(self, socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.sockets.append(socket)
        await self._announce()
        try:
            while True:
                ack = await socket.receive_json()
                self.acks[ack["envelope_id"]] = ack.get("payload") or {}
                await self._announce()
        except (WebSocketDisconnect, RuntimeError):
            if socket in self.sockets:
                self.sockets.remove(socket)

    def address(self, of: str) -> str:
        """Where a WebSocket of ours is: a "link" that works, or one that is "forbidden"."""
        return f"{self.url.replace('http', 'ws')}/{of}"

    async def _forbidden(self, socket: WebSocket) -> None:
        await socket.close()  # before it is accepted: a 403

    async def closes_all(self) -> None:
        """Slack lets go of every WebSocket."""
        for socket in list(self.sockets):
            await socket.close(1001)
            self.sockets.remove(socket)

    async def connected(self, within: float = A_MINUTE) -> WebSocket:
        """The app's WebSocket, once there is one."""
        await self._until(lambda: bool(self.sockets), within)
        return self.sockets[-1]

    async def delivers(self, kind: str, payload: Json) -> Json:
        """Sends an envelope over the WebSocket; gives the payload of the app's ack."""
        socket = await self.connected()
        envelope = f"e-{next(self._numbers)}"
        await socket.send_json(
            {
                "type": kind,
                "envelope_id": envelope,
                "payload": payload,
                "accepts_response_payload": True,
            }
        )
        await self._until(lambda: envelope in self.acks, 3)
        return self.acks[envelope]

    def asgi(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/{method}", self._api, methods=["GET", "POST"]),
                Route("/response/{number}", self._response, methods=["POST"]),
                WebSocketRoute("/link", self._link),
                WebSocketRoute("/forbidden", self._forbidden),
            ]
        )

    def serving(self) -> Running:
        return serving(self.asgi())
