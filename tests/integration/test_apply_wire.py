"""From the opening's form to the recruiter's screen: a job that has its own page to apply on."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.playground.rules.limits import faults
from tests.support.apply import ANSWERS, PDF, stamp_of
from tests.support.jobs import begins, fills_in, posts
from tests.support.northwind import RILEY, Northwind, Person, northwind, shown
from tests.support.server import serving

BASE = "https://jobs.northwind.example"


@pytest.fixture
async def house(tmp_path: Path, sqlite_database: str) -> AsyncIterator[Northwind]:
    given = {"panelist_public_url": BASE}
    async with northwind(tmp_path / "slack", sqlite_database, **given) as here:
        yield here


async def applies(house: Northwind, page: str, *, is_spam: bool = False) -> str:
    """Somebody applies; gives the address of the page that they have from then on."""
    async with (
        serving(house.application.asgi()) as url,
        httpx.AsyncClient(base_url=url, timeout=60) as visitor,
    ):
        assert house.application.site is not None
        await house.application.site.refresh()
        form = await visitor.get(page)
        assert form.status_code == 200, form.text
        house.clock.moves(minutes=1)
        fields = {**ANSWERS, "form": stamp_of(form.text), "website": "x" if is_spam else ""}
        answer = await visitor.post(page, data=fields, files={"resume": ("cv.pdf", PDF)})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


async def opens(person: Person) -> str:
    """A job that takes applications on its own page; gives the address of its form."""
    posted = await posts(person, own_page=["yes"], where_people_apply=None)
    apply = re.search(r"https://jobs\.northwind\.example(/jobs/[0-9a-f]{16}/apply)", str(posted))
    assert apply is not None, shown(posted)
    return apply[1]


async def test_a_recruiter_takes_applications_on_the_jobs_own_page_and_reads_them(
    house: Northwind,
) -> None:
    riley = house.person(RILEY)
    by_id = await opens(riley)
    async with (
        serving(house.application.asgi()) as url,
        httpx.AsyncClient(base_url=url) as visitor,
    ):
        assert house.application.site is not None
        await house.application.site.refresh()
        moved = await visitor.get(f"{by_id}?src=slack")
        assert moved.status_code == 308
        page = moved.headers["location"].partition("?")[0]
        assert moved.headers["location"].endswith("?src=slack")
    await applies(house, page)
    assert house.application.apply is not None
    await house.application.apply.keeping.tick()
    await riley.types("/hiring Zoë")
    assert "waiting since Wed, Nov 25, answer by Wed, Dec 9" in shown(riley.modal)
    await riley.presses(riley.modal, "Application")
    told = shown(riley.modal)
    for word in ("Zoë Nguyễn", "zoe+jobs@example.com", "Germany", "Captions, please", "cv.pdf"):
        assert word in told, told
    assert "not scanned for viruses" in told
    assert "Ten years of Python" in told
    assert faults("modal", riley.modal.payload) == []


async def test_the_recruiter_hears_in_the_morning_how_many_applied(house: Northwind) -> None:
    riley = house.person(RILEY)
    page = await slug_of(house, await opens(riley))
    await applies(house, page)
    await applies(house, page, is_spam=True)
    house.clock.moves(days=4)
    await house.application.tick()
    await house.settles()
    (told,) = [one for one in riley.dms() if "application" in shown(one)]
    assert "1 new application for Senior Backend Developer" in shown(told)
    assert "1 more looks like spam" in shown(told)
    await riley.presses(told, "Suspected spam")
    assert "a hidden field was filled in" in shown(riley.modal)
    await riley.presses(riley.modal, "Not spam")
    assert "Nothing is kept apart for this job." in shown(riley.modal)


async def slug_of(house: Northwind, by_id: str) -> str:
    """The address of the form by the job's name."""
    site = house.application.site
    assert site is not None
    await site.refresh()
    job = site.now.by_id[by_id.split("/")[2]].job
    return f"/jobs/{job.slug}/apply"


async def test_the_form_says_that_one_way_to_apply_is_enough(house: Northwind) -> None:
    riley = house.person(RILEY)
    await begins(riley)
    refused = await fills_in(riley, own_page=["yes"])
    assert "Clear this, or don't take applications on the job's page." in str(refused.errors)
    assert (await fills_in(riley, own_page=["yes"], where_people_apply=None)).ok


async def test_without_jobs_pages_there_is_no_own_page_to_choose(
    tmp_path: Path, sqlite_database: str
) -> None:
    async with northwind(tmp_path / "slack", sqlite_database) as house:
        riley = house.person(RILEY)
        await begins(riley)
        assert "own page" not in shown(riley.modal)
