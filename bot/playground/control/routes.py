"""The playground for programs: what people see and what goes over the wire, as JSON; reset; faults.

To act as a person, a program sends what the page itself sends: `POST /as/{user}/act/{act}`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.playground.state import wire
from bot.playground.state.models import Exchange, Json, Message, User
from bot.playground.state.workspace import Workspace
from bot.playground.web_api import faults
from bot.playground.web_api.faults import Faults

Reset = Callable[[], Awaitable[None]]


def routes(
    workspace: Workspace, planned: Faults, methods: frozenset[str], reset: Reset
) -> list[BaseRoute]:
    """The routes; `methods` are those of which an answer can be made to fail."""
    control = Control(workspace, planned, methods, reset)
    return [
        Route("/people.json", control.people),
        Route("/channels.json", control.channels),
        Route("/as/{user}/views.json", control.views),
        Route("/as/{user}/{channel}/messages.json", control.messages),
        Route("/wire.json", control.wire),
        Route("/reset", control.reset, methods=["POST"]),
        Route("/faults", control.faults, methods=["GET"]),
        Route("/faults", control.plan, methods=["POST"]),
        Route("/faults", control.clear, methods=["DELETE"]),
    ]


class Control:
    """Answers programs; what they send has to be JSON, which no form of another site can send."""

    def __init__(
        self, workspace: Workspace, planned: Faults, methods: frozenset[str], reset: Reset
    ) -> None:
        self._workspace = workspace
        self._planned = planned
        self._methods = methods
        self._reset = reset

    async def people(self, _: Request) -> Response:
        """Everybody who can be acted as, as `users.info` tells them."""
        team, clock = self._workspace.team, self._workspace.clock
        people = [wire.user(person, team, clock) for person in self._workspace.people()]
        return JSONResponse({"people": people})

    async def channels(self, _: Request) -> Response:
        """Every conversation as `conversations.info` tells it, with its members."""
        return JSONResponse(
            {
                "channels": [
                    wire.channel(channel) | {"members": list(channel.members)}
                    for channel in self._workspace.channels.values()
                ]
            }
        )

    async def messages(self, request: Request) -> Response:
        """What a person sees in a conversation, oldest first."""
        user = self._user(request)
        channel = self._workspace.channels.get(request.path_params["channel"])
        if channel is None or user.id not in channel.members:
            raise HTTPException(404)
        said = self._workspace.messages(channel.id, user.id)
        return JSONResponse({"messages": [_message(message) for message in said]})

    async def views(self, request: Request) -> Response:
        """A person's open modals, the one on top last, and their Home; each with its state."""
        user = self._user(request)
        home = self._workspace.home(user.id)
        return JSONResponse(
            {
                "modals": [wire.view(view) for view in self._workspace.views(user.id)],
                "home": wire.view(home) if home else None,
            }
        )

    async def wire(self, request: Request) -> Response:
        """What went over the wire, oldest first; with `after`, since the exchange of that id."""
        after = request.query_params.get("after", "0")
        if not after.isdecimal():
            return _refused("after must be the id of an exchange.")
        return JSONResponse(
            {
                "exchanges": [
                    _exchange(exchange)
                    for exchange in self._workspace.exchanges
                    if exchange.id > int(after)
                ]
            }
        )

    async def reset(self, request: Request) -> Response:
        """Begins anew: nothing said, nothing open, nothing planned to fail."""
        await _json(request)
        await self._reset()
        return JSONResponse({"ok": True})

    async def faults(self, _: Request) -> Response:
        """What is still planned to go wrong."""
        return JSONResponse({"faults": self._planned.as_json()})

    async def plan(self, request: Request) -> Response:
        """Plans what goes wrong with the next answers of a method."""
        try:
            fault = faults.read(await _json(request), self._methods)
        except ValueError as error:
            return _refused(str(error))
        self._planned.plan(fault)
        return JSONResponse({"ok": True, "faults": self._planned.as_json()})

    async def clear(self, _: Request) -> Response:
        """Lets everything go right again."""
        self._planned.clear()
        return JSONResponse({"ok": True})

    def _user(self, request: Request) -> User:
        user = self._workspace.users.get(request.path_params["user"])
        if user is None or user.is_bot or user.deleted:
            raise HTTPException(404)
        return user


async def _json(request: Request) -> Any:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(415)
    try:
        return await request.json()
    except ValueError:
        raise HTTPException(400, "The body is not JSON.") from None


def _refused(sentence: str) -> Response:
    return JSONResponse({"ok": False, "error": f"That cannot be done: {sentence}"}, 400)


def _message(message: Message) -> Json:
    shown = wire.message(message, with_metadata=True)
    return shown | {"channel": message.channel, "only_visible_to": message.ephemeral_to}


def _exchange(exchange: Exchange) -> Json:
    return asdict(exchange) | {"at": exchange.at.isoformat()}
