"""What a test of any app does with the playground over HTTP: act, read, reset, fail on purpose."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from bot.playground.state.models import BOT_USER, Json
from tests.support.playground import ALEX, BOT_TOKEN, HIRING, PRIVATE, RILEY, Scene, scene
from tests.support.waiting import A_MINUTE
from tests.support.wire import web_client

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Title"}, "blocks": [SECTION]}
HOME = {"type": "home", "blocks": [SECTION]}


@dataclass
class Program:
    """A test of some app, which knows the playground's address and nothing else."""

    here: Scene
    web: httpx.AsyncClient

    async def get(self, path: str) -> tuple[int, Any]:
        return await self.send("GET", path)

    async def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        url = self.here.address + path
        answer = await self.web.request(method, url, json=body)
        is_json = answer.headers.get("Content-Type") == "application/json"
        return answer.status_code, answer.json() if is_json else answer.text

    async def plans(self, method: str, how: str, **more: int) -> None:
        status, answer = await self.send("POST", "/faults", {"method": method, "how": how, **more})
        assert (status, answer["ok"]) == (200, True)

    def says(self, text: str, client: AsyncWebClient | None = None) -> Any:
        """The app posts a message."""
        return (client or self.here.client).chat_postMessage(channel=HIRING, text=text)


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with (
        scene(tmp_path, clock=MovableClock()) as here,
        web_client() as web,
    ):
        yield Program(here, web)


async def test_says_who_is_there_and_where(program: Program) -> None:
    _, people = await program.get("/people.json")
    riley = people["people"][0]
    assert (riley["id"], riley["tz"]) == (RILEY, "Europe/London")
    assert riley["profile"]["email"] == "riley@northwind.example"
    assert BOT_USER not in {person["id"] for person in people["people"]}
    _, channels = await program.get("/channels.json")
    hiring = channels["channels"][0]
    assert (hiring["id"], hiring["name"]) == (HIRING, "hiring")
    assert {RILEY, BOT_USER} <= set(hiring["members"])


async def test_a_person_speaks_and_others_read_it(program: Program) -> None:
    status, answer = await program.send(
        "POST", f"/as/{RILEY}/act/say", {"channel": HIRING, "text": "hello <all>"}
    )
    assert (status, answer["ok"]) == (200, True)
    _, read = await program.get(f"/as/{ALEX}/{HIRING}/messages.json")
    (message,) = read["messages"]
    assert (message["user"], message["text"]) == (RILEY, "hello &lt;all&gt;")
    assert message["only_visible_to"] is None


async def test_messages_are_those_that_the_person_sees(program: Program) -> None:
    await program.here.client.chat_postEphemeral(channel=HIRING, user=RILEY, text="psst")
    metadata = {"event_type": "e", "event_payload": {"a": 1}}
    await program.here.client.chat_postMessage(channel=HIRING, text="all", metadata=metadata)
    _, mine = await program.get(f"/as/{RILEY}/{HIRING}/messages.json")
    _, theirs = await program.get(f"/as/{ALEX}/{HIRING}/messages.json")
    assert [(m["text"], m["only_visible_to"]) for m in mine["messages"]] == [
        ("psst", RILEY),
        ("all", None),
    ]
    assert [m["text"] for m in theirs["messages"]] == ["all"]
    assert theirs["messages"][0]["metadata"] == metadata


@pytest.mark.parametrize(
    "path",
    [
        f"/as/{ALEX}/{PRIVATE}/messages.json",
        f"/as/U0NOBODY/{HIRING}/messages.json",
        f"/as/{BOT_USER}/{HIRING}/messages.json",
        "/as/U0NOBODY/views.json",
    ],
)
async def test_nothing_is_read_that_nobody_sees(program: Program, path: str) -> None:
    status, _ = await program.get(path)
    assert status == 404


async def test_reads_open_modals_and_home(program: Program) -> None:
    _, nothing = await program.get(f"/as/{RILEY}/views.json")
    assert nothing == {"modals": [], "home": None}
    trigger = program.here.workspace.issue_trigger(RILEY).id
    opened = (await program.here.client.views_open(trigger_id=trigger, view=MODAL))["view"]
    await program.here.client.views_publish(user_id=RILEY, view=HOME)
    _, views = await program.get(f"/as/{RILEY}/views.json")
    assert views["modals"] == [opened]
    assert views["home"]["blocks"][0]["text"]["text"] == "hello"


async def test_reads_the_wire_from_where_it_left_off(program: Program) -> None:
    await program.here.client.auth_test()
    _, all_of_it = await program.get("/wire.json")
    last = all_of_it["exchanges"][-1]
    assert (last["kind"], last["direction"], last["status"]) == ("auth.test", "from_app", 200)
    assert last["response_body"]["user_id"] == BOT_USER
    assert BOT_TOKEN not in str(all_of_it)
    await program.says("hello")
    _, since = await program.get(f"/wire.json?after={last['id']}")
    assert [one["kind"] for one in since["exchanges"]] == ["chat.postMessage"]
    assert since["exchanges"][0]["request_body"]["text"] == "hello"
    status, answer = await program.get("/wire.json?after=x")
    assert (status, answer["error"]) == (
        400,
        "That cannot be done: after must be the id of an exchange.",
    )


async def test_a_reset_begins_anew_while_the_app_goes_on(program: Program) -> None:
    here = program.here
    trigger = here.workspace.issue_trigger(RILEY).id
    await here.client.views_open(trigger_id=trigger, view=MODAL)
    await here.client.views_publish(user_id=RILEY, view=HOME)
    await here.client.conversations_join(channel="C0ENGINEER")
    await program.says("before")
    await program.plans("chat.postMessage", "500")
    await program.send("POST", f"/as/{RILEY}/act/clock", {"to": "hour"})
    status, answer = await program.send("POST", "/reset", {})
    assert (status, answer) == (200, {"ok": True})
    assert (await program.get(f"/as/{RILEY}/{HIRING}/messages.json"))[1] == {"messages": []}
    assert (await program.get(f"/as/{RILEY}/views.json"))[1] == {"modals": [], "home": None}
    assert (await program.get("/wire.json"))[1] == {"exchanges": []}
    assert (await program.get("/faults"))[1] == {"faults": []}
    assert BOT_USER not in here.workspace.channels["C0ENGINEER"].members
    assert abs(here.workspace.clock.now().timestamp() - time.time()) < 5
    await program.says("after")
    _, read = await program.get(f"/as/{RILEY}/{HIRING}/messages.json")
    assert [message["text"] for message in read["messages"]] == ["after"]


async def test_a_reset_leaves_the_streams_of_open_pages(program: Program) -> None:
    dm = program.here.workspace.direct_message(RILEY)
    url = f"{program.here.address}/as/{RILEY}/stream"
    async with asyncio.timeout(A_MINUTE), program.web.stream("GET", url) as stream:
        told = stream.aiter_text()
        assert "hello" in await anext(told)
        program.here.workspace.add_message(dm.id, BOT_USER, "gone", via="api")
        await program.here.playground.reset()
        assert "data: reset" in await anext(told)


async def test_a_reset_outlives_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        await here.client.chat_postMessage(channel=HIRING, text="before")
        await here.playground.reset()
    async with scene(tmp_path) as here:
        assert here.texts() == []


async def test_a_rate_limit_as_slack_tells_it(program: Program) -> None:
    await program.plans("chat.postMessage", "429", seconds=7)
    with pytest.raises(SlackApiError) as caught:
        await program.says("too soon")
    response = caught.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert response.headers["Retry-After"] == "7"
    await program.says("later")
    assert program.here.texts() == ["later"]


async def test_an_error_of_slacks_own_does_nothing(program: Program) -> None:
    await program.plans("chat.postMessage", "500", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await program.says("refused")
        assert caught.value.response.status_code == 500
    await program.says("taken")
    assert program.here.texts() == ["taken"]
    _, wire = await program.get("/wire.json")
    assert [one["status"] for one in wire["exchanges"]] == [500, 500, 200]
    assert wire["exchanges"][0]["error"] == "on purpose: refused"


async def test_a_lost_answer_is_of_what_was_done(program: Program) -> None:
    await program.plans("chat.postMessage", "lost")
    careful = AsyncWebClient(
        token=BOT_TOKEN, base_url=f"{program.here.address}/api/", retry_handlers=[]
    )
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await program.says("once", careful)
    assert program.here.texts() == ["once"]


async def test_a_lost_answer_finds_an_app_that_sends_twice(program: Program) -> None:
    """What the SDK does unless it is told otherwise."""
    await program.plans("chat.postMessage", "lost")
    careless = AsyncWebClient(
        token=BOT_TOKEN,
        base_url=f"{program.here.address}/api/",
        retry_handlers=[AsyncConnectionErrorRetryHandler()],
    )
    await program.says("twice", careless)
    assert program.here.texts() == ["twice", "twice"]


async def test_a_late_answer_is_of_what_was_done_at_once(program: Program) -> None:
    await program.plans("chat.postMessage", "late", seconds=1)
    started = time.monotonic()
    posting = asyncio.create_task(program.says("hello"))
    await program.here.until(lambda: program.here.texts() == ["hello"])
    assert time.monotonic() - started < 1
    assert (await posting)["ok"]
    assert time.monotonic() - started >= 1


async def test_the_inspector_tells_a_fault_from_a_mistake(program: Program) -> None:
    await program.plans("chat.postMessage", "late")
    with pytest.raises(SlackApiError):
        await program.here.client.chat_postMessage(channel="C0NOWHERE", text="hello")
    told = "on purpose: done, and answered 1 s late; channel_not_found"
    assert program.here.last("from_app").error == told


async def test_a_response_url_can_fail_too(program: Program) -> None:
    url = program.here.workspace.issue_response_url(RILEY, HIRING)
    await program.plans("response_url", "500")
    for status in (500, 200):
        answer = await program.send("POST", f"/response/{url.id}", {"text": "later"})
        assert answer[0] == status
    assert program.here.texts() == ["later"]


async def test_other_methods_are_left_alone(program: Program) -> None:
    await program.plans("chat.update", "500")
    await program.says("hello")
    _, planned = await program.get("/faults")
    assert planned["faults"] == [{"method": "chat.update", "how": "500", "seconds": 1, "times": 1}]
    assert (await program.send("DELETE", "/faults"))[1] == {"ok": True}
    assert (await program.get("/faults"))[1] == {"faults": []}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ([], "a fault is an object with method and how."),
        ({"how": "500"}, "method must be one of api.test, "),
        ({"method": "chat.wobble", "how": "500"}, "method must be one of api.test, "),
        ({"method": "chat.update", "how": "418"}, "how must be one of 429, 500, lost, late."),
        ({"method": "chat.update", "how": "429", "seconds": 0},
         "seconds must be a whole number from 1 to 600."),
        ({"method": "chat.update", "how": "429", "times": "2"},
         "times must be a whole number from 1 to 1000."),
        ({"method": "chat.update", "how": "429", "after": 2},
         "a fault has no after: method, how, seconds and times are known."),
    ],
)  # fmt: skip
async def test_a_fault_that_is_none_is_explained(
    program: Program, body: Json, sentence: str
) -> None:
    status, answer = await program.send("POST", "/faults", body)
    assert status == 400
    assert answer["error"].startswith(f"That cannot be done: {sentence}")
    assert (await program.get("/faults"))[1] == {"faults": []}


@pytest.mark.parametrize("path", ["/reset", "/faults"])
async def test_no_form_of_another_site_can_reach_it(program: Program, path: str) -> None:
    await program.says("stays")
    form = {"method": "chat.postMessage", "how": "500"}
    url = program.here.address + path
    assert (await program.web.post(url, data=form)).status_code == 415
    await program.says("too")
    assert program.here.texts() == ["stays", "too"]
