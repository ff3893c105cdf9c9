"""Panelist running over real HTTP, with the people who use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.app import Application
from bot.clock import SystemClock
from bot.config import load_settings
from bot.domain.dates import NO_BREAK
from bot.library.content import LoadedContent, load_content
from bot.services.ports import Clock
from bot.wiring import wire
from tests.support.server import serving
from tests.support.slack import StandIn
from tests.support.wire import (
    CHANNEL,
    PERSON,
    SECRET,
    Json,
    Reply,
    Wire,
    press_payload,
    submission_payload,
    web_client,
)


@dataclass
class Panelist:
    """The running application, Slack's stand-in, and what people do."""

    application: Application
    slack: StandIn
    wire: Wire

    async def types(self, line: str, **changes: str) -> tuple[Reply, str]:
        """A person types a command; gives the reply and the command's response url."""
        url = self.slack.response_url()
        return await self.wire.command(line, url, **changes), url

    async def reply(self, line: str, **changes: str) -> Json:
        reply, _ = await self.types(line, **changes)
        assert reply.status == 200
        return reply.json

    async def presses(self, element: Json, user: str = PERSON, channel: str = CHANNEL) -> str:
        """A person presses a button of a message; gives the press's response url."""
        url = self.slack.response_url()
        payload = press_payload(element, url, user=user, channel=channel)
        reply = await self.wire.payload(payload)
        assert (reply.status, reply.text) == (200, "")
        return url

    async def chooses_in(self, view: Json, element: Json) -> None:
        reply = await self.wire.payload(press_payload(element, None, view=view))
        assert (reply.status, reply.text) == (200, "")

    async def submits(self, view: Json, values: Json, user: str = PERSON) -> Reply:
        return await self.wire.payload(submission_payload(view, values, user=user))


@cache
def built_in_content() -> LoadedContent:
    """Read once for all tests, since it never changes."""
    return load_content()


@asynccontextmanager
async def running(
    slack: StandIn, database_url: str, *, clock: Clock | None = None, **settings: Any
) -> AsyncIterator[Panelist]:
    """Panelist started with the Contract's settings alone."""
    given = {"slack_bot_token": "xoxb-a-token", "slack_signing_secret": SECRET} | settings
    loaded = load_settings(
        _env_file=None, slack_api_url=slack.api_url, database_url=database_url, **given
    )
    company = loaded.panelist_content
    content = load_content(company) if company else built_in_content()
    application = wire(loaded, content, clock or SystemClock())
    try:
        await application.start()
        async with serving(application.asgi()) as url, web_client() as web:
            yield Panelist(application, slack, Wire(web, url))
    finally:
        await application.stop()


def elements(message: Json, kind: str = "") -> list[Json]:
    """The interactive elements of a message or view, in order."""
    found = []
    for block in message["blocks"]:
        inside = [*block.get("elements", []), block.get("element"), block.get("accessory")]
        found += [
            item | {"block_id": block.get("block_id", "b1")}
            for item in inside
            if isinstance(item, dict) and "action_id" in item and kind in ("", item["type"])
        ]
    return found


def button(message: Json, label: str) -> Json:
    """The button with this label."""
    return next(item for item in elements(message, "button") if item["text"]["text"] == label)


def choice(message: Json, label: str) -> Json:
    """A menu or select of the message with this option chosen."""
    for item in elements(message):
        groups = item.get("option_groups", [])
        options = [*item.get("options", []), *(o for group in groups for o in group["options"])]
        for option in options:
            if option["text"]["text"] == label:
                return item | {"selected_option": option}
    raise LookupError(label)


def text_of(message: Json) -> str:
    """Everything that a person reads in a message or view, where a space is a space."""
    parts: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key in (
                "text",
                "label",
                "title",
                "placeholder",
                "hint",
                "elements",
                "element",
                "accessory",
                "fields",
                "blocks",
                "description",
                "options",
                "option_groups",
            ):
                walk(value.get(key))
        elif isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, str):
            parts.append(value)

    walk(message.get("blocks") or message)
    return "\n".join(parts).replace(NO_BREAK, " ")
