"""What a workspace is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

Json = dict[str, Any]
Blocks = list[Json]
Values = Mapping[str, Mapping[str, Json]]
"""`state.values` as Slack sends it: block id → action id → what is chosen or typed."""

TEAM_ID = "T0PANELIST"
APP_ID = "A0PANEL"
BOT_ID = "B0PANEL"
BOT_USER = "U0PANEL"
SLACKBOT = "USLACKBOT"
"""Who says what Slack itself has to say to somebody."""


class Clock(Protocol):
    """Where the time comes from; always in UTC."""

    def now(self) -> datetime: ...


class SlackError(Exception):
    """A refusal in Slack's own word, with the lines of `response_metadata.messages`."""

    def __init__(self, error: str, messages: tuple[str, ...] = (), **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.details = details


@dataclass(frozen=True)
class Enterprise:
    """An Enterprise Grid: an organization of several workspaces."""

    id: str
    name: str


@dataclass(frozen=True)
class Team:
    """The workspace as a whole; `enterprise` where it belongs to one."""

    name: str
    domain: str
    email_domain: str
    enterprise: Enterprise | None = None
    id: str = TEAM_ID


@dataclass(frozen=True)
class User:
    """Somebody in the workspace, or of another one, `team`, in a shared channel.

    A member whose `team` is another workspace of the same organization `is_org_member`.
    """

    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    tz: str = "Europe/London"
    tz_label: str = "Greenwich Mean Time"
    color: str = "4a154b"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    team: str = TEAM_ID
    is_org_member: bool = False

    @property
    def is_external(self) -> bool:
        return self.team != TEAM_ID and not self.is_org_member


@dataclass(frozen=True)
class Channel:
    id: str
    name: str
    kind: Literal["channel", "private", "im"]
    members: tuple[str, ...]
    topic: str = ""
    is_shared: bool = False
    """With another workspace, by Slack Connect."""


@dataclass(frozen=True)
class Message:
    """A message; `via` says whether the Web API, an ack or response url, or a person posted it."""

    ts: str
    channel: str
    user: str
    text: str
    via: Literal["api", "response", "person"]
    bot: bool = False
    blocks: Blocks = field(default_factory=list)
    ephemeral_to: str | None = None
    metadata: Json | None = None
    edited: str | None = None
    thread_ts: str | None = None
    client_msg_id: str | None = None
    """Set where a person wrote it."""

    reactions: Mapping[str, list[str]] = field(default_factory=dict)
    """Who reacted, by the emoji's name."""

    @property
    def is_reply(self) -> bool:
        return self.thread_ts not in (None, self.ts)


@dataclass(frozen=True)
class View:
    """A modal or Home view; `payload` is the app's own, with every block and action id filled in.

    `values` are the state that the person has brought it to, initial values included.
    """

    id: str
    user: str
    payload: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    depth: int = 0
    values: Json = field(default_factory=dict)
    channel: str | None = None
    """The conversation the modal was opened from, where that is known."""

    @property
    def kind(self) -> Literal["modal", "home"]:
        return "home" if self.payload["type"] == "home" else "modal"

    @property
    def blocks(self) -> Blocks:
        blocks: Blocks = self.payload["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        return str(self.payload.get("callback_id", ""))

    @property
    def external_id(self) -> str:
        return str(self.payload.get("external_id", ""))


@dataclass(frozen=True)
class Trigger:
    """What a `trigger_id` stands for: a person's act, good for one view within three seconds."""

    id: str
    user: str
    at: datetime
    channel: str | None = None
    view_id: str | None = None


@dataclass(frozen=True)
class ResponseUrl:
    """Where an app may answer an act later; `message_ts` is set for a press on a message."""

    id: str
    user: str
    channel: str
    until: float
    uses_left: int
    message_ts: str | None = None


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they went over the wire, without secrets."""

    id: int
    at: datetime
    direction: Literal["to_app", "from_app"]
    kind: str
    method: str
    url: str
    request_headers: Json
    request_body: Any
    status: int | None
    response_body: Any
    ms: float
    error: str | None = None


@dataclass(frozen=True)
class AppStatus:
    """Whether the app is there to answer, with a sentence for whoever looks at the page."""

    up: bool
    sentence: str


@dataclass(frozen=True)
class Result:
    """How an act of a person ended.

    `error` is what Slack would show them; `errors` are a submission's faults by block id;
    `options` and `option_groups` answer a suggestion.
    """

    ok: bool
    error: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Json, ...] = ()
    option_groups: tuple[Json, ...] = ()
