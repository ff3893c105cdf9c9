"""The routes: Slack's events, health, readiness and metrics."""

import ipaddress
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.starlette.async_handler import (
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot import routes
from bot.logs import Repeats

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes; Slack's own limit for a view is 250 kB."""


FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers by which a proxy says that the request is somebody else's."""

ONLY_HERE = "Metrics are for this machine alone; METRICS_PORT gives them a port of their own.\n"


@dataclass(frozen=True)
class Readiness:
    """With `faults` no request should come here; `degraded` is what works only in part."""

    faults: Sequence[str]
    degraded: Sequence[str]


class Web:
    """The routes as an ASGI app; whoever serves it starts the application first.

    `is_slacks` says of headers, body and the client's address whether they are Slack's. Where it is
    None, as in Socket Mode, no request of Slack's is taken here. `metrics` is None where they are
    on a port of their own. `others` are asked last.
    """

    def __init__(
        self,
        slack: AsyncApp,
        is_slacks: Callable[[Mapping[str, str], bytes, str], bool] | None,
        metrics: Callable[[], Awaitable[str]] | None,
        readiness: Callable[[], Awaitable[Readiness]],
        others: Sequence[BaseRoute] = (),
    ) -> None:
        self._slack = slack
        self._is_slacks = is_slacks
        self._metrics_page = metrics
        self._readiness = readiness
        self._others = others
        self._repeats = Repeats()

    def asgi(self) -> Starlette:
        metrics = [Route("/metrics", self._metrics)]
        events = [Route(routes.EVENTS, self._events, methods=["POST"])]
        app = Starlette(
            routes=[
                *(events if self._is_slacks is not None else ()),
                Route("/healthz", self._healthz),
                Route("/readyz", self._readyz),
                *(metrics if self._metrics_page is not None else ()),
                *self._others,
            ],
        )
        app.router.redirect_slashes = False  # it would believe the request's Host
        return app

    async def _events(self, request: Request) -> Response:
        """Nothing reads the body before it is known to be Slack's."""
        try:
            body = await _body(request)
        except ClientDisconnect:
            if (more := self._repeats.unsaid("cut_off")) is not None:
                log.info("request.cut_off", extra={"more": more})
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        if self._is_slacks is None or not self._is_slacks(request.headers, body, _client(request)):
            return JSONResponse({"error": "invalid request"}, 401)
        try:
            answered = await self._slack.async_dispatch(to_async_bolt_request(request, body))
        except Exception as error:  # Bolt's own, of a body that it cannot read: ours are caught
            log.warning("request.unreadable", extra={"error": type(error).__name__})
            return Response(status_code=400)
        return to_starlette_response(answered)

    async def _healthz(self, _: Request) -> Response:
        return JSONResponse({"ok": True})

    async def _readyz(self, _: Request) -> Response:
        found = await self._readiness()
        content = {"ok": not found.faults, "faults": found.faults, "degraded": found.degraded}
        return JSONResponse(content, 503 if found.faults else 200)

    async def _metrics(self, request: Request) -> Response:
        assert self._metrics_page is not None  # noqa: S101
        if not _is_of_this_machine(request):
            return PlainTextResponse(ONLY_HERE, 403)
        return Response(await self._metrics_page(), media_type=CONTENT_TYPE_LATEST)


def metrics_alone(metrics: Callable[[], Awaitable[str]]) -> Starlette:
    """The metrics for a port of their own, for whoever reaches it."""

    async def page(_: Request) -> Response:
        return Response(await metrics(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/metrics", page)])


def _client(request: Request) -> str:
    client = request.client
    return client.host if client is not None else ""


def _is_of_this_machine(request: Request) -> bool:
    """Whether nobody else has asked: not through a proxy on this machine, and not a browser here
    that was led to another name."""
    if any(name in request.headers for name in FORWARDED):
        return False
    host = request.url.hostname if "host" in request.headers else None
    return _is_loopback(_client(request)) and (host == "localhost" or _is_loopback(host or ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


async def _body(request: Request) -> bytes | None:
    """The request's body, unless it is larger than anything that Slack sends."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body
