"""Slack's payloads as typed requests, and our own data within buttons and views."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from slack_bolt.request.internals import extract_team_id

from bot.domain.names import readable
from bot.domain.scorecards.ordering import press_time
from bot.errors import UserError
from handlers.ids import FormField
from handlers.text import as_typed

Payload = Mapping[str, Any]

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Of what is chosen in a calendar; what lies farther away is not computed with."""
WRITTEN = ("file_share", "thread_broadcast", "me_message")
"""Subtypes of what a person has written."""

MOST_TEXT = 3000
"""Characters of a command's text that are looked at."""


Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""An id of ours."""


class NotOffered(UserError):
    """What was chosen is none of the choices: only somebody who bends requests sends that."""

    def __init__(self) -> None:
        super().__init__("That isn't one of the choices. Open this again and choose from the list.")


def number(text: str | None, offered: Collection[int]) -> int:
    """The number that was chosen. Raises NotOffered where it is none of these."""
    if text is None or not re.fullmatch(r"[0-9]{1,6}", text) or int(text) not in offered:
        raise NotOffered
    return int(text)


def in_channel(conversation: str | None) -> str | None:
    """The conversation, if it is a channel, and not one between people."""
    return conversation if conversation and conversation.startswith(("C", "G")) else None


class Token(BaseModel):
    """Data of ours that travels in a button's value or a view's private_metadata.

    What comes back is a claim: ids to look up, never rights.
    """

    # A start does not wait for forty validators, each of which is made when it is first used.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def dump(self) -> str:
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def load(cls, text: str) -> Self:
        """Raises UserError where the text was not made by `dump`, or by an older version."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            raise UserError(
                "This was made by an earlier version of Panelist. Start again with the command."
            ) from None


@dataclass(frozen=True)
class Command:
    """A slash command; `text` is as the person typed it."""

    workspace: str
    user: str
    channel: str
    name: str
    text: str
    trigger_id: str
    response_url: str


@dataclass(frozen=True)
class OpenView:
    """A view as it stands on somebody's screen; its kind is "modal" or "home"."""

    id: str
    kind: str
    hash: str
    callback: str
    metadata: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    refusals: int = 0
    """How often a submission of it had been refused when this arrived."""

    def has(self, of: FormField) -> bool:
        """Whether the form shows this field."""
        return any(block.partition("#")[0] == of.block for block in self.values)

    def selected(self, of: FormField) -> str | None:
        """The value of a single select or of radio buttons; None where nothing is chosen."""
        option = self._state(of).get("selected_option")
        return None if not option else str(option["value"])

    def several(self, of: FormField) -> tuple[str, ...]:
        """The values of a select that takes more than one."""
        return tuple(str(option["value"]) for option in self._state(of).get("selected_options", ()))

    def typed(self, of: FormField) -> str | None:
        """What was typed into a field, which Slack sends as it is."""
        text = self._state(of).get("value")
        return None if text is None else readable(str(text))

    def person(self, of: FormField) -> str | None:
        user = self._state(of).get("selected_user")
        return None if not user else str(user)

    def people(self, of: FormField) -> tuple[str, ...]:
        return tuple(map(str, self._state(of).get("selected_users") or ()))

    def conversation(self, of: FormField) -> str | None:
        """The one conversation in a select that takes several."""
        chosen = self._state(of).get("selected_conversations") or ()
        return next(map(str, chosen), None)

    def moment(self, of: FormField) -> datetime | None:
        """The time chosen in a datetimepicker, in UTC."""
        stamp = self._state(of).get("selected_date_time")
        try:
            return None if stamp is None else _near(datetime.fromtimestamp(int(stamp), UTC))
        except (ValueError, OverflowError, OSError):
            raise NotOffered from None

    def day(self, of: FormField) -> date | None:
        """The day chosen in a datepicker."""
        day = self._state(of).get("selected_date")
        try:
            return None if day is None else _near(date.fromisoformat(day))
        except ValueError:
            raise NotOffered from None

    def _state(self, of: FormField) -> Mapping[str, Any]:
        """Behind a # a block's id has what stood in it, so that it is another once that changes."""
        inputs: list[Mapping[str, Any]] = [
            actions for block, actions in self.values.items() if block.partition("#")[0] == of.block
        ]
        state: Mapping[str, Any] = inputs[0].get(of.action, {}) if inputs else {}
        return state


@dataclass(frozen=True)
class Press:
    """A press of a button, or a choice in a menu or select; `value` is the button's or option's, or
    the person chosen, `message` the ts of the message or the id of the view that it is in.
    `at` is when it was made, by Slack's clock; None where that is missing or can't be read."""

    workspace: str
    user: str
    action: str
    block: str
    value: str
    trigger_id: str
    response_url: str | None
    channel: str | None
    message: str
    view: OpenView | None
    not_offered: str | None = None
    """A block in which something was chosen that it does not offer."""
    at: Decimal | None = None

    @property
    def modal(self) -> OpenView | None:
        """The modal that it is in; None in a message or at home."""
        return self.view if self.view is not None and self.view.kind != "home" else None

    @property
    def same_press(self) -> tuple[str, ...]:
        """What a second click of the same hand on the same thing has in common with the first."""
        return (self.workspace, self.user, self.message, self.block, self.action, self.value)


@dataclass(frozen=True)
class Submission:
    """A submitted modal."""

    workspace: str
    user: str
    trigger_id: str
    view: OpenView
    not_offered: str | None = None
    """A block in which something was chosen that it does not offer."""


@dataclass(frozen=True)
class Event:
    """Something that happened in Slack; `tab` is the one of the app's home that was opened.

    Of a message `channel` and `ts` say which it is; `is_by_person` is no where it is a bot's own,
    or the news of an edit.
    """

    workspace: str
    user: str
    name: str
    tab: str
    channel: str = ""
    ts: str = ""
    is_by_person: bool = True


Request = Command | Press | Submission | Event


def workspace_of(payload: Payload) -> str:
    """The workspace that the app is installed in and the payload came to, as Bolt reads it.

    It need not be the person's own: in a channel shared by several workspaces an event's
    `authorizations` and a view's `app_installed_team_id` tell which of them is meant.
    """
    return _text({"team": extract_team_id(dict(payload))}, "team", "")


# Each of these raises where the payload has not the shape of what Slack sends.


def command_of(payload: Payload) -> Command:
    return Command(
        workspace=workspace_of(payload),
        user=_text(payload, "user_id"),
        channel=_text(payload, "channel_id"),
        name=_text(payload, "command"),
        text=as_typed(_text(payload, "text", ""))[:MOST_TEXT].strip(),
        trigger_id=_text(payload, "trigger_id", ""),
        response_url=_text(payload, "response_url", ""),
    )


def press_of(payload: Payload) -> Press:
    action = _state(payload["actions"][0])
    option = action.get("selected_option") or {}
    container = payload.get("container") or {}
    channel = (payload.get("channel") or {}).get("id") or container.get("channel_id")
    view = view_of(payload["view"]) if payload.get("view") else None
    blocks = view.blocks if view else _blocks(payload.get("message") or {})
    block, name = _text(action, "block_id", ""), _text(action, "action_id")
    beside = view.values.get(block, {}) if view else {}
    return Press(
        workspace=workspace_of(payload),
        user=_text(payload["user"], "id"),
        action=name.partition(":")[0],
        block=block,
        value=action.get("value") or option.get("value") or _chosen(action),
        trigger_id=_text(payload, "trigger_id", ""),
        response_url=_text(payload, "response_url", "") or None,
        channel=_text({"id": channel}, "id", "") or None,
        message=_text(container, "message_ts", "") or _text(container, "view_id", ""),
        view=view,
        not_offered=_not_offered(blocks, {block: {**beside, name: action}}),
        at=press_time(action.get("action_ts")),
    )


def _chosen(action: Payload) -> str:
    """What was chosen in whatever has no value or option of its own."""
    one = action.get("selected_user") or action.get("selected_date_time") or ""
    several = action.get("selected_users") or action.get("selected_conversations") or ()
    return str(one) or ",".join(map(str, several))


def submission_of(payload: Payload) -> Submission:
    view = view_of(payload["view"])
    return Submission(
        workspace=workspace_of(payload),
        user=_text(payload["user"], "id"),
        trigger_id=_text(payload, "trigger_id", ""),
        view=view,
        not_offered=_not_offered(view.blocks, view.values),
    )


def event_of(payload: Payload) -> Event:
    event = payload["event"]
    return Event(
        workspace=workspace_of(payload),
        user=_text(event, "user", ""),
        name=_text(event, "type"),
        tab=_text(event, "tab", ""),
        channel=_text(event, "channel", ""),
        ts=_text(event, "ts", ""),
        is_by_person=_is_by_person(event),
    )


def _is_by_person(event: Payload) -> bool:
    """Whether somebody has just done this. An edit, a deletion and the like have subtypes."""
    is_new = event.get("subtype") in (None, *WRITTEN)
    is_direct = event["type"] != "message" or event.get("channel_type") == "im"
    return bool(event.get("user")) and not event.get("bot_id") and is_new and is_direct


def view_of(view: Payload) -> OpenView:
    values = (view.get("state") or {}).get("values") or {}
    return OpenView(
        id=_text(view, "id"),
        kind=_text(view, "type", "modal"),
        hash=_text(view, "hash", ""),
        callback=_text(view, "callback_id", ""),
        metadata=_text(view, "private_metadata", ""),
        blocks=_blocks(view),
        values={
            block: {action: _state(state) for action, state in actions.items()}
            for block, actions in values.items()
        },
    )


def _text(of: Payload, key: str, default: str | None = None) -> str:
    value = of.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


def _blocks(of: Payload) -> tuple[Payload, ...]:
    blocks = tuple(of.get("blocks") or ())
    if not all(isinstance(block, Mapping) for block in blocks):
        raise TypeError("a block is none")
    return blocks


def _state(state: Payload) -> Payload:
    """What stands in an element, once each part of it is what its name says."""
    for key in ("value", "selected_user", "selected_date"):
        _text(state, key, "")
    for option in (state.get("selected_option"), *(state.get("selected_options") or ())):
        _text(option or {"value": ""}, "value")
    for conversation in state.get("selected_conversations") or ():
        _text({"id": conversation}, "id")
    if not isinstance(state.get("selected_date_time") or 0, int):
        raise TypeError("a moment is no number")
    return state


def _not_offered(
    blocks: Sequence[Payload], values: Mapping[str, Mapping[str, Payload]]
) -> str | None:
    """The first block in which something is chosen that it does not offer."""
    for block in blocks:
        chosen = values.get(block.get("block_id") or "", {})
        for element in _elements(block):
            state = chosen.get(element.get("action_id") or "", {})
            options = (state.get("selected_option"), *(state.get("selected_options") or ()))
            offered = _offered(element)
            if offered and any(option and option["value"] not in offered for option in options):
                return str(block["block_id"])
    return None


def _elements(block: Payload) -> Iterator[Payload]:
    found = (block.get("element"), block.get("accessory"), *(block.get("elements") or ()))
    return (element for element in found if isinstance(element, Mapping))


def _offered(element: Payload) -> frozenset[str]:
    groups = element.get("option_groups") or ()
    options = [*(element.get("options") or ()), *(o for group in groups for o in group["options"])]
    return frozenset(option["value"] for option in options)


AnyDay = TypeVar("AnyDay", date, datetime)


def _near(day: AnyDay) -> AnyDay:
    """Raises ValueError where it is too far away to compute with."""
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise ValueError(day.year)
    return day
