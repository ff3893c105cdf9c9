"""The routes: Slack's events, health, readiness and metrics."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from slack_bolt.adapter.starlette.async_handler import (
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.logs import Repeats

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes; Slack's own limit for a view is 250 kB."""


@dataclass(frozen=True)
class Readiness:
    """With `faults` no request should come here; `degraded` is what works only in part."""

    faults: Sequence[str]
    degraded: Sequence[str]


class Web:
    """The routes as an ASGI app; whoever serves it starts the application first.

    `is_slacks` says of headers and body whether they are Slack's. Where it is None, as in Socket
    Mode, no request of Slack's is taken here.
    """

    def __init__(
        self,
        slack: AsyncApp,
        is_slacks: Callable[[Mapping[str, str], bytes], bool] | None,
        registry: CollectorRegistry,
        readiness: Callable[[], Awaitable[Readiness]],
    ) -> None:
        self._slack = slack
        self._is_slacks = is_slacks
        self._registry = registry
        self._readiness = readiness
        self._repeats = Repeats()

    def asgi(self) -> Starlette:
        events = [Route("/slack/events", self._events, methods=["POST"])]
        return Starlette(
            routes=[
                *(events if self._is_slacks is not None else ()),
                Route("/healthz", self._healthz),
                Route("/readyz", self._readyz),
                Route("/metrics", self._metrics),
            ],
        )

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
        if self._is_slacks is None or not self._is_slacks(request.headers, body):
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

    async def _metrics(self, _: Request) -> Response:
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


async def _body(request: Request) -> bytes | None:
    """The request's body, unless it is larger than anything that Slack sends."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body
