"""Feeds as their receivers read them, by the rules that each has written down."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bot.domain.openings.places import Place, countries
from bot.domain.posting import Section
from bot.domain.site.boards import BOARDS, Feed, reference_of, without_entities
from bot.domain.site.jobs import Snapshot
from bot.services.site.rendering import Site
from tests.support.postings import ANY_TERMS, EVIL, TERMS, job_of
from tests.support.site import BASE, NOW, Pages, company_folder, published, rendered

SCHEMA = Path(__file__).parents[1] / "data" / "json_feed_1_1.schema.json"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(company_folder(tmp_path_factory.mktemp("content")))


Job = Mapping[str, str]


def jobs_in(body: bytes) -> list[Job]:
    """The jobs of a board's feed, each with its elements' texts."""
    root = etree.fromstring(body)
    return [
        {child.tag: child.text or "" for child in job.iter() if child is not job}
        | ({"id": job.get("id")} if job.get("id") else {})
        for job in root.iter("job")
    ]


def iso(text: str) -> datetime:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text), text
    return datetime.fromisoformat(text)


def day(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=UTC)


def check_indeed(job: Job) -> None:
    for name in ("title", "referencenumber", "requisitionid", "company", "sourcename", "url"):
        assert job[name], name
    assert {"city", "state", "country", "postalcode"} <= job.keys(), "there, even if empty"
    assert job["country"] in countries()
    assert "source=Indeed" in job["url"]
    assert "src=indeed" in job["url"]
    iso(job["date"])
    assert not re.search(r"&#?\w+;", job["description"]), "escaped HTML is refused"
    tags = set(re.findall(r"<(/?\w+)", job["description"]))
    assert tags <= {"p", "/p", "ul", "/ul", "li", "/li", "strong", "/strong"}
    if "salary" in job:
        amount = r"\D{0,4}\d+(\.\d+)?"
        pattern = rf"{amount}( - {amount})? per (hour|day|week|month|year)"
        assert re.fullmatch(pattern, job["salary"]), job["salary"]
    kinds = {"fulltime", "parttime", "contract", "temporary", "internship"}
    assert job.get("jobtype", "fulltime") in kinds
    assert job.get("remotetype", "Fully remote") in {"Fully remote", "Hybrid remote"}
    if "expirationdate" in job:
        datetime.strptime(job["expirationdate"], "%a, %d %b %Y").replace(tzinfo=UTC)


def check_linkedin(job: Job) -> None:
    for name in ("partnerJobId", "company", "title", "description", "applyUrl", "location"):
        assert job[name], name
    assert len(job["partnerJobId"]) <= 40
    assert len(job["description"]) >= 100
    assert job["applyUrl"].startswith("https://")
    assert "@" in job["posterEmail"]
    assert job.get("workplaceTypes", "Remote") in {"On-site", "Hybrid", "Remote"}
    assert job.get("jobtype", "CONTRACT") in {"FULL_TIME", "PART_TIME", "CONTRACT", "INTERNSHIP"}
    if "amount" in job:
        assert job["period"] in {"HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
        assert job["type"] == "BASE_SALARY"


def check_adzuna(job: Job) -> None:
    for name in ("title", "id", "description", "url", "location", "country", "date"):
        assert job[name], name
    assert len(job["description"]) >= 100
    if "salary_min" in job:
        assert float(job["salary_min"]) <= float(job["salary_max"])
        assert job["salary_frequency"] in {"hour", "day", "month", "year"}
        assert re.fullmatch("[A-Z]{3}", job["salary_currency"])
    assert job.get("contract_time", "full_time") in {"full_time", "part_time"}
    assert job.get("contract_type", "contract") in {"contract", "permanent"}


def check_jooble(job: Job) -> None:
    for name in ("id", "link", "name", "region", "description", "company"):
        assert job[name], name
    assert day(job["pubdate"]) <= day(job["updated"])
    if "expire" in job:
        day(job["expire"])


RULES: Mapping[Feed, Callable[[Job], None]] = {
    Feed.INDEED: check_indeed,
    Feed.LINKEDIN: check_linkedin,
    Feed.ADZUNA: check_adzuna,
    Feed.JOOBLE: check_jooble,
}
IDS = {
    Feed.INDEED: "referencenumber",
    Feed.LINKEDIN: "partnerJobId",
    Feed.ADZUNA: "id",
    Feed.JOOBLE: "id",
}


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_gets_each_open_job_once_for_each_place_by_its_rules(
    pages: Pages, board: Feed
) -> None:
    jobs = jobs_in(pages.page(board.address).body)
    expected = sum(len(one.job.terms.places) for one in pages.now.open)
    assert len(jobs) == expected, "neither paused nor closed ones, and all of the others"
    for job in jobs:
        RULES[board](job)
    assert max(Counter(job[IDS[board]] for job in jobs).values()) == 1


@given(terms=ANY_TERMS, evil=EVIL)
@settings(max_examples=40)
def test_whatever_stands_in_a_job_a_board_reads_it(pages: Pages, terms: Any, evil: str) -> None:
    text = (Section("", paragraphs=(evil, "This is what the job is about. " * 5)),)
    job = job_of(pages.role("backend-developer"), terms, text, title=f"Developer {evil}"[:150])
    now = Snapshot((published(job),), NOW)
    for board in BOARDS:
        for found in jobs_in(rendered(pages.site, now, board.address).body):
            if terms.places:
                RULES[board](found)
    read = feedparser.parse(rendered(pages.site, now, Feed.ATOM.address).body)
    assert not read.bozo
    jsonschema.validate(
        json.loads(rendered(pages.site, now, Feed.JSON.address).body),
        json.loads(SCHEMA.read_text()),
    )


def test_cdata_ends_where_it_should(pages: Pages) -> None:
    text = (Section("", paragraphs=("a ]]> b <script>c</script> & d &amp; e",)),)
    job = job_of(pages.role("backend-developer"), TERMS, text, title="Ends ]]> here")
    now = Snapshot((published(job),), NOW)
    for board in BOARDS:
        body = rendered(pages.site, now, board.address).body
        title = "name" if board is Feed.JOOBLE else "title"
        assert {found[title] for found in jobs_in(body)} == {"Ends ]]> here"}
    (indeed, _) = jobs_in(rendered(pages.site, now, Feed.INDEED.address).body)
    assert "a ]] > b < script>c< /script> & d & amp; e" in indeed["description"]


@given(texts=st.lists(EVIL, max_size=4))
def test_text_is_never_markup_for_who_takes_no_entities(texts: list[str]) -> None:
    from markupsafe import escape

    html = "".join(f"<p>{escape(text)}</p>" for text in texts)
    plain = without_entities(html)
    assert not re.search(r"&#?\w+;", plain)
    assert "]]>" not in plain
    ours = re.sub(r"</?(p|ul|li|strong)>", "", plain)
    assert not re.search(r"<[a-zA-Z/!?]", ours)


def test_a_feed_reader_reads_atom(pages: Pages) -> None:
    page = pages.page(Feed.ATOM.address)
    read = feedparser.parse(page.body)
    assert (read.bozo, read.version) == (False, "atom10")
    assert read.feed.title == "Jobs at Northwind Labs"
    links = {link.rel: link.href for link in read.feed.links}
    assert links == {"self": f"{BASE}/jobs/feed.xml", "alternate": f"{BASE}/jobs"}
    assert [entry.title for entry in read.entries] == [
        *("Frontend Engineer", "Product Designer", "Registered Nurse", "Backend Developer"),
    ], "each once, the newest first"
    nurse = read.entries[2]
    assert nurse.id == f"tag:jobs.northwind.example,2026-11-03:{1:016x}"
    assert nurse.link == f"{BASE}/jobs/registered-nurse-1?src=atom"
    assert nurse.published == "2026-11-03T09:00:00Z"
    assert "Three 12-hour shifts a week" in nurse.content[0].value
    assert nurse.tags[0].term == "Care"


def test_json_feed_is_one_by_its_schema(pages: Pages) -> None:
    read = json.loads(pages.text(Feed.JSON.address))
    jsonschema.validate(read, json.loads(SCHEMA.read_text()))
    designer = next(item for item in read["items"] if item["title"] == "Product Designer")
    assert len(designer["_panelist"]["places"]) == 3
    assert "pay" not in designer["_panelist"]
    nurse = next(item for item in read["items"] if item["title"] == "Registered Nurse")
    assert nurse["_panelist"]["pay"] == {
        "minimum": 28.5,
        "maximum": 28.5,
        "currency": "USD",
        "period": "hour",
    }


def test_the_sitemap_has_open_pages_with_the_day_they_changed(pages: Pages) -> None:
    root = etree.fromstring(pages.page("/sitemap.xml").body)
    found = [node.text for node in root.iter(LOC)]
    assert found == [f"{BASE}/jobs", *(f"{BASE}/jobs/{one.job.slug}" for one in pages.now.open)]
    last = [iso(node.text) for node in root.iter() if node.tag.endswith("lastmod") and node.text]
    assert last[1:] == [one.changed_at for one in pages.now.open]


def test_a_closing_day_is_the_last_one_that_counts(pages: Pages) -> None:
    terms = replace(TERMS, closes_on=date(2027, 1, 15))
    now = Snapshot((published(job_of(pages.role("backend-developer"), terms)),), NOW)
    (jooble, _) = jobs_in(rendered(pages.site, now, Feed.JOOBLE.address).body)
    (indeed, _) = jobs_in(rendered(pages.site, now, Feed.INDEED.address).body)
    assert (jooble["expire"], indeed["expirationdate"]) == ("15.01.2027", "Fri, 15 Jan 2027")


def test_a_job_keeps_its_reference_in_whatever_order_its_places_are() -> None:
    long = Place("US", "WA", "A place whose name goes on and on and on and on")
    for place in (Place("DE", None, "Berlin"), Place("DE"), long):
        reference = reference_of("0" * 16, place, is_only=False)
        assert reference == reference_of("0" * 16, place, is_only=False)
        assert len(reference) <= 40
    assert reference_of("0" * 16, long, is_only=True) == "0" * 16


def test_boards_get_no_job_of_a_company_without_a_name(tmp_path: Path) -> None:
    pages = Pages(company_folder(tmp_path / "content", 'about = ["We are somebody."]'))
    for board in BOARDS:
        assert jobs_in(pages.page(board.address).body) == []
    assert len(feedparser.parse(pages.page(Feed.ATOM.address).body).entries) == 4


def test_without_jobs_feeds_are_empty_and_right(pages: Pages) -> None:
    site, now = pages.site, Snapshot((), NOW)
    assert not feedparser.parse(rendered(site, now, Feed.ATOM.address).body).bozo
    jsonschema.validate(
        json.loads(rendered(site, now, Feed.JSON.address).body), json.loads(SCHEMA.read_text())
    )
    root = etree.fromstring(rendered(site, now, Feed.INDEED.address).body)
    assert parsedate_to_datetime(root.findtext("lastBuildDate") or "")


def test_a_path_in_the_address_is_in_every_link(pages: Pages, tmp_path: Path) -> None:
    site = Site(pages.content, "https://northwind.example/careers", company_folder(tmp_path))
    for kind in Feed:
        body = rendered(site, pages.now, kind.address).body.decode()
        assert "https://northwind.example/careers/jobs/registered-nurse-1?src=" in body
        assert "northwind.example/jobs" not in body
