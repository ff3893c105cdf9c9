"""The playground's page over HTTP, as a browser asks for it."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.playground.server import TEMPLATES
from bot.playground.state.cast import read
from bot.playground.state.models import BOT_USER
from tests.support.playground import ALEX, HIRING, PRIVATE, RILEY, Scene, scene
from tests.support.waiting import A_MINUTE
from tests.support.wire import web_client

GUEST = "U0GUEST"
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "b",
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "a"},
        },
        {
            "type": "input",
            "block_id": "when",
            "label": {"type": "plain_text", "text": "When"},
            "element": {"type": "datetimepicker", "action_id": "a"},
        },
    ],
}


class Browser:
    """What a browser asks for, as one person."""

    def __init__(self, here: Scene, web: httpx.AsyncClient) -> None:
        self.here = here
        self._web = web

    async def get(self, path: str) -> tuple[int, str, str]:
        answer = await self._web.get(self.here.address + path)
        return answer.status_code, answer.url.path, answer.text

    async def act(self, user: str, act: str, **body: Any) -> tuple[int, Any]:
        url = f"{self.here.address}/as/{user}/act/{act}"
        answer = await self._web.post(url, json=body)
        return answer.status_code, answer.json()

    def stream(self, user: str) -> Any:
        return self._web.stream("GET", f"{self.here.address}/as/{user}/stream")

    def post(self, path: str, **how: Any) -> Any:
        return self._web.post(self.here.address + path, **how)


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with scene(tmp_path) as here, web_client() as web:
        yield Browser(here, web)


async def test_a_newcomer_lands_in_hiring(browser: Browser) -> None:
    status, path, html = await browser.get("/")
    assert (status, path) == (200, f"/as/{RILEY}/{HIRING}")
    assert 'aria-label="Message #hiring"' in html
    assert "Act as" in html


async def test_the_page_runs_no_foreign_script(browser: Browser) -> None:
    assert (await browser.post("/", content=b"")).status_code == 405
    url = f"{browser.here.address}/as/{RILEY}/{HIRING}"
    async with web_client() as web:
        answer = await web.get(url)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("nobody", ["U0NOBODY", BOT_USER])
async def test_only_people_can_be_acted_as(browser: Browser, nobody: str) -> None:
    status, _, _ = await browser.get(f"/as/{nobody}/{HIRING}")
    assert status == 404


async def test_a_channel_one_is_not_in_leads_to_one_that_one_is(browser: Browser) -> None:
    _, path, html = await browser.get(f"/as/{GUEST}/{PRIVATE}")
    assert path == f"/as/{GUEST}/{HIRING}"
    assert "hiring-private" not in html
    status, _, _ = await browser.get(f"/as/{GUEST}/{PRIVATE}/part/messages")
    assert status == 404


async def test_what_a_person_types_is_text(browser: Browser) -> None:
    status, answer = await browser.act(RILEY, "say", channel=HIRING, text="<script>x</script>")
    assert (status, answer["ok"]) == (200, True)
    _, _, html = await browser.get(f"/as/{ALEX}/{HIRING}/part/messages")
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "<script>" not in html


async def test_nobody_speaks_where_they_are_not(browser: Browser) -> None:
    status, answer = await browser.act(GUEST, "say", channel=PRIVATE, text="hello")
    assert status == 400
    assert "not in this conversation" in answer["error"]


async def test_an_ephemeral_message_is_for_its_person_alone(browser: Browser) -> None:
    here = browser.here.workspace
    secret = here.add_message(HIRING, BOT_USER, "psst", via="response", ephemeral_to=RILEY)
    path = f"/as/%s/{HIRING}/part/messages"
    _, _, mine = await browser.get(path % RILEY)
    _, _, theirs = await browser.get(path % ALEX)
    assert "Only visible to you" in mine
    assert "psst" not in theirs
    where = {"channel": HIRING, "ts": secret.ts}
    status, _ = await browser.act(ALEX, "dismiss", container=where)
    assert status == 400
    assert here.message(HIRING, secret.ts)
    await browser.act(RILEY, "dismiss", container=where)
    assert not here.message(HIRING, secret.ts)


async def test_a_reload_closes_whatever_a_person_has_open(browser: Browser) -> None:
    workspace = browser.here.workspace
    below = workspace.open_modal(RILEY, MODAL, HIRING)
    workspace.push_modal(RILEY, MODAL, HIRING)
    theirs = workspace.open_modal(ALEX, MODAL, HIRING)
    _, _, html = await browser.get(f"/as/{RILEY}/{HIRING}")
    assert "A form" not in html
    assert (workspace.views(RILEY), workspace.views(ALEX)) == ([], [theirs])
    status, answer = await browser.act(RILEY, "submit", container={"view": below.id}, values={})
    assert (status, answer["error"]) == (400, "That cannot be done: this view is closed.")


async def test_a_moment_is_read_in_the_persons_zone(browser: Browser) -> None:
    workspace = browser.here.workspace
    view = workspace.open_modal(ALEX, MODAL, HIRING)
    values = {"when": {"a": "2026-11-25T10:30"}}
    await browser.act(ALEX, "submit", container={"view": view.id}, values=values)
    kept = workspace.view(view.id)
    assert kept is not None
    assert kept.values["when"]["a"]["selected_date_time"] == 1795599000


async def test_nobody_acts_on_another_persons_modal(browser: Browser) -> None:
    view = browser.here.workspace.open_modal(RILEY, MODAL, HIRING)
    status, answer = await browser.act(ALEX, "submit", container={"view": view.id}, values={})
    assert (status, answer["error"]) == (400, "That cannot be done: this view is closed.")


async def test_nonsense_is_refused(browser: Browser) -> None:
    headers = {"Content-Type": "application/json"}
    for act in ("say", "press", "submit", "close", "suggest", "dismiss"):
        for body in ("", "[1]", '"text"', "{}", '{"container": 1}', '{"channel": []}'):
            path = f"/as/{RILEY}/act/{act}"
            answer = await browser.post(path, content=body, headers=headers)
            assert answer.status_code == 400, (act, body)


async def test_other_sites_cannot_act(browser: Browser) -> None:
    path = f"/as/{RILEY}/act/say"
    form = {"channel": HIRING, "text": "hello"}
    assert (await browser.post(path, data=form)).status_code == 415
    evil = await browser.post(path, json=form, headers={"Host": "evil.example"})
    assert evil.status_code == 400
    assert browser.here.texts() == []


async def test_the_stream_says_what_concerns_the_person(browser: Browser) -> None:
    workspace = browser.here.workspace
    async with asyncio.timeout(A_MINUTE), browser.stream(GUEST) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        told = answer.aiter_text()
        assert "hello" in await anext(told)
        workspace.add_message(PRIVATE, RILEY, "unseen", via="person")
        workspace.open_modal(RILEY, MODAL, HIRING)
        workspace.add_message(HIRING, RILEY, "seen", via="person")
        assert await anext(told) == f"data: messages:{HIRING}\n\n"


async def test_a_page_that_comes_while_the_playground_stops_is_let_go(browser: Browser) -> None:
    browser.here.workspace.end_subscriptions()
    async with asyncio.timeout(A_MINUTE), browser.stream(RILEY) as stream:
        assert (await stream.aread()).decode() == "retry: 1000\ndata: hello\n\n"


@pytest.mark.parametrize(
    ("zone", "place"),
    [("UTC", "UTC"), ("America/Argentina/Buenos_Aires", "Buenos Aires")],
)
async def test_a_persons_place_is_that_of_their_zone(tmp_path: Path, zone: str, place: str) -> None:
    northwind = read(TEMPLATES / "cast.toml")
    riley = replace(northwind.people[0], tz=zone, title="")
    cast = replace(northwind, people=(riley, *northwind.people[1:]))
    async with scene(tmp_path, cast=cast) as here, web_client() as web:
        _, _, html = await Browser(here, web).get("/")
        assert re.search(rf"<small>\d\d?:\d\d [AP]M {place}</small>", html)
        assert ">Riley Chen</option>" in html
