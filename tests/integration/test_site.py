"""The jobs pages over HTTP, on SQLite and on PostgreSQL: what visitors, crawlers and caches get."""

import asyncio
import gc
import gzip
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from bot.domain.audit import new_id
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.site.status import Board, BoardState, BoardStatus
from bot.errors import DatabaseAway
from bot.library.content import LoadedContent
from bot.services.frozen_contents import Contents
from bot.services.openings.forms import JobEdit
from bot.services.site import pictures
from bot.services.site import service as service_module
from bot.services.site.boards import SiteBoards
from bot.services.site.page import Page
from bot.services.site.reading import SiteReading
from bot.services.site.rendering import Site
from bot.services.site.service import SiteService
from bot.services.workspace import WorkspaceService
from bot.site import PAGE_POLICY, SitePages
from bot.storage.database import Database
from bot.storage.site import SiteStore
from bot.web import Readiness, Web
from tests.integration.test_openings_services import FILLED, Office
from tests.support.panelist import Panelist, running
from tests.support.panels import ROLE
from tests.support.people import WORKSPACE
from tests.support.server import serving
from tests.support.site import BASE, company_folder, loaded
from tests.support.slack import StandIn
from tests.support.waiting import until


@dataclass
class House:
    """The services over one database, the pages served from it, and a visitor."""

    office: Office
    service: SiteService
    visitor: httpx.AsyncClient
    statements: list[str] = field(default_factory=list)

    async def opens(self, title: str = "Payments Developer", **changes: Any) -> str:
        """Opens a job and posts it; gives its id."""
        await self.office.opens(id := new_id(), title=title, **changes)
        await self.office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
        await self.service.refresh()
        return id

    async def becomes(self, id: str, status: OpeningStatus) -> None:
        self.office.clock.move(minutes=5)
        await self.office.postings.move(WORKSPACE, "U1", id, status)
        await self.service.refresh()

    async def gets(self, address: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.visitor.get(address, headers={"accept-encoding": "identity"} | named)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company_folder(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="module")
def content(folder: Path) -> LoadedContent:
    return loaded(folder)


@asynccontextmanager
async def served(office: Office, service: SiteService) -> AsyncIterator[House]:
    async def ready() -> Readiness:
        return Readiness([], [])

    web = Web(None, None, None, ready, SitePages(service).routes())  # type: ignore[arg-type]
    async with serving(web.asgi()) as url, httpx.AsyncClient(base_url=url, timeout=60) as visitor:
        house = House(office, service, visitor)

        def note(*given: Any) -> None:
            house.statements.append(given[2])

        event.listen(Engine, "before_cursor_execute", note)
        yield house
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
async def house(content: LoadedContent, folder: Path, database_url: str) -> AsyncIterator[House]:
    database = Database(database_url)
    await WorkspaceService(database).claim(WORKSPACE)
    office = Office(content.library, database)
    reading = SiteReading(content.library, Contents())
    service = SiteService(Site(content, BASE, folder), database, reading, office.clock)
    await service.refresh()
    async with served(office, service) as here:
        yield here
    await database.close()


ROOT = Path(__file__).parents[2]
PAGE = "/jobs/payments-developer"


async def test_a_job_is_there_once_it_is_open_and_gone_once_it_is_closed(house: House) -> None:
    await house.office.opens(id := new_id())
    await house.service.refresh()
    assert (await house.gets(PAGE)).status_code == 404, "a draft is nobody's business"
    await house.office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    await house.service.refresh()
    page = await house.gets(PAGE)
    assert page.status_code == 200
    assert "Payments Developer" in (await house.gets("/jobs")).text
    for status, expected in (
        (OpeningStatus.PAUSED, 200),
        (OpeningStatus.OPEN, 200),
        (OpeningStatus.FILLED, 410),
        (OpeningStatus.OPEN, 200),
        (OpeningStatus.CLOSED, 410),
    ):
        await house.becomes(id, status)
        page = await house.gets(PAGE)
        assert page.status_code == expected, status
        assert ("ld+json" in page.text) == (status is OpeningStatus.OPEN)


async def test_a_draft_that_was_closed_was_never_there(house: House) -> None:
    await house.office.opens(id := new_id())
    await house.becomes(id, OpeningStatus.CLOSED)
    found, nothing = await house.gets(PAGE), await house.gets("/jobs/nothing-at-all")
    assert (found.status_code, found.text) == (404, nothing.text)


async def test_an_edit_shows_and_keeps_its_address(house: House) -> None:
    id = await house.opens()
    posted = (await house.gets(PAGE)).text
    house.office.clock.move(days=2)
    await house.office.edits(id, 2, title="Ledger Developer", pay="80-99k EUR")
    await house.service.refresh()
    edited = (await house.gets(PAGE)).text
    assert "Ledger Developer" in edited
    assert "€80,000–99,000 a year" in edited
    dates = [text.partition("Posted ")[2][:17] for text in (posted, edited)]
    assert dates[0] == dates[1], "no job is made to look new"


async def test_an_address_that_a_job_had_before_leads_to_where_it_is_now(house: House) -> None:
    """One that a panel has made is called by its id until somebody edits it."""
    async with house.office.database.write() as tx:
        made = Opening("aa11bb22cc33dd44", ROLE, "Ledger Developer", None, "U1", team="Ledger")
        await tx.openings.add(WORKSPACE, made, house.office.clock.now())
    before = "/jobs/aa11bb22cc33dd44"
    await house.service.refresh()
    assert (await house.gets(before)).status_code == 404, "it's not public"
    entered = {name: value for name, value in FILLED.items() if name != OpeningField.TITLE}
    await house.office.forms.save(WORKSPACE, "U1", JobEdit(made.id, 1, ROLE), entered)
    await house.office.postings.post(WORKSPACE, "U1", made.id, 2, new_id(), "C0HIRING")
    await house.service.refresh()
    moved = await house.gets(before)
    now = moved.headers["location"].removeprefix(BASE)
    assert (moved.status_code, now) == (308, "/jobs/ledger-developer-aa11bb")
    assert "Ledger Developer" in (await house.gets(now)).text


async def test_an_old_address_keeps_where_its_visitor_comes_from_and_nothing_else(
    house: House,
) -> None:
    id = await house.opens()
    for query, kept in (
        ("?src=indeed", "?src=indeed"),
        ("?utm=x&src=linkedin_post", "?src=linkedin_post"),
        ("?src=a%0d%0aSet-Cookie:x", ""),
        ("?src=//evil.example", ""),
        ("?to=https://evil.example", ""),
    ):
        moved = await house.gets(f"/jobs/{id}{query}")
        assert moved.headers["location"] == f"{BASE}{PAGE}{kept}", query
        assert "set-cookie" not in moved.headers


async def test_two_jobs_of_one_title_have_an_address_each(house: House) -> None:
    await house.opens()
    await house.opens(apply_at="https://apply.example/2")
    pages = [await house.gets(address) for address in (PAGE, f"{PAGE}-berlin")]
    assert [page.status_code for page in pages] == [200, 200]
    assert ["https://apply.example/2" in page.text for page in pages] == [False, True]


async def test_what_waits_for_approval_is_on_no_page_until_then(house: House) -> None:
    id = await house.opens()
    async with house.office.database.write() as tx:
        job = await tx.openings.job(WORKSPACE, id)
        assert job is not None
        asked = replace(job, opening=replace(job.opening, title="Secret Developer"))
        held = replace(asked.holding(job.public), version=job.version + 1)
        assert await tx.openings.save(WORKSPACE, held)
    await house.service.refresh()
    for address in ("/jobs", PAGE, "/jobs/feed.xml", "/feeds/indeed.xml"):
        page = await house.gets(address)
        assert "Payments Developer" in page.text, address
        assert "Secret" not in page.text, address


async def test_another_workspaces_jobs_are_on_no_page(house: House) -> None:
    await house.opens()
    async with house.office.database.write() as tx:
        await tx.connection.execute(text("UPDATE openings SET workspace = 'T0OTHER'"))
    await house.service.refresh()
    assert (await house.gets(PAGE)).status_code == 404
    assert "Payments Developer" not in (await house.gets("/jobs")).text


async def test_visitors_cost_no_statement(house: House) -> None:
    await house.opens()
    house.statements.clear()
    for address in ("/jobs", "/jobs?team=x&q=y", PAGE, "/nothing", "/robots.txt", "/jobs/"):
        for _ in range(3):
            await house.gets(address)
    assert house.statements == []
    await house.service.refresh()
    asked = [one for one in house.statements if one.startswith("SELECT")]
    assert len(asked) == 1, "and where nothing has changed, the look costs one"


async def test_a_change_reads_only_the_opening_that_it_is_about(house: House) -> None:
    first = await house.opens()
    for number in range(5):
        await house.opens(f"Developer Number {number}")
    house.statements.clear()
    await house.becomes(first, OpeningStatus.PAUSED)
    few = len(house.statements)
    for number in range(5, 15):
        await house.opens(f"Developer Number {number}")
    house.statements.clear()
    await house.becomes(first, OpeningStatus.OPEN)
    assert len(house.statements) == few


async def test_a_page_that_is_known_is_not_sent_again(house: House) -> None:
    await house.opens()
    page = await house.gets(PAGE)
    etag, modified = page.headers["etag"], page.headers["last-modified"]
    assert page.headers["cache-control"] == "no-cache"
    for known in (
        {"if_none_match": etag},
        {"if_none_match": f'"other", W/{etag}'},
        {"if_none_match": "*"},
        {"if_modified_since": modified},
    ):
        again = await house.gets(PAGE, **known)
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == etag
    earlier = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
    for other in (
        {"if_none_match": '"other"'},
        {"if_none_match": '"other"', "if_modified_since": modified},
        {"if_modified_since": earlier},
        {"if_modified_since": "yesterday"},
    ):
        assert (await house.gets(PAGE, **other)).status_code == 200, other


async def test_a_closed_job_is_gone_for_who_knew_its_page_too(house: House) -> None:
    id = await house.opens()
    known = (await house.gets(PAGE)).headers["last-modified"]
    await house.becomes(id, OpeningStatus.CLOSED)
    page = await house.gets(PAGE, if_modified_since=known, if_none_match="*")
    assert page.status_code == 410
    assert "etag" not in page.headers


async def test_pages_are_short_for_who_takes_them_so(house: House) -> None:
    await house.opens()
    plain = await house.gets(PAGE)
    for accepted in ("gzip", "br, gzip;q=0.5", "GZIP"):
        short = await house.gets(PAGE, accept_encoding=accepted)
        assert short.headers["content-encoding"] == "gzip", accepted
        assert short.content == plain.content
        assert int(short.headers["content-length"]) < len(plain.content) / 2
        assert short.headers["etag"] != plain.headers["etag"]
        assert short.headers["vary"] == "Accept-Encoding"
    for refused in ("gzip;q=0", "br", "gzip; q=0.0"):
        whole = await house.gets(PAGE, accept_encoding=refused)
        assert "content-encoding" not in whole.headers, refused
    service = await house.service.answer(PAGE)
    assert gzip.decompress(service.compressed) == plain.content  # type: ignore[union-attr, arg-type]


async def test_head_is_the_same_without_a_body_and_the_rest_is_refused(house: House) -> None:
    await house.opens()
    page, head = await house.gets(PAGE), await house.visitor.head(PAGE)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"].startswith(page.headers["etag"].rstrip('"'))
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = await house.visitor.request(method, PAGE, content=b"x" * 100)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD"), method
        assert (await house.visitor.request(method, "/nothing")).status_code == 404


async def test_no_page_sets_a_cookie_or_lets_anything_else_in(house: House) -> None:
    await house.opens()
    for address in ("/jobs", PAGE, "/nothing", "/robots.txt", "/static/style.css"):
        page = await house.gets(address)
        assert "set-cookie" not in page.headers
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert (await house.gets(PAGE)).headers["content-security-policy"] == PAGE_POLICY
    assert "http://" not in (await house.gets(PAGE)).text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80"])
async def test_nothing_believes_the_host_that_a_request_names(house: House, host: str) -> None:
    id = await house.opens()
    for address in ("/jobs", PAGE, "/robots.txt"):
        assert "evil" not in (await house.gets(address, host=host)).text
    for address, to in (
        ("/", "/jobs"),
        ("/jobs/", "/jobs"),
        (f"{PAGE}/", PAGE),
        (f"/jobs/{id}", PAGE),
    ):
        moved = await house.gets(address, host=host)
        assert (moved.status_code, moved.headers["location"]) == (308, f"{BASE}{to}")
    for address in ("/healthz/", "//evil.example/jobs", "/jobs//evil.example", "/%2f%2fevil"):
        answer = await house.gets(address, host=host)
        assert "location" not in answer.headers, address


async def test_pages_do_not_wait_behind_pictures(house: House) -> None:
    await house.opens()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    with pictures._drawing:  # somebody has one drawn, and it takes forever
        picture = asyncio.create_task(house.gets(f"{PAGE}.png"))
        await until(lambda: asyncio.sleep(0, bool(house.service._rendering)))
        assert (await house.gets("/jobs")).status_code == 200
        assert not picture.done()
    assert (await picture).headers["content-type"] == "image/png"


async def test_a_crawler_that_asks_for_anything_fills_no_memory(house: House) -> None:
    await house.opens()
    for number in range(300):
        await house.service.answer(f"/jobs/no-{number}")
        await house.service.answer("/jobs", {"q": f"no {number}"})
    assert len(house.service._kept) <= 2
    assert len(house.service._searches) <= 200


async def test_what_was_served_once_is_held_no_longer_than_it_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "MOST_SEARCHES", 5)
    id = await house.opens()
    before = pages_in_memory()
    for number in range(40):
        assert (await house.gets(f"/jobs?q=no+{number}")).status_code == 200
        assert (await house.gets(f"/jobs/no-{number}")).status_code == 404
    for number in range(10):
        await house.office.edits(id, number + 2, team=f"Team {number}")
        await house.service.refresh()
        assert (await house.gets(PAGE)).status_code == 200
    assert pages_in_memory() - before < 20


def pages_in_memory() -> int:
    gc.collect()
    return sum(isinstance(one, Page) for one in gc.get_objects())


async def test_a_database_that_is_away_leaves_the_pages_with_their_age(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.opens()
    known = await house.gets(PAGE)
    assert "age" not in known.headers
    with monkeypatch.context() as away:
        away.setattr(SiteStore, "revision", _fails)
        with pytest.raises(DatabaseAway):
            await house.service.refresh()
        away.setattr(house.service, "_checked_at", house.service._checked_at - 75)  # type: ignore[operator]
        page = await house.gets(PAGE)
        assert (page.status_code, page.text) == (200, known.text)
        assert int(page.headers["age"]) >= 75
        assert (await house.gets(PAGE, accept_encoding="gzip")).text == known.text
        for new in ("/jobs", "/jobs?q=payments", "/feeds/indeed.xml", f"{PAGE}.png"):
            first = await house.gets(new)
            assert (first.status_code, int(first.headers["age"]) >= 75) == (200, True), new
    await house.service.refresh()
    assert "age" not in (await house.gets(PAGE)).headers


async def test_the_day_after_its_closing_day_a_job_is_not_open_without_anybodys_change(
    house: House,
) -> None:
    closes_on = (house.office.clock.now() + timedelta(days=3)).date()
    await house.opens(closes_on=closes_on)
    assert "ld+json" in (await house.gets(PAGE)).text
    house.office.clock.move(days=4)
    await house.service.refresh()
    page = await house.gets(PAGE)
    assert "Applications closed on" in page.text
    assert "ld+json" not in page.text
    assert "Payments Developer" not in (await house.gets("/jobs")).text


async def test_what_the_public_cannot_read_changes_no_page(house: House) -> None:
    id = await house.opens()
    before = house.service._now.changed_at
    house.office.clock.move(days=1)
    await house.office.edits(id, 2, recruiter="URECRUITER")
    await house.service.refresh()
    assert house.service._now.changed_at == before
    house.office.clock.move(days=1)
    await house.office.edits(id, 3, team="Ledger")
    await house.service.refresh()
    assert house.service._now.changed_at == house.office.clock.now()


async def test_without_a_public_address_there_are_no_pages(panelist: Panelist) -> None:
    async with httpx.AsyncClient(base_url=panelist.wire.app_url) as visitor:
        for address in ("/", "/jobs", "/robots.txt", "/static/style.css"):
            assert (await visitor.get(address)).status_code == 404, address
    assert panelist.application.site is None


async def test_with_one_they_stand_beside_everything_else(
    slack: StandIn, sqlite_database: str, folder: Path
) -> None:
    given = {"panelist_public_url": f"{BASE}/careers", "panelist_content": folder}
    async with (
        running(slack, sqlite_database, **given) as panelist,
        httpx.AsyncClient(base_url=panelist.wire.app_url) as visitor,
    ):
        for address in ("/jobs", "/careers/jobs", "/careers/static/style.css"):
            assert (await visitor.get(address)).status_code == 200, address
        assert (await visitor.get("/careers")).headers["location"] == f"{BASE}/careers/jobs"
        assert (await visitor.get("/healthz")).json() == {"ok": True}
        assert (await panelist.reply("/jd backend-developer"))["blocks"]
        outages = (await visitor.get("/metrics")).text
        assert 'part="site"' in outages


async def test_what_another_replica_changes_shows_without_anybodys_asking(
    slack: StandIn, postgres_database: str, content: LoadedContent
) -> None:
    other = Database(postgres_database)
    given = {"panelist_public_url": BASE}
    async with (
        running(slack, postgres_database, **given) as panelist,
        httpx.AsyncClient(base_url=panelist.wire.app_url, timeout=60) as visitor,
    ):
        office = Office(content.library, other)
        await office.opens(id := new_id())
        await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
        await answers(visitor, 200)
        await office.postings.move(WORKSPACE, "U1", id, OpeningStatus.CLOSED)
        await answers(visitor, 410)
    await other.close()


async def answers(visitor: httpx.AsyncClient, status: int) -> None:
    """Waits until the page's status is this."""

    async def is_so() -> bool:
        return (await visitor.get(PAGE)).status_code == status

    await until(is_so)


def test_a_start_without_pages_loads_nothing_of_them() -> None:
    code = "import sys, bot.wiring; print(*(m for m in sys.modules if 'site' in m or 'lxml' in m))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = {name for name in done.stdout.split() if name.startswith(("bot.", "lxml"))}
    small = {"", ".words", ".boards", ".jobs", ".status"}
    assert loaded <= {"bot.storage.site", *(f"bot.domain.site{name}" for name in small)}


async def statuses(house: House, id: str) -> dict[Board, BoardStatus]:
    await house.service.refresh()
    async with house.office.database.read() as tx:
        job = await tx.openings.job(WORKSPACE, id)
    assert job is not None
    boards = SiteBoards(house.office.database, BASE, house.service.site.frame.company)
    return {one.board: one for one in await boards.statuses(WORKSPACE, job)}


async def test_a_board_has_fetched_what_its_client_asked_for_since_the_job_is_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "WRITE_EVERY", 0.0)
    await house.gets("/feeds/indeed.xml", user_agent="Indeed/1.0")
    await house.service.refresh()
    house.office.clock.move(minutes=1)
    id = await house.opens()
    assert {one.state for one in (await statuses(house, id)).values()} == {
        *(BoardState.WAITING, BoardState.PASTE),
    }, "that was before it was there"
    house.office.clock.move(minutes=1)
    first = house.office.clock.now()
    feed = await house.gets("/feeds/indeed.xml", user_agent="Indeed/1.0 <script>")
    await house.gets("/feeds/adzuna.xml", user_agent="curl/8")
    await house.gets(PAGE, user_agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
    await house.gets(PAGE, user_agent="Mozilla/5.0 (a person)")
    await house.gets("/nothing", user_agent="Googlebot")
    await house.visitor.head("/feeds/jooble.xml", headers={"user-agent": "JoobleBot"})
    found = await statuses(house, id)
    assert {board for board, one in found.items() if one.state is BoardState.FETCHED} == {
        *(Board.INDEED, Board.GOOGLE),
    }
    assert found[Board.INDEED].fetched_at == first
    assert found[Board.INDEED].is_newest
    assert found[Board.ADZUNA].other_at == first
    assert found[Board.INDEED].address == f"{BASE}/feeds/indeed.xml"
    house.office.clock.move(minutes=1)
    await house.office.edits(id, 2, team="Ledger")
    assert not (await statuses(house, id))[Board.INDEED].is_newest
    again = await house.gets(
        "/feeds/indeed.xml", user_agent="Indeed/1.0", if_none_match=feed.headers["etag"]
    )
    assert again.status_code == 200, "it has changed"
    assert (await statuses(house, id))[Board.INDEED].is_newest


async def test_what_a_client_calls_itself_is_kept_nowhere(house: House) -> None:
    await house.opens()
    for number in range(50):
        await house.gets("/feeds/indeed.xml", user_agent=f"Robin Doe {number}")
    assert len(house.service._fetches) == 1
    await house.service.refresh()
    async with house.office.database.read() as tx:
        rows = (await tx.connection.execute(text("SELECT reader FROM site_fetches"))).scalars()
        assert set(rows) == {""}


async def test_fetches_that_cannot_be_written_now_are_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await house.opens()
    house.office.clock.move(minutes=1)
    await house.gets("/feeds/indeed.xml", user_agent="Indeed/1.0")
    with monkeypatch.context() as away:
        away.setattr(SiteStore, "note", _fails)
        with pytest.raises(DatabaseAway):
            await house.service.refresh()
    assert (await statuses(house, id))[Board.INDEED].state is BoardState.FETCHED


async def _fails(*_: object) -> None:
    raise OSError("away")
