"""What somebody sees who pastes a link to a job into a chat."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as Tree

from bot.domain.openings.opening import OpeningStatus
from bot.domain.site.cards import Card
from bot.domain.site.jobs import Filters, Snapshot
from bot.services.site.page import MediaType
from bot.services.site.pictures import BAR, HEIGHT, MARGIN, WIDTH, drawn
from bot.services.site.rendering import Site
from tests.support.postings import TERMS, job_of
from tests.support.site import BASE, NOW, Pages, company_folder, moved, published, rendered

JOBS = Card("Help small wind farms run themselves", above="Jobs at Northwind Labs")
JOB = Card(
    "Senior Backend Developer",
    above="Northwind Labs",
    strong="€75,000–92,000 a year",
    facts=("Berlin, Germany, hybrid", "Full-time"),
)
TITLES = st.text(max_size=150) | st.text("aW ,-–/の・（）ー👩", min_size=1, max_size=150)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(company_folder(tmp_path_factory.mktemp("content")))


def seen(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture))
    assert image.format == "PNG"
    return image.convert("RGB")


def ground_around(image: Image.Image) -> bool:
    """Whether nothing is written into the margins, apart from the bar at the left."""
    edge = MARGIN // 2
    parts = [
        (BAR, 0, WIDTH, edge),
        (BAR, HEIGHT - edge, WIDTH, HEIGHT),
        (BAR, 0, BAR + edge, HEIGHT),
        (WIDTH - edge, 0, WIDTH, HEIGHT),
    ]
    return all(len(image.crop(part).getcolors() or ()) == 1 for part in parts)


def meta(html: str, name: str) -> str | None:
    found = Tree(html).css_first(f'meta[property="{name}"], meta[name="{name}"]')
    return found.attributes["content"] if found else None


def test_a_link_to_a_job_unfurls_with_its_own_picture(pages: Pages) -> None:
    pictures = set()
    for address in ("/jobs", "/jobs/registered-nurse-1", "/jobs/product-manager-4"):
        html = pages.text(address)
        link = meta(html, "og:image") or ""
        assert link.startswith(f"{BASE}/"), "chats need all of it"
        assert meta(html, "og:image:alt") == meta(html, "og:title")
        assert meta(html, "twitter:card") == "summary_large_image"
        page = pages.page(link.removeprefix(BASE).partition("?")[0])
        assert (page.status, page.media_type) == (200, MediaType.PNG)
        size = (str(seen(page.body).width), str(seen(page.body).height))
        assert size == (meta(html, "og:image:width"), meta(html, "og:image:height"))
        pictures.add(page.body)
    assert len(pictures) == 3


@pytest.mark.parametrize("address", ["/jobs/data-scientist-5", "/nothing"])
def test_what_is_closed_or_missing_has_no_picture(pages: Pages, address: str) -> None:
    assert meta(pages.text(address), "og:image") is None
    assert pages.page(f"{address}.png").status == 404


def test_a_picture_has_another_address_once_it_is_another(pages: Pages) -> None:
    job = job_of(pages.role("backend-developer"))
    links, bodies = [], []
    for title in ("Backend Developer", "Backend Developer", "Ledger Developer"):
        one = published(replace(job, opening=replace(job.opening, title=title)))
        now = Snapshot((one,), NOW)
        html = rendered(pages.site, now, f"/jobs/{one.job.slug}").body.decode()
        links.append(meta(html, "og:image"))
        bodies.append(rendered(pages.site, now, f"/jobs/{one.job.slug}.png").body)
    assert links[0] == links[1] != links[2]
    assert bodies[0] == bodies[1] != bodies[2]


def test_a_picture_is_drawn_once_until_its_own_job_changes(pages: Pages) -> None:
    role = pages.role("backend-developer")
    one, other = published(job_of(role), 1), published(job_of(role), 2)
    address = f"/jobs/{one.job.slug}.png"
    first = pages.site.answer(Snapshot((one, other), NOW), address, Filters())
    later = Snapshot((one,), NOW + timedelta(days=1))
    assert pages.site.answer(later, address, Filters()) is first
    edited = published(job_of(role, title="Ledger Developer"), 1)
    assert pages.site.answer(Snapshot((edited,), NOW), address, Filters()) is not first


def test_the_companys_color_is_in_the_picture(tmp_path: Path) -> None:
    folder = company_folder(tmp_path / "content")
    company = (folder / "company.toml").read_text()
    (folder / "company.toml").write_text(company.replace("[pages]", '[pages]\nbrand = "#a3164d"'))
    pages = Pages(folder)
    bar = seen(pages.page("/jobs/registered-nurse-1.png").body).getpixel((2, 2))
    assert bar == (0xA3, 0x16, 0x4D)


@given(title=TITLES)
@settings(max_examples=40, deadline=None)
def test_whatever_a_job_is_called_its_picture_stays_within_its_margins(title: str) -> None:
    card = replace(JOB, heading=title, facts=(title, title), above=title, strong=title)
    assert ground_around(seen(drawn(card, JOBS)))


@pytest.mark.parametrize(
    "title",
    [
        "Donaudampfschifffahrtsgesellschaftskapitänsanwärterprüfungsausschussvorsitz" * 2,
        "Warehouse Associate, nights, with a title that " + "goes on and on and " * 5,
        "シニアバックエンドエンジニア" * 10,
    ],
)
def test_the_longest_titles_fit(title: str) -> None:
    picture = seen(drawn(replace(JOB, heading=title[:150]), JOBS))
    assert ground_around(picture)
    assert picture.tobytes() != seen(drawn(JOBS, JOBS)).tobytes()


@pytest.mark.parametrize(
    "title",
    [
        "Développeuse confirmée",
        "Инженер-программист",
        "Μηχανικός λογισμικού",
        "Kỹ sư phần mềm",
        "データエンジニア（基盤）",
        "ソフトウェア開発者／年収￥8,000,000～",
    ],
)
def test_a_title_is_written_in_its_own_letters(title: str) -> None:
    picture = drawn(replace(JOB, heading=title), JOBS)
    assert picture != drawn(JOBS, JOBS)
    other = drawn(replace(JOB, heading=title[:-2] + title[-1]), JOBS)
    assert picture != other, "each of its letters can be seen"


@pytest.mark.parametrize(
    "title",
    [
        "مهندس برمجيات",
        "מפתח תוכנה",
        "Entwickler מפתח",
        "वरिष्ठ अभियंता",
        "소프트웨어 개발자",
        "👩🏽‍🚀",
        "",
    ],
)
def test_letters_that_no_font_has_are_no_boxes(title: str) -> None:
    """The picture of all jobs is true of each."""
    assert drawn(replace(JOB, heading=title), JOBS) == drawn(JOBS, JOBS)


def test_where_nothing_can_be_written_it_says_jobs() -> None:
    arabic = Card("وظائف", above="شركة")
    assert drawn(arabic, arabic) == drawn(Card("Jobs"), JOBS)


def test_a_fact_that_cannot_be_written_is_left_out() -> None:
    arabic = replace(JOB, above="شركة", facts=("القاهرة", "Full-time"))
    assert drawn(arabic, JOBS) == drawn(replace(JOB, above="", facts=("Full-time",)), JOBS)


def test_emoji_and_what_nobody_sees_are_left_out() -> None:
    plain = drawn(replace(JOB, heading="Data Scientist C# ™"), JOBS)
    assert drawn(replace(JOB, heading="👩🏽‍🚀 Data\u200b Scientist C# ™ ❤️‍🔥"), JOBS) == plain


def test_a_job_in_japanese_has_its_pay_and_place_in_the_picture(pages: Pages) -> None:
    japanese = pages.content.library.locales["ja"].words
    one = published(
        job_of(pages.role("backend-developer"), TERMS, title="バックエンド開発者"), words=japanese
    )
    unpaid = published(
        job_of(
            pages.role("backend-developer"),
            replace(TERMS, pay=None, no_pay="x"),
            title="バックエンド開発者",
        ),
        words=japanese,
    )
    address = f"/jobs/{one.job.slug}.png"
    bodies = {rendered(pages.site, Snapshot((job,), NOW), address).body for job in (one, unpaid)}
    jobs = pages.page("/static/card.png").body
    assert len(bodies | {jobs}) == 3


def test_a_path_in_the_address_is_in_the_pictures(pages: Pages, tmp_path: Path) -> None:
    site = Site(pages.content, "https://northwind.example/careers", company_folder(tmp_path))
    one = published(moved(job_of(pages.role("backend-developer")), OpeningStatus.OPEN))
    page = rendered(site, Snapshot((one,), NOW), f"/jobs/{one.job.slug}")
    link = meta(page.body.decode(), "og:image") or ""
    assert link.startswith(f"https://northwind.example/careers/jobs/{one.job.slug}.png?v=")
