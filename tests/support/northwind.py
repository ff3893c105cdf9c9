"""Northwind Labs: Panelist, unchanged, in the playground's workspace, with people who use it.

What people do goes through the playground, so each form is filled in as it is really shown, and
everything that Panelist sends is held against Slack's limits.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.app import Application
from bot.config import load_settings
from bot.domain.messages import MessageState
from bot.library.content import load_content
from bot.playground.state.models import Json, Message, Result, View
from bot.storage.outbox import outbox
from bot.wiring import wire
from handlers.ids import CommandName
from handlers.manifest import manifest
from tests.support.clock import ManualClock
from tests.support.panelist import built_in_content, text_of
from tests.support.playground import BOT_TOKEN, HIRING, SECRET, Scene, scene
from tests.support.ports import free_port
from tests.support.server import serving
from tests.support.waiting import A_MINUTE, unhurried

RILEY, MORGAN, ALEX, SAM = "U0RECRUIT", "U0MANAGER", "U0ALEX", "U0SAM"
PRIYA, ANA, GUS = "U0PRIYA", "U0ADMIN", "U0GUEST"
SKY, SHARED = "U0PARTNER", "C0SHARED"
PUT_OFF = timedelta(seconds=2)
"""A little more than the outbox leaves between two messages to one person."""


@dataclass
class Northwind:
    """The workspace and the bot in it."""

    scene: Scene
    application: Application
    clock: ManualClock

    def person(self, user: str) -> "Person":
        return Person(self, user)

    async def settles(self) -> None:
        """Everything that is due has been sent, and everything begun is done."""
        await self.application.edge.drain(A_MINUTE)
        async with asyncio.timeout(A_MINUTE):
            while await self._busy():
                await self.application.outbox.tick()
                await asyncio.sleep(0.01)
                self.clock.moves(seconds=0.5)

    async def _busy(self) -> bool:
        """Whether a message is due, put off for a moment, or on its way."""
        soon = self.clock.now() + PUT_OFF
        due = (outbox.c.state == MessageState.DUE) & (outbox.c.due_at <= soon)
        query = select(outbox.c.key).where(due | (outbox.c.state == MessageState.SENDING)).limit(1)
        async with self.application.database.read() as tx:
            return (await tx.connection.execute(query)).first() is not None


@dataclass
class Person:
    """What one person sees and does."""

    house: Northwind
    user: str

    async def types(self, line: str, channel: str = HIRING) -> str:
        """A command; gives what the newest message in the channel says to this person."""
        result = await self.house.scene.delivery.command(self.user, channel, line)
        await self.house.settles()
        assert result.ok, result.error
        return shown(self.newest(channel)) if self.said(channel) else ""

    def said(self, channel: str = HIRING) -> list[Message]:
        return self.house.scene.said(channel, self.user)

    def newest(self, channel: str = HIRING) -> Message:
        return self.said(channel)[-1]

    def dms(self) -> list[Message]:
        """What Panelist has said to this person in their DM, whatever only they see left out."""
        channel = self.house.scene.workspace.direct_message(self.user)
        return [message for message in self.said(channel.id) if message.ephemeral_to is None]

    def whispers(self) -> list[Message]:
        """What only this person sees in their DM."""
        channel = self.house.scene.workspace.direct_message(self.user)
        return [message for message in self.said(channel.id) if message.ephemeral_to]

    @property
    def modals(self) -> list[View]:
        return self.house.scene.workspace.views(self.user)

    @property
    def modal(self) -> View:
        """The one on top."""
        return self.modals[-1]

    def kits(self) -> list[Message]:
        """Their interview kits, whatever has become of each."""
        return [message for message in self.dms() if key_of(message).startswith("kit:")]

    async def presses(self, where: Message | View, label: str, number: int = 0) -> Result:
        """Presses the button of this label; the first of several unless told otherwise."""
        found = [
            (block, element)
            for block in where.blocks
            for element in (*block.get("elements", ()), block.get("accessory"))
            if element and element["type"] == "button" and element["text"]["text"] == label
        ]
        assert found, f"There is no button {label!r}: {shown(where)}"
        block, element = found[number]
        result = await self.house.scene.delivery.press(
            self.user, where, block["block_id"], element["action_id"]
        )
        await self.house.settles()
        return result

    async def chooses(self, where: Message | View, choice: str, number: int = 0) -> None:
        """Chooses from a menu or select by an option's label; `number` is that of the menu."""
        found = []
        for block in where.blocks:
            inside = (block.get("accessory"), block.get("element"), *block.get("elements", ()))
            for element in inside:
                groups = (element or {}).get("option_groups", ())
                options = [
                    *(element or {}).get("options", ()),
                    *(o for g in groups for o in g["options"]),
                ]
                found += [
                    (block, element, option["value"])
                    for option in options
                    if option["text"]["text"] == choice
                ]
        assert found, f"There is no choice {choice!r}"
        block, element, value = found[number]
        await self.house.scene.delivery.press(
            self.user, where, block["block_id"], element["action_id"], value
        )
        await self.house.settles()

    async def opens_panel(self, number: int = 0) -> None:
        """Chooses one of the panels that the newest message lists."""
        message = self.newest()
        block = next(block for block in message.blocks if block["type"] == "actions")
        (menu,) = block["elements"]
        value = menu["options"][number]["value"]
        await self.house.scene.delivery.press(
            self.user, message, block["block_id"], menu["action_id"], value
        )
        await self.house.settles()

    async def fills(self, label: str, value: Any, **others: Any) -> None:
        """Fills in one field that tells the app at once, after these others."""
        block, element = field_of(self.modal, label)
        before = raw_values(self.modal, {name.replace("_", " "): others[name] for name in others})
        await self.house.scene.delivery.press(
            self.user, self.modal, block["block_id"], element["action_id"], value, before
        )
        await self.house.settles()

    async def submits(self, **values: Any) -> Result:
        """Submits the modal on top with these values, by the labels' words joined by `_`."""
        by_label = {label.replace("_", " "): value for label, value in values.items()}
        return await self._submits(raw_values(self.modal, by_label))

    async def answers(self, choice: str, **values: Any) -> Result:
        """Submits it with this choice among its radio buttons, and these values."""
        (block,) = [b for b in self.modal.blocks if is_radio(b)]
        element = block["element"]
        (value,) = [o["value"] for o in element["options"] if o["text"]["text"] == choice]
        by_label = {label.replace("_", " "): value for label, value in values.items()}
        chosen = {block["block_id"]: {element["action_id"]: value}}
        return await self._submits(raw_values(self.modal, by_label) | chosen)

    async def _submits(self, values: dict[str, dict[str, Any]]) -> Result:
        result = await self.house.scene.delivery.submit(self.user, self.modal.id, values)
        await self.house.settles()
        return result

    async def closes(self) -> None:
        await self.house.scene.delivery.close(self.user, self.modal.id)
        await self.house.settles()


def key_of(message: Message) -> str:
    """The outbox's key of a message; empty where it came otherwise."""
    return str(((message.metadata or {}).get("event_payload") or {}).get("key") or "")


def is_radio(block: Json) -> bool:
    return block["type"] == "input" and block["element"]["type"] == "radio_buttons"


def asked(view: View) -> str | None:
    """What the radio buttons of the modal ask, with their choices; None where it has none."""
    for block in filter(is_radio, view.blocks):
        choices = " / ".join(option["text"]["text"] for option in block["element"]["options"])
        return f"{block['label']['text']} {choices}"
    return None


def field_of(view: View, label: str) -> tuple[Json, Json]:
    for block in view.blocks:
        if block["type"] == "input" and block["label"]["text"].lower() == label.lower():
            return block, block["element"]
    raise LookupError(label)


def raw_values(view: View, by_label: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for label, value in by_label.items():
        block, element = field_of(view, label)
        values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def shown(where: Message | View) -> str:
    """Everything that a person reads there, people by id and times by second."""
    return text_of({"blocks": where.blocks, "text": getattr(where, "text", "")})


def mentioned(where: Message | View) -> list[str]:
    """The ids of people in the order in which they are mentioned."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") == "user":
                found.append(value["user_id"])
            if value.get("type") == "mrkdwn":
                found.extend(re.findall(r"<@(\w+)>", value["text"]))
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(where.blocks)
    return found


@asynccontextmanager
async def northwind(
    folder: Path,
    database_url: str,
    clock: ManualClock | None = None,
    content: Path | None = None,
    **given: Any,
) -> AsyncIterator[Northwind]:
    """The workspace, served, with Panelist answering in it over HTTP; `given` are settings."""
    clock = clock or ManualClock()
    port = free_port()
    bot = f"http://127.0.0.1:{port}"
    described = manifest(CommandName, "", bot)
    with unhurried():
        async with (
            scene(
                folder, request_url=f"{bot}/slack/events", manifest=described, clock=clock
            ) as here,
            panelist_in(here, port, database_url, clock, content, **given) as application,
        ):
            yield Northwind(here, application, clock)


@asynccontextmanager
async def panelist_in(
    here: Scene,
    port: int,
    database_url: str,
    clock: ManualClock,
    content: Path | None = None,
    **given: Any,
) -> AsyncIterator[Application]:
    """Panelist running for a workspace, until it is stopped; `content` is a company's folder."""
    settings = load_settings(
        _env_file=None,
        slack_bot_token=BOT_TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=f"{here.address}/api/",
        database_url=database_url,
        **given,
    )
    loaded = load_content(content) if content else built_in_content()
    application = wire(settings, loaded, clock)
    await application.start()
    try:
        async with serving(application.asgi(), port):
            await here.until(lambda: here.workspace.app_status.up)
            yield application
    finally:
        await application.stop()
