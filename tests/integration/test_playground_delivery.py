"""A foreign Bolt app, over HTTP and by Socket Mode, in the hands of people."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.playground.link.delivery import GONE, NO_OPTIONS, SLOW, TROUBLE
from bot.playground.state.models import SLACKBOT, Json, Message
from tests.support.clock import ManualClock
from tests.support.playground import ALEX, HIRING, RILEY, Scene, both


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def button(action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(action), "action_id": action, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def field(block: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": block, "label": plain("L"), "element": element, **more}


NAME = field("name", {"type": "plain_text_input", "action_id": "name", "max_length": 10})
TEAM = field(
    "team",
    {"type": "static_select", "action_id": "team", "options": [option("red"), option("blue")]},
    optional=True,
    dispatch_action=True,
)
CITY = field(
    "city",
    {"type": "external_select", "action_id": "city", "min_query_length": 0},
    optional=True,
)
PLACE = field(
    "place",
    {
        "type": "conversations_select",
        "action_id": "place",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    },
    optional=True,
)
BUTTONS = {
    "type": "actions",
    "block_id": "buttons",
    "elements": [
        button("open", value="v1"),
        button("replace"),
        button("delete"),
        {"type": "overflow", "action_id": "more", "options": [option("red"), option("blue")]},
    ],
}


class Foreign:
    """A few lines of an app that knows nothing of the playground; it notes what it is sent."""

    def __init__(self) -> None:
        self.seen: dict[str, Json] = {}
        self.form = modal(NAME, TEAM, CITY, PLACE, notify_on_close=True)
        self.ack: Json = {}

    def register(self, app: AsyncApp) -> None:
        app.command("/hello")(self.hello)
        app.command("/raw")(self.raw)
        app.action("open")(self.open)
        app.action("replace")(self.replace)
        app.action("delete")(self.delete)
        app.action("crash")(self.crash)
        for action in ("more", "team"):
            app.action(action)(self.noted)
        app.options("city")(self.cities)
        app.view("form")(self.submitted)
        app.view_closed("form")(self.noted)
        app.event("app_home_opened")(self.home)
        app.event("message")(self.noted_event)

    async def hello(self, ack: Any, command: Json) -> None:
        self.seen["command"] = command
        await ack(text="hello", blocks=[BUTTONS], response_type=command["text"] or "ephemeral")

    async def raw(self, ack: Any, command: Json, client: Any) -> None:
        self.seen["command"] = command
        match command["text"]:
            case "text":
                await ack("just text")
            case "nothing":
                await ack()
            case "bad":
                await ack(text="x", blocks=[{"type": "wobble"}])
            case "slow":
                await asyncio.sleep(3.2)
                await ack()
            case _:
                await client.views_open(trigger_id=command["trigger_id"], view=self.form)
                await ack()

    async def open(self, ack: Any, body: Json, client: Any) -> None:
        self.seen["press"] = body
        await client.views_open(trigger_id=body["trigger_id"], view=self.form)
        await ack()

    async def replace(self, ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="replaced", replace_original=True)

    async def delete(self, ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    async def crash(self) -> None:
        raise ValueError("crash")

    async def noted(self, ack: Any, body: Json) -> None:
        self.seen[body["type"]] = body
        await ack()

    async def noted_event(self, event: Json) -> None:
        self.seen["event"] = event

    async def cities(self, ack: Any, body: Json) -> None:
        self.seen["suggestion"] = body
        if body["value"] == "bad":
            await ack(options=[{"text": plain("x" * 76), "value": "x"}])
        else:
            await ack(options=[option("berlin"), option("bern")])

    async def submitted(self, ack: Any, body: Json) -> None:
        self.seen["submission"] = body
        await ack(**self.ack)

    async def home(self, event: Json, client: Any) -> None:
        self.seen["event"] = event
        home = {"type": "home", "blocks": [BUTTONS]}
        await client.views_publish(user_id=event["user"], view=home)


@pytest.fixture
def app() -> Foreign:
    return Foreign()


@pytest.fixture(params=["http", "socket"])
async def here(
    request: pytest.FixtureRequest, app: Foreign, tmp_path: Path
) -> AsyncIterator[Scene]:
    async with both(tmp_path, request.param, app.register) as running:
        yield running


async def shown(here: Scene) -> Message:
    """The message with buttons that everybody sees."""
    result = await here.delivery.command(RILEY, HIRING, "/hello in_channel")
    assert result.ok
    return here.said()[-1]


async def opened(here: Scene) -> str:
    """The id of the form, open for Riley."""
    result = await here.delivery.command(RILEY, HIRING, "/raw open")
    assert result.ok
    return here.top().id


async def test_a_command_answers_everybody_in_its_ack(here: Scene, app: Foreign) -> None:
    message = await shown(here)
    command = app.seen["command"]
    assert (command["channel_id"], command["channel_name"]) == (HIRING, "hiring")
    assert (command["user_id"], command["user_name"]) == (RILEY, "riley")
    assert message.blocks[0]["block_id"] == "buttons"
    assert here.texts(viewer=ALEX) == ["/hello in_channel", "hello"]
    assert here.last("to_app").kind == "/hello"


async def test_a_command_answers_one_person(here: Scene) -> None:
    await here.delivery.command(RILEY, HIRING, "/hello")
    await here.delivery.command(RILEY, HIRING, "/raw text")
    await here.delivery.command(RILEY, HIRING, "/raw nothing")
    assert here.texts(viewer=RILEY) == ["hello", "just text"]
    assert here.texts(viewer=ALEX) == []


async def test_a_commands_text_is_escaped_where_the_manifest_says_so(
    here: Scene, app: Foreign
) -> None:
    typed = "ask @Alex Novak & <@U0SAM> in #general <b> https://x.example?a=1&b"
    await here.delivery.command(RILEY, HIRING, f"/hello {typed}")
    assert app.seen["command"]["text"] == (
        "ask <@U0ALEX|alex> &amp; <@U0SAM|sam> in <#C0GENERAL|general> &lt;b&gt; "
        "<https://x.example?a=1&amp;b>"
    )
    await here.delivery.command(RILEY, HIRING, "/raw nothing @Alex & <b>")
    assert app.seen["command"]["text"] == "nothing @Alex & <b>"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/wobble", "/wobble is not a valid command."),
        ("/raw bad", '/raw failed with the error "invalid_blocks"'),
        ("/raw slow", '/raw failed with the error "operation_timeout"'),
    ],
)
async def test_a_command_that_fails_is_told_by_slack(here: Scene, line: str, sentence: str) -> None:
    result = await here.delivery.command(RILEY, HIRING, line)
    assert (result.ok, result.error) == (False, sentence)
    message = here.said()[-1]
    assert (message.user, message.text, message.ephemeral_to) == (SLACKBOT, sentence, RILEY)
    if "invalid_blocks" in sentence:
        assert "unsupported type: wobble" in str(here.last("to_app").error)


async def test_a_press_on_a_message_reaches_the_app(here: Scene, app: Foreign) -> None:
    message = await shown(here)
    result = await here.delivery.press(ALEX, message, "buttons", "open")
    assert result.ok
    press = app.seen["press"]
    assert press["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": HIRING,
        "is_ephemeral": False,
    }
    assert press["message"]["ts"] == message.ts
    assert press["user"]["id"] == ALEX
    (action,) = press["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("open", "buttons", "v1")
    assert here.top(ALEX).callback_id == "form"


async def test_a_press_replaces_or_deletes_the_message(here: Scene) -> None:
    message = await shown(here)
    await here.delivery.press(RILEY, message, "buttons", "replace")
    assert [(m.ts, m.text, m.blocks) for m in here.said()[-1:]] == [(message.ts, "replaced", [])]
    await here.delivery.command(RILEY, HIRING, "/hello")
    ephemeral = here.said()[-1]
    await here.delivery.press(RILEY, ephemeral, "buttons", "delete")
    assert here.said()[-1].ts == message.ts


async def test_a_menu_sends_the_option(here: Scene, app: Foreign) -> None:
    message = await shown(here)
    await here.delivery.press(RILEY, message, "buttons", "more", "blue")
    (action,) = app.seen["block_actions"]["actions"]
    assert action["selected_option"] == option("blue")
    with pytest.raises(ValueError, match="green"):
        await here.delivery.press(RILEY, message, "buttons", "more", "green")


async def test_the_times_of_presses_rise_even_where_the_clock_is_put_back(
    here: Scene, app: Foreign
) -> None:
    message = await shown(here)
    times = []
    for year in (2028, 2027, 2027):
        here.workspace.clock = ManualClock(datetime(year, 1, 1, tzinfo=UTC))
        await here.delivery.press(RILEY, message, "buttons", "more", "blue")
        (action,) = app.seen["block_actions"]["actions"]
        times.append(Decimal(action["action_ts"]))
    assert times == sorted(set(times))


async def test_a_press_on_what_is_gone_says_so(here: Scene) -> None:
    message = await shown(here)
    result = await here.delivery.press(RILEY, message, "buttons", "wobble")
    assert (result.ok, result.error) == (False, GONE)


async def test_a_form_sends_its_state_with_each_press(here: Scene, app: Foreign) -> None:
    view_id = await opened(here)
    values = {"name": {"name": "Ada"}}
    result = await here.delivery.press(RILEY, here.top(), "team", "team", "red", values)
    assert result.ok
    body = app.seen["block_actions"]
    assert body["container"] == {"type": "view", "view_id": view_id}
    assert "response_url" not in body
    state = body["view"]["state"]["values"]
    assert state["name"]["name"]["value"] == "Ada"
    assert state["team"]["team"]["selected_option"] == option("red")
    assert state["place"]["place"]["selected_conversation"] == HIRING


async def test_an_input_without_dispatch_sends_nothing(here: Scene, app: Foreign) -> None:
    await opened(here)
    await here.delivery.press(RILEY, here.top(), "name", "name", "Ada")
    assert "block_actions" not in app.seen
    assert here.top().values["name"]["name"]["value"] == "Ada"


async def test_a_submission_closes_the_form(here: Scene, app: Foreign) -> None:
    view_id = await opened(here)
    values = {"name": {"name": "Ada"}, "place": {"place": HIRING}}
    result = await here.delivery.submit(RILEY, view_id, values)
    assert result.ok
    assert here.workspace.views(RILEY) == []
    body = app.seen["submission"]
    assert body["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"
    assert [url["channel_id"] for url in body["response_urls"]] == [HIRING]
    assert (await here.delivery.submit(RILEY, view_id, values)).error == GONE


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({}, "Please complete this required field."),
        ({"name": {"name": "x" * 11}}, "Please enter at most 10 characters."),
    ],
)
async def test_slack_itself_refuses_an_incomplete_form(
    here: Scene, app: Foreign, values: Json, complaint: str
) -> None:
    view_id = await opened(here)
    result = await here.delivery.submit(RILEY, view_id, values)
    assert (result.ok, result.errors) == (False, {"name": complaint})
    assert "submission" not in app.seen
    assert here.top().id == view_id


VALUES = {"name": {"name": "Ada"}}


async def test_a_submission_answers_errors(here: Scene, app: Foreign) -> None:
    view_id = await opened(here)
    app.ack = {"response_action": "errors", "errors": {"name": "Taken."}}
    result = await here.delivery.submit(RILEY, view_id, VALUES)
    assert (result.ok, result.errors) == (False, {"name": "Taken."})
    assert here.top().values["name"]["name"]["value"] == "Ada"


async def test_a_submission_updates_pushes_and_clears(here: Scene, app: Foreign) -> None:
    root = await opened(here)
    app.ack = {"response_action": "push", "view": modal(NAME)}
    assert (await here.delivery.submit(RILEY, root, VALUES)).ok
    top = here.top()
    assert (top.previous_id, top.depth) == (root, 1)
    app.ack = {"response_action": "update", "view": modal(NAME, TEAM)}
    assert (await here.delivery.submit(RILEY, top.id, VALUES)).ok
    assert [view.id for view in here.workspace.views(RILEY)] == [root, top.id]
    assert len(here.top().blocks) == 2
    app.ack = {"response_action": "clear"}
    assert (await here.delivery.submit(RILEY, top.id, VALUES)).ok
    assert here.workspace.views(RILEY) == []


@pytest.mark.parametrize(
    "ack",
    [
        {"response_action": "errors", "errors": {"wobble": "No such block."}},
        {"response_action": "errors", "errors": {"name": ""}},
        {"response_action": "update", "view": {"type": "modal"}},
    ],
)
async def test_an_answer_that_slack_refuses_leaves_the_form_open(
    here: Scene, app: Foreign, ack: Json
) -> None:
    view_id = await opened(here)
    app.ack = ack
    result = await here.delivery.submit(RILEY, view_id, VALUES)
    assert (result.ok, result.error) == (False, TROUBLE)
    assert here.top().id == view_id
    assert "invalid_arguments: [ERROR]" in str(here.last("to_app").error)


async def test_closing_a_form_is_told(here: Scene, app: Foreign) -> None:
    view_id = await opened(here)
    assert (await here.delivery.close(RILEY, view_id)).ok
    assert app.seen["view_closed"]["is_cleared"] is False
    assert here.workspace.views(RILEY) == []


async def test_suggestions_are_offered_and_chosen(here: Scene, app: Foreign) -> None:
    view_id = await opened(here)
    result = await here.delivery.suggest(RILEY, here.top(), "city", "city", "ber")
    assert [offered["value"] for offered in result.options] == ["berlin", "bern"]
    assert app.seen["suggestion"]["value"] == "ber"
    values = {**VALUES, "city": {"city": "bern"}}
    assert (await here.delivery.submit(RILEY, view_id, values)).ok
    state = app.seen["submission"]["view"]["state"]["values"]
    assert state["city"]["city"]["selected_option"] == option("bern")


async def test_suggestions_that_slack_refuses_are_not_offered(here: Scene) -> None:
    await opened(here)
    result = await here.delivery.suggest(RILEY, here.top(), "city", "city", "bad")
    assert (result.ok, result.error) == (False, NO_OPTIONS)
    assert "must be less than 76 characters" in str(here.last("to_app").error)


async def test_opening_home_publishes_it(here: Scene, app: Foreign) -> None:
    await here.delivery.open_home(RILEY)
    await here.until(lambda: here.workspace.home(RILEY))
    assert app.seen["event"]["tab"] == "home"
    home = here.workspace.home(RILEY)
    assert home is not None
    await here.delivery.press(RILEY, home, "buttons", "open")
    assert app.seen["press"]["view"]["type"] == "home"
    assert here.top().callback_id == "form"


async def test_a_message_reaches_an_app_that_has_subscribed(here: Scene, app: Foreign) -> None:
    await here.delivery.message(RILEY, HIRING, "hello @Alex Novak <script>")
    await here.until(lambda: app.seen.get("event"))
    assert app.seen["event"]["text"] == "hello <@U0ALEX> &lt;script&gt;"
    assert app.seen["event"]["channel_type"] == "channel"
    (block,) = app.seen["event"]["blocks"]
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "hello "},
        {"type": "user", "user_id": ALEX},
        {"type": "text", "text": " <script>"},
    ]
    first = app.seen.pop("event")["client_msg_id"]
    await here.delivery.message(RILEY, HIRING, "and again")
    await here.until(lambda: app.seen.get("event"))
    assert app.seen["event"]["client_msg_id"] not in ("", first)


async def test_a_press_that_crashes_the_app_is_told(here: Scene) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("crash")]}]
    await here.client.chat_postMessage(channel=HIRING, text="x", blocks=blocks)
    crash = await here.delivery.press(RILEY, here.said()[-1], "b", "crash")
    silence = here.last("to_app").status is None
    assert crash.error == (SLOW if silence else "This app responded with Status Code 500.")


async def test_inviting_the_bot_lets_it_post(here: Scene) -> None:
    result = await here.delivery.command(RILEY, "C0PRIVATE", "/invite @Foreign")
    assert result.ok
    assert (await here.client.chat_postMessage(channel="C0PRIVATE", text="hello"))["ok"]


async def test_a_press_carries_what_stands_in_the_messages_inputs(
    here: Scene, app: Foreign
) -> None:
    note = field("note", {"type": "plain_text_input", "action_id": "note"})
    pick = {"type": "actions", "block_id": "pick", "elements": [dict(TEAM["element"])]}
    await here.client.chat_postMessage(channel=HIRING, text="x", blocks=[note, pick])
    values = {"note": {"note": "typed"}}
    message = here.said()[-1]
    assert (await here.delivery.press(RILEY, message, "pick", "team", "blue", values)).ok
    state = app.seen["block_actions"]["state"]["values"]
    assert state["note"]["note"]["value"] == "typed"
    assert state["pick"]["team"]["selected_option"] == option("blue")


async def test_one_person_cannot_act_in_anothers_form(here: Scene, app: Foreign) -> None:
    view_id = await opened(here)
    assert (await here.delivery.submit(ALEX, view_id, VALUES)).error == GONE
    assert (await here.delivery.press(ALEX, here.top(), "team", "team", "red")).error == GONE
    assert (await here.delivery.close(ALEX, view_id)).error == GONE
    assert here.top().values["name"]["name"]["value"] is None
    assert not app.seen.keys() & {"submission", "block_actions", "view_closed"}
