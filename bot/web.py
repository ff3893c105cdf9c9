"""The routes: Slack's events, health, readiness and metrics."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from slack_bolt.adapter.starlette.async_handler import (
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes; Slack's own limit for a view is 250 kB."""


@dataclass(frozen=True)
class Readiness:
    """With `faults` no request should come here; `degraded` is what works only in part."""

    faults: Sequence[str]
    degraded: Sequence[str]


class Web:
    """The routes as an ASGI app; whoever serves it starts the application first."""

    def __init__(
        self,
        slack: AsyncApp,
        registry: CollectorRegistry,
        readiness: Callable[[], Awaitable[Readiness]],
    ) -> None:
        self._slack = slack
        self._registry = registry
        self._readiness = readiness

    def asgi(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/slack/events", self._events, methods=["POST"]),
                Route("/healthz", self._healthz),
                Route("/readyz", self._readyz),
                Route("/metrics", self._metrics),
            ],
        )

    async def _events(self, request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            answered = await self._slack.async_dispatch(to_async_bolt_request(request, body))
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            log.warning("request.unreadable", extra={"error": type(error).__name__})
            return Response(status_code=400)
        if answered.status == 401:
            log.warning("signature.refused")
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
