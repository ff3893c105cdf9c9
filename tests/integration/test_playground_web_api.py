"""The playground's Web API as the real SDK meets it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.state.models import Json
from tests.support.playground import (
    ALEX,
    ANA,
    APP_TOKEN,
    BOT_TOKEN,
    ENGINEERING,
    HIRING,
    MANIFEST,
    PRIVATE,
    RILEY,
    Scene,
    scene,
)
from tests.support.wire import web_client

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Title"}, "blocks": [SECTION]}
HOME = {"type": "home", "blocks": [SECTION]}


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


async def test_says_who_the_bot_is(here: Scene) -> None:
    answer = await here.client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (
        "U0PANEL", "B0PANEL", "T0PANELIST",
    )  # fmt: skip
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_refuses_a_missing_or_wrong_token(here: Scene) -> None:
    assert await error_of(here.client_with("").auth_test()) == "not_authed"
    assert await error_of(here.client_with("xoxb-wrong").auth_test()) == "invalid_auth"
    assert await error_of(here.client_with(APP_TOKEN).auth_test()) == "not_allowed_token_type"
    opening = here.client.apps_connections_open(app_token=BOT_TOKEN)
    assert await error_of(opening) == "not_allowed_token_type"


async def test_takes_the_token_as_a_field_and_get_requests(here: Scene) -> None:
    async with web_client() as web:
        url = f"{here.address}/api/auth.test"
        assert (await web.post(url, data={"token": BOT_TOKEN})).json()["ok"]
        assert (await web.get(url, params={"token": BOT_TOKEN})).json()["ok"]
        assert (await web.post(url, json={"token": BOT_TOKEN})).json()["error"] == "not_authed"


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"<x/>", "text/xml", "invalid_post_type"),
    ],
)
async def test_refuses_odd_bodies(here: Scene, body: bytes, content_type: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}", "Content-Type": content_type}
    async with web_client() as web:
        url = f"{here.address}/api/chat.postMessage"
        answer = await web.post(url, content=body, headers=headers)
        assert answer.status_code == 200
        assert answer.json()["error"] == error


async def test_refuses_and_names_an_unknown_method(here: Scene) -> None:
    answer = await refused(here.client.api_call("emoji.list"))
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "emoji.list")
    shown = here.last("from_app")
    assert (shown.kind, shown.error) == ("emoji.list", "unknown_method")


async def test_shows_no_secret_in_the_inspector(here: Scene) -> None:
    await here.client.auth_test()
    async with web_client() as web:
        await web.post(f"{here.address}/api/auth.test", data={"token": BOT_TOKEN})
    assert BOT_TOKEN not in repr(here.workspace.exchanges)


async def test_posts_and_gives_the_message_back(here: Scene) -> None:
    answer = await here.client.chat_postMessage(channel=HIRING, text="hello", blocks=[SECTION])
    (message,) = here.said()
    assert (message.ts, message.text, message.bot) == (answer["ts"], "hello", True)
    assert answer["message"]["blocks"][0]["block_id"]


@pytest.mark.parametrize("channel", ["#hiring", "hiring"])
async def test_posts_to_a_channel_by_name(here: Scene, channel: str) -> None:
    answer = await here.client.chat_postMessage(channel=channel, text="hello")
    assert answer["channel"] == HIRING


async def test_posts_to_a_person(here: Scene) -> None:
    answer = await here.client.chat_postMessage(channel=ALEX, text="hello")
    opened = await here.client.conversations_open(users=ALEX)
    assert answer["channel"] == opened["channel"]["id"]
    assert opened["already_open"]
    assert here.texts(answer["channel"], ALEX) == ["hello"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": PRIVATE, "text": "x"}, "channel_not_found"),
        ({"channel": ENGINEERING, "text": "x"}, "not_in_channel"),
        ({"channel": "U0NOBODY", "text": "x"}, "channel_not_found"),
        ({"channel": HIRING, "text": " "}, "no_text"),
        ({"channel": HIRING, "text": "x" * 4001}, "msg_too_long"),
        ({"channel": HIRING, "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": HIRING, "text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"channel": HIRING, "text": "x", "metadata": {"event_type": "e"}},
         "invalid_metadata_format"),
        ({"channel": HIRING, "text": "x", "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2500}}] * 5},
         "msg_blocks_too_long"),
        ({"text": "x"}, "invalid_arguments"),
        ({"channel": HIRING, "attachments": [{"text": "x"}]}, "invalid_attachments"),
    ],
)  # fmt: skip
async def test_refuses_to_post(here: Scene, arguments: Json, error: str) -> None:
    call = here.client.api_call("chat.postMessage", json=arguments)
    assert await error_of(call) == error
    assert here.said() == []


async def test_says_where_blocks_are_wrong(here: Scene) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "h" * 151}}
    call = here.client.chat_postMessage(channel=HIRING, text="x", blocks=[SECTION, header])
    answer = await refused(call)
    line = "must be less than 151 characters [json-pointer:/blocks/1/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [line]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {line}"]
    assert line in str(here.last("from_app").error)


async def test_joins_a_public_channel_and_then_posts(here: Scene) -> None:
    await here.client.conversations_join(channel=ENGINEERING)
    assert (await here.client.chat_postMessage(channel=ENGINEERING, text="x"))["ok"]


async def test_updates_and_deletes_its_own_message(here: Scene) -> None:
    ts = (await here.client.chat_postMessage(channel=HIRING, text="a", blocks=[SECTION]))["ts"]
    await here.client.chat_update(channel=HIRING, ts=ts, text="b")
    (message,) = here.said()
    assert (message.ts, message.text, len(message.blocks)) == (ts, "b", 1)
    assert message.edited is not None
    await here.client.chat_update(channel=HIRING, ts=ts, text="c", blocks=[])
    assert here.said()[0].blocks == []
    await here.client.chat_delete(channel=HIRING, ts=ts)
    assert here.said() == []
    assert await error_of(here.client.chat_delete(channel=HIRING, ts=ts)) == "message_not_found"
    call = here.client.chat_update(channel=HIRING, ts=ts, text="d")
    assert await error_of(call) == "message_not_found"


async def test_leaves_other_peoples_messages_alone(here: Scene) -> None:
    await here.delivery.message(RILEY, HIRING, "mine")
    ts = here.said()[0].ts
    update = here.client.chat_update(channel=HIRING, ts=ts, text="x")
    assert await error_of(update) == "cant_update_message"
    assert await error_of(here.client.chat_delete(channel=HIRING, ts=ts)) == "cant_delete_message"


async def test_shows_an_ephemeral_message_to_one_person(here: Scene) -> None:
    await here.client.chat_postEphemeral(channel=HIRING, user=RILEY, text="psst")
    assert here.texts(viewer=RILEY) == ["psst"]
    assert here.texts(viewer=ALEX) == []
    call = here.client.chat_postEphemeral(channel=HIRING, user="U0NOBODY", text="psst")
    assert await error_of(call) == "user_not_in_channel"


async def test_tells_about_people(here: Scene) -> None:
    person = (await here.client.users_info(user=ALEX))["user"]
    assert (person["tz"], person["is_admin"], person["is_bot"]) == ("Europe/Berlin", False, False)
    assert (await here.client.users_info(user=ANA))["user"]["is_admin"]
    assert await error_of(here.client.users_info(user="U0NOBODY")) == "user_not_found"
    page = await here.client.users_list(limit=3)
    rest = await here.client.users_list(cursor=page["response_metadata"]["next_cursor"])
    ids = [person["id"] for person in page["members"] + rest["members"]]
    assert ids == list(here.workspace.users)


async def test_somebody_of_another_company_is_told_with_their_own_workspace(here: Scene) -> None:
    partner = (await here.client.users_info(user="U0PARTNER"))["user"]
    assert (partner["team_id"], partner["is_restricted"]) == ("T0ACME", False)
    guest = (await here.client.users_info(user="U0GUEST"))["user"]
    assert (guest["team_id"], guest["is_restricted"]) == ("T0PANELIST", True)


async def test_reads_no_json_where_slack_reads_none(here: Scene) -> None:
    call = here.client.api_call("users.info", json={"user": ALEX})
    assert await error_of(call) == "user_not_found"


async def test_tells_about_conversations(here: Scene) -> None:
    await here.client.conversations_open(users=[ALEX])
    listed = await here.client.conversations_list(types="public_channel,private_channel,im")
    names = {channel.get("name", channel.get("user")) for channel in listed["channels"]}
    assert names == {"hiring", "general", "with-acme", "engineering", ALEX}
    shared = [channel["name"] for channel in listed["channels"] if channel.get("is_ext_shared")]
    assert shared == ["with-acme"]
    info = await here.client.conversations_info(channel=HIRING, include_num_members=True)
    assert (info["channel"]["name"], info["channel"]["num_members"]) == ("hiring", 8)
    assert await error_of(here.client.conversations_info(channel=PRIVATE)) == "channel_not_found"
    members = (await here.client.conversations_members(channel=HIRING))["members"]
    assert ALEX in members
    assert await error_of(here.client.conversations_list(types="wobble")) == "invalid_types"


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("U0NOBODY", "user_not_found"),
        ("", "users_list_not_supplied"),
        ("U0PANEL", "cannot_dm_bot"),
        ("U0ALEX,U0SAM", "too_many_users"),
    ],
)
async def test_refuses_to_open_a_conversation(here: Scene, users: str, error: str) -> None:
    call = here.client.api_call("conversations.open", params={"users": users})
    assert await error_of(call) == error


async def test_gives_the_history_newest_first_with_metadata(here: Scene) -> None:
    channel = (await here.client.conversations_open(users=ALEX))["channel"]["id"]
    metadata = {"event_type": "reminder", "event_payload": {"key": "k1"}}
    first = await here.client.chat_postMessage(channel=channel, text="1", metadata=metadata)
    for text in ("2", "3"):
        await here.client.chat_postMessage(channel=channel, text=text)
    page = await here.client.conversations_history(channel=channel, limit=2)
    assert [message["text"] for message in page["messages"]] == ["3", "2"]
    assert page["has_more"]
    cursor = page["response_metadata"]["next_cursor"]
    rest = await here.client.conversations_history(
        channel=channel, cursor=cursor, include_all_metadata=True
    )
    assert [message["metadata"] for message in rest["messages"]] == [metadata]
    assert not rest["has_more"]
    after = await here.client.conversations_history(channel=channel, oldest=first["ts"])
    assert [message["text"] for message in after["messages"]] == ["3", "2"]
    assert "metadata" not in after["messages"][0]


async def test_keeps_the_history_of_a_channel_from_a_bot_that_is_not_in_it(here: Scene) -> None:
    call = here.client.conversations_history(channel=ENGINEERING)
    assert await error_of(call) == "not_in_channel"


async def test_asks_for_the_scope_of_the_manifest(tmp_path: Path) -> None:
    manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["commands"]}}}
    async with scene(tmp_path, manifest=manifest) as here:
        answer = await refused(here.client.chat_postMessage(channel=HIRING, text="x"))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
        assert await error_of(here.client.conversations_info(channel=HIRING)) == "missing_scope"


async def test_publishes_a_home(here: Scene) -> None:
    first = (await here.client.views_publish(user_id=RILEY, view=HOME))["view"]
    again = await here.client.views_publish(user_id=RILEY, view=HOME, hash=first["hash"])
    assert again["view"]["id"] == first["id"]
    stale = here.client.views_publish(user_id=RILEY, view=HOME, hash=first["hash"])
    assert await error_of(stale) == "hash_conflict"
    modal = here.client.views_publish(user_id=RILEY, view=MODAL)
    assert await error_of(modal) == "invalid_arguments"
    nobody = here.client.views_publish(user_id="U0NOBODY", view=HOME)
    assert await error_of(nobody) == "user_not_found"


async def test_refuses_a_home_that_the_manifest_does_not_have(tmp_path: Path) -> None:
    features = {**MANIFEST["features"], "app_home": {"home_tab_enabled": False}}
    async with scene(tmp_path, manifest={**MANIFEST, "features": features}) as here:
        call = here.client.views_publish(user_id=RILEY, view=HOME)
        assert await error_of(call) == "not_enabled"


async def test_opens_a_modal_once_for_each_trigger(here: Scene) -> None:
    trigger = here.workspace.issue_trigger(RILEY).id
    view = (await here.client.views_open(trigger_id=trigger, view=MODAL))["view"]
    assert here.top().id == view["id"] == view["root_view_id"]
    again = here.client.views_open(trigger_id=trigger, view=MODAL)
    assert await error_of(again) == "exchanged_trigger_id"
    made_up = here.client.views_open(trigger_id="1.2.abc", view=MODAL)
    assert await error_of(made_up) == "invalid_trigger_id"


async def test_a_view_that_is_refused_costs_no_trigger(here: Scene) -> None:
    trigger = here.workspace.issue_trigger(RILEY).id
    answer = await refused(here.client.views_open(trigger_id=trigger, view={"type": "modal"}))
    assert answer["error"] == "invalid_arguments"
    assert (
        "[ERROR] missing required field: title [json-pointer:/view]"
        in (answer["response_metadata"]["messages"])
    )
    assert (await here.client.views_open(trigger_id=trigger, view=MODAL))["ok"]


async def test_stacks_three_modals_and_no_more(here: Scene) -> None:
    trigger = here.workspace.issue_trigger(RILEY).id
    root = (await here.client.views_open(trigger_id=trigger, view=MODAL))["view"]
    for _ in range(2):
        trigger = here.workspace.issue_trigger(RILEY, view_id=here.top().id).id
        pushed = (await here.client.views_push(trigger_id=trigger, view=MODAL))["view"]
        assert pushed["root_view_id"] == root["id"]
    trigger = here.workspace.issue_trigger(RILEY, view_id=here.top().id).id
    fourth = here.client.views_push(trigger_id=trigger, view=MODAL)
    assert await error_of(fourth) == "push_limit_reached"
    assert [view.depth for view in here.workspace.views(RILEY)] == [0, 1, 2]


async def test_pushes_only_onto_an_open_modal(here: Scene) -> None:
    trigger = here.workspace.issue_trigger(RILEY).id
    call = here.client.views_push(trigger_id=trigger, view=MODAL)
    assert await error_of(call) == "invalid_trigger_id"


async def test_updates_a_view_by_id_hash_and_external_id(here: Scene) -> None:
    trigger = here.workspace.issue_trigger(RILEY).id
    named = {**MODAL, "external_id": "mine"}
    view = (await here.client.views_open(trigger_id=trigger, view=named))["view"]
    update = await here.client.views_update(view_id=view["id"], hash=view["hash"], view=named)
    assert update["view"]["hash"] != view["hash"]
    stale = here.client.views_update(view_id=view["id"], hash=view["hash"], view=named)
    assert await error_of(stale) == "hash_conflict"
    assert (await here.client.views_update(external_id="mine", view=named))["ok"]
    assert await error_of(here.client.views_update(view_id="V0NONE", view=MODAL)) == "not_found"
    trigger = here.workspace.issue_trigger(ALEX).id
    twice = here.client.views_open(trigger_id=trigger, view=named)
    assert await error_of(twice) == "duplicate_external_id"


async def test_an_update_keeps_what_was_typed_where_the_ids_stay(here: Scene) -> None:
    def form(block: str) -> Json:
        element = {"type": "plain_text_input", "action_id": "a", "initial_value": "initial"}
        label = {"type": "plain_text", "text": "Label"}
        block_of = {"type": "input", "block_id": block, "label": label, "element": element}
        return {**MODAL, "submit": label, "blocks": [block_of]}

    trigger = here.workspace.issue_trigger(RILEY).id
    view = (await here.client.views_open(trigger_id=trigger, view=form("same")))["view"]
    typed = {"type": "plain_text_input", "value": "typed"}
    here.workspace.remember(view["id"], {"same": {"a": typed}})
    kept = (await here.client.views_update(view_id=view["id"], view=form("same")))["view"]
    assert kept["state"]["values"]["same"]["a"]["value"] == "typed"
    new = (await here.client.views_update(view_id=view["id"], view=form("other")))["view"]
    assert new["state"]["values"] == {
        "other": {"a": {"type": "plain_text_input", "value": "initial"}}
    }


async def test_refuses_a_huge_view(here: Scene) -> None:
    trigger = here.workspace.issue_trigger(RILEY).id
    option = {"text": {"type": "plain_text", "text": "o" * 75}, "description":
              {"type": "plain_text", "text": "ü" * 75}}  # fmt: skip
    group = [{**option, "value": f"{n:0150}"} for n in range(100)]
    label = {"type": "plain_text", "text": "L"}
    select = {"type": "static_select", "option_groups": [{"label": label, "options": group}] * 9}
    blocks = [{"type": "section", "text": label, "accessory": select}]
    call = here.client.views_open(trigger_id=trigger, view={**MODAL, "blocks": blocks})
    assert await error_of(call) == "view_too_large"


async def test_only_this_machine_may_ask(here: Scene) -> None:
    async with web_client() as web:
        answer = await web.get(here.address, headers={"Host": "evil.example"})
        assert answer.status_code == 400
