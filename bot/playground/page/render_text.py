"""Slack's text objects as HTML: plain text with emoji, and mrkdwn."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.playground.state.clock import clock_time
from bot.playground.state.emoji import with_emoji


@dataclass(frozen=True)
class Choice:
    """A person or a conversation that a select offers."""

    id: str
    name: str
    kind: Literal["user", "bot", "channel", "private", "im"]


@dataclass(frozen=True)
class Reader:
    """Who looks at a text, and the names that they know."""

    user: str
    zone: ZoneInfo
    now: datetime
    people: Mapping[str, Choice] = field(default_factory=dict)
    conversations: Mapping[str, Choice] = field(default_factory=dict)
    conversation: str | None = None
    """The conversation they are looking at."""


BREAK = Markup("<br>")
HELD = re.compile("\ue000(\\d+)\ue001")
FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
ATOM = re.compile(r"`([^`\n]+)`|<([^<>\n]+)>|(https?://[^\s<>|\ue000]*[^\s<>|\ue000.,;:!?)'\"*_~])")
STYLED = re.compile(
    r"(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])"
    r"|(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?![\w_])"
    r"|(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])"
)
TAGS = ("b", "i", "s")
QUOTE = re.compile(r"^(?:>|&gt;) ?")
BULLET = re.compile(r"^\s*[•◦▪] +")
DATE_TOKEN = re.compile(r"\{(\w+)\}")
SAFE_SCHEMES = {"http", "https", "mailto", "tel", "slack"}


def plain(text: str, emoji: bool = True) -> Markup:
    """Text as it stands, its line breaks kept."""
    return BREAK.join(escape(line) for line in (with_emoji(text) if emoji else text).split("\n"))


def text_object(value: Mapping[str, Any] | None, reader: Reader) -> Markup:
    """A text object of either type."""
    if not value:
        return Markup("")
    if value.get("type") == "mrkdwn":
        return mrkdwn(value["text"], reader, verbatim=bool(value.get("verbatim")))
    return plain(value["text"], value.get("emoji", True) is not False)


def mrkdwn(text: str, reader: Reader, verbatim: bool = False) -> Markup:
    """Slack's own markup; whatever it does not know stays visible as text."""
    held: list[Markup] = []

    def hold(part: Markup) -> str:
        held.append(part)
        return f"\ue000{len(held) - 1}\ue001"

    def fence(found: re.Match[str]) -> str:
        return hold(Markup("<pre>{}</pre>").format(unescaped(found[1])))

    def atom(found: re.Match[str]) -> str:
        code, entity, url = found.groups()
        if code is not None:
            return hold(Markup("<code>{}</code>").format(unescaped(code)))
        if entity is not None:
            return hold(_entity(entity, reader))
        return found[0] if verbatim else hold(link(unescaped(url), unescaped(url)))

    text = FENCE.sub(fence, re.sub("[\ue000\ue001]", "", text))
    text = ATOM.sub(atom, text)
    return release(_lines(text), held)


def release(html: Markup, held: Sequence[Markup]) -> Markup:
    """The HTML with every held part back in its place."""
    parts = HELD.sub(lambda found: held[int(found[1])], html)
    return Markup(parts)  # noqa: S704 - both were escaped when they were made


def _lines(text: str) -> Markup:
    parts: list[Markup] = []
    quoted: list[Markup] = []
    after_box = True
    for line in (*text.split("\n"), None):
        if line is not None and QUOTE.match(line):
            quoted.append(_styled(QUOTE.sub("", line, count=1)))
            continue
        if quoted:
            parts.append(Markup("<blockquote>{}</blockquote>").format(BREAK.join(quoted)))
            quoted = []
            after_box = True
        if line is None:
            break
        bullet = BULLET.match(line)
        if bullet:
            parts.append(Markup('<span class="bullet">{}</span>').format(_styled(line.strip())))
        else:
            parts.append((Markup("") if after_box else BREAK) + _styled(line))
        after_box = bullet is not None
    return Markup("").join(parts)


def _styled(text: str) -> Markup:
    parts: list[Markup] = []
    end = 0
    for found in STYLED.finditer(text):
        parts.append(escape(with_emoji(unescaped(text[end : found.start()]))))
        which = next(i for i, group in enumerate(found.groups()) if group is not None)
        inner = _styled(found[which + 1])
        parts.append(Markup("<{0}>{1}</{0}>").format(TAGS[which], inner))
        end = found.end()
    parts.append(escape(with_emoji(unescaped(text[end:]))))
    return Markup("").join(parts)


def unescaped(text: str) -> str:
    """The text behind Slack's three entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def link(url: str, label: str) -> Markup:
    """A link that opens elsewhere, or its text alone where the address is not one to follow."""
    if not is_safe(url):
        return escape(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        url, with_emoji(label)
    )


def is_safe(url: str) -> bool:
    """Whether an address may be followed from a page."""
    try:
        return urlsplit(url).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False


def _entity(entity: str, reader: Reader) -> Markup:
    target, _, label = entity.partition("|")
    kinds: dict[str, Callable[[], Markup]] = {
        "@": lambda: person(target[1:], reader, unescaped(label)),
        "#": lambda: conversation(target[1:], reader, unescaped(label)),
        "!": lambda: _special(target[1:], unescaped(label), reader),
    }
    if target[:1] in kinds:
        return kinds[target[0]]()
    url = unescaped(target)
    if is_safe(url):
        return link(url, unescaped(label) or url.removeprefix("mailto:"))
    return escape(unescaped(f"<{entity}>"))


def person(user: str, reader: Reader, label: str = "") -> Markup:
    """A mention of somebody; the reader's own name stands out."""
    known = reader.people.get(user)
    name = known.name if known else label or user
    own = " me" if user == reader.user else ""
    return Markup('<span class="mention{}">@{}</span>').format(own, name)


def conversation(channel: str, reader: Reader, label: str = "") -> Markup:
    """A mention of a channel, a link where the reader can go there."""
    known = reader.conversations.get(channel)
    if known is None:
        return Markup('<span class="mention">#{}</span>').format(label or "private-channel")
    return Markup('<a class="mention" href="/as/{}/{}">#{}</a>').format(
        reader.user, channel, known.name
    )


def _special(what: str, label: str, reader: Reader) -> Markup:
    name, *rest = what.split("^")
    if name in {"here", "channel", "everyone"}:
        return broadcast(name)
    if name == "date" and len(rest) >= 2 and rest[0].lstrip("-").isdigit():
        return date(int(rest[0]), unescaped(rest[1]), "^".join(rest[2:]), label, reader)
    return Markup('<span class="mention">{}</span>').format(
        label or f"@{rest[0] if rest else name}"
    )


def broadcast(name: str) -> Markup:
    """`@here` and its like."""
    return Markup('<span class="mention me">@{}</span>').format(name)


def date(stamp: int, pattern: str, url: str, fallback: str, reader: Reader) -> Markup:
    """A moment in the reader's own zone, the fallback where the pattern is not one of Slack's."""
    try:
        moment = datetime.fromtimestamp(stamp, reader.zone)
    except (OverflowError, OSError, ValueError):
        return escape(fallback)
    today = reader.now.astimezone(reader.zone).date()
    words = _date_words(moment, (moment.date() - today) / timedelta(days=1))
    if not set(DATE_TOKEN.findall(pattern)) <= set(words):
        return escape(fallback)
    shown = DATE_TOKEN.sub(lambda found: words[found[1]], pattern)
    if url:
        return link(unescaped(url), shown)
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), shown)


def _date_words(moment: datetime, days: float) -> dict[str, str]:
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(int(days))
    number = f"{moment.day}{_ordinal(moment.day)}"
    words = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%m/%d/%Y}",
        "date": f"{moment:%B} {number}, {moment.year}",
        "date_short": f"{moment:%b} {moment.day}, {moment.year}",
        "date_long": f"{moment:%A}, {moment:%B} {number}, {moment.year}",
        "day_divider": f"{moment:%A}, {moment:%B} {number}",
        "time": clock_time(moment),
        "time_secs": clock_time(moment, ":%M:%S"),
    }
    for name in ("date", "date_short", "date_long", "day_divider"):
        words[f"{name}_pretty"] = near or words[name]
    words["ago"] = near or f"{abs(int(days))} days {'ago' if days < 0 else 'from now'}"
    return words


def _ordinal(day: int) -> str:
    if 10 < day < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
