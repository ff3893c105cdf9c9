"""*Share*: a job's people get texts to paste, and nobody else sees anything of it."""

from pathlib import Path

import pytest

from bot.playground.rules.limits import faults
from bot.playground.state.models import Message, View
from tests.integration.test_openings_postings import chooses
from tests.support.jobs import APPLY, jobs, posts, reviews
from tests.support.northwind import (
    ALEX,
    ANA,
    HIRING,
    MORGAN,
    RILEY,
    Northwind,
    Person,
    northwind,
    shown,
)
from tests.support.playground import ENGINEERING, PRIVATE


async def page_of(person: Person, house: Northwind) -> Message:
    """The job's page, as the person sees it."""
    (job,) = await jobs(house)
    await person.types(f"/jd {job.slug}")
    return person.newest()


def everything(house: Northwind) -> list[str]:
    """All that everybody can read in the channels."""
    channels = (HIRING, ENGINEERING, PRIVATE)
    return [one.ts for channel in channels for one in house.scene.said(channel, RILEY)]


async def test_the_recruiter_copies_a_text_for_each_place_and_nothing_is_posted(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    page = await page_of(riley, house)
    before = everything(house)
    await riley.presses(page, "Share")
    modal = riley.modal
    assert faults("modal", modal.payload) == []
    told = shown(modal).replace("\u00a0", " ")
    assert modal.payload["title"]["text"] == "Share"
    assert "submit" not in modal.payload
    assert "Nothing is posted from here." in told
    for place in ("Who is hiring (Hacker News)", "LinkedIn", "Short post", "Slack community"):
        assert place in told
    assert f"| Full-time | €75,000–92,000 a year | {APPLY}" in told
    assert told.count(APPLY) == 4
    assert "These don't name your company yet." in told
    assert everything(house) == before


@pytest.mark.parametrize("user", [MORGAN, ANA])
async def test_whoever_may_change_the_job_may_share_it(
    house: Northwind, riley: Person, user: str
) -> None:
    await posts(riley)
    person = house.person(user)
    await person.presses(await page_of(person, house), "Share")
    assert "LinkedIn" in shown(person.modal)


async def test_another_member_is_offered_nothing_to_share_and_gets_nothing(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    page = await page_of(riley, house)
    alex = house.person(ALEX)
    assert "Share" not in shown(await page_of(alex, house))
    await alex.presses(page, "Share")
    assert alex.modals == []
    assert "Only the author, recruiter or hiring manager" in shown(alex.newest())


async def test_a_draft_is_not_shared_yet_and_a_job_that_was_paused_meanwhile_not_any_more(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    await riley.closes()
    assert "Share" not in shown(await page_of(riley, house))
    await riley.presses(riley.newest(), "Post")
    assert (await riley.submits(post_in=[HIRING])).ok
    await riley.closes()
    page = await page_of(riley, house)
    await riley.chooses(page, "Pause")
    assert (await riley.submits()).ok
    await riley.closes()
    await riley.presses(page, "Share")
    assert riley.modals == []
    assert "is paused. Only an open job takes applications." in shown(riley.newest())


async def test_nobody_is_called_by_a_text_that_somebody_pastes(
    house: Northwind, riley: Person
) -> None:
    await posts(riley, title="Lead <!channel> @here & friends")
    await riley.presses(await page_of(riley, house), "Share")
    (community,) = [text for text in boxes(riley.modal) if "in the thread" in text]
    assert "<!channel>" not in community
    assert "@here" not in community
    assert "& friends" in community


def boxes(view: View) -> list[str]:
    return [
        part["elements"][0]["text"]
        for block in view.blocks
        for part in block.get("elements", ())
        if part["type"] == "rich_text_preformatted"
    ]


async def test_the_recruiter_sees_which_boards_have_read_the_job_and_no_more(
    tmp_path: Path, sqlite_database: str
) -> None:
    given = {"panelist_public_url": "https://jobs.northwind.example"}
    async with northwind(tmp_path / "slack", sqlite_database, **given) as house:
        riley, site = house.person(RILEY), house.application.site
        assert site is not None
        await posts(riley)
        await site.refresh()
        page = await page_of(riley, house)
        await riley.presses(page, "Share")
        told = " ".join(shown(riley.modal).split())
        assert faults("modal", riley.modal.payload) == []
        indeed = "Indeed : waiting for the board. Give it the address "
        assert f"{indeed}https://jobs.northwind.example/feeds/indeed.xml" in told
        assert "LinkedIn : paste it yourself." in told
        assert "by a client that calls itself" not in told
        own = "https://jobs.northwind.example/jobs/senior-backend-developer-berlin"
        for where in ("who-is-hiring", "linkedin", "short", "slack-community"):
            assert f"{own}?src={where}" in told, "texts lead to the page, and say from where"
        assert APPLY not in told
        assert "Indeed, Jooble, Adzuna, LinkedIn: The feed leaves every job out" in told
        await riley.closes()

        house.clock.moves(minutes=5)
        site.note("/feeds/indeed.xml", "Mozilla/5.0 (compatible; IndeedBot 1.1)")
        site.note("/feeds/jooble.xml", "curl/8")
        await site.refresh()
        await riley.presses(page, "Share")
        told = " ".join(shown(riley.modal).split())
        assert "by a client that calls itself Indeed, after the last change" in told
        assert "A client by another name read it " in told
        assert "calls itself JoobleBot" not in told
        await riley.closes()

        house.clock.moves(minutes=5)
        await chooses(riley, house, "Pause")
        await chooses(riley, house, "Open again")
        await riley.presses(await page_of(riley, house), "Share")
        assert "calls itself Indeed, before the last change" in " ".join(shown(riley.modal).split())


async def test_without_jobs_pages_boards_are_off(house: Northwind, riley: Person) -> None:
    await posts(riley)
    await riley.presses(await page_of(riley, house), "Share")
    assert "Job boards are off" in shown(riley.modal)
    assert "Indeed" not in shown(riley.modal)
