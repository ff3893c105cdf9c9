"""People of another workspace, and of an Enterprise Grid, as an app meets them on the wire."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.internals import extract_team_id

from bot.playground.server import TEMPLATES
from bot.playground.state.cast import Cast, read
from bot.playground.state.models import TEAM_ID, Enterprise, Json, User
from tests.support.playground import HIRING, RILEY, Scene, foreign_app, over_socket, scene

SKY, SHARED, ORA = "U0PARTNER", "C0SHARED", "U0ORA"
FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}],
}
BUTTON: Json = {
    "type": "actions",
    "block_id": "b",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ],
}


def grid() -> Cast:
    """Northwind as a workspace of an organization, with somebody of its sister workspace."""
    northwind = read(TEMPLATES / "cast.toml")
    ora = User(ORA, "ora", "Ora Org", team="T0SISTER", is_org_member=True)
    hiring = northwind.channels[0]
    return replace(
        northwind,
        team=replace(northwind.team, enterprise=Enterprise("E0NORTH", "Northwind Group")),
        people=(*northwind.people, ora),
        channels=(replace(hiring, members=(*hiring.members, ORA)), *northwind.channels[1:]),
    )


class App:
    """What an app is told, in full."""

    def __init__(self) -> None:
        self.told: dict[str, Json] = {}

    def register(self, app: AsyncApp) -> None:
        async def noted(ack: Any, body: Json) -> None:
            self.told[body.get("type", "command")] = body
            await ack()

        async def pressed(ack: Any, body: Json, client: Any) -> None:
            self.told["block_actions"] = body
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)
            await ack()

        app.command("/hello")(noted)
        app.action("go")(pressed)
        app.view("form")(noted)
        app.event("message")(noted)


@pytest.fixture
async def here(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[tuple[Scene, App]]:
    cast: Cast | None = getattr(request, "param", None)
    app = App()
    async with scene(tmp_path, cast=cast) as running:
        bolt = foreign_app(running.address)
        app.register(bolt)
        async with over_socket(bolt, running):
            yield running, app


async def presses_and_submits(scene: Scene, user: str, channel: str) -> None:
    await scene.client.chat_postMessage(channel=channel, text="x", blocks=[BUTTON])
    message = scene.said(channel, user)[-1]
    assert (await scene.delivery.press(user, message, "b", "go")).ok
    assert (await scene.delivery.submit(user, scene.top(user).id, {})).ok


async def test_somebody_of_another_workspace_is_told_apart(here: tuple[Scene, App]) -> None:
    scene, app = here
    await presses_and_submits(scene, SKY, SHARED)
    for kind in ("block_actions", "view_submission"):
        payload = app.told[kind]
        assert payload["user"]["team_id"] == "T0ACME"
        assert payload["team"]["id"] == TEAM_ID
        assert extract_team_id(payload) == TEAM_ID
    view = app.told["view_submission"]["view"]
    assert (view["team_id"], view["app_installed_team_id"]) == ("T0ACME", TEAM_ID)

    await scene.delivery.message(SKY, SHARED, "hello")
    await scene.until(lambda: "event_callback" in app.told)
    event = app.told["event_callback"]
    assert event["is_ext_shared_channel"]
    assert (event["team_id"], event["context_team_id"]) == ("T0ACME", TEAM_ID)
    assert event["event"]["user_team"] == event["event"]["team"] == "T0ACME"
    assert extract_team_id(event) == TEAM_ID

    told = (await scene.client.users_info(user=SKY))["user"]
    assert (told["team_id"], told["profile"]["team"]) == ("T0ACME", "T0ACME")
    assert told["is_stranger"] is False
    channel = (await scene.client.conversations_info(channel=SHARED))["channel"]
    assert channel["is_ext_shared"]


async def test_nothing_is_shared_among_ourselves(here: tuple[Scene, App]) -> None:
    scene, app = here
    await scene.delivery.message(RILEY, HIRING, "hello")
    await scene.until(lambda: "event_callback" in app.told)
    event = app.told["event_callback"]
    assert not event["is_ext_shared_channel"]
    assert "user_team" not in event["event"]
    assert (event["team_id"], event["context_enterprise_id"]) == (TEAM_ID, None)


async def test_an_apps_commands_are_not_for_other_workspaces(here: tuple[Scene, App]) -> None:
    scene, app = here
    result = await scene.delivery.command(SKY, SHARED, "/hello")
    assert result.error == "/hello is not a valid command."
    assert "command" not in app.told


async def test_somebody_met_nowhere_is_a_stranger(tmp_path: Path) -> None:
    northwind = read(TEMPLATES / "cast.toml")
    apart = tuple(channel for channel in northwind.channels if channel.id != SHARED)
    async with scene(tmp_path, cast=replace(northwind, channels=apart)) as here:
        assert (await here.client.users_info(user=SKY))["user"]["is_stranger"] is True
        assert "is_stranger" not in (await here.client.users_info(user=RILEY))["user"]


@pytest.mark.parametrize("here", [grid()], indirect=True)
async def test_a_member_from_a_sister_workspace_is_a_member(here: tuple[Scene, App]) -> None:
    scene, app = here
    told = (await scene.client.users_info(user=ORA))["user"]
    assert told["team_id"] == "T0SISTER"
    assert told["enterprise_user"]["teams"] == [TEAM_ID, "T0SISTER"]
    assert told["enterprise_user"]["enterprise_id"] == "E0NORTH"
    assert "is_stranger" not in told
    riley = (await scene.client.users_info(user=RILEY))["user"]
    assert riley["enterprise_user"]["teams"] == [TEAM_ID]
    assert "enterprise_user" not in (await scene.client.users_info(user=SKY))["user"]

    assert (await scene.delivery.command(ORA, HIRING, "/hello")).ok
    command = app.told["command"]
    assert (command["team_id"], command["enterprise_id"], command["enterprise_name"]) == (
        TEAM_ID, "E0NORTH", "Northwind Group",
    )  # fmt: skip
    await presses_and_submits(scene, ORA, HIRING)
    pressed = app.told["block_actions"]
    assert pressed["enterprise"] == {"id": "E0NORTH", "name": "Northwind Group"}
    assert pressed["team"]["enterprise_id"] == "E0NORTH"
    assert (pressed["user"]["team_id"], extract_team_id(pressed)) == ("T0SISTER", TEAM_ID)

    await scene.delivery.message(ORA, HIRING, "hello")
    await scene.until(lambda: "event_callback" in app.told)
    event = app.told["event_callback"]
    assert event["authorizations"][0]["enterprise_id"] == "E0NORTH"
    assert not event["is_ext_shared_channel"]


@pytest.mark.parametrize("here", [grid()], indirect=True)
async def test_the_workspace_says_which_organization_it_belongs_to(
    here: tuple[Scene, App],
) -> None:
    scene, _ = here
    assert (await scene.client.auth_test())["enterprise_id"] == "E0NORTH"
    team = (await scene.client.team_info())["team"]
    assert (team["enterprise_id"], team["enterprise_name"]) == ("E0NORTH", "Northwind Group")


async def test_a_start_with_other_people_keeps_what_was_said(tmp_path: Path) -> None:
    northwind = read(TEMPLATES / "cast.toml")
    async with scene(tmp_path) as here:
        await here.delivery.message(RILEY, HIRING, "I was here")
        await here.client.conversations_join(channel="C0ENGINEER")
    without_riley = replace(
        northwind,
        people=northwind.people[1:],
        channels=tuple(
            replace(channel, members=tuple(m for m in channel.members if m != RILEY))
            for channel in northwind.channels
        ),
    )
    async with scene(tmp_path, cast=without_riley) as here:
        assert here.texts(HIRING, "U0MANAGER") == ["I was here"]
        told = (await here.client.users_info(user=RILEY))["user"]
        assert (told["deleted"], told["profile"]["real_name"]) == (True, "Riley Chen")
        assert RILEY not in {person.id for person in here.workspace.people()}
        assert "U0PANEL" in here.workspace.channels["C0ENGINEER"].members
