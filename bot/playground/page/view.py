"""What the page shows a person, read from the workspace."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup

from bot.playground.page.render import Surface, render_blocks
from bot.playground.page.render_text import Choice, Reader, mrkdwn
from bot.playground.state.models import BOT_USER, Channel, Exchange, Json, Message, User, View
from bot.playground.state.workspace import Workspace

TOGETHER = timedelta(minutes=5)
"""Messages of one author that follow each other within this stand under one name."""


@dataclass(frozen=True)
class Line:
    """A message as it stands in the list; `day` heads the first one of each day."""

    message: Message
    author: User
    at: datetime
    html: Markup
    compact: bool
    day: str | None


@dataclass(frozen=True)
class Entry:
    """A conversation in the sidebar."""

    channel: Channel
    name: str
    kind: Literal["channel", "private", "im", "app"]


@dataclass(frozen=True)
class Command:
    """A slash command, for completion."""

    name: str
    hint: str
    description: str


@dataclass(frozen=True)
class Wire:
    """An exchange as the inspector shows it."""

    exchange: Exchange

    @property
    def outcome(self) -> str:
        """Slack's error where there is one, else the HTTP status."""
        status, answer = self.exchange.status, self.exchange.response_body
        if isinstance(answer, Mapping) and answer.get("ok") is False:
            return str(answer.get("error") or status)
        return "no answer" if status is None else str(status)

    @property
    def failed(self) -> bool:
        return bool(self.exchange.error) or not self.outcome.startswith(("1", "2"))

    @property
    def request(self) -> str:
        return _pretty(self.exchange.request_body)

    @property
    def response(self) -> str:
        return _pretty(self.exchange.response_body)


def reader_of(workspace: Workspace, user: User, conversation: str | None = None) -> Reader:
    """A person with the names they can see."""
    people = {
        person.id: Choice(person.id, person.real_name, "bot" if person.is_bot else "user")
        for person in workspace.users.values()
        if not person.deleted
    }
    conversations = {
        entry.channel.id: Choice(entry.channel.id, entry.name, entry.channel.kind)
        for entry in sidebar(workspace, user)
    }
    now = workspace.clock.now()
    return Reader(user.id, ZoneInfo(user.tz), now, people, conversations, conversation)


def sidebar(workspace: Workspace, user: User) -> list[Entry]:
    """The conversations a person sees, the app's DM among them."""
    return [_entry(workspace, channel, user) for channel in workspace.channels_of(user.id)]


def _entry(workspace: Workspace, channel: Channel, user: User) -> Entry:
    if channel.kind != "im":
        return Entry(channel, channel.name, channel.kind)
    other = next((member for member in channel.members if member != user.id), user.id)
    kind: Literal["app", "im"] = "app" if other == BOT_USER else "im"
    return Entry(channel, workspace.users[other].real_name, kind)


def lines(workspace: Workspace, env: Environment, reader: Reader, channel: str) -> list[Line]:
    """The messages of a conversation as this person sees them, oldest first."""
    shown: list[Line] = []
    today = reader.now.astimezone(reader.zone).date()
    for message in workspace.messages(channel, reader.user):
        before = shown[-1] if shown else None
        at = datetime.fromtimestamp(float(message.ts), reader.zone)
        new_day = before is None or before.at.date() != at.date()
        follows = before is not None and not new_day and _follows(before, message, at)
        day = _day(at.date(), today) if new_day else None
        author = workspace.users[message.user]
        shown.append(Line(message, author, at, _body(env, message, reader), follows, day))
    return shown


def _follows(before: Line, message: Message, at: datetime) -> bool:
    same_kind = bool(before.message.ephemeral_to) == bool(message.ephemeral_to)
    same_author = before.message.user == message.user and not message.ephemeral_to
    return same_kind and same_author and at - before.at < TOGETHER


def _body(env: Environment, message: Message, reader: Reader) -> Markup:
    if message.blocks and message.bot:
        surface = Surface("m" + message.ts.replace(".", "-"), reader)
        return render_blocks(env, message.blocks, surface)
    return Markup('<div class="text">{}</div>').format(mrkdwn(message.text, reader))


def _day(day: date, today: date) -> str:
    near = {0: "Today", -1: "Yesterday"}.get((day - today).days)
    return near or f"{day:%A}, {day.day} {day:%B %Y}"


def view_body(env: Environment, view: View, reader: Reader) -> Markup:
    """The blocks of a modal or Home with what has been chosen and typed so far."""
    return render_blocks(env, view.blocks, Surface(view.id, reader, view.values))


def commands(manifest: Json) -> list[Command]:
    """The app's slash commands as its manifest describes them."""
    found = (manifest.get("features") or {}).get("slash_commands") or []
    return [
        Command(c["command"], c.get("usage_hint") or "", c.get("description") or "") for c in found
    ]


def wires(exchanges: Sequence[Exchange]) -> list[Wire]:
    """What went over the wire, newest first."""
    return [Wire(exchange) for exchange in reversed(exchanges)]


def _pretty(body: object) -> str:
    if body in (None, ""):
        return "(empty)"
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return str(body)
    return json.dumps(body, indent=2, ensure_ascii=False)
