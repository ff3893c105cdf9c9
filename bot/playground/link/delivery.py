"""Tells the app what a person does, and does what its answer says."""

import uuid
from collections.abc import Mapping
from typing import Any

from bot.playground.link import payloads, response_urls
from bot.playground.link.acks import Acks
from bot.playground.link.composed import composed
from bot.playground.link.events import Events
from bot.playground.link.link import TIMED_OUT, Answer, Link, Outgoing
from bot.playground.link.typed import as_sent
from bot.playground.state.elements import (
    KEYS,
    chosen,
    complaints,
    find,
    initial_values,
    interactive,
    merged,
    options,
)
from bot.playground.state.manifest import App
from bot.playground.state.models import (
    BOT_USER,
    SLACKBOT,
    Channel,
    Json,
    Message,
    ResponseUrl,
    Result,
    Trigger,
    View,
)
from bot.playground.state.workspace import Workspace

Raw = Mapping[str, Mapping[str, Any]]
"""What a form holds, by block id and action id, each as `elements.chosen` takes it: text as
typed, options by value, several as a list, people and dates as Slack writes them."""

TROUBLE = "We had some trouble connecting. Try again?"
GONE = "This is no longer here."
NO_OPTIONS = "We had some trouble loading the options. Try again?"
NOT_INTERACTIVE = "This app is not configured to handle interactive responses."
SLOW = "Operation timed out. Apps need to respond within 3 seconds."


class Delivery:
    """What a person can do in the workspace. Every act returns how it ended, as Slack shows it.

    `address` is where the playground itself is reached, such as http://127.0.0.1:3000.
    """

    def __init__(self, workspace: Workspace, app: App, link: Link, address: str) -> None:
        self._workspace = workspace
        self._app = app
        self._link = link
        self._address = address
        self._acks = Acks(workspace)
        self._events = Events(workspace, app, link)
        self._offered: dict[tuple[str, str, str, str], list[Json]] = {}

    async def start(self) -> None:
        await self._link.start()

    async def stop(self) -> None:
        """Lets go of the app; what has not been delivered by now is not delivered."""
        await self._events.stop()
        await self._link.stop()

    async def command(self, user: str, channel: str, line: str) -> Result:
        """A slash command, as typed. People of other workspaces have none of the app's."""
        name, _, text = line.strip().partition(" ")
        where = self._workspace.channels[channel]
        if name not in self._app.commands or self._workspace.users[user].is_external:
            return self._slackbot_command(user, where, name, text)
        shown = self._as_sent(text.strip(), named=True)
        payload = payloads.command(
            name,
            shown if self._app.commands[name] else text.strip(),
            self._workspace.users[user],
            where,
            self._workspace.team,
            self._workspace.issue_trigger(user, channel),
            self._url(self._workspace.issue_response_url(user, channel)),
        )
        answer = await self._link.send(Outgoing("slash_commands", name, payload))
        if answer.error:
            return self._failed(user, channel, name, answer.error)
        error = self._acks.command(answer, user, channel, f"{name} {shown}".strip())
        return self._failed(user, channel, name, error) if error else Result(True)

    async def press(
        self,
        user: str,
        container: Message | View,
        block_id: str,
        action_id: str,
        value: Any = None,
        values: Raw | None = None,
    ) -> Result:
        """A press on an element of a message, modal or Home; `value` is what was chosen there,
        `values` what else the form holds.

        Raises ValueError where the element does not offer what was chosen.
        """
        element = find(container.blocks, block_id, action_id)
        if element is None:
            return Result(False, GONE)
        if not self._app.interactive:
            return Result(False, NOT_INTERACTIVE)
        at = self._workspace.next_ts()
        picked = self._picked(user, container, block_id, element, value)
        states = self._states(user, container, values or {})
        if element["type"] in KEYS:
            states.setdefault(block_id, {})[action_id] = {"type": element["type"], **picked}
        if isinstance(container, View):
            kept = self._keep(user, container, states)
            if kept is None:
                return Result(False, GONE)
            container = kept
        if not _sends_actions(container, block_id):
            return Result(True)
        payload = self._press_payload(user, container, states)
        payload["actions"] = [payloads.action(element, block_id, picked, at)]
        answer = await self._send("block_actions", payload)
        if answer.ok:
            return Result(True)
        return Result(False, TROUBLE if isinstance(container, View) else _press_error(answer))

    async def submit(self, user: str, view_id: str, values: Raw) -> Result:
        """A modal's submit button; `errors` of the result are keyed by block id."""
        view = self._workspace.view(view_id)
        if view is not None:
            view = self._keep(user, view, self._states(user, view, values))
        if view is None or view.kind == "home":
            return Result(False, GONE)
        if not self._app.interactive:
            return Result(False, NOT_INTERACTIVE)
        errors = complaints(view)
        if errors:
            return Result(False, errors=errors)
        trigger = self._workspace.issue_trigger(user, view.channel, view_id)
        person, team = self._workspace.users[user], self._workspace.team
        payload = payloads.submission(view, person, team, trigger, self._submission_urls(view))
        answer = await self._send("view_submission", payload)
        if answer.error:
            return Result(False, TROUBLE)
        result = self._acks.submission(answer, view)
        return result or Result(False, TROUBLE)

    async def close(self, user: str, view_id: str, *, everything: bool = False) -> Result:
        """A modal's cancel button, or with `everything` its cross, which closes the whole stack."""
        view = self._workspace.view(view_id)
        if view is None or view.user != user or view.kind == "home":
            return Result(False, GONE)
        cleared = everything or bool(view.payload.get("clear_on_close"))
        closed = self._workspace.close_modal(user, view.root_id if cleared else view_id)
        for gone in reversed(closed):
            if gone.payload.get("notify_on_close"):
                person, team = self._workspace.users[user], self._workspace.team
                payload = payloads.closed(gone, person, team, cleared=cleared)
                await self._send("view_closed", payload)
        return Result(True)

    async def suggest(
        self, user: str, container: Message | View, block_id: str, action_id: str, typed: str
    ) -> Result:
        """What the app offers in an external select for what has been typed there."""
        if find(container.blocks, block_id, action_id) is None:
            return Result(False, GONE)
        payload = self._interaction("block_suggestion", user)
        payload |= self._place(user, container)
        payload |= {"action_id": action_id, "block_id": block_id, "value": typed}
        answer = await self._send("block_suggestion", payload)
        result = self._acks.suggestion(answer) if answer.ok else None
        if result is None:
            return Result(False, NO_OPTIONS)
        offered = options({"options": result.options, "option_groups": result.option_groups})
        self._offered[user, _key(container), block_id, action_id] = offered
        return result

    async def open_home(self, user: str) -> Result:
        """The app's Home tab is opened."""
        self._events.home_opened(self._workspace.users[user])
        return Result(True)

    async def message(self, user: str, channel: str, text: str) -> Result:
        """A plain message that a person posts."""
        sent = self._as_sent(text, named=False)
        message = self._workspace.add_message(
            channel,
            user,
            sent,
            via="person",
            blocks=[composed(sent)],
            client_msg_id=str(uuid.uuid4()),
        )
        self._events.message(message)
        return Result(True)

    async def forget(self) -> None:
        """Drops what is still under way, and what external selects were offered."""
        await self._events.stop()
        self._offered.clear()

    async def _send(self, kind: str, payload: Json) -> Answer:
        return await self._link.send(Outgoing("interactive", kind, payload))

    def _as_sent(self, text: str, *, named: bool) -> str:
        return as_sent(text, self._workspace.users, self._workspace.channels, named=named)

    def _url(self, url: ResponseUrl) -> str:
        return f"{self._address}{response_urls.PATH}/{url.id}"

    def _interaction(self, kind: str, user: str, trigger: Trigger | None = None) -> Json:
        person = self._workspace.users[user]
        return payloads.interaction(kind, person, self._workspace.team, trigger)

    def _place(self, user: str, container: Message | View) -> Json:
        if isinstance(container, View):
            return payloads.in_view(container, self._workspace.users[user])
        return payloads.in_message(container, self._workspace.channels[container.channel])

    def _slackbot_command(self, user: str, where: Channel, name: str, text: str) -> Result:
        invited = self._as_sent(text.strip(), named=False) == f"<@{BOT_USER}>"
        if name != "/invite" or not invited or where.kind == "im":
            return self._whisper(user, where.id, f"{name} is not a valid command.")
        if BOT_USER in where.members:
            bot = self._workspace.users[BOT_USER].real_name
            return self._whisper(user, where.id, f"{bot} is already in this channel.")
        self._workspace.join(where.id, BOT_USER)
        self._workspace.add_message(
            where.id, SLACKBOT, f"<@{user}> added <@{BOT_USER}> to this channel.", via="person"
        )
        return Result(True)

    def _failed(self, user: str, channel: str, name: str, error: str) -> Result:
        return self._whisper(user, channel, f'{name} failed with the error "{error}"')

    def _whisper(self, user: str, channel: str, text: str) -> Result:
        self._workspace.add_message(channel, SLACKBOT, text, via="person", ephemeral_to=user)
        return Result(False, text)

    def _picked(
        self, user: str, container: Message | View, block_id: str, element: Json, value: Any
    ) -> Json:
        """What was chosen, as the keys of an action."""
        if element["type"] == "overflow":
            option = next((o for o in element["options"] if o["value"] == value), None)
            if option is None:
                raise ValueError(f"{value!r} is not an option of the menu")
            return {"selected_option": option}
        if element["type"] not in KEYS:
            return {}
        state = self._state(user, container, block_id, element, value)
        key = KEYS[element["type"]]
        return {key: state[key]}

    def _state(
        self, user: str, container: Message | View, block_id: str, element: Json, raw: Any
    ) -> Json:
        if not element["type"].endswith("external_select"):
            return chosen(element, raw)
        key = user, _key(container), block_id, element["action_id"]
        offered = [*self._offered.get(key, ()), *_held(container, block_id, element)]
        return chosen({**element, "options": offered}, raw)

    def _states(self, user: str, container: Message | View, values: Raw) -> Json:
        """What the elements hold, as `state.values` has it."""
        states: Json = {}
        for block, element in interactive(container.blocks):
            block_id, action_id = block["block_id"], element["action_id"]
            if element["type"] in KEYS and action_id in values.get(block_id, {}):
                raw = values[block_id][action_id]
                state = self._state(user, container, block_id, element, raw)
                states.setdefault(block_id, {})[action_id] = state
        return states

    def _keep(self, user: str, view: View, states: Json) -> View | None:
        """The view with what its form holds; None where it is not this person's or is closed."""
        return self._workspace.remember(view.id, states) if view.user == user else None

    def _press_payload(self, user: str, container: Message | View, states: Json) -> Json:
        where = None if isinstance(container, View) else container.channel
        view_id = container.id if isinstance(container, View) else None
        trigger = self._workspace.issue_trigger(user, where, view_id)
        payload = self._interaction("block_actions", user, trigger)
        payload |= self._place(user, container)
        if isinstance(container, Message):
            url = self._workspace.issue_response_url(user, container.channel, container.ts)
            payload["state"] = {"values": merged(initial_values(container.blocks), states)}
            payload["response_url"] = self._url(url)
        return payload

    def _submission_urls(self, view: View) -> list[Json]:
        urls = []
        for block, element in interactive(view.blocks):
            if element.get("response_url_enabled"):
                block_id, action_id = block["block_id"], element["action_id"]
                channel = view.values[block_id][action_id][KEYS[element["type"]]]
                if channel:
                    url = self._workspace.issue_response_url(view.user, channel)
                    urls.append(payloads.response_url(url, block_id, action_id, self._url(url)))
        return urls


def _sends_actions(container: Message | View, block_id: str) -> bool:
    block = next(block for block in container.blocks if block["block_id"] == block_id)
    return block["type"] != "input" or bool(block.get("dispatch_action"))


def _held(container: Message | View, block_id: str, element: Json) -> list[Json]:
    """The options that an external select holds already."""
    state: Json = {}
    if isinstance(container, View):
        state = container.values.get(block_id, {}).get(element["action_id"], {})
    single = [state.get("selected_option"), element.get("initial_option")]
    several = [*state.get("selected_options", ()), *element.get("initial_options", ())]
    return [option for option in (*single, *several) if option]


def _key(container: Message | View) -> str:
    return container.id if isinstance(container, View) else f"{container.channel}:{container.ts}"


def _press_error(answer: Answer) -> str:
    if answer.error == TIMED_OUT:
        return SLOW
    if answer.status is not None:
        return f"This app responded with Status Code {answer.status}."
    return "This app is not running at the moment."
