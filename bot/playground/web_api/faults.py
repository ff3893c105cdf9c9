"""Answers that go wrong on purpose, so that an app's handling of them can be tried."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.playground.state.models import Json

How = Literal["429", "500", "lost", "late"]
LONGEST = 600
"""Seconds for which an answer may be late, or an app told to wait."""

MOST_TIMES = 1000
HANG_UP = "playground.hang_up"
"""The key in a request's scope of what ends its connection without an answer."""


@dataclass(frozen=True)
class Fault:
    """What happens to the next answers of a method.

    `429` and `500` refuse it and nothing is done; `lost` does it and hangs up; `late` does it and
    answers after `seconds`, which a `429` gives as its Retry-After.
    """

    method: str
    how: How
    seconds: int = 1
    times: int = 1

    def told_with(self, error: str | None) -> str:
        """What the inspector says of it, and of what was wrong with the request itself."""
        told = {
            "429": f"refused, with Retry-After: {self.seconds}",
            "500": "refused",
            "lost": "done, and its answer lost",
            "late": f"done, and answered {self.seconds} s late",
        }
        return "; ".join(filter(None, (f"on purpose: {told[self.how]}", error)))

    def refusal(self) -> Response | None:
        """The answer in place of doing anything; None where it is done all the same."""
        match self.how:
            case "429":
                headers = {"Retry-After": str(self.seconds)}
                return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)
            case "500":
                return PlainTextResponse("Internal Server Error", 500)
            case _:
                return None

    async def before_answering(self, request: Request) -> None:
        """Waits or hangs up, once everything is done."""
        if self.how == "late":
            await asyncio.sleep(self.seconds)
        elif self.how == "lost":
            request.scope[HANG_UP]()
            await asyncio.sleep(0)


class Faults:
    """What is planned to go wrong, each for the next answers of a method."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        self._planned.append(fault)

    def take(self, method: str) -> Fault | None:
        """What goes wrong with this answer: the first that was planned for the method."""
        for index, fault in enumerate(self._planned):
            if fault.method == method:
                left = replace(fault, times=fault.times - 1)
                self._planned[index : index + 1] = [left] if left.times else []
                return fault
        return None

    def clear(self) -> None:
        self._planned.clear()

    def as_json(self) -> list[Json]:
        return [asdict(fault) for fault in self._planned]


def read(body: Any, methods: frozenset[str]) -> Fault:
    """A fault as somebody plans it. Raises ValueError with a sentence where it is not one."""
    if not isinstance(body, dict):
        raise ValueError("a fault is an object with method and how.")
    unknown = sorted(body.keys() - {"method", "how", "seconds", "times"})
    if unknown:
        raise ValueError(f"a fault has no {unknown[0]}: method, how, seconds and times are known.")
    if body.get("method") not in methods:
        raise ValueError(f"method must be one of {', '.join(sorted(methods))}.")
    if body.get("how") not in get_args(How):
        raise ValueError(f"how must be one of {', '.join(get_args(How))}.")
    return Fault(
        body["method"],
        body["how"],
        _count(body, "seconds", LONGEST),
        _count(body, "times", MOST_TIMES),
    )


def _count(body: Json, key: str, most: int) -> int:
    value = body.get(key, 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ValueError(f"{key} must be a whole number from 1 to {most}.")
    return value


class HangUps:
    """Puts into each request's scope what ends its connection.

    ASGI has no word for it, so this reaches for the transport behind uvicorn's own `send`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, HANG_UP: _closing(send)}
        await self._app(scope, receive, send)


def _closing(send: Send) -> Callable[[], None]:
    def close() -> None:
        send.__self__.transport.close()  # type: ignore[attr-defined]

    return close
