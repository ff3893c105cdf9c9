"""What a person has typed, as Slack sends it on."""

import re
from collections.abc import Callable, Iterable, Mapping

from bot.playground.state.models import Channel, User

URL = r"(?P<url>https?://[^\s<>|]+)"
REFERENCE = r"<(?P<kind>[@#])(?P<id>[A-Z0-9]+)(?:\|[^<>]*)?>"
BROADCAST = r"(?<![\w@])@(?P<broadcast>here|channel|everyone)\b"


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_sent(
    text: str, users: Mapping[str, User], channels: Mapping[str, Channel], *, named: bool
) -> str:
    """The text with &, < and > escaped, people and channels as `<@U…>` and `<#C…>`, links in
    angle brackets; `named` adds the names, as commands have them."""
    people = {name.lower(): user for user in users.values() for name in _names(user)}
    rooms = {channel.name: channel for channel in channels.values() if channel.name}
    patterns = (URL, REFERENCE, BROADCAST, _any_of("@", people), _any_of("#", rooms))
    finder = re.compile("|".join(patterns), re.IGNORECASE)

    def person(user: User) -> str:
        return f"<@{user.id}|{user.name}>" if named else f"<@{user.id}>"

    def room(channel: Channel) -> str:
        return f"<#{channel.id}|{channel.name}>"

    def replacement(found: re.Match[str]) -> str:
        groups = found.groupdict()
        if groups["url"]:
            return f"<{escape(groups['url'])}>"
        if groups["broadcast"]:
            return f"<!{groups['broadcast'].lower()}>"
        if groups["id"] and groups["kind"] == "@" and groups["id"] in users:
            return person(users[groups["id"]])
        if groups["id"] and groups["kind"] == "#" and groups["id"] in channels:
            return room(channels[groups["id"]])
        if groups["person"]:
            return person(people[groups["person"].lower()])
        if groups["room"]:
            return room(rooms[groups["room"].lower()])
        return escape(found[0])

    return _replaced(finder, text, replacement)


def _replaced(finder: re.Pattern[str], text: str, by: Callable[[re.Match[str]], str]) -> str:
    parts, end = [], 0
    for found in finder.finditer(text):
        parts += [escape(text[end : found.start()]), by(found)]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _names(user: User) -> tuple[str, str]:
    return user.name, user.real_name


def _any_of(sign: str, names: Iterable[str]) -> str:
    group = "person" if sign == "@" else "room"
    longest_first = sorted(names, key=len, reverse=True)
    return rf"(?<![\w{sign}]){sign}(?P<{group}>{'|'.join(map(re.escape, longest_first))})(?![\w-])"
