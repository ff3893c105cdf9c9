"""The jobs pages as candidates read them."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser as Tree

from bot.domain.openings.opening import OpeningStatus
from bot.domain.posting import Section
from bot.domain.site.colors import LEAST_CONTRAST, Theme, accent, contrast
from bot.domain.site.jobs import Filters, Snapshot, filters_of, key_of
from bot.library.loader import BUILT_IN
from bot.services.site.page import Moved
from bot.services.site.rendering import Site
from tests.support.job_posting import faults_of
from tests.support.postings import EVIL, TERMS, job_of
from tests.support.site import BASE, COMPANY, NOW, Pages, company_folder, moved, published, rendered


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(company_folder(tmp_path_factory.mktemp("content")))


def shown(html: str) -> str:
    tree = Tree(html)
    for node in tree.css("script, style, head"):
        node.decompose()
    assert tree.body is not None
    return " ".join(tree.body.text(separator=" ").split())


def data_of(html: str) -> dict[str, Any]:
    (script,) = Tree(html).css('script[type="application/ld+json"]')
    read: dict[str, Any] = json.loads(script.text())
    return read


NURSE = "/jobs/registered-nurse-1"


def test_a_nurse_on_a_bus_reads_pay_place_shifts_and_answer_before_she_applies(
    pages: Pages,
) -> None:
    html = pages.text(NURSE)
    text = shown(html)
    card = text[text.index("Registered Nurse") : text.index("Key skills")]
    for fact in (
        *("$28.50 an hour", "Seattle, WA, on-site", "Three 12-hour shifts a week"),
        *("Apply for this job", "On apply.northwind.example", "Within 10 business days"),
    ):
        assert fact in card, fact
    assert text.index("Apply for this job") < text.index("Key skills")
    links = [node.attributes["href"] for node in Tree(html).css("a.btn")]
    assert links == ["https://apply.northwind.example/nurse?ref=7"] * 2
    for told in (
        *("A call with our recruiter", "The hiring manager decides", "Your data", "180 days"),
        *("people@northwind.example", "Posted Tue, Nov 3, 2026", "Reference 0000000000000001"),
    ):
        assert told in text, told


def test_who_is_asked_to_write_gets_an_address_to_write_to(pages: Pages) -> None:
    (button, _) = Tree(pages.text("/jobs/frontend-engineer-3")).css("a.btn")
    assert button.text() == "Apply by email"
    assert button.attributes["href"] == "mailto:jobs@example.com"


def test_search_engines_are_told_what_stands_on_the_page_and_nothing_else(pages: Pages) -> None:
    for one in pages.now.open:
        html = pages.text(f"/jobs/{one.job.slug}")
        data, text = data_of(html), shown(html)
        assert faults_of(data) == []
        assert data["url"] == f"{BASE}/jobs/{one.job.slug}"
        assert data["directApply"] is False
        assert data["title"] in text
        assert data["identifier"]["value"] in text
        assert data["hiringOrganization"]["name"] in text
        assert f"Openings: {data['totalJobOpenings']}" in text
        words = set(re.findall(r"\w+", shown(f"<body>{data['description']}")))
        assert words - set(re.findall(r"\w+", text)) <= {"Send"}, "all of it can be read"


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/jobs/product-manager-4", 200, "Not taking applications right now."),
        ("/jobs/data-engineer-6", 200, "Applications closed on Fri, Nov 20, 2026."),
        ("/jobs/data-scientist-5", 410, "This job is closed"),
        ("/jobs/never-was", 404, "There's no page here"),
        ("/nonsense", 404, "There's no page here"),
    ],
)
def test_where_nobody_can_apply_the_page_says_so_and_leads_on(
    pages: Pages, address: str, status: int, told: str
) -> None:
    page, html = pages.page(address), pages.text(address)
    assert page.status == status
    assert told in shown(html)
    assert "Apply for this job" not in html
    assert "application/ld+json" not in html
    assert '<meta name="robots" content="noindex, follow">' in html
    assert "See all open jobs: 4" in html


def test_what_was_never_public_is_missing_like_anything_else(pages: Pages) -> None:
    assert pages.text("/jobs/a-draft") == pages.text("/anything/at/all")


def test_the_id_of_an_opening_leads_to_its_page(pages: Pages) -> None:
    answer = pages.site.answer(pages.now, f"/jobs/{1:016x}", Filters())
    assert answer == Moved(f"{BASE}{NURSE}")
    assert pages.site.answer(pages.now, f"{NURSE}/", Filters()) == answer


def test_the_list_has_open_jobs_by_team_with_pay_and_day(pages: Pages) -> None:
    tree = Tree(pages.text("/jobs"))
    assert [node.text(deep=False).strip() for node in tree.css(".team h2")] == [
        *("Care", "Design", "Engineering"),
    ]
    rows = [" ".join(row.text(separator=" ").split()) for row in tree.css(".jobs li")]
    assert len(rows) == 4, "neither paused nor closed ones"
    assert any("$28.50 an hour Apply by Fri, Jan 8, 2027" in row for row in rows)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(team="engineering"), {"Backend Developer", "Frontend Engineer"}),
        (Filters(place="berlin"), {"Backend Developer"}),
        (Filters(place="remote"), {"Backend Developer", "Product Designer"}),
        (Filters(words="NURSE seattle"), {"Registered Nurse"}),
        (Filters(team="engineering", place="austin"), {"Frontend Engineer"}),
        (Filters(words="harbor pilot"), set()),
    ],
)
def test_filters_leave_what_was_asked_for(pages: Pages, filters: Filters, found: set[str]) -> None:
    tree = Tree(pages.text("/jobs", filters))
    assert {node.text() for node in tree.css(".jobs a")} == found
    text = shown(pages.text("/jobs", filters))
    assert ("No jobs match" in text) == (not found)
    (canonical,) = tree.css('link[rel="canonical"]')
    assert canonical.attributes["href"] == f"{BASE}/jobs", "search engines have one list"
    assert 'content="noindex, follow"' in pages.text("/jobs", filters)


def test_what_was_searched_for_stands_in_the_form_and_can_be_taken_away(pages: Pages) -> None:
    filters = filters_of({"q": '  "><script>\x00 ', "team": "Engineering", "other": "x"})
    assert filters == Filters(team="engineering", words='"><script>')
    tree = Tree(pages.text("/jobs", filters))
    (field,) = tree.css("#q")
    assert field.attributes["value"] == '"><script>'
    (chosen,) = tree.css("#team option[selected]")
    assert chosen.text() == "Engineering"
    links = [node.attributes["href"] for node in tree.css(".found a")]
    assert links == ["/jobs?q=%22%3E%3Cscript%3E", "/jobs?team=engineering"]
    assert tree.css("script") == []


@given(name=st.text(max_size=80))
def test_the_key_of_a_team_is_its_own_key_and_fits_an_address(name: str) -> None:
    key = key_of(name)
    assert key_of(key) == key
    assert not re.search(r"[\s/?#&]", key)


def test_a_team_has_one_key_however_it_is_written() -> None:
    assert key_of("  Forschung & Entwicklung ") == key_of("forschung-entwicklung")
    assert key_of("Équipe") == "equipe"
    assert key_of("開発") == "開発"


def test_without_jobs_the_list_says_so(pages: Pages) -> None:
    page = rendered(pages.site, Snapshot((), NOW), "/jobs")
    assert "There are no open jobs right now." in page.body.decode()


class _Tags(HTMLParser):
    """The elements of a page, as they are nested."""

    VOID = frozenset({"meta", "link", "img", "input", "br", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs), attrs
        self.seen.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(evil=EVIL | st.sampled_from(["x" * 3000, "مرحبا \u202e 👩🏽‍🚀", "]]>", "a b " * 700]))
@settings(max_examples=40)
def test_whatever_stands_in_an_opening_stays_text(pages: Pages, evil: str) -> None:
    text = (Section("", paragraphs=(evil,)), Section(evil[:60], items=(evil, evil)))
    terms = replace(TERMS, no_pay=evil[:200], pay=None, hours=evil[:200])
    job = job_of(pages.role("backend-developer"), terms, text, title=evil[:150], team=evil[:60])
    now = Snapshot((published(job),), NOW)
    for address in ("/jobs", "/jobs/backend-developer-0"):
        tags = _Tags()
        tags.feed(rendered(pages.site, now, address).body.decode())
        tags.close()
        assert tags.open == []
        assert tags.seen.isdisjoint({"b", "iframe", "object", "svg", "style"})


def test_pages_are_in_the_language_of_the_role(pages: Pages) -> None:
    role = pages.role("backend-developer")
    german = pages.content.library.locales["de"].words
    one = published(job_of(role), words=german)
    page = rendered(pages.site, Snapshot((one,), NOW), "/jobs/backend-developer-0")
    html = page.body.decode()
    assert '<html lang="de">' in html
    told = {node.text() for node in Tree(html).css("a.btn, dt")}
    assert {"Jetzt bewerben", "Gehalt", "Bewerben bis"} <= told


def test_a_page_in_a_language_from_the_right_begins_there(tmp_path: Path) -> None:
    folder = company_folder(
        tmp_path / "content", COMPANY.replace("name =", 'locale = "ar"\nname =', 1)
    )
    (folder / "locales").mkdir()
    english = (BUILT_IN / "locales" / "en.toml").read_text()
    (folder / "locales" / "ar.toml").write_text(english)
    pages = Pages(folder)
    assert '<html lang="ar" dir="rtl">' in pages.text("/jobs")
    assert '<html lang="en">' in pages.text(NURSE), "the role's language, not the company's"


def test_jobs_that_are_not_below_their_teams_name_say_their_team(pages: Pages) -> None:
    def lines(html: str) -> list[str]:
        return [node.text() for node in Tree(html).css(".jobs .line")]

    assert lines(pages.text("/jobs", Filters(place="austin"))) == [
        "Engineering · Austin, TX, on-site · Part-time · 24 hours a week"
    ]
    assert lines(pages.text("/jobs", Filters(place="remote")))[0].startswith("Design · ")
    assert all("Care" not in line for line in lines(pages.text("/jobs", Filters(team="care"))))
    assert any(
        line.startswith("Care · Seattle") for line in lines(pages.text("/jobs/product-manager-4"))
    )


@pytest.mark.parametrize("team", ["Main", "Team", "q", "How", "Place", "Other", "By team", "---"])
def test_no_team_is_called_like_a_part_of_the_page(pages: Pages, team: str) -> None:
    role = pages.role("backend-developer")
    jobs = (published(job_of(role, team=team), 1), published(job_of(role, team=None), 2))
    for site in (pages.site, Site(pages.content, BASE, are_files=True)):
        page = rendered(site, Snapshot(jobs, NOW + timedelta(days=9)), "/jobs")
        tree = Tree(page.body.decode())
        ids = [node.attributes["id"] for node in tree.css("[id]")]
        assert len(ids) == len({*ids})
        job = Tree(
            rendered(
                site, Snapshot(jobs, NOW + timedelta(days=9)), "/jobs/backend-developer-1"
            ).body.decode()
        )
        links = [node.attributes["href"] or "" for node in job.css(".crumb a")]
        assert all(link.partition("#")[2] in {"", *ids} for link in links)


def test_who_writes_without_a_full_stop_keeps_apply_on_the_first_screen(pages: Pages) -> None:
    for endless in ("word " * 600, "あ" * 3000):
        text = (Section("", paragraphs=(endless.strip(), "More.")),)
        now = Snapshot((published(job_of(pages.role("backend-developer"), text=text)),), NOW)
        tree = Tree(rendered(pages.site, now, "/jobs/backend-developer-0").body.decode())
        assert tree.css(".lede") == []
        assert endless.strip() in [node.text() for node in tree.css(".article p")]


def test_the_first_sentences_are_told_by_their_end_in_japanese_too(pages: Pages) -> None:
    first, second, rest = "決済の基盤を作ります。", "速さを守ります。", "あ" * 170
    text = (Section("", paragraphs=(f"{first}{second}{rest}",)),)
    now = Snapshot((published(job_of(pages.role("backend-developer"), text=text)),), NOW)
    tree = Tree(rendered(pages.site, now, "/jobs/backend-developer-0").body.decode())
    assert [node.text() for node in tree.css(".lede")] == [f"{first}{second}"]
    assert rest in [node.text() for node in tree.css(".article p")]


def test_two_jobs_of_one_title_have_pages_of_their_own(pages: Pages) -> None:
    role = pages.role("backend-developer")
    now = Snapshot((published(job_of(role), 1), published(job_of(role), 2)), NOW)
    bodies = set()
    for number in (1, 2):
        page = rendered(pages.site, now, f"/jobs/backend-developer-{number}")
        bodies.add(page.body)
    assert len(bodies) == 2


def test_a_list_of_400_jobs_leads_to_each_team(pages: Pages) -> None:
    role = pages.role("backend-developer")
    jobs = tuple(
        published(job_of(role, team=f"Team {number % 9}"), number) for number in range(400)
    )
    page = rendered(pages.site, Snapshot(jobs, NOW + timedelta(days=9)), "/jobs")
    tree = Tree(page.body.decode())
    assert len(tree.css(".jobs li")) == 400
    targets = {node.attributes["id"] for node in tree.css("h2[id]")}
    assert {f"#{id}" for id in targets} >= {node.attributes["href"] for node in tree.css(".jump a")}


def test_a_day_after_its_closing_day_a_job_is_no_longer_open(pages: Pages) -> None:
    role = pages.role("backend-developer")
    one = published(job_of(role, replace(TERMS, closes_on=date(2026, 12, 1))))
    midnight = datetime(2026, 12, 1, 23, tzinfo=UTC)  # in Berlin
    before, after = (Snapshot((one,), at) for at in (midnight - timedelta(seconds=1), midnight))
    assert (before.open, after.open) == ((one,), ())
    assert before.holds_until == midnight
    assert after.holds_until is None
    assert after.changed_at == midnight


def test_with_a_path_in_the_address_every_link_has_it(pages: Pages, tmp_path: Path) -> None:
    site = Site(pages.content, "https://northwind.example/careers", company_folder(tmp_path))
    page = rendered(site, pages.now, NURSE)
    tree = Tree(page.body.decode())
    inside = [node.attributes["href"] or "" for node in tree.css("[href]:not([href^='https:'])")]
    assert inside
    for link in inside:
        assert link.startswith(("/careers/", "#", "mailto:")), link
    (canonical,) = tree.css('link[rel="canonical"]')
    assert canonical.attributes["href"] == f"https://northwind.example/careers{NURSE}"


COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(brand=COLORS, theme=st.sampled_from(Theme))
def test_any_color_can_be_read_on_every_ground_and_under_its_text(brand: str, theme: Theme) -> None:
    found = accent(brand, theme)
    assert all(contrast(found.color, ground) >= LEAST_CONTRAST for ground in theme.grounds)
    assert contrast(found.color, found.on) >= LEAST_CONTRAST


def test_a_color_that_can_be_read_stays_as_it_is(pages: Pages) -> None:
    assert accent("#0b5a6f", Theme.LIGHT).color == "#0b5a6f"
    assert accent("#ffd400", Theme.DARK).color == "#ffd400"
    assert accent("#ffd400", Theme.LIGHT).color != "#ffd400"
    style = pages.text("/static/style.css")
    assert "--brand: #0b5a6f;" in style
    for theme in Theme:
        for ground in theme.grounds:
            assert ground in style or ground == "#ffffff", "the rule knows the style's grounds"


def test_the_companys_own_color_logo_and_templates_are_used(tmp_path: Path) -> None:
    folder = company_folder(tmp_path / "content")
    company = (folder / "company.toml").read_text()
    (folder / "company.toml").write_text(
        company.replace("[pages]", '[pages]\nbrand = "#E4002B"\nbrand_dark = "#ff8a9a"')
    )
    (folder / "static").mkdir()
    (folder / "static" / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "pages").mkdir()
    (folder / "pages" / "over.html.j2").write_text("<h1>{{ page.heading }}, alas</h1>")
    pages = Pages(folder)
    assert "--brand-dark: #ff8a9a" in pages.text("/static/style.css")
    assert '<img src="/static/logo.svg" alt="Northwind Labs">' in pages.text("/jobs")
    assert data_of(pages.text(NURSE))["hiringOrganization"]["logo"] == f"{BASE}/static/logo.svg"
    assert pages.page("/static/logo.svg").media_type == "image/svg+xml"
    assert pages.text("/nothing").startswith("<h1>There")
    assert pages.page("/static/../company.toml").status == 404


def test_robots_are_told_what_is_not_for_them_and_where_the_list_is(pages: Pages) -> None:
    lines = pages.text("/robots.txt").splitlines()
    assert "Disallow: /applications/" in lines
    assert lines[-1] == f"Sitemap: {BASE}/sitemap.xml"


def test_statuses_of_a_job_that_is_paused_then_open_again(pages: Pages) -> None:
    role = pages.role("backend-developer")
    job = job_of(role)
    for status, expected in (
        (OpeningStatus.PAUSED, 200),
        (OpeningStatus.OPEN, 200),
        (OpeningStatus.CLOSED, 410),
        (OpeningStatus.OPEN, 200),
    ):
        now = Snapshot((published(moved(job, status)),), NOW)
        page = rendered(pages.site, now, "/jobs/backend-developer-0")
        assert page.status == expected
        assert (b"ld+json" in page.body) == (status is OpeningStatus.OPEN)
