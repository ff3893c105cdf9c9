"""Tells the app of events that it has subscribed to; nobody waits for it."""

import asyncio
from typing import Any

from bot.playground.link import payloads
from bot.playground.link.link import TIMED_OUT, Link, Outgoing
from bot.playground.state.manifest import App
from bot.playground.state.models import BOT_USER, Json, Message, User
from bot.playground.state.workspace import Workspace

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds before each further attempt to deliver an event."""

MESSAGE_EVENTS = {"channel": "message.channels", "private": "message.groups", "im": "message.im"}


class Events:
    """Delivers events one by one in the background, each up to four times."""

    def __init__(self, workspace: Workspace, app: App, link: Link) -> None:
        self._workspace = workspace
        self._app = app
        self._link = link
        self._tasks: set[asyncio.Task[Any]] = set()

    def message(self, message: Message) -> None:
        """A person has posted a message."""
        channel = self._workspace.channels[message.channel]
        if BOT_USER not in channel.members:
            return
        inner = payloads.message_event(message, self._workspace.users[message.user], channel)
        if MESSAGE_EVENTS[channel.kind] in self._app.events:
            self._publish(inner, is_shared=channel.is_shared)
        if f"<@{BOT_USER}>" in message.text and "app_mention" in self._app.events:
            mention = {key: inner[key] for key in inner if key != "channel_type"}
            self._publish({**mention, "type": "app_mention"}, is_shared=channel.is_shared)

    def home_opened(self, user: User) -> None:
        """A person has opened the app's Home tab."""
        if self._app.has_home and "app_home_opened" in self._app.events:
            channel = self._workspace.direct_message(user.id)
            at = f"{self._workspace.clock.now().timestamp():.6f}"
            home = self._workspace.home(user.id)
            self._publish(payloads.home_opened(user, channel, home, at))

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _publish(self, inner: Json, *, is_shared: bool = False) -> None:
        team, clock = self._workspace.team, self._workspace.clock
        payload = payloads.event(inner, team, clock, is_shared=is_shared)
        task = asyncio.create_task(self._deliver(inner["type"], payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, name: str, payload: Json) -> None:
        answer = await self._link.send(Outgoing("events_api", name, payload))
        for retry, wait in enumerate(RETRY_AFTER, 1):
            if answer.ok:
                return
            await asyncio.sleep(wait)
            reason = "http_timeout" if answer.error == TIMED_OUT else "http_error"
            answer = await self._link.send(Outgoing("events_api", name, payload, retry, reason))
