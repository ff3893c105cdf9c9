"""Slack's payloads as typed requests, and our own data within buttons and views."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from slack_bolt.request.internals import extract_team_id

from bot.errors import UserError
from handlers.ids import FormField

Payload = Mapping[str, Any]

WRITTEN = ("file_share", "thread_broadcast", "me_message")
"""Subtypes of what a person has written."""

MOST_TEXT = 3000
"""Characters of a command's text that are looked at."""


Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""An id of ours."""


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

    def selected(self, of: FormField) -> str | None:
        """The value of a single select or of radio buttons; None where nothing is chosen."""
        option = self._state(of).get("selected_option")
        return None if not option else str(option["value"])

    def several(self, of: FormField) -> tuple[str, ...]:
        """The values of a select that takes more than one."""
        return tuple(str(option["value"]) for option in self._state(of).get("selected_options", ()))

    def typed(self, of: FormField) -> str | None:
        text = self._state(of).get("value")
        return None if text is None else str(text)

    def person(self, of: FormField) -> str | None:
        user = self._state(of).get("selected_user")
        return None if user is None else str(user)

    def conversation(self, of: FormField) -> str | None:
        """The one conversation in a select that takes several."""
        chosen = self._state(of).get("selected_conversations") or ()
        return next(map(str, chosen), None)

    def moment(self, of: FormField) -> datetime | None:
        """The time chosen in a datetimepicker, in UTC."""
        stamp = self._state(of).get("selected_date_time")
        return None if stamp is None else datetime.fromtimestamp(int(stamp), UTC)

    def day(self, of: FormField) -> date | None:
        """The day chosen in a datepicker."""
        day = self._state(of).get("selected_date")
        return None if day is None else date.fromisoformat(day)

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
    the person chosen, `message` the ts of the message or the id of the view that it is in."""

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
    return extract_team_id(dict(payload)) or ""


def plain(text: str) -> str:
    """What a person typed, from the form in which Slack sends it."""
    return html.unescape(text)


def command_of(payload: Payload) -> Command:
    return Command(
        workspace=workspace_of(payload),
        user=payload["user_id"],
        channel=payload["channel_id"],
        name=payload["command"],
        text=plain(payload.get("text") or "")[:MOST_TEXT].strip(),
        trigger_id=payload.get("trigger_id") or "",
        response_url=payload.get("response_url") or "",
    )


def press_of(payload: Payload) -> Press:
    action = payload["actions"][0]
    option = action.get("selected_option") or {}
    container = payload.get("container") or {}
    channel = (payload.get("channel") or {}).get("id") or container.get("channel_id")
    view = payload.get("view")
    return Press(
        workspace=workspace_of(payload),
        user=payload["user"]["id"],
        action=action["action_id"].partition(":")[0],
        block=action.get("block_id") or "",
        value=action.get("value") or option.get("value") or action.get("selected_user") or "",
        trigger_id=payload.get("trigger_id") or "",
        response_url=payload.get("response_url"),
        channel=channel,
        message=container.get("message_ts") or container.get("view_id") or "",
        view=view_of(view) if view else None,
    )


def submission_of(payload: Payload) -> Submission:
    return Submission(
        workspace=workspace_of(payload),
        user=payload["user"]["id"],
        trigger_id=payload.get("trigger_id") or "",
        view=view_of(payload["view"]),
    )


def event_of(payload: Payload) -> Event:
    event = payload["event"]
    return Event(
        workspace=workspace_of(payload),
        user=event.get("user") or "",
        name=event["type"],
        tab=event.get("tab") or "",
        channel=event.get("channel") or "",
        ts=event.get("ts") or "",
        is_by_person=_is_by_person(event),
    )


def _is_by_person(event: Payload) -> bool:
    """Whether somebody has just done this. An edit, a deletion and the like have subtypes."""
    is_new = event.get("subtype") in (None, *WRITTEN)
    is_direct = event["type"] != "message" or event.get("channel_type") == "im"
    return bool(event.get("user")) and not event.get("bot_id") and is_new and is_direct


def view_of(view: Payload) -> OpenView:
    return OpenView(
        id=view["id"],
        kind=view.get("type") or "modal",
        hash=view.get("hash") or "",
        callback=view.get("callback_id") or "",
        metadata=view.get("private_metadata") or "",
        blocks=tuple(view.get("blocks") or ()),
        values=(view.get("state") or {}).get("values") or {},
    )
