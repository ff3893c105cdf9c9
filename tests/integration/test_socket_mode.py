"""Socket Mode: the same answers, over a WebSocket that the app opens."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import SettingsError
from handlers import socket_mode
from tests.support.panelist import Panelist, button, running, text_of
from tests.support.slack import BROKEN, StandIn, refused
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
    await panelist.slack.next_call("apps.connections.open", 2, within=10)
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
    monkeypatch.setattr(socket_mode, "FIRST_PAUSE", 0.05)
    slack.fails("apps.connections.open", *[BROKEN] * 4)
    async with running(slack, sqlite_database, slack_app_token="xapp-a-token") as panelist:
        await panelist.slack.connected(within=15)
