"""The playground's page over HTTP, as a browser asks for it."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.playground.server import TEMPLATES
from bot.playground.state.cast import read
from bot.playground.state.models import BOT_USER
from tests.support.playground import ALEX, HIRING, PRIVATE, RILEY, Scene, scene
from tests.support.waiting import A_MINUTE

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

    def __init__(self, here: Scene, session: aiohttp.ClientSession) -> None:
        self.here = here
        self._session = session

    async def get(self, path: str) -> tuple[int, str, str]:
        async with self._session.get(self.here.address + path) as answer:
            return answer.status, str(answer.url.path), await answer.text()

    async def act(self, user: str, act: str, **body: Any) -> tuple[int, Any]:
        url = f"{self.here.address}/as/{user}/act/{act}"
        async with self._session.post(url, json=body) as answer:
            return answer.status, await answer.json()

    def stream(self, user: str) -> Any:
        return self._session.get(f"{self.here.address}/as/{user}/stream")

    def post(self, path: str, **how: Any) -> Any:
        return self._session.post(self.here.address + path, **how)


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with scene(tmp_path) as here, aiohttp.ClientSession() as session:
        yield Browser(here, session)


async def test_a_newcomer_lands_in_hiring(browser: Browser) -> None:
    status, path, html = await browser.get("/")
    assert (status, path) == (200, f"/as/{RILEY}/{HIRING}")
    assert 'aria-label="Message #hiring"' in html
    assert "Act as" in html


async def test_the_page_runs_no_foreign_script(browser: Browser) -> None:
    async with browser.post("/", data=b"") as answer:
        assert answer.status == 405
    url = f"{browser.here.address}/as/{RILEY}/{HIRING}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
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
            async with browser.post(path, data=body, headers=headers) as answer:
                assert answer.status == 400, (act, body)


async def test_other_sites_cannot_act(browser: Browser) -> None:
    path = f"/as/{RILEY}/act/say"
    form = {"channel": HIRING, "text": "hello"}
    async with browser.post(path, data=form) as answer:
        assert answer.status == 415
    async with browser.post(path, json=form, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 400
    assert browser.here.texts() == []


async def test_the_stream_says_what_concerns_the_person(browser: Browser) -> None:
    workspace = browser.here.workspace
    async with asyncio.timeout(A_MINUTE), browser.stream(GUEST) as answer:
        assert answer.content_type == "text/event-stream"
        assert b"hello" in await answer.content.readuntil(b"\n\n")
        workspace.add_message(PRIVATE, RILEY, "unseen", via="person")
        workspace.open_modal(RILEY, MODAL, HIRING)
        workspace.add_message(HIRING, RILEY, "seen", via="person")
        assert await answer.content.readuntil(b"\n\n") == f"data: messages:{HIRING}\n\n".encode()


async def test_a_page_that_comes_while_the_playground_stops_is_let_go(browser: Browser) -> None:
    browser.here.workspace.end_subscriptions()
    async with asyncio.timeout(A_MINUTE), browser.stream(RILEY) as stream:
        assert await stream.text() == "retry: 1000\ndata: hello\n\n"


@pytest.mark.parametrize(
    ("zone", "place"),
    [("UTC", "UTC"), ("America/Argentina/Buenos_Aires", "Buenos Aires")],
)
async def test_a_persons_place_is_that_of_their_zone(tmp_path: Path, zone: str, place: str) -> None:
    northwind = read(TEMPLATES / "cast.toml")
    riley = replace(northwind.people[0], tz=zone, title="")
    cast = replace(northwind, people=(riley, *northwind.people[1:]))
    async with scene(tmp_path, cast=cast) as here, aiohttp.ClientSession() as session:
        _, _, html = await Browser(here, session).get("/")
        assert re.search(rf"<small>\d\d:\d\d {place}</small>", html)
        assert ">Riley Chen</option>" in html
