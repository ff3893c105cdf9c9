"""Requests to others: what comes back, what does not, and which proxy they go by."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot import http
from bot.errors import SettingsError, UserError
from bot.http import HttpClient, NoAnswer, check_proxies
from bot.logs import quiet_libraries
from handlers.slack_api import SlackApi
from handlers.slack_errors import SlackAway, SlackRefused
from tests.support.demo import running_demo
from tests.support.panelist import running
from tests.support.playground import HIRING, RILEY
from tests.support.server import serving
from tests.support.slack import StandIn
from tests.support.waiting import until
from tests.support.wire import web_client


async def echoes(request: Request) -> Response:
    said = (await request.body()).decode()
    return PlainTextResponse(f"{request.headers['Content-Type']}: {said}", 201)


async def endless(_: Request) -> Response:
    async def more() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000
            await asyncio.sleep(0)  # or nobody would learn that the client has gone

    return StreamingResponse(more())


async def never(_: Request) -> Response:
    await asyncio.sleep(60)
    return Response()


async def elsewhere(_: Request) -> Response:
    return RedirectResponse("/echoes", 307)


@pytest.fixture
async def address() -> AsyncIterator[str]:
    routes = [Route(f"/{f.__name__}", f, methods=["POST"]) for f in (echoes, endless, elsewhere)]
    async with serving(Starlette(routes=[*routes, Route("/never", never, methods=["POST"])])) as at:
        yield at


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    made = HttpClient()
    yield made
    await made.stop()


async def test_an_answer_is_given_whatever_its_status(client: HttpClient, address: str) -> None:
    answer = await client.post(f"{address}/echoes", b"hello", "text/x")
    assert (answer.status, answer.body) == (201, b"text/x: hello")


async def test_no_redirect_is_followed(client: HttpClient, address: str) -> None:
    answer = await client.post(f"{address}/elsewhere", b"hello", "text/x")
    assert (answer.status, answer.headers["Location"]) == (307, "/echoes")


async def test_whoever_does_not_answer_is_not_waited_for(
    client: HttpClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "PATIENCE", 0.2)
    with pytest.raises(NoAnswer):
        await client.post(f"{address}/never", b"", "text/x")


async def test_an_answer_without_an_end_is_none(
    client: HttpClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "LARGEST_ANSWER", 50_000)
    with pytest.raises(NoAnswer):
        await client.post(f"{address}/endless", b"", "text/x")


@pytest.mark.parametrize("url", ["", "nonsense", "http://127.0.0.1:9/", "ftp://x/", "http://[x/"])
async def test_where_nobody_is_there_is_no_answer(client: HttpClient, url: str) -> None:
    with pytest.raises(NoAnswer):
        await client.post(url, b"", "text/x")


async def test_a_file_that_is_refused_was_not_sent(address: str) -> None:
    api = SlackApi(f"{address}/api/")
    with pytest.raises(SlackRefused, match="couldn't accept the file"):
        await api.send_file(f"{address}/elsewhere", b"x")
    with pytest.raises(SlackAway):
        await api.send_file("http://127.0.0.1:9/", b"x")
    await api.stop()


async def test_no_log_has_an_address_that_answers_to_whoever_knows_it(
    client: HttpClient, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    quiet_libraries()
    with caplog.at_level(logging.DEBUG):
        await client.post(f"{address}/echoes?secret", b"", "text/x")
    assert "secret" not in caplog.text


# Proxies


class Proxy:
    """A proxy that writes down what it is asked for, and refuses."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.url = ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(" ".join(head.split()[:2]))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Proxy"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        async with server:
            yield self


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    async with Proxy().serving() as one:
        yield one


def given(patch: pytest.MonkeyPatch, proxy: Proxy, **variables: str) -> None:
    for name, value in variables.items():
        where = value.replace("PROXY", proxy.url).replace("HOST", proxy.url.removeprefix("http://"))
        patch.setenv(name, where)


THERE = "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    ("variables", "url", "asked"),
    [
        ({"HTTPS_PROXY": "PROXY"}, "https://slack.test/", "CONNECT slack.test:443"),
        ({"https_proxy": "PROXY"}, "https://slack.test/", "CONNECT slack.test:443"),
        ({"HTTPS_PROXY": "HOST"}, "https://slack.test/", "CONNECT slack.test:443"),
        ({"ALL_PROXY": "PROXY"}, "https://slack.test/", "CONNECT slack.test:443"),
        ({"HTTP_PROXY": "PROXY"}, "http://slack.test/", "POST http://slack.test/"),
        ({"HTTP_PROXY": "PROXY"}, "http://127.0.0.1:9/", "POST http://127.0.0.1:9/"),
        ({"HTTPS_PROXY": "PROXY", "NO_PROXY": "t.test"}, "https://s.test/", "CONNECT s.test:443"),
        ({"HTTPS_PROXY": "PROXY"}, THERE, None),
        ({"HTTP_PROXY": "PROXY", "NO_PROXY": "127.0.0.1"}, THERE, None),
        ({"HTTP_PROXY": "PROXY", "NO_PROXY": "a.test, 127.0.0.1"}, THERE, None),
        ({"HTTP_PROXY": "PROXY", "NO_PROXY": "127.0.0.1:9"}, THERE, None),
        ({"HTTP_PROXY": "PROXY", "NO_PROXY": "127.0.0.1:8"}, THERE, "POST http://127.0.0.1:9/"),
        ({"ALL_PROXY": "PROXY", "no_proxy": "*"}, THERE, None),
        ({"HTTP_PROXY": "PROXY", "NO_PROXY": "localhost"}, "http://localhost:9/", None),
        ({"HTTP_PROXY": ""}, THERE, None),
    ],
)
async def test_the_sdk_and_we_go_by_the_same_proxy(
    proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    url: str,
    asked: str | None,
) -> None:
    given(monkeypatch, proxy, **variables)
    api = SlackApi(url)
    await api.start()
    with pytest.raises(UserError):
        await api.respond(url, {})
    with pytest.raises(UserError):
        await api.identity("xoxb-1")
    await api.stop()
    if asked is None:
        assert proxy.asked == []
    else:
        ours, sdks = proxy.asked
        assert (ours, sdks.removesuffix("auth.test")) == (asked, asked)


async def test_so_does_the_socket(
    proxy: Proxy, slack: StandIn, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, proxy, HTTPS_PROXY="PROXY", NO_PROXY="127.0.0.1")
    slack.addresses = ["wss://socket.test/link"]
    async with running(slack, sqlite_database, slack_app_token="xapp-a-token"):
        await slack.connected()
    assert proxy.asked == ["CONNECT socket.test:443"]


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(SettingsError, match="ALL_PROXY is a socks5 proxy"):
        check_proxies()
    monkeypatch.setenv("NO_PROXY", "*")
    check_proxies()


@pytest.mark.parametrize("no_proxy", ["127.0.0.1", ""])
async def test_the_demo_works_whatever_proxies_there_are(tmp_path: Path, no_proxy: str) -> None:
    nobody = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    with running_demo(tmp_path, NO_PROXY=no_proxy, **nobody) as demo:
        async with web_client() as web:

            async def sends(path: str, body: dict[str, str]) -> None:
                assert (await web.post(f"{demo.address}{path}", json=body)).json()["ok"]

            async def shows(path: str, words: str) -> None:
                await until(lambda: has(web, f"{demo.address}/as/{RILEY}/{path}", words))

            typed = {"channel": HIRING, "text": "/jd"}
            await sends(f"/as/{RILEY}/act/say", typed)
            await shows("views.json", "jd.picker")
            await sends("/faults", {"method": "views.open", "how": "500"})
            await sends(f"/as/{RILEY}/act/say", typed)
            await shows(f"{HIRING}/messages.json", "If nothing opened")


async def has(web: httpx.AsyncClient, url: str, words: str) -> bool:
    return words in (await web.get(url)).text
