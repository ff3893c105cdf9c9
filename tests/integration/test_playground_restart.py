"""The app stops, crashes and comes back; the playground is closed and opened again."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from bot.playground.link import events, socket_link
from bot.playground.server import Config, run
from bot.playground.state import store
from bot.serving import listen
from tests.support.playground import (
    APP_TOKEN,
    HIRING,
    MANIFEST,
    RILEY,
    SECRET,
    Scene,
    both,
    foreign_app,
    over_http,
    over_socket,
    scene,
)
from tests.support.ports import free_port
from tests.support.server import serving

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
HOME = {"type": "home", "blocks": [SECTION]}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Title"}, "blocks": [SECTION]}


def register(app: AsyncApp) -> None:
    async def hello(ack: Any) -> None:
        await ack("hello")

    app.command("/hello")(hello)


async def test_a_restart_finds_everything(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        channel = (await here.client.conversations_open(users=RILEY))["channel"]["id"]
        metadata = {"event_type": "e", "event_payload": {"a": 1}}
        await here.client.chat_postMessage(
            channel=channel, text="kept", blocks=[SECTION], metadata=metadata
        )
        await here.client.conversations_join(channel="C0ENGINEER")
        trigger = here.workspace.issue_trigger(RILEY, HIRING).id
        await here.client.views_open(trigger_id=trigger, view=MODAL)
        trigger = here.workspace.issue_trigger(RILEY, HIRING, here.top().id).id
        await here.client.views_push(trigger_id=trigger, view=MODAL)
        await here.client.views_publish(user_id=RILEY, view=HOME)
        url = here.workspace.issue_response_url(RILEY, HIRING)
        said, stack = here.said(channel), here.workspace.views(RILEY)
        home = here.workspace.home(RILEY)
        channels = dict(here.workspace.channels)
    async with scene(tmp_path) as here:
        assert here.said(channel) == said
        assert here.workspace.views(RILEY) == stack
        assert here.workspace.home(RILEY) == home
        assert here.workspace.channels == channels
        assert here.workspace.response_url(url.id) == url
        await here.client.chat_postMessage(channel=channel, text="later")
        assert here.texts(channel) == ["kept", "later"]
    async with scene(tmp_path, fresh=True) as here:
        assert here.said(channel) == []
        assert here.workspace.views(RILEY) == []


async def test_what_another_version_has_kept_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(tmp_path) as here:
        await here.client.chat_postMessage(channel=HIRING, text="old")
    monkeypatch.setattr(store, "VERSION", store.VERSION + 1)
    async with scene(tmp_path) as here:
        assert here.texts() == []


async def test_a_fresh_start_mends_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / store.FILE).write_text("broken")
    async with scene(tmp_path, fresh=True) as here:
        assert here.texts() == []


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_an_app_that_has_never_started_is_told(tmp_path: Path, mode: str) -> None:
    url = f"http://127.0.0.1:{free_port()}/slack/events" if mode == "http" else None
    async with scene(tmp_path, request_url=url) as here:
        result = await here.delivery.command(RILEY, HIRING, "/hello")
        assert result.error == '/hello failed with the error "dispatch_failed"'
        assert not here.workspace.app_status.up
        assert here.last("to_app").error == "dispatch_failed"


async def test_an_app_that_stops_and_comes_back_over_http(tmp_path: Path) -> None:
    port = free_port()
    async with scene(tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events") as here:
        app = foreign_app(here.address)
        register(app)
        for _ in range(2):
            async with serving(over_http(app), port):
                await here.until(lambda: here.workspace.app_status.up)
                assert (await here.delivery.command(RILEY, HIRING, "/hello")).ok
            assert not (await here.delivery.command(RILEY, HIRING, "/hello")).ok
            assert "Foreign is not running" in here.workspace.app_status.sentence


async def test_an_app_that_stops_and_comes_back_by_socket_mode(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        for _ in range(2):
            app = foreign_app(here.address)
            register(app)
            async with over_socket(app, here):
                assert (await here.delivery.command(RILEY, HIRING, "/hello")).ok
            await here.until(lambda: not here.workspace.app_status.up)
            assert not (await here.delivery.command(RILEY, HIRING, "/hello")).ok


async def new_url(here: Scene) -> str:
    return str((await here.client.apps_connections_open(app_token=APP_TOKEN))["url"])


@asynccontextmanager
async def link(here: Scene) -> AsyncIterator[ClientConnection]:
    async with connect(await new_url(here), proxy=None) as socket:
        yield socket


async def told(socket: ClientConnection) -> Any:
    return json.loads(await socket.recv())


async def test_socket_mode_as_it_goes_over_the_wire(tmp_path: Path) -> None:
    async with scene(tmp_path) as here, link(here) as socket:
        hello = await told(socket)
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"]["app_id"] == "A0PANEL"
        command = asyncio.create_task(here.delivery.command(RILEY, HIRING, "/hello a"))
        envelope = await told(socket)
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["text"] == "a"
        await socket.send("nonsense")
        await socket.send(json.dumps({"envelope_id": "unknown"}))
        ack = {"envelope_id": envelope["envelope_id"], "payload": {"text": "hello"}}
        await socket.send(json.dumps(ack))
        assert (await command).ok
        assert here.texts() == ["hello"]
        await here.delivery.stop()
        assert (await told(socket))["type"] == "disconnect"


async def test_a_crash_in_the_middle_of_a_request_is_told_at_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as here, link(here) as socket:
        await told(socket)
        command = asyncio.create_task(here.delivery.command(RILEY, HIRING, "/hello"))
        await told(socket)
        await socket.close()
        async with asyncio.timeout(1):
            result = await command
        assert result.error == '/hello failed with the error "dispatch_failed"'
        assert not here.workspace.app_status.up


async def test_a_ticket_is_good_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        url = await new_url(here)
        async with connect(url, proxy=None):
            with pytest.raises(InvalidStatus):
                await connect(url, proxy=None)


async def test_ten_connections_and_no_more(tmp_path: Path) -> None:
    async with scene(tmp_path) as here, AsyncExitStack() as links:
        most = socket_link.CONNECTIONS_MOST
        sockets = [await links.enter_async_context(link(here)) for _ in range(most + 1)]
        first = [await told(socket) for socket in sockets]
        assert [one["type"] for one in first] == ["hello"] * 10 + ["disconnect"]
        assert first[-1]["reason"] == "too_many_websockets"


async def test_http_requests_are_signed_and_form_encoded_as_slacks(tmp_path: Path) -> None:
    requests: list[tuple[Request, bytes]] = []

    async def endpoint(request: Request) -> Response:
        requests.append((request, await request.body()))
        return PlainTextResponse("")

    port = free_port()
    app = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    async with (
        serving(app, port),
        scene(tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events") as here,
    ):
        await here.delivery.command(RILEY, HIRING, "/hello a")
        await here.delivery.message(RILEY, HIRING, "said")
        await here.until(lambda: len(here.workspace.exchanges) == 2)
    for request, body in requests:
        verifier = SignatureVerifier(SECRET)
        assert verifier.is_valid_request(body, dict(request.headers))
    command, event = requests
    assert command[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert b"command=%2Fhello&text=a" in command[1]
    assert event[0].headers["content-type"] == "application/json"
    assert json.loads(event[1])["type"] == "event_callback"


async def test_an_event_that_fails_is_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "RETRY_AFTER", (0.0, 0.0, 0.0))
    retries: list[str | None] = []

    async def endpoint(request: Request) -> Response:
        retries.append(request.headers.get("x-slack-retry-num"))
        return PlainTextResponse("", 500 if len(retries) < 3 else 200)

    port = free_port()
    app = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    async with (
        serving(app, port),
        scene(tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events") as here,
    ):
        await here.delivery.message(RILEY, HIRING, "said")
        await here.until(lambda: len(here.workspace.exchanges) == 3)
    assert retries == [None, "1", "2"]


def test_a_taken_address_is_said_in_a_sentence(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        config = Config(
            address=f"http://127.0.0.1:{port}",
            signing_secret=SECRET,
            bot_token="xoxb-1",
            app_token=APP_TOKEN,
            manifest=MANIFEST,
            request_url=None,
            folder=tmp_path / "data",
        )
        with pytest.raises(SystemExit, match=f"cannot listen on 127.0.0.1 port {port}"):
            run(config)
    assert not (tmp_path / "data").exists()


async def test_two_people_at_once(tmp_path: Path) -> None:
    async with both(tmp_path, "socket", register) as here:
        people = ("U0ALEX", "U0SAM", "U0PRIYA", "U0RECRUIT") * 5
        results = await asyncio.gather(
            *(here.delivery.command(user, HIRING, "/hello") for user in people)
        )
        assert all(result.ok for result in results)
        assert len(here.texts(viewer="U0ALEX")) == 5
