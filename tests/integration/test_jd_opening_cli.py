"""`panelist jd OPENING`, as a person runs it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from tests.integration.test_cli import Done
from tests.integration.test_cli import panelist as command
from tests.support.job_posting import faults_of
from tests.support.jobs import APPLY, jobs, posts, reviews
from tests.support.northwind import Northwind, Person


class Shell:
    """A command line with the house's database."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder
        self._database = database

    async def runs(self, *words: str, **settings: str) -> Done:
        settings |= {"DATABASE_URL": self._database}
        return await asyncio.to_thread(lambda: command(*words, cwd=self._folder, **settings))

    async def prints(self, *words: str, **settings: str) -> str:
        done = await self.runs(*words, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout.replace("\u00a0", " ")


@pytest.fixture
def shell(tmp_path: Path, sqlite_database: str) -> Shell:
    return Shell(tmp_path, sqlite_database)


async def posted(house: Northwind, riley: Person) -> Job:
    await posts(riley)
    (job,) = await jobs(house)
    return job


async def becomes(house: Northwind, status: OpeningStatus) -> None:
    async with house.application.database.write() as tx:
        change = text("UPDATE openings SET status = :status")
        await tx.connection.execute(change, {"status": status})


async def test_an_opening_is_printed_by_its_slug_or_id_in_every_format(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    job = await posted(house, riley)
    pasted = ("who-is-hiring", "linkedin", "short", "slack-community")
    for style in ("markdown", "html", "text", *pasted):
        by_slug = await shell.prints("jd", job.slug, "--format", style)
        assert by_slug == await shell.prints("jd", job.id, "--format", style)
        for told in ("Senior Backend Developer", "Berlin, Germany", "€75,000–92,000 a year", APPLY):
            assert told in by_slug, style


async def test_its_json_has_the_keys_of_the_list_and_the_text(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    job = await posted(house, riley)
    printed: dict[str, Any] = json.loads(await shell.prints("jd", job.slug, "--format", "json"))
    (listed,) = json.loads(await shell.prints("openings", "--json"))
    assert {name: printed[name] for name in listed} == listed
    assert f"{job.id}  open " in (lines := await shell.prints("openings"))
    assert lines.endswith(f"(backend-developer)  {job.slug}\n")
    assert [one["heading"] for one in printed["posting"]] == [one.heading for one in job.text]


async def test_its_message_in_slack_is_printed_as_blocks(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    job = await posted(house, riley)
    blocks = json.loads(await shell.prints("jd", job.slug, "--format", "slack"))["blocks"]
    assert [button["text"]["text"] for button in blocks[-1]["elements"]] == [
        "Apply",
        "Full description",
        "Refer someone",
    ]


async def test_its_hiring_guide_is_the_roles_at_its_level(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    job = await posted(house, riley)
    guide = await shell.prints("jd", job.slug, "--part", "guide")
    assert guide.startswith("Senior Backend Developer: hiring guide")
    blocks = json.loads(await shell.prints("jd", job.id, "--part", "guide", "--format", "slack"))
    assert blocks["blocks"]


async def test_its_json_ld_is_what_search_engines_take(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    job = await posted(house, riley)
    done = await shell.runs("jd", job.slug, "--format", "jsonld")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert faults_of(data) == []
    assert data["identifier"]["value"] == job.id
    assert "hiringOrganization says 'confidential'" in done.stderr


async def test_its_last_moment_is_the_same_wherever_its_people_were_seen_last(
    house: Northwind, riley: Person, shell: Shell, tmp_path: Path
) -> None:
    job = await posted(house, riley)
    async with house.application.database.write() as tx:
        await tx.connection.execute(text("UPDATE openings SET closes_on = '2030-01-15'"))
    content = tmp_path / "content"
    content.mkdir()

    async def ends(**settings: str) -> str:
        data = json.loads(await shell.prints("jd", job.slug, "--format", "jsonld", **settings))
        return str(data["validThrough"])

    assert await ends() == "2030-01-15T23:59:59+01:00", "the job is in Berlin"
    async with house.application.database.write() as tx:
        await tx.connection.execute(text("UPDATE members SET zone = 'Pacific/Auckland'"))
    assert await ends() == "2030-01-15T23:59:59+01:00"
    (content / "company.toml").write_text('zone = "Asia/Tokyo"\n')
    assert await ends(PANELIST_CONTENT=str(content)) == "2030-01-15T23:59:59+09:00"


async def test_the_company_is_named_as_company_toml_says(
    house: Northwind, riley: Person, shell: Shell, tmp_path: Path
) -> None:
    job = await posted(house, riley)
    content = tmp_path / "content"
    content.mkdir()
    (content / "company.toml").write_text('name = "Northwind Traders"\n')
    done = await shell.runs("jd", job.slug, "--format", "jsonld", PANELIST_CONTENT=str(content))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["hiringOrganization"]["name"] == "Northwind Traders"
    line = await shell.prints(
        "jd", job.slug, "--format", "who-is-hiring", PANELIST_CONTENT=str(content)
    )
    assert line.startswith("Northwind Traders | Senior Backend Developer | ")


async def test_a_job_opened_again_keeps_the_day_on_which_it_was_first_open(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    job = await posted(house, riley)

    async def day_posted() -> str:
        data = json.loads(await shell.prints("jd", job.slug, "--format", "jsonld"))
        return str(data["datePosted"])

    first = await day_posted()
    async with house.application.database.write() as tx:
        await tx.connection.execute(text("UPDATE openings SET status_at = '2027-01-05 09:00:00'"))
    assert await day_posted() == first


async def test_a_draft_has_documents_but_is_nothing_for_search_engines(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    await reviews(riley)
    (job,) = await jobs(house)
    assert "Senior Backend Developer" in await shell.prints("jd", job.slug)
    blocks = json.loads(await shell.prints("jd", job.slug, "--format", "slack"))["blocks"]
    assert blocks[-1]["elements"][0]["text"]["text"] == "Apply"
    done = await shell.runs("jd", job.slug, "--format", "jsonld")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Senior Backend Developer is still a draft. Only an open job takes" in done.stderr


async def test_nor_is_a_job_that_is_paused(house: Northwind, riley: Person, shell: Shell) -> None:
    job = await posted(house, riley)
    await becomes(house, OpeningStatus.PAUSED)
    done = await shell.runs("jd", job.slug, "--format", "jsonld")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is paused" in done.stderr


@pytest.mark.parametrize("style", ["jsonld", "linkedin"])
async def test_a_role_has_no_json_ld_and_nothing_to_paste(shell: Shell, style: str) -> None:
    done = await shell.runs("jd", "backend-developer", "--format", style)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{style} needs an opening, and 'backend-developer' is a role." in done.stderr


async def test_nor_has_it_without_a_database(tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path}/none.db"
    done = await Shell(tmp_path, database).runs("jd", "backend-developer", "--format", "jsonld")
    assert done.returncode == 2
    assert "needs an opening" in done.stderr


async def test_a_guide_is_nothing_for_candidates(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    job = await posted(house, riley)
    done = await shell.runs("jd", job.slug, "--part", "guide", "--format", "jsonld")
    assert done.returncode == 2
    assert "jsonld is for candidates: leave out --part guide" in done.stderr


async def test_what_is_neither_role_nor_opening_is_told_as_ever(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    await posted(house, riley)
    done = await shell.runs("jd", "plumber", "--format", "jsonld")
    assert done.returncode == 1
    assert "There's no role called 'plumber'." in done.stderr


async def test_a_database_that_is_out_of_date_is_said_where_an_opening_may_be_meant(
    house: Northwind, shell: Shell
) -> None:
    async with house.application.database.write() as tx:
        await tx.connection.execute(text("UPDATE alembic_version SET version_num = '0021'"))
    done = await shell.runs("jd", "plumber")
    assert done.returncode == 1
    assert "There's no role called 'plumber'." in done.stderr
    assert "Openings can't be searched: The database is out of date." in done.stderr


async def test_an_opening_that_a_panel_has_made_has_the_roles_text(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    await reviews(riley)
    (job,) = await jobs(house)
    async with house.application.database.write() as tx:
        bare = text("UPDATE openings SET content = NULL, posting = NULL, slug = NULL")
        await tx.connection.execute(bare)
    printed = await shell.prints("jd", job.id)
    assert "What you'll bring" in printed


async def test_two_workspaces_openings_of_one_name_are_told_apart_by_id(
    house: Northwind, riley: Person, shell: Shell
) -> None:
    job = await posted(house, riley)
    async with house.application.database.write() as tx:
        columns = "role, title, status, author, created_at, seats, posts_applications, version"
        values = f"'T2', 'f00d', '{job.slug}', {columns}"
        into = f"INSERT INTO openings (workspace, id, slug, {columns})"
        await tx.connection.execute(text(f"{into} SELECT {values} FROM openings"))
    done = await shell.runs("jd", job.slug)
    assert done.returncode == 1
    assert done.stderr.startswith(f"2 openings are called '{job.slug}'. Use an ID: ")
    assert "f00d" in done.stderr
    assert "Senior Backend Developer" in await shell.prints("jd", "f00d")
