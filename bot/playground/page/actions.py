"""What a person does on the page, handed on to the workspace and the app."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.playground.link.delivery import Delivery
from bot.playground.state import clock
from bot.playground.state.elements import interactive
from bot.playground.state.models import Blocks, Channel, Json, Message, Result, User, View
from bot.playground.state.workspace import Workspace

Act = Callable[[User, Json], Awaitable[Result]]


class Acts:
    """Every act by its name in the address.

    What the browser sends is a claim: an act raises LookupError, TypeError or ValueError, in words
    for the person, where it does not fit what they can see.
    """

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self.by_name: dict[str, Act] = {
            "say": self.say,
            "press": self.press,
            "submit": self.submit,
            "close": self.close,
            "suggest": self.suggest,
            "open_home": self.open_home,
            "dismiss": self.dismiss,
            "clock": self.clock,
        }

    async def say(self, user: User, body: Json) -> Result:
        """A line from the composer: a command, or a message."""
        channel, text = self._channel(user, body).id, str(body["text"]).strip()
        if text.startswith("/"):
            return await self._delivery.command(user.id, channel, text)
        return await self._delivery.message(user.id, channel, text)

    async def press(self, user: User, body: Json) -> Result:
        """A press on an element, or a change of what it holds."""
        container = self._container(user, body)
        block, action = str(body["block"]), str(body["action"])
        values = _values(user, container.blocks, body.get("values") or {})
        value = values.get(block, {}).get(action, body.get("value"))
        return await self._delivery.press(user.id, container, block, action, value, values)

    async def submit(self, user: User, body: Json) -> Result:
        view = self._view(user, body)
        values = _values(user, view.blocks, body["values"])
        return await self._delivery.submit(user.id, view.id, values)

    async def close(self, user: User, body: Json) -> Result:
        view = self._view(user, body)
        everything = bool(body.get("everything"))
        return await self._delivery.close(user.id, view.id, everything=everything)

    async def suggest(self, user: User, body: Json) -> Result:
        container = self._container(user, body)
        block, action = str(body["block"]), str(body["action"])
        return await self._delivery.suggest(user.id, container, block, action, str(body["typed"]))

    async def open_home(self, user: User, _: Json) -> Result:
        return await self._delivery.open_home(user.id)

    async def dismiss(self, user: User, body: Json) -> Result:
        """Takes away a message that only this person sees."""
        message = self._container(user, body)
        if isinstance(message, Message) and message.ephemeral_to == user.id:
            self._workspace.remove_message(message)
        return Result(True)

    async def clock(self, user: User, body: Json) -> Result:
        """Moves the time, for everybody."""
        clock.move(self._workspace.clock, str(body["to"]), ZoneInfo(user.tz))
        return Result(True)

    def _container(self, user: User, body: Json) -> Message | View:
        where = body["container"]
        if "view" in where:
            return self._view(user, body)
        shown = self._workspace.messages(self._channel(user, where).id, user.id)
        message = next((message for message in shown if message.ts == where["ts"]), None)
        if message is None:
            raise LookupError("this message is gone.")
        return message

    def _channel(self, user: User, body: Json) -> Channel:
        channel = self._workspace.channels.get(body["channel"])
        if channel is None or user.id not in channel.members:
            raise LookupError("you are not in this conversation.")
        return channel

    def _view(self, user: User, body: Json) -> View:
        view = self._workspace.view(body["container"]["view"])
        if view is None or view.user != user.id:
            raise LookupError("this view is closed.")
        return view


def _values(user: User, blocks: Blocks, values: Json) -> Json:
    """What the page says a form holds, with moments as Slack writes them."""
    kinds = {
        (block["block_id"], element["action_id"]): element["type"]
        for block, element in interactive(blocks)
        if "action_id" in element
    }
    return {
        block: {
            action: _moment(user, raw) if kinds[block, action] == "datetimepicker" else raw
            for action, raw in dict(actions).items()
            if (block, action) in kinds
        }
        for block, actions in dict(values).items()
    }


def _moment(user: User, local: Any) -> int | None:
    if not local:
        return None
    return int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(user.tz)).timestamp())
