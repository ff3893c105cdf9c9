"""Logs: one line an event, with the request it belongs to; never a message's text or a token."""

import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Collection, Hashable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from bot.config import LogFormat, LogLevel


class Ref:
    """A short reference of a request, made up once it is read: of most nobody ever reads it."""

    @cached_property
    def _text(self) -> str:
        return secrets.token_hex(2)

    def __str__(self) -> str:
        return self._text


request_ref: ContextVar[Ref | str] = ContextVar("request_ref", default="-")
"""Of the request in hand; shown to a person when something goes wrong."""

QUIET = {
    "slack_bolt": logging.ERROR,
    "apscheduler": logging.ERROR,
    "uvicorn": logging.WARNING,
    **dict.fromkeys(
        ("slack_sdk", "aiosqlite", "alembic", "httpx", "httpcore", "sqlalchemy", "asyncio"),
        logging.WARNING,
    ),
}
"""From which level on libraries are heard: what they say below it could carry payloads, statements
or tokens, or is about their insides. Bolt warns of every token in the environment, which is ours to
use; APScheduler of every tick that takes longer than the second until the next."""

STRANGERS_CAUSE = {"uvicorn.error": "", "asyncio": "socket.accept()"}
"""Loggers, and how those messages begin, of what anybody can cause without being known to us: said
sparingly, or a flood of connections would fill the disk."""

SAID_EVERY = 60.0
"""Seconds between two lines about the same thing; what comes in between is counted."""

SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|xoxe[.\w-]+|(?<=://)\S+:\S+(?=@)")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What would begin a line of its own, or do something to a terminal."""

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(level: LogLevel, style: LogFormat, secrets: Collection[str] = ()) -> None:
    """Sends the process's logs to standard error, without any of these secrets."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = JsonFormatter if style is LogFormat.JSON else TextFormatter
    handler.setFormatter(formatter(secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    quiet_libraries()


def quiet_libraries() -> None:
    """Keeps the libraries' chatter out of whatever logs there are."""
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    for name, start in STRANGERS_CAUSE.items():
        logger = logging.getLogger(name)
        for old in [one for one in logger.filters if isinstance(one, Sparingly)]:
            logger.removeFilter(old)
        logger.addFilter(Sparingly(start))


class Repeats:
    """Of what is said again and again, which is worth a line and how many were not."""

    def __init__(self) -> None:
        self._said_at: dict[Hashable, float] = {}
        self._unsaid: dict[Hashable, int] = {}

    def unsaid(self, key: Hashable) -> int | None:
        """How many have gone unsaid since the last line about it; None where this one is not to be
        said either, since that was less than a minute ago."""
        now = time.monotonic()
        if now - self._said_at.get(key, -SAID_EVERY) < SAID_EVERY:
            self._unsaid[key] = self._unsaid.get(key, 0) + 1
            return None
        self._said_at[key] = now
        return self._unsaid.pop(key, 0)


class Sparingly(logging.Filter):
    """Lets a message that begins so through once a minute, with how many `more` there were."""

    def __init__(self, start: str) -> None:
        super().__init__()
        self._start = start
        self._repeats = Repeats()

    def filter(self, record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith(self._start):
            return True
        error = record.exc_info[0] if record.exc_info else None
        more = self._repeats.unsaid((str(record.msg).partition("\n")[0], error))
        if more:
            record.more = more
        return more is not None


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What was passed as `extra`."""
    return {key: value for key, value in vars(record).items() if key not in STANDARD}


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """The text without these secrets, and without anything that looks like a Slack token or a URL's
    password."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    return SECRET.sub("[secret]", text)


def one_line(text: str) -> str:
    """The text with its line breaks and control characters escaped."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def trace(record: logging.LogRecord) -> str:
    """The traceback without the exceptions' own texts, which may quote what a person wrote."""
    if record.exc_info is None or record.exc_info[1] is None:
        return ""
    lines: list[str] = []
    error: BaseException | None = record.exc_info[1]
    while error is not None:
        frames = traceback.format_tb(error.__traceback__)
        lines.append(type(error).__qualname__ + "\n" + "".join(frames).rstrip())
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


class _Formatter(logging.Formatter):
    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = secrets


class TextFormatter(_Formatter):
    """For people: time, level, request, event, fields."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        fields = " ".join(f"{key}={value}" for key, value in fields_of(record).items())
        line = f"{moment} {record.levelname:<7} {request_ref.get()} {record.getMessage()} {fields}"
        parts = (one_line(line.rstrip()), trace(record))
        return redact("\n".join(part for part in parts if part), self._secrets)


class JsonFormatter(_Formatter):
    """For machines: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "ref": str(request_ref.get()),
            "event": record.getMessage(),
            **fields_of(record),
        }
        if stack := trace(record):
            line["trace"] = stack
        escaped = (json.dumps(secret)[1:-1] for secret in self._secrets)
        return redact(json.dumps(line, default=str), [*self._secrets, *escaped])
