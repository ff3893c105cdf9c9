"""Clients that keep us waiting, garbage in great numbers, and a good request in the middle."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.routing import Route

from bot import connections
from bot.connections import Wait
from bot.logs import Sparingly
from tests.support.panelist import Panelist, running, text_of
from tests.support.served import Served
from tests.support.slack import Fault, StandIn
from tests.support.wire import Wire, command_fields, form, signed, web_client

HALF_HEADERS = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Le"
HALF_BODY = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nhalf"

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(url: str, sent: bytes = b"") -> AsyncIterator[Client]:
    """A client that sends so much, and no more."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write(sent)
        await writer.drain()
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def hung_up(client: Client) -> bytes:
    """What the client is sent until we hang up."""
    async with asyncio.timeout(5):
        try:
            return await client[0].read()
        except ConnectionResetError:
            return b""


@pytest.fixture
def served(tmp_path: Path, slack: StandIn) -> Iterator[Served]:
    with Served(tmp_path, slack, descriptors=256) as started:
        yield started


async def test_among_900_half_sent_requests_a_good_one_is_answered(
    served: Served, slack: StandIn
) -> None:
    async with web_client() as web, AsyncExitStack() as flood:
        await served.answers(web)
        for number in range(900):
            half = HALF_BODY if number % 2 else HALF_HEADERS
            await flood.enter_async_context(connected(served.url, half))
        reply = await Wire(web, served.url).command("/jd help", slack.response_url())
        assert "/jd preview" in text_of(reply.json)
        page = (await web.get(f"{served.url}/metrics")).text
        assert 'panelist_connections_dropped_total{reason="crowded"} 0.0' not in page
    served.process.send_signal(signal.SIGTERM)
    code, log = await served.ends()
    assert (code, "Traceback" in log) == (0, False)
    assert log.count("connection.dropped reason=crowded") == 1
    assert log.count("request.cut_off") == 1


async def test_a_stop_does_not_wait_for_requests_that_are_half_sent(
    served: Served, slack: StandIn
) -> None:
    async with web_client() as web, AsyncExitStack() as halves:
        await served.answers(web)
        clients = [
            await halves.enter_async_context(connected(served.url, half))
            for half in (b"", HALF_HEADERS, HALF_BODY, HALF_BODY, HALF_BODY)
        ]
        served.process.send_signal(signal.SIGTERM)
        for client in clients:
            await hung_up(client)
        code, log = await served.ends()
    assert code == 0
    assert "graceful shutdown exceeded" not in log


def impatient(patch: pytest.MonkeyPatch, *waits: Wait, seconds: float = 0.05) -> None:
    patch.setattr(connections, "WITHIN", connections.WITHIN | dict.fromkeys(waits, seconds))


@pytest.mark.parametrize(
    ("sent", "wait"),
    [
        (b"", Wait.BEGIN),
        (b"P", Wait.HEADERS),
        (HALF_HEADERS, Wait.HEADERS),
        (HALF_BODY, Wait.BODY),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET", Wait.HEADERS),
    ],
    ids=["nothing", "a letter", "half of the headers", "half of the body", "half of the second"],
)
async def test_whoever_keeps_us_waiting_is_hung_up_on(
    panelist: Panelist, monkeypatch: pytest.MonkeyPatch, sent: bytes, wait: Wait
) -> None:
    impatient(monkeypatch, wait)
    async with connected(panelist.wire.app_url, sent) as client:
        await hung_up(client)


async def test_whoever_reads_no_answer_is_hung_up_on(
    panelist: Panelist, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch, Wait.READING)
    asked = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    async with connected(panelist.wire.app_url) as (_, writer):
        with suppress(ConnectionError):
            async with asyncio.timeout(20):
                while not writer.is_closing():
                    writer.write(asked)
                    await writer.drain()
                    await asyncio.sleep(0)


async def test_a_request_that_comes_in_pieces_is_answered(panelist: Panelist) -> None:
    body = form(command_fields("/jd help", panelist.slack.response_url()))
    lines = [f"{name}: {value}\r\n" for name, value in signed(body).items()]
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    whole = (head + "".join(lines) + "Connection: close\r\n\r\n" + body).encode()
    async with connected(panelist.wire.app_url) as (reader, writer):
        for start in range(0, len(whole), 40):
            writer.write(whole[start : start + 40])
            await writer.drain()
            await asyncio.sleep(0)
        assert b"200 OK" in await hung_up((reader, writer))


async def test_whoever_waits_for_our_answer_never_makes_room(
    slack: StandIn, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 5)
    async with running(slack, sqlite_database) as panelist, AsyncExitStack() as flood:
        slack.fails("users.info", Fault(body={"ok": True, "user": {"id": "U1"}}, seconds=1))
        asked = asyncio.create_task(panelist.reply("/jd backend-developer"))
        await slack.next_call("users.info")
        url = panelist.wire.app_url
        clients = [await flood.enter_async_context(connected(url, HALF_BODY)) for _ in range(20)]
        for client in clients[:16]:
            await hung_up(client)
        assert not asked.done()
        assert await asked


async def test_whoever_has_just_come_is_heard_before_it_makes_room(
    slack: StandIn, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 5)
    monkeypatch.setattr(connections, "JUST_CAME", 60.0)
    monkeypatch.setattr(connections, "GOES_ON", 0.0)
    async with running(slack, sqlite_database) as panelist, AsyncExitStack() as flood:
        url = panelist.wire.app_url
        reader, writer = await flood.enter_async_context(connected(url))
        clients = [await flood.enter_async_context(connected(url, HALF_BODY)) for _ in range(20)]
        for client in clients[:16]:
            await hung_up(client)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"200 OK" in await hung_up((reader, writer))


async def test_garbage_in_great_numbers_is_one_line_with_a_count(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    for sent in (b"\x16\x03\x01 hello\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n" * 2 + b"\r\n"):
        for _ in range(20):
            async with connected(panelist.wire.app_url, sent) as client:
                assert b"400" in await hung_up(client)
    heard = [record for record in caplog.records if record.name == "uvicorn.error"]
    assert [record.getMessage() for record in heard] == ["Invalid HTTP request received."]


def test_running_out_of_descriptors_is_one_line_and_every_other_error_is_said() -> None:
    sparingly = Sparingly("socket.accept()")

    def is_said(text: str) -> bool:
        record = logging.makeLogRecord({"msg": text, "levelno": logging.ERROR})
        return sparingly.filter(record)

    out_of_them = "socket.accept() out of system resource\nsocket: <asyncio.TransportSocket fd=6>"
    assert [is_said(out_of_them) for _ in range(3)] == [True, False, False]
    assert [is_said("Task exception was never retrieved") for _ in range(2)] == [True, True]


async def test_no_route_takes_a_body_that_is_not_signed(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    """Of all routes one takes requests of Slack's, and it asks first whether they are."""
    routes = panelist.application.asgi().routes
    paths = [route.path for route in routes if isinstance(route, Route)]
    assert len(paths) == len(routes)
    body = form(command_fields("/jd help", panelist.slack.response_url()))
    with caplog.at_level(logging.INFO):
        for path in paths:
            for headers in ({}, signed(body, secret="another")):
                reply = await panelist.wire.send(body, headers, path)
                assert reply.status == (401 if path == "/slack/events" else 405), path
        assert (await panelist.wire.send(body, signed(body))).status == 200
    page = (await panelist.wire.get("/metrics")).text
    assert 'panelist_requests_total{kind="command",listener="jd",outcome="ok"} 1.0' in page
