"""Clients, a Slack, a database, a machine and a clock that misbehave, until they are cancelled."""

import asyncio
import json
import os
import random
import signal
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from tests.siege.good import Work
from tests.support.acts import FORMS, PEOPLE, REQUESTS, Command, Press, Stage, Submit
from tests.support.bent import BENDS, with_bent_values
from tests.support.slack import (
    BROKEN,
    BROKEN_AFTER_ALL,
    RATE_LIMITED,
    Fault,
    StandIn,
    refused,
)
from tests.support.wire import (
    Json,
    Wire,
    command_fields,
    form,
    press_payload,
    signed,
    submission_payload,
)

HALF_SENT = 400
"""Connections that are kept half way at any time; where one is closed, another comes."""

HALVES = (
    b"",
    b"P",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Le",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nhalf",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
    b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\nGET",
)

METHODS = (
    "chat.postMessage",
    "chat.update",
    "conversations.open",
    "conversations.history",
    "response",
    "users.info",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
)
FAULTS = (
    RATE_LIMITED,
    Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"}),
    BROKEN,
    BROKEN_AFTER_ALL,
    refused("internal_error"),
    refused("channel_not_found"),
    refused("expired_trigger_id"),
    Fault(hang=True),
    Fault(hang=True, taken=True),
    Fault(200, "<html>not what was asked for</html>"),
    Fault(500, "upstream error", seconds=2.9),
)

Breaks = Callable[[], AbstractAsyncContextManager[object]]


@dataclass
class Sent:
    """How much of each was sent."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))


async def half_sent(url: str, sent: Sent, chance: random.Random) -> None:
    """Hundreds of clients that begin a request and wait."""
    async with asyncio.TaskGroup() as group:
        for _ in range(HALF_SENT):
            group.create_task(_sends_halves(url, sent, chance))


async def _sends_halves(url: str, sent: Sent, chance: random.Random) -> None:
    while True:
        await asyncio.sleep(chance.uniform(0, 2))
        async with _connection(url, chance.choice(HALVES)) as reader:
            sent.add("half-sent requests")
            if reader is not None:
                with suppress(OSError):
                    await reader.read()


@asynccontextmanager
async def _connection(url: str, begun: bytes) -> AsyncIterator[asyncio.StreamReader | None]:
    where = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
    except OSError:
        yield None
        return
    try:
        with suppress(OSError):
            writer.write(begun)
            await writer.drain()
        yield reader
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def hangs_up(url: str, sent: Sent, chance: random.Random) -> None:
    """Clients that go away in the middle of a body, or before its answer, also without a word."""
    where = urlsplit(url)
    while True:
        body = form(command_fields("/jd list", "http://127.0.0.1:9/"))
        headers = "".join(f"{name}: {value}\r\n" for name, value in signed(body).items())
        whole = (
            f"POST /slack/events HTTP/1.1\r\nHost: x\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
        with suppress(OSError):
            _, writer = await asyncio.open_connection(where.hostname, where.port)
            writer.write(whole[: chance.randrange(len(whole) + 1)])
            await writer.drain()
            if chance.random() < 0.5:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, linger
                )
            writer.close()
        sent.add("hang-ups")
        await asyncio.sleep(chance.uniform(0, 0.1))


def hostile_bodies(chance: random.Random) -> list[tuple[str, str]]:
    """Bodies that are nothing that Slack sends, with what they call themselves."""
    deep, long = "[" * 50_000, "9" * 5_000
    forms, as_json = "application/x-www-form-urlencoded", "application/json"
    press = press_payload({"type": "button", "action_id": "jd.guide", "value": "x"}, "http://x/")
    bent = [
        press | {"actions": []},
        press | {"actions": [1]},
        press | {"user": None},
        press | {"team": [], "user": {"id": {}}},
        press | {"type": "view_submission"},
        press | {"type": "nothing"},
        submission_payload({"type": "modal", "callback_id": "jd.picker"}, {"b": []}),
        submission_payload({"blocks": 7, "state": 7}, {}),
        {"type": "block_suggestion"},
        {"type": "shortcut", "callback_id": "x" * 10_000},
        _spoiled(press, chance),
        _spoiled(submission_payload({"type": "modal", "callback_id": "panel.form"}, {}), chance),
    ]
    return [
        *((forms, form({"payload": json.dumps(one)})) for one in bent),
        (forms, "payload=" + quote(deep)),
        (forms, "payload=" + quote('{"type":' + deep)),
        (forms, "payload=%00%ff%fe"),
        (forms, "&" * 5_000),
        (forms, "command=%2Fjd&text=" + quote("\0\ud800".encode("utf-8", "surrogatepass"))),
        (forms, "command=%2Fjd&text=" + "%F0%9F%92%A9" * 3_000),
        (forms, form({"command": "/jd", "user_id": "", "team_id": "T1"})),
        (as_json, deep),
        (as_json, '{"a":' * 50_000),
        (as_json, f'{{"type": "event_callback", "event": {long}}}'),
        (as_json, '{"type": "event_callback", "event": {"type": "app_home_opened", "user": 7}}'),
        (as_json, '{"type": "url_verification", "challenge": {}}'),
        (as_json, "nonsense"),
        (as_json, ""),
        ("text/plain", "nonsense"),
    ]


def _spoiled(payload: Any, chance: random.Random) -> Any:
    """The same with one value somewhere in it being something else."""
    junk = (None, 0, -1, 10**30, "", "\0", "x" * 5_000, [], {}, [[]], True, 1e308)
    if not isinstance(payload, dict | list) or not payload or chance.random() < 0.15:
        return chance.choice(junk)
    if isinstance(payload, list):
        return [_spoiled(payload[0], chance), *payload[1:]]
    key = chance.choice(sorted(payload))
    return payload | {key: _spoiled(payload[key], chance)}


async def hostile(url: str, sent: Sent, chance: random.Random) -> None:
    """Bodies of every wrong shape: correctly signed, wrongly, long ago, or not at all."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as web:
        wire = Wire(web, url)
        while True:
            for content_type, body in hostile_bodies(chance):
                right = signed(body)
                for what, headers in (
                    ("hostile requests, signed", right),
                    ("wrongly signed requests", signed(body, "another-secret")),
                    ("stale requests", signed(body, at=time.time() - 4000)),
                    ("unsigned requests", {}),
                    ("requests with absurd headers", right | _absurd(chance)),
                ):
                    with suppress(httpx.TransportError, OSError):
                        await wire.send(body, headers | {"Content-Type": content_type})
                    sent.add(what)
                await asyncio.sleep(0.05)


def _absurd(chance: random.Random) -> Json:
    value = chance.choice(["", "x", "-1", "9" * 400, "\xff", "v0=", "1e9", "nan", "١٢"])
    name = chance.choice(["X-Slack-Request-Timestamp", "X-Slack-Signature"])
    return {name: value.encode("utf-8").decode("latin-1")}


async def forged(stage: Stage, url: str, sent: Sent, chance: random.Random) -> None:
    """Every press and form with values that were never offered, and with junk in their places."""
    whole = [*REQUESTS.values(), *FORMS.values()]
    people = [PEOPLE[name] for name in ("admin", "recruiter", "interviewer", "guest")]
    async with httpx.AsyncClient(trust_env=False, timeout=60) as web:
        wire = Wire(web, url)
        while True:
            request, who = chance.choice(whole)(stage), chance.choice(people)
            if isinstance(request, Press | Submit):
                bent = with_bent_values(request, BENDS[chance.choice(sorted(BENDS))])
                if chance.random() < 0.3:
                    bent = _with_junk(bent, chance)
                request = bent
            assert isinstance(request, Command | Press | Submit)
            with suppress(httpx.TransportError, OSError):
                await stage.sends(request, who, wire)
            sent.add("forged presses and forms")
            await asyncio.sleep(chance.uniform(0, 0.1))


def _with_junk(request: Press | Submit, chance: random.Random) -> Press | Submit:
    """The same with a token that is another's, or junk."""
    junk = chance.choice(["", "{}", "[]", "null", '{"panel": 7}', "x" * 2_000, '{"interview":""}'])
    if isinstance(request, Submit):
        return Submit(request.view | {"private_metadata": junk}, request.values)
    return Press(request.element | {"value": junk}, request.view)


async def slack_fails(slack: StandIn, sent: Sent, chance: random.Random) -> None:
    """Slack is busy, loses answers, hangs, talks nonsense; closes links and forbids new ones."""
    while True:
        method = chance.choice(METHODS)
        if not slack.faults.get(method):
            slack.fails(method, chance.choice(FAULTS))
            sent.add("failures of Slack")
        if chance.random() < 0.03:
            slack.addresses = [slack.address("forbidden")] * chance.randrange(3)
            with suppress(Exception):
                await slack.closes_all()
            sent.add("closed links")
        await asyncio.sleep(chance.uniform(0, 0.4))


async def database_fails(breaks: Sequence[Breaks], sent: Sent, chance: random.Random) -> None:
    """The database takes nothing for some seconds, and then it does again."""
    while True:
        await asyncio.sleep(chance.uniform(10, 30))
        async with chance.choice(breaks)():
            sent.add("failures of the database")
            await asyncio.sleep(chance.uniform(2, 10))


async def stands_still(pids: Sequence[int], work: Work, sent: Sent, chance: random.Random) -> None:
    """The processes are stopped for some seconds, as a machine that swaps or sleeps does."""
    while True:
        await asyncio.sleep(chance.uniform(20, 40))
        begun = time.monotonic()
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(chance.uniform(1, 6))
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
            work.stopped.append((begun, time.monotonic() + 0.5))
        sent.add("stops of the process")


async def clock_steps(offset: Path, sent: Sent, chance: random.Random) -> None:
    """The machine's clock jumps, by less than a signature may be old: every request stays good."""
    while True:
        await asyncio.sleep(chance.uniform(10, 20))
        offset.write_text(f"{chance.randrange(-240, 240):+}")
        sent.add("steps of the clock")
