"""Openings as documents and as texts to paste: they say what is known, and nothing in a text is
taken for more than a text."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.posting import posting_of
from bot.domain.openings.terms import Terms
from bot.domain.posting import Section
from bot.library.catalogue import Library
from bot.library.documents import Documents, escape_hn, without_mentions
from bot.library.formats import Format, ShareFormat
from bot.library.loader import BUILT_IN
from bot.playground.rules.limits import faults
from bot.services.messages.openings import Posted
from bot.services.openings.formats import OpeningFormats
from handlers.views.openings.posting import posting
from tests.support.postings import (
    ANY_TERMS,
    ANYWHERE,
    APPLY,
    EVIL,
    IN_AUSTIN,
    NORTHWIND,
    SECTIONS,
    TERMS,
    TODAY,
    job_of,
)

DOCUMENTS = Documents([BUILT_IN])
FORMATS = OpeningFormats(DOCUMENTS, NORTHWIND)
UNKNOWN = OpeningFormats(DOCUMENTS)
READER = MarkdownIt("commonmark")
JOINER = "\u2060"
VOID = {"meta", "br"}


@pytest.fixture
def job(library: Library) -> Job:
    role = library.role("backend-developer")
    assert role is not None
    return job_of(role)


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]


class Page(HTMLParser):
    """An HTML document as a browser reads it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.inside: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.inside == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.inside:
            self.text += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]


def words(text: str) -> str:
    """What is left of a text where marks and spaces don't count."""
    return re.sub(r"[\W_]", "", text)


def texts(sections: tuple[Section, ...]) -> Iterator[str]:
    """Everything that is there to be read; a heading over nothing is not."""
    for section in sections:
        lines = (*section.items, *section.paragraphs)
        if any(map(words, lines)):
            yield from (section.heading, *lines)


@pytest.mark.parametrize("style", Format)
def test_a_document_says_everything_that_is_known(job: Job, style: Format) -> None:
    text = html.unescape(FORMATS.document(job, style)).replace("\u00a0", " ")
    facts = ("Berlin, Germany, hybrid · or remote in Germany", "€75,000–92,000 a year", "Payments")
    company = ("Northwind Traders", "30 days off", "Phone call: 30 minutes", "We sell good food.")
    for told in (*facts, *company, "Fri, Jan 15, 2027", APPLY, "for 180 days", *texts(job.text)):
        assert told in text, told


@pytest.mark.parametrize("style", Format)
def test_a_document_of_an_opening_of_which_little_is_known_has_no_empty_part(
    job: Job, style: Format
) -> None:
    bare = replace(job, terms=Terms(employment_type=None), text=(Section(paragraphs=("Hello.",)),))
    bare = replace(bare, opening=replace(job.opening, team=None))
    text = UNKNOWN.document(bare, style)
    assert "None" not in text
    assert "Apply" not in text
    assert "Hello." in text
    assert not re.search(r"\n{3}", text)


def test_what_the_posting_says_itself_is_not_said_again_by_the_company(job: Job) -> None:
    own = replace(job, text=(*job.text, Section("About us", paragraphs=("We are the team.",))))
    text = FORMATS.document(own, Format.TEXT)
    assert text.count("About us") == 1
    assert "We sell good food." not in text


def test_a_job_without_pay_says_why_and_one_for_several_says_how_many(job: Job) -> None:
    text = FORMATS.document(replace(job, terms=ANYWHERE), Format.TEXT)
    assert "Pay: Not shown: An honorary office" in text
    assert "Openings: 3" in text


def test_who_applies_by_email_finds_the_address_in_each_format(job: Job) -> None:
    by_email = replace(job, terms=IN_AUSTIN)
    for style in Format:
        assert "jobs@example.com" in FORMATS.document(by_email, style)
    for where in ShareFormat:
        assert "jobs@example.com" in FORMATS.share(by_email, where)


def test_markdown_has_the_link_whatever_is_in_it(job: Job) -> None:
    address = "https://jobs.example.com/7?a=1&b=(*_x_*)&c=[d](e)`f`@g"
    text = FORMATS.document(replace(job, terms=replace(TERMS, apply_at=address)), Format.MARKDOWN)
    assert f"<{address}>" in text
    assert READER.render(text).count("<a href=") == 1


# HTML that everybody can read, and print.


def test_the_page_has_a_language_landmarks_and_one_heading_of_the_first_level(job: Job) -> None:
    page = Page(FORMATS.document(job, Format.HTML))
    assert page.all("html")[0].attributes == {"lang": "en"}
    assert [len(page.all(tag)) for tag in ("title", "header", "main", "footer", "h1")] == [1] * 5
    ids = {element.attributes["id"] for element in page.all("h2")}
    named = [element.attributes.get("aria-labelledby") for element in page.all("section")]
    assert set(filter(None, named)) == ids
    assert page.all("script") == []
    assert all(not name.startswith("on") for one in page.elements for name in one.attributes)


def test_the_page_is_in_the_postings_language(job: Job, library: Library) -> None:
    page = FORMATS.document(job, Format.HTML, library.locales["de"].words)
    assert '<html lang="de">' in page
    assert "Über uns" in page
    assert "About us" not in page


OTHERS = ("de", "es", "fr", "ja")
IN_ENGLISH_ALONE = (
    *("Location", "Pay", "Apply", "Openings", "Full-time", "Part-time", "an hour", "a year"),
    *("remote in", "Not shown", "Send your application", "We're hiring", "Ask me"),
    *("Full description", "Refer someone", "Hiring manager", "Paused", "Filled", "Closed"),
    *("See open jobs", "Thanks to", "more place", "Germany", "openings"),
)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("terms", [TERMS, IN_AUSTIN, ANYWHERE])
def test_no_english_is_left_in_a_job_of_another_language(
    job: Job, library: Library, language: str, terms: Terms
) -> None:
    words = library.locales[language].words
    known = replace(terms, hours=None, no_pay=terms.no_pay and "X")
    bare = replace(job, opening=replace(job.opening, team=None), terms=known, text=())
    pasted = set(ShareFormat) - {ShareFormat.WHO_IS_HIRING}  # which is in English for everyone
    texts = [UNKNOWN.document(bare, style, words) for style in Format]
    texts += [UNKNOWN.share(bare, one, words) for one in pasted]
    for status in OpeningStatus:
        of = replace(bare, opening=replace(bare.opening, status=status))
        for today in (TODAY, date(2028, 1, 1)):
            text, blocks = posting(Posted(of, today, "UTC", words))
            texts.append(text + json.dumps(blocks, ensure_ascii=False))
    around = re.compile(r'<style>.*?</style>|jobs@\S+|https?://\S+|"[a-z_]+":', re.DOTALL)
    for text in texts:
        read = around.sub("", text)
        assert [one for one in IN_ENGLISH_ALONE if re.search(rf"\b{one}\b", read)] == [], text


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_a_message_in_any_language_is_one_that_slack_takes(
    job: Job, library: Library, language: str
) -> None:
    for status in OpeningStatus:
        of = replace(job, opening=replace(job.opening, status=status))
        text, blocks = posting(Posted(of, TODAY, "UTC", library.locales[language].words))
        assert faults("message", {"text": text, "blocks": blocks}) == []


def test_what_leads_into_a_list_is_there_too(job: Job) -> None:
    led = replace(job, text=(Section("Work", ("Build",), lead=("You will:",)),))
    for style in Format:
        text = FORMATS.document(led, style)
        assert text.index("You will:") < text.index("Build")
    alone = replace(job, text=(Section("Work", lead=("You will see.",)),))
    assert "You will see." in FORMATS.document(alone, Format.TEXT)


def test_the_page_fits_a_phone_and_paper(job: Job) -> None:
    text = FORMATS.document(job, Format.HTML)
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text
    assert "@media print" in text
    assert 'content: ": " attr(data-address)' in text


def luminance(color: str) -> float:
    full = color * 2 if len(color) == 3 else color
    parts = (int(full[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_color_of_the_page_stands_out_as_wcag_asks(job: Job) -> None:
    text = FORMATS.document(job, Format.HTML)
    rules = re.findall(r"\{([^{}]*)\}", text)
    for rule in rules:
        color = re.search(r"(?<![-\w])color: #([0-9a-f]{3,6})", rule)
        ground = re.search(r"background: #([0-9a-f]{3,6})", rule)
        if color is None:
            continue
        lights = sorted([luminance(color[1]), luminance(ground[1] if ground else "fff")])
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, rule


# Whatever somebody typed is read as it was typed.


@settings(deadline=None)
@given(EVIL, SECTIONS, EVIL)
def test_html_holds_no_tag_but_its_own(
    library: Library, title: str, text: tuple[Section, ...], name: str
) -> None:
    job = job_of(library.roles[0], IN_AUSTIN, text, title=title, team=name)
    page = Page(OpeningFormats(DOCUMENTS, replace(NORTHWIND, name=name)).document(job, Format.HTML))
    plain = job_of(library.roles[0], IN_AUSTIN, text, title="x", team="x")
    known = Page(
        OpeningFormats(DOCUMENTS, replace(NORTHWIND, name="x")).document(plain, Format.HTML)
    )
    tags = {element.tag for element in page.elements} - {"header", "dt", "dd"}
    assert tags == {element.tag for element in known.elements} - {"header", "dt", "dd"}
    for told in (title, name, *texts(text)):
        assert words(told) in words(page.text)


@settings(deadline=None)
@given(EVIL, SECTIONS)
@example("# x", (Section("1. a", ("- b", "```"), ("> c", "<script>")),))
def test_markdown_is_read_with_its_own_headings_lists_and_link_alone(
    library: Library, title: str, text: tuple[Section, ...]
) -> None:
    job = job_of(library.roles[0], TERMS, text, title=f"{title}x")
    posting = posting_of(job)
    page = READER.render(UNKNOWN.document(job, Format.MARKDOWN))
    headed = sum(bool(section.heading) for section in posting.sections)
    assert page.count("<h1") == 1
    assert page.count("<h2") == headed + 1
    assert page.count("<a href") == 1
    assert not re.search(r"<(script|b|em|code|pre|blockquote|ol|img|hr)\b", page)
    for told in (title, *texts(text)):
        assert words(told) in words(html.unescape(re.sub(r"<[^>]+>", "", page)))


@settings(deadline=None)
@given(EVIL, SECTIONS, st.sampled_from(ShareFormat))
def test_no_text_begins_a_line_that_the_template_has_not_begun(
    library: Library, title: str, text: tuple[Section, ...], where: ShareFormat
) -> None:
    job = job_of(library.roles[0], TERMS, text, title=title, team="x")
    plain = job_of(library.roles[0], TERMS, (Section("x", ("x",), ("x",)),), title="x")
    assert "\u2028" not in UNKNOWN.document(job, Format.TEXT)
    first, *_ = UNKNOWN.share(job, where).splitlines() or [""]
    known, *_ = UNKNOWN.share(plain, where).splitlines()
    assert words(first) == words(known.replace("x", words(posting_of(job).title), 1))


@given(EVIL)
@example("@here")
@example("<!channel>")
@example("(@sam)")
def test_a_text_to_paste_calls_nobody(text: str) -> None:
    pasted = without_mentions(text)
    assert not re.search(r"(?<!\w)@\w", pasted)
    assert not re.search(r"<[!@#]", pasted)
    assert pasted.replace(JOINER, "") == text.replace(JOINER, "")


def test_addresses_of_people_and_pages_are_pasted_as_they_are(job: Job) -> None:
    assert without_mentions("jobs@example.com") == "jobs@example.com"
    page = "https://social.example/@northwind/*1*"
    for where in ShareFormat:
        text = FORMATS.share(replace(job, terms=replace(TERMS, apply_at=page)), where)
        assert page in text


@given(EVIL)
def test_hacker_news_sets_nothing_in_italics(text: str) -> None:
    assert not re.search(r"(?<!\\)\*", escape_hn(text))
    assert escape_hn(text).replace(r"\*", "*") == text


# Texts to paste.


def test_who_is_hiring_begins_with_the_line_that_readers_scan(job: Job) -> None:
    first, *_, last = FORMATS.share(job, ShareFormat.WHO_IS_HIRING).splitlines()
    assert first == (
        "Northwind Traders | Backend Developer | Berlin, Germany (HYBRID) | REMOTE (Germany) | "
        f"Full-time | €75,000–92,000 a year | {APPLY}"
    )
    assert last == "We sell good food."
    remote = FORMATS.share(replace(job, terms=ANYWHERE), ShareFormat.WHO_IS_HIRING)
    assert "Backend Developer | REMOTE (CO, US, Canada, Leeds, UK) | Full-time" in remote


@pytest.mark.parametrize("where", [ShareFormat.LINKEDIN, ShareFormat.SLACK_COMMUNITY])
def test_a_post_says_pay_place_and_type_first_and_how_to_apply_last(
    job: Job, where: ShareFormat
) -> None:
    text = FORMATS.share(job, where).replace("\u00a0", " ")
    pay = "€75,000–92,000 a year · Berlin, Germany, hybrid · or remote in Germany · Full-time"
    assert text.index("Backend Developer at Northwind Traders") < text.index(pay)
    assert f"Apply by Fri, Jan 15, 2027: {APPLY}" in text


def test_a_linkedin_post_has_some_of_the_work(job: Job) -> None:
    text = FORMATS.share(job, ShareFormat.LINKEDIN)
    (work,) = [section for section in job.text if section.heading == "What you'll do"]
    assert [line for line in work.items if f"• {line}" in text] == list(work.items[:4])


def test_a_short_post_keeps_the_job_the_pay_and_the_link(job: Job) -> None:
    text = FORMATS.share(job, ShareFormat.SHORT)
    assert "Backend Developer at Northwind Traders" in text
    assert "€75,000–92,000 a year" in text
    assert text.endswith(APPLY)


def test_many_places_are_counted_rather_than_listed(job: Job) -> None:
    places = (*ANYWHERE.places, *TERMS.places, *IN_AUSTIN.places)
    everywhere = replace(job, terms=replace(ANYWHERE, places=places))
    text = FORMATS.share(everywhere, ShareFormat.LINKEDIN)
    assert "Remote in CO, US or Canada or Leeds, UK and 3 more places" in text


@settings(max_examples=200, deadline=None)
@given(ANY_TERMS, st.text("Ab ", min_size=1, max_size=150), st.sampled_from(ShareFormat), st.data())
def test_no_text_is_longer_than_what_is_taken_where_it_is_pasted(
    library: Library, terms: Terms, title: str, where: ShareFormat, data: st.DataObject
) -> None:
    role = data.draw(st.sampled_from(library.roles))
    text = FORMATS.share(job_of(role, terms, title=f"x{title}"), where)
    assert len(text) <= where.most
    assert "None" not in text
    assert terms.apply_at is not None
    assert terms.apply_at in text


def test_a_link_too_long_for_a_short_post_is_left_out_rather_than_broken(job: Job) -> None:
    terms = replace(TERMS, apply_at=f"https://jobs.example.com/{'x' * 900}")
    text = FORMATS.share(replace(job, terms=terms), ShareFormat.SHORT)
    assert text.startswith("We're hiring: Backend Developer at Northwind Traders")
    assert "https" not in text
