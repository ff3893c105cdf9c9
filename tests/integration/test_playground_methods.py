"""Methods that apps call beside posting: emails, threads, reactions, permalinks, who is who."""

import re
from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.state.models import BOT_USER, Json
from tests.support.playground import (
    ALEX,
    APP_TOKEN,
    ENGINEERING,
    HIRING,
    MANIFEST,
    PRIVATE,
    RILEY,
    Scene,
    scene,
)
from tests.support.wire import web_client


def with_scopes(*scopes: str) -> Json:
    manifest: Json = deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] = list(scopes)
    return manifest


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path) as running:
        yield running


async def refused(call: Any) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: Json = caught.value.response.data
    return answer


async def error_of(call: Any) -> str:
    return str((await refused(call))["error"])


async def test_people_are_found_by_email(tmp_path: Path) -> None:
    manifest = with_scopes("users:read", "users:read.email")
    async with scene(tmp_path, manifest=manifest) as here:
        found = await here.client.users_lookupByEmail(email="Riley@Northwind.example")
        assert (found["user"]["id"], found["user"]["real_name"]) == (RILEY, "Riley Chen")
        assert found["user"]["profile"]["email"] == "riley@northwind.example"
        told = (await here.client.users_info(user=ALEX))["user"]
        assert told["profile"]["email"] == "alex@northwind.example"
        listed = (await here.client.users_list())["members"]
        emails = {person["profile"].get("email") for person in listed}
        assert {"riley@northwind.example", "sky@acme.example", None} <= emails
        for nobody in ("nobody@northwind.example", "sky@acme.example"):
            call = here.client.users_lookupByEmail(email=nobody)
            assert await error_of(call) == "users_not_found"
        nothing = here.client.api_call("users.lookupByEmail", params={})
        assert await error_of(nothing) == "invalid_arguments"


async def test_emails_need_their_scope(here: Scene) -> None:
    answer = await refused(here.client.users_lookupByEmail(email="riley@northwind.example"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read.email")
    assert "email" not in (await here.client.users_info(user=RILEY))["user"]["profile"]
    listed = (await here.client.users_list())["members"]
    assert not any("email" in person["profile"] for person in listed)


async def test_a_thread_is_read_from_its_first_message(here: Scene) -> None:
    first = (await here.client.chat_postMessage(channel=HIRING, text="first"))["ts"]
    await here.client.chat_postMessage(channel=HIRING, text="beside")
    replies = [
        (await here.client.chat_postMessage(channel=HIRING, text=text, thread_ts=first))["ts"]
        for text in ("one", "two", "three")
    ]
    thread = await here.client.conversations_replies(channel=HIRING, ts=first)
    parent, *under = thread["messages"]
    assert (parent["text"], parent["thread_ts"], parent["reply_count"]) == ("first", first, 3)
    assert (parent["latest_reply"], parent["reply_users"]) == (replies[-1], [BOT_USER])
    assert [reply["text"] for reply in under] == ["one", "two", "three"]
    assert {reply["thread_ts"] for reply in under} == {first}
    assert {reply["parent_user_id"] for reply in under} == {BOT_USER}
    assert not thread["has_more"]

    history = (await here.client.conversations_history(channel=HIRING))["messages"]
    assert [(m["text"], m.get("reply_count")) for m in history] == [("beside", None), ("first", 3)]

    (alone,) = (await here.client.conversations_replies(channel=HIRING, ts=replies[0]))["messages"]
    assert (alone["text"], alone["thread_ts"]) == ("one", first)


async def test_a_long_thread_comes_page_by_page(here: Scene) -> None:
    first = (await here.client.chat_postMessage(channel=HIRING, text="first"))["ts"]
    for text in ("one", "two", "three"):
        await here.client.chat_postMessage(channel=HIRING, text=text, thread_ts=first)
    seen, cursor = [], ""
    for more in (True, False):
        answer = await here.client.conversations_replies(
            channel=HIRING, ts=first, limit=2, cursor=cursor
        )
        seen += [message["text"] for message in answer["messages"][1:]]
        cursor = answer["response_metadata"]["next_cursor"]
        assert (answer["has_more"], bool(cursor)) == (more, more)
    assert seen == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("channel", "ts", "error"),
    [
        (HIRING, "1.000001", "thread_not_found"),
        (ENGINEERING, "1.000001", "not_in_channel"),
        (PRIVATE, "1.000001", "channel_not_found"),
        (HIRING, "", "invalid_arguments"),
    ],
)
async def test_there_is_no_such_thread(here: Scene, channel: str, ts: str, error: str) -> None:
    assert await error_of(here.client.conversations_replies(channel=channel, ts=ts)) == error


async def test_threads_need_the_scope_of_their_kind_of_channel(tmp_path: Path) -> None:
    async with scene(tmp_path, manifest=with_scopes("chat:write")) as here:
        ts = (await here.client.chat_postMessage(channel=HIRING, text="x"))["ts"]
        answer = await refused(here.client.conversations_replies(channel=HIRING, ts=ts))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")


async def test_a_reaction_stands_on_the_message(here: Scene) -> None:
    await here.delivery.message(RILEY, HIRING, "Done")
    ts = here.said()[0].ts
    await here.client.reactions_add(channel=HIRING, timestamp=ts, name="white_check_mark")
    await here.client.reactions_add(channel=HIRING, timestamp=ts, name="wave::skin-tone-3")
    (message,) = (await here.client.conversations_history(channel=HIRING))["messages"]
    assert message["reactions"] == [
        {"name": "white_check_mark", "users": [BOT_USER], "count": 1},
        {"name": "wave::skin-tone-3", "users": [BOT_USER], "count": 1},
    ]
    assert "edited" not in message
    again = here.client.reactions_add(channel=HIRING, timestamp=ts, name="white_check_mark")
    assert await error_of(again) == "already_reacted"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"timestamp": "1.000001"}, "no_item_specified"),
        ({"channel": HIRING}, "no_item_specified"),
        ({"channel": HIRING, "timestamp": "1.000001"}, "message_not_found"),
        ({"channel": HIRING, "timestamp": "soon"}, "bad_timestamp"),
        ({"channel": HIRING, "timestamp": "1.000001", "name": "two words"}, "invalid_name"),
        ({"channel": ENGINEERING, "timestamp": "1.000001"}, "not_in_channel"),
        ({"channel": PRIVATE, "timestamp": "1.000001"}, "channel_not_found"),
    ],
)
async def test_refuses_to_react(here: Scene, arguments: Json, error: str) -> None:
    call = here.client.api_call("reactions.add", params={"name": "tada", **arguments})
    assert await error_of(call) == error


async def test_nobody_reacts_to_what_one_person_alone_sees(here: Scene) -> None:
    ts = (await here.client.chat_postEphemeral(channel=HIRING, user=RILEY, text="x"))["message_ts"]
    call = here.client.reactions_add(channel=HIRING, timestamp=ts, name="tada")
    assert await error_of(call) == "message_not_found"
    call = here.client.chat_getPermalink(channel=HIRING, message_ts=ts)
    assert await error_of(call) == "message_not_found"


async def test_reactions_and_the_team_need_their_scopes(tmp_path: Path) -> None:
    async with scene(tmp_path, manifest=with_scopes("chat:write")) as here:
        call = here.client.reactions_add(channel=HIRING, timestamp="1.000001", name="tada")
        assert (await refused(call))["needed"] == "reactions:write"
        assert (await refused(here.client.team_info()))["needed"] == "team:read"
        assert (await refused(here.client.bots_info(bot="B0PANEL")))["needed"] == "users:read"
        call = here.client_with(APP_TOKEN).team_info()
        assert await error_of(call) == "not_allowed_token_type"


async def test_a_permalink_leads_to_the_message(here: Scene) -> None:
    ts = (await here.client.chat_postMessage(channel=HIRING, text="first"))["ts"]
    reply = (await here.client.chat_postMessage(channel=HIRING, text="x", thread_ts=ts))["ts"]
    answer = await here.client.chat_getPermalink(channel=HIRING, message_ts=ts)
    address = f"{here.address}/archives/{HIRING}/p{ts.replace('.', '')}"
    assert (answer["channel"], answer["permalink"]) == (HIRING, address)
    of_reply = (await here.client.chat_getPermalink(channel=HIRING, message_ts=reply))["permalink"]
    assert of_reply.endswith(f"?thread_ts={ts}&cid={HIRING}")
    async with web_client() as web:
        led = await web.get(address, follow_redirects=False)
        anchor = f"m-{ts.replace('.', '-')}"
        place = f"/as/{RILEY}/{HIRING}#{anchor}"
        assert (led.status_code, led.headers["location"]) == (303, place)
        page = await web.get(f"{here.address}/as/{RILEY}/{HIRING}")
        assert f'id="{anchor}"' in page.text
        nowhere = await web.get(f"{here.address}/archives/C0NOWHERE/p1000000")
        assert nowhere.status_code == 404


async def test_there_is_no_permalink_of_nothing(here: Scene) -> None:
    call = here.client.chat_getPermalink(channel=HIRING, message_ts="1.000001")
    assert await error_of(call) == "message_not_found"
    call = here.client.chat_getPermalink(channel=PRIVATE, message_ts="1.000001")
    assert await error_of(call) == "channel_not_found"


async def test_says_which_workspace_and_which_bot_it_is(here: Scene) -> None:
    team = (await here.client.team_info())["team"]
    assert (team["id"], team["name"], team["domain"], team["email_domain"]) == (
        "T0PANELIST", "Northwind Labs", "northwind-labs", "northwind.example",
    )  # fmt: skip
    assert team["icon"]["image_default"]
    assert "enterprise_id" not in team
    assert (await here.client.team_info(team=team["id"]))["team"] == team
    assert await error_of(here.client.team_info(team="T0OTHER")) == "team_not_found"

    bot = (await here.client.bots_info(bot="B0PANEL"))["bot"]
    assert (bot["name"], bot["user_id"], bot["app_id"]) == ("Foreign", BOT_USER, "A0PANEL")
    assert not bot["deleted"]
    assert await error_of(here.client.bots_info(bot="B0OTHER")) == "bot_not_found"
    assert await error_of(here.client.api_call("bots.info")) == "missing_argument"


async def test_a_persons_message_comes_back_as_slack_keeps_it(here: Scene) -> None:
    await here.delivery.message(RILEY, HIRING, "*Ready* @Alex Novak?")
    (message,) = (await here.client.conversations_history(channel=HIRING))["messages"]
    assert message["text"] == "*Ready* <@U0ALEX>?"
    assert re.fullmatch(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", message["client_msg_id"])
    (block,) = message["blocks"]
    assert (block["type"], bool(block["block_id"])) == ("rich_text", True)
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "Ready", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "user", "user_id": ALEX},
        {"type": "text", "text": "?"},
    ]
