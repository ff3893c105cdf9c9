"""What Panelist relies on in Bolt: an upgrade that changes one of these is noticed here."""

import asyncio
import json
import logging
import re
import time
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.wire import SECRET, command_fields, form, press_payload, signed


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-a-token")


def bolt(**options: Any) -> AsyncApp:
    options = {"process_before_response": True} | options
    return AsyncApp(
        name="facts",
        logger=logging.getLogger("facts"),
        signing_secret=SECRET,
        authorize=authorize,
        **options,
    )


def request(body: str) -> AsyncBoltRequest:
    headers: Any = {name: [value] for name, value in signed(body).items()}
    return AsyncBoltRequest(body=body, headers=headers)


def jd() -> AsyncBoltRequest:
    return request(form(command_fields("/jd", "https://example.invalid")))


async def test_the_listeners_return_sends_the_ack() -> None:
    app = bolt()
    order: list[str] = []

    @app.command("/jd")
    async def listener(ack: AsyncAck) -> None:
        await ack("hello")
        await asyncio.sleep(0.05)
        order.append("listener done")

    response = await app.async_dispatch(jd())
    order.append("answered")
    assert (response.status, response.body) == (200, "hello")
    assert order == ["listener done", "answered"]


async def test_a_response_that_the_listener_returns_is_the_answer() -> None:
    app = bolt()

    @app.command("/jd")
    async def listener() -> BoltResponse:
        return BoltResponse(status=200, body='{"text":"hello"}')

    response = await app.async_dispatch(jd())
    assert (response.status, response.body) == (200, '{"text":"hello"}')
    assert response.headers["content-type"] == ["application/json;charset=utf-8"]


async def test_by_default_the_ack_goes_out_before_the_listener_is_done() -> None:
    app = bolt(process_before_response=False)
    done = asyncio.Event()

    @app.command("/jd")
    async def listener(ack: AsyncAck) -> None:
        await ack("hello")
        await asyncio.sleep(0.05)
        done.set()

    response = await app.async_dispatch(jd())
    assert response.body == "hello"
    assert not done.is_set()
    await done.wait()


async def test_middleware_does_not_wrap_the_listener() -> None:
    app = bolt()
    order: list[str] = []

    @app.use
    async def middleware(next: Any) -> None:
        order.append("middleware begins")
        await next()
        order.append("middleware ends")

    @app.command("/jd")
    async def listener(ack: AsyncAck) -> None:
        order.append("listener")
        await ack()

    await app.async_dispatch(jd())
    assert order == ["middleware begins", "middleware ends", "listener"]


async def test_an_error_handler_cannot_ack() -> None:
    app = bolt()

    @app.command("/jd")
    async def listener(ack: AsyncAck) -> None:
        raise ValueError

    @app.error
    async def handler(error: Exception) -> BoltResponse:
        return BoltResponse(status=418, body="from the handler")

    response = await app.async_dispatch(jd())
    assert response.status == 418, "its response replaces the answer, but no ack can be built in it"

    @app.error
    async def acking(error: Exception, **kwargs: Any) -> None:
        assert kwargs.get("ack") is None

    assert (await app.async_dispatch(jd())).status == 500


async def test_an_error_after_the_ack_is_a_500_and_the_ack_is_lost() -> None:
    app = bolt()

    @app.command("/jd")
    async def listener(ack: AsyncAck) -> None:
        await ack("hello")
        raise ValueError

    response = await app.async_dispatch(jd())
    assert response.status == 500
    assert response.body == ""


async def test_each_request_gets_a_client_of_its_own() -> None:
    mine = AsyncWebClient(token="xoxb-mine", base_url="https://example.invalid/api/")
    app = bolt(client=mine)
    seen: list[AsyncWebClient] = []

    @app.command("/jd")
    async def listener(ack: AsyncAck, client: AsyncWebClient) -> None:
        seen.append(client)
        await ack()

    await app.async_dispatch(jd())
    await app.async_dispatch(jd())
    assert seen[0] is not mine
    assert seen[0] is not seen[1]
    assert {client.base_url for client in seen} == {mine.base_url}


async def test_what_no_listener_takes_is_a_404() -> None:
    assert (await bolt().async_dispatch(jd())).status == 404


async def test_one_listener_takes_everything_of_its_kind() -> None:
    app = bolt()
    seen: list[str] = []

    @app.command(re.compile(""))
    async def command(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen.append(body["command"])
        await ack()

    @app.action(re.compile(""))
    async def action(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen.append(body["actions"][0]["action_id"])
        await ack()

    press = press_payload({"type": "button", "action_id": "any.thing"}, "https://example.invalid")
    for incoming in (jd(), request(form({"payload": json.dumps(press)}))):
        assert (await app.async_dispatch(incoming)).status == 200
    assert seen == ["/jd", "any.thing"]


async def test_a_refused_signature_is_logged_with_its_body_at_info_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Why Bolt's loggers are kept at warning."""
    app = bolt()
    body = form(command_fields("/jd secret-words", "https://example.invalid"))
    headers: Any = {name: [value] for name, value in signed(body, secret="wrong").items()}
    with caplog.at_level(logging.DEBUG, logger="facts"):
        assert (
            await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        ).status == 401
    loud = [r for r in caplog.records if "secret-words" in r.getMessage()]
    assert all(record.levelno <= logging.INFO for record in loud)


async def test_a_signature_is_good_for_five_minutes() -> None:
    app = bolt()

    @app.command("/jd")
    async def listener(ack: AsyncAck) -> None:
        await ack()

    body = form(command_fields("/jd", "https://example.invalid"))
    for age, status in ((0, 200), (-290, 200), (-310, 401), (310, 401)):
        headers: Any = {k: [v] for k, v in signed(body, at=time.time() + age).items()}
        response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        assert response.status == status
