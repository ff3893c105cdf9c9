"""The site as files: what is served, byte for byte, and what only files need."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.domain.openings.opening import OpeningStatus
from bot.domain.site.boards import Feed
from bot.services.site.files import LISTING
from tests.integration.test_site import House, content, folder, house  # noqa: F401 - fixtures
from tests.support.site import BASE

ELSEWHERE = "https://northwind.github.example/jobs-of-ours"


@pytest.fixture
def settings(
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    folder: Path,  # noqa: F811
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("PANELIST_CONTENT", str(folder))
    monkeypatch.setenv("PANELIST_PUBLIC_URL", BASE)


async def builds(*arguments: object) -> int:
    return await asyncio.to_thread(main, ["site", "build", *map(str, arguments)])


@pytest.mark.usefixtures("settings")
async def test_files_are_the_pages_that_are_served(house: House, tmp_path: Path) -> None:  # noqa: F811
    await house.opens(team="Ledger")
    await house.opens("Backend Developer", apply_at="https://apply.example/1", team="Platform")
    paused, closed = await house.opens("Paused One"), await house.opens("Closed One")
    await house.becomes(paused, OpeningStatus.PAUSED)
    await house.becomes(closed, OpeningStatus.CLOSED)
    assert await builds(tmp_path / "site") == 0
    assert await builds(tmp_path / "other", "--base", ELSEWHERE) == 0
    pages = [f"/jobs/{one.job.slug}" for one in house.service._now.jobs]
    assert len(pages) == 4
    feeds = [*(feed.address for feed in Feed), "/sitemap.xml", "/robots.txt"]
    static = ["/static/style.css", "/static/icon.svg"]
    for address in (*pages, *feeds, *static):
        name = f"{address[1:]}/index.html" if address in pages else address[1:]
        served = (await house.gets(address)).content
        assert (tmp_path / "site" / name).read_bytes() == served, address
        elsewhere = (tmp_path / "other" / name).read_text()
        at_home = elsewhere.replace(ELSEWHERE, BASE).replace("/jobs-of-ours/", "/")
        if address != Feed.ATOM.address:  # whose ids have the host alone
            assert at_home == served.decode(), address
    over = {"/jobs/closed-one"}
    pictures = [f"{page}.png" for page in pages if page not in over]
    for address in (*pictures, "/static/card.png"):
        served = (await house.gets(address)).content
        for site in ("site", "other"):
            assert (tmp_path / site / address[1:]).read_bytes() == served, address
    assert not (tmp_path / "site" / "jobs" / "closed-one.png").exists()


@pytest.mark.usefixtures("settings")
async def test_lists_by_team_and_place_are_paths(house: House, tmp_path: Path) -> None:  # noqa: F811
    await house.opens(team="Ledger")
    await house.opens("Backend Developer", team="Platform", where="Austin, TX")
    await builds(site := tmp_path / "site")
    whole = (site / "jobs" / "index.html").read_text()
    assert 'href="/jobs/team/ledger/"' in whole
    assert 'href="/jobs/place/austin/"' in whole
    assert "<form" not in whole, "nobody there would read what it sends"
    ledger = (site / "jobs" / "team" / "ledger" / "index.html").read_text()
    assert "Payments Developer" in ledger
    assert "Backend Developer" not in ledger
    assert f'<link rel="canonical" href="{BASE}/jobs/team/ledger/">' in ledger


@pytest.mark.usefixtures("settings")
async def test_the_next_build_removes_what_is_gone_and_nothing_else(
    house: House,  # noqa: F811
    tmp_path: Path,
) -> None:
    await house.opens(team="Ledger")
    site = tmp_path / "site"
    await builds(site, "--library")
    (site / "CNAME").write_text("jobs.northwind.example")
    assert (site / "library" / "index.html").is_file()
    listing = (site / LISTING).read_text()
    (site / LISTING).write_text(f"{listing}../outside\n/etc/passwd\n")
    (tmp_path / "outside").write_text("mine")
    assert await builds(site) == 0
    assert not (site / "library").exists()
    assert (site / "CNAME").exists()
    assert (tmp_path / "outside").exists()


@pytest.mark.usefixtures("settings")
async def test_a_folder_of_somebody_else_is_left_alone(
    house: House,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert await builds(tmp_path) == 1
    assert "isn't empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".txt"] == ["thesis.txt"]


def test_without_an_address_the_command_asks_for_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["site", "build", str(tmp_path)]) == 1
    assert "--base https://" in capsys.readouterr().err


def test_the_library_is_written_without_any_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["site", "build", "site", "--library", "--base", BASE]) == 0
    assert "0 open jobs" in capsys.readouterr().out
    root = tmp_path / "site" / "library"
    role = root / "healthcare" / "registered-nurse"
    html = (role / "index.html").read_text()
    assert "What you&#39;ll do" in html
    assert "What to look for" not in html
    assert (role / "registered-nurse.md").read_text().startswith("# Registered Nurse")
    assert (role / "registered-nurse.txt").is_file()
    index = json.loads((root / "search.json").read_text())
    nurse = next(one for one in index if "registered-nurse" in one["link"])
    assert "telemetry" in nurse["words"]
    assert len((root / "search.json").read_bytes()) < 100_000


def test_every_link_within_leads_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    main(["site", "build", "site", "--library", "--base", BASE])
    site, links = tmp_path / "site", set[str]()
    for path in site.rglob("*.html"):
        html = path.read_text()
        links.update(re.findall(r'(?:href|src|data-index)="(/[^"#?]*)', html))
        links.update(re.findall(rf'content="{BASE}(/[^"#?]*\.png)', html))
    assert len(links) > 40
    for link in links:
        place = site / link.strip("/")
        assert place.is_file() or (place / "index.html").is_file(), link


def test_no_hiring_guide_and_no_question_is_in_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.panelist import built_in_content

    monkeypatch.chdir(tmp_path)
    main(["site", "build", "site", "--library", "--base", BASE])
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    text = "\n".join(path.read_text() for path in files if path.suffix != ".png")
    for role in built_in_content().library.roles:
        assert role.guide is not None
        for line in (*role.guide.look_for, *(question.question for question in role.questions)):
            assert line not in text
