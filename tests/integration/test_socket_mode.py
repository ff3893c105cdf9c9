"""Socket Mode: the same answers, over a WebSocket that the app opens."""

import asyncio
import logging
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator

import pytest

from bot import outages
from bot.errors import SettingsError
from bot.serving import listen
from handlers import socket_mode
from tests.support.panelist import Panelist, button, running, text_of
from tests.support.slack import BROKEN, Fault, StandIn, refused
from tests.support.wire import command_fields, press_payload


@pytest.fixture
async def panelist(slack: StandIn, sqlite_database: str) -> AsyncIterator[Panelist]:
    async with running(slack, sqlite_database, slack_app_token="xapp-a-token") as started:
        yield started


async def test_a_command_is_answered_in_the_ack(panelist: Panelist) -> None:
    fields = command_fields("/jd backend-developer", panelist.slack.response_url())
    answer = await panelist.slack.delivers("slash_commands", fields)
    assert answer["response_type"] == "in_channel"
    assert "What you'll do" in text_of(answer)


async def test_a_press_is_acked_and_answered_by_its_response_url(panelist: Panelist) -> None:
    fields = command_fields("/jd backend-developer", panelist.slack.response_url())
    posted = await panelist.slack.delivers("slash_commands", fields)
    url = panelist.slack.response_url()
    press = press_payload(button(posted, "Hiring guide"), url)
    assert await panelist.slack.delivers("interactive", press) == {}
    assert "What to look for" in text_of(await panelist.slack.next_response(url))


async def test_a_lost_connection_is_opened_again(panelist: Panelist) -> None:
    socket = await panelist.slack.connected()
    await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
    await panelist.slack.next_call("apps.connections.open", 2)
    fields = command_fields("/jd help", panelist.slack.response_url())
    assert "/jd preview" in text_of(await panelist.slack.delivers("slash_commands", fields))


async def test_a_wrong_app_token_stops_the_start_and_says_where_to_find_the_right_one(
    slack: StandIn, sqlite_database: str
) -> None:
    slack.fails("apps.connections.open", refused("invalid_auth"))
    with pytest.raises(SettingsError, match="App-Level Tokens"):
        async with running(slack, sqlite_database, slack_app_token="xapp-a-token"):
            pass


async def test_slack_being_away_at_the_start_is_waited_for(
    slack: StandIn, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "FIRST_PAUSE", 0.05)
    slack.fails("apps.connections.open", *[BROKEN] * 4)
    async with running(slack, sqlite_database, slack_app_token="xapp-a-token") as panelist:
        await panelist.slack.connected(within=15)


# Never deaf: whatever becomes of the next address, another is asked for


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(outages, "LONGEST_PAUSE", 0.4)
    monkeypatch.setattr(socket_mode, "OPEN_WITHIN", 0.5)


async def answers(panelist: Panelist) -> bool:
    fields = command_fields("/jd help", panelist.slack.response_url())
    return "/jd preview" in text_of(await panelist.slack.delivers("slash_commands", fields))


async def is_ready(panelist: Panelist) -> bool:
    return (await panelist.wire.get("/readyz")).status == 200


@pytest.mark.usefixtures("in_a_hurry")
@pytest.mark.parametrize("trouble", ["refuses", "forbids", "has no name", "hangs", "is no address"])
async def test_a_lost_link_is_opened_elsewhere_where_the_next_address(
    panelist: Panelist, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack = panelist.slack
    await slack.connected()
    assert await is_ready(panelist)
    caplog.set_level(logging.INFO, "handlers")
    with listen("127.0.0.1", 0) as silent:  # nobody ever accepts what comes
        dead = {
            "refuses": "ws://127.0.0.1:9/link?ticket=secret",
            "forbids": slack.address("forbidden") + "?ticket=secret",
            "has no name": "ws://nowhere.invalid/link?ticket=secret",
            "hangs": f"ws://127.0.0.1:{silent.getsockname()[1]}/link?ticket=secret",
            "is no address": "ticket=secret",
        }[trouble]
        slack.addresses = [dead] * 3
        before = len(slack.called("apps.connections.open"))
        await slack.closes_all()
        await slack.next_call("apps.connections.open", before + 2)
        ready = await panelist.wire.get("/readyz")
        assert ready.status == 503
        assert "has not been connected to Slack for" in ready.json["faults"][0]
        await slack.connected(within=30)
    assert await answers(panelist)
    assert await is_ready(panelist)
    assert caplog.messages.count("socket_mode.failing") == 1
    assert caplog.messages[-1] == "socket_mode.connected"
    assert "ticket" not in caplog.text


@pytest.mark.usefixtures("in_a_hurry")
async def test_an_address_that_slack_does_not_give_is_asked_for_again(panelist: Panelist) -> None:
    slack = panelist.slack
    await slack.connected()
    slack.fails("apps.connections.open", BROKEN, refused("internal_error"), Fault(hang=True))
    await slack.closes_all()
    await slack.connected(within=30)
    assert await answers(panelist)


@pytest.mark.usefixtures("in_a_hurry")
async def test_links_that_slack_closes_at_once_are_opened_ever_more_seldom(
    panelist: Panelist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "LONGEST_PAUSE", 60)
    slack, begun = panelist.slack, time.monotonic()
    while time.monotonic() - begun < 2:
        await slack.closes_all()
        await asyncio.sleep(0.01)
    assert len(slack.called("apps.connections.open")) <= 7


async def test_a_command_in_hand_is_acknowledged_while_the_link_is_renewed(
    panelist: Panelist, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, old = panelist.slack, await panelist.slack.connected()
    slow = Fault(body={"ok": True, "user": {"id": "U2"}}, seconds=0.5)
    slack.fails("users.info", slow)
    monkeypatch.setattr(outages, "FIRST_PAUSE", 0.05)
    fields = command_fields("/jd help", slack.response_url(), user_id="U2")
    answer = asyncio.create_task(slack.delivers("slash_commands", fields))
    await slack.next_call("users.info")
    await old.send_json({"type": "disconnect", "reason": "warning"})
    assert "/jd preview" in text_of(await answer)
    await slack.next_call("apps.connections.open", 2)


async def test_what_makes_no_sense_is_a_line_in_the_log_and_no_more(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    socket = await panelist.slack.connected()
    for text in ("", "nonsense", "[]", "[" * 50_000, '{"type": 1}', '{"envelope_id": "e"}'):
        await socket.send_text(text)
    assert await answers(panelist)
    assert "Traceback" not in caplog.text


async def test_a_process_that_was_stopped_for_a_while_finds_its_way_back(
    slack: StandIn, sqlite_database: str
) -> None:
    """Its link was closed meanwhile, as where a machine sleeps."""
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-a-token",
        "SLACK_APP_TOKEN": "xapp-a-token",
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": sqlite_database,
        "PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env={**os.environ, **settings}, stderr=DEVNULL
    )
    try:
        await slack.connected(within=60)
        process.send_signal(signal.SIGSTOP)
        slack.addresses = [slack.address("forbidden")]
        await slack.closes_all()
        await asyncio.sleep(1)
        process.send_signal(signal.SIGCONT)
        await slack.connected(within=60)
        fields = command_fields("/jd help", slack.response_url())
        assert "/jd preview" in text_of(await slack.delivers("slash_commands", fields))
    finally:
        process.terminate()
        assert await process.wait() == 0
