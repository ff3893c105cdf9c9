"""Slack, for each workspace that the app is installed in."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.installations import Installations
from handlers.payloads import OpenView, Press
from handlers.redraws import Redraws
from handlers.slack_api import Json, Retries, SlackApi, answer
from handlers.slack_errors import DEAD_TOKEN, PerhapsShown, SlackAway, SlackRefused

SHOWN_WITHIN = 5.0
"""Seconds that a view may take to be shown: its trigger dies after three."""

Call = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]


class Slack:
    """Every call names the workspace that it is for: `slack.of(workspace)`.

    `dead_tokens` are the workspaces whose token Slack no longer accepts, `redraws` keeps open forms
    from being shown anew over what a refusal says.
    """

    def __init__(self, api: SlackApi, installations: Installations) -> None:
        self._api = api
        self._installations = installations
        self.dead_tokens: set[str] = set()
        self.redraws = Redraws()

    def of(self, workspace: str) -> "WorkspaceSlack":
        return WorkspaceSlack(self, workspace)

    async def call(self, workspace: str, call: Call, retries: Retries) -> Json:
        """Raises SlackAway or SlackRefused; NotInstalled where there is no token for it."""
        installation = await self._installations.to_send(workspace)
        try:
            answered = await answer(call(self._api.client(installation.token, retries)))
        except SlackRefused as refused:
            if refused.error in DEAD_TOKEN:
                self.dead_tokens.add(workspace)
            raise
        self.dead_tokens.discard(workspace)
        return answered

    async def respond(self, url: str, message: Json) -> None:
        await self._api.respond(url, message)

    async def send_file(self, url: str, content: bytes) -> None:
        await self._api.send_file(url, content)


class WorkspaceSlack:
    """Slack of one workspace. Each method raises SlackAway or SlackRefused."""

    def __init__(self, slack: Slack, workspace: str) -> None:
        self._slack = slack
        self._workspace = workspace

    async def once(self, call: Call) -> Json:
        """A call that is not repeated, whatever becomes of it."""
        return await self._slack.call(self._workspace, call, Retries.NEVER)

    async def respond(self, url: str, message: Json) -> None:
        """Answers a command or a press through its response url.

        Raises SlackRefused where the url is no longer good, SlackAway where Slack did not answer.
        """
        await self._slack.respond(url, message)

    async def open_view(self, trigger_id: str, view: Json) -> None:
        """Raises PerhapsShown where there is no answer in time."""
        await self._show(lambda client: client.views_open(trigger_id=trigger_id, view=dict(view)))

    async def publish_view(self, user: str, view: Json) -> None:
        """Shows somebody their home."""
        await self._ask(lambda client: client.views_publish(user_id=user, view=dict(view)))

    async def push_view(self, trigger_id: str, view: Json) -> None:
        """Raises PerhapsShown where there is no answer in time."""
        await self._show(lambda client: client.views_push(trigger_id=trigger_id, view=dict(view)))

    async def update_view(self, view_id: str, hash: str | None, view: Json) -> str | None:
        """Replaces a view, and gives the new one's hash; None where the view has changed since
        `hash`: then the newer one stays."""
        try:
            answered = await self._ask(
                lambda client: client.views_update(view_id=view_id, hash=hash, view=dict(view))
            )
        except SlackRefused as refusal:
            if refusal.error != "hash_conflict":
                raise
            return None
        return str(answered["view"].get("hash", ""))

    async def redraw(self, view: OpenView, hash: str | None, changed: Json) -> str | None:
        """The same of a form in which somebody entered something; None too where a submission of it
        has been refused since: then it stays, with what that says at its fields."""
        return await self._slack.redraws.draw(
            view.id, view.refusals, lambda: self.update_view(view.id, hash, changed)
        )

    async def show_instead(self, press: Press, view: Json) -> None:
        """Shows a view in the place of the modal that was pressed in, where it was one."""
        if press.modal is not None:
            await self.update_view(press.modal.id, press.modal.hash, view)
        else:
            await self.open_view(press.trigger_id, view)

    async def post(self, channel: str, text: str, blocks: Sequence[dict[str, Any]]) -> str:
        """Posts to a conversation; returns the message's ts."""
        answered = await self._post(
            lambda client: client.chat_postMessage(channel=channel, text=text, blocks=list(blocks))
        )
        return str(answered["ts"])

    async def replace(
        self, channel: str, ts: str, text: str, blocks: Sequence[dict[str, Any]]
    ) -> None:
        """Puts something else in the place of a message of ours."""
        await self._ask(
            lambda client: client.chat_update(
                channel=channel, ts=ts, text=text, blocks=list(blocks)
            )
        )

    async def upload(self, channel: str, name: str, content: str) -> str:
        """Puts a text file into a conversation; gives its id."""
        data = content.encode()
        told = await self._ask(
            lambda client: client.files_getUploadURLExternal(filename=name, length=len(data))
        )
        await self._slack.send_file(str(told["upload_url"]), data)
        file = {"id": told["file_id"], "title": name}
        await self._post(
            lambda client: client.files_completeUploadExternal(files=[file], channel_id=channel)
        )
        return str(told["file_id"])

    async def user(self, user: str) -> Json:
        """What users.info says of a person."""
        answered = await self._ask(lambda client: client.users_info(user=user))
        person: Json = answered["user"]
        return person

    async def conversation(self, channel: str) -> Json:
        """What conversations.info says of a channel."""
        answered = await self._ask(lambda client: client.conversations_info(channel=channel))
        conversation: Json = answered["channel"]
        return conversation

    async def _show(self, call: Call) -> None:
        """Once: a trigger is good for one view, and dead by the time of a second attempt."""
        try:
            async with asyncio.timeout(SHOWN_WITHIN):
                await self.once(call)
        except (TimeoutError, SlackAway) as error:
            raise PerhapsShown from error

    async def _ask(self, call: Call) -> Json:
        return await self._slack.call(self._workspace, call, Retries.REPEATABLE)

    async def _post(self, call: Call) -> Json:
        return await self._slack.call(self._workspace, call, Retries.UNLESS_POSTED)
