"""Records what the app asks of the workspace, for the inspector."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.playground.state.models import Exchange
from bot.playground.state.workspace import Workspace

SECRETS = frozenset({"authorization", "cookie", "token"})


def recorded(
    workspace: Workspace,
    request: Request,
    kind: str,
    asked: Any,
    response: Response,
    answered: Any,
    started: float,
    error: str | None,
) -> None:
    """Shows a request of the app and its answer; `started` is of `time.perf_counter`."""
    workspace.record(
        Exchange(
            id=workspace.next_exchange_id(),
            at=workspace.clock.now(),
            direction="from_app",
            kind=kind,
            method=request.method,
            url=request.url.path,
            request_headers=without_secrets(dict(request.headers)),
            request_body=without_secrets(asked),
            status=response.status_code,
            response_body=answered,
            ms=(time.perf_counter() - started) * 1000,
            error=error,
        )
    )


def without_secrets(fields: Any) -> Any:
    if not isinstance(fields, dict):
        return fields
    return {key: value for key, value in fields.items() if key.lower() not in SECRETS}
