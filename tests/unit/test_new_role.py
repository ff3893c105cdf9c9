"""`panelist new-role --from`: whatever shape a job description has, nothing of it is lost."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import rtoml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.posting import PostingPart
from bot.domain.roles import Role
from bot.library.catalogue import Library
from bot.library.loader import load
from bot.library.new_role.job_posting import read_json, read_page_with_posting
from bot.library.new_role.markdown import read_markdown
from bot.library.new_role.placing import (
    LONGEST_ITEM,
    headings_of,
    language_of,
    place,
    plain,
    recognized,
)
from bot.library.new_role.source import Source
from bot.library.new_role.writing import begun, written

EXAMPLES = Path(__file__).parents[1] / "data" / "job_descriptions"
LIBRARY = load()


def made(source: Source) -> str:
    language = language_of(source, LIBRARY.locales, "en")
    placed = place(source, "A role", LIBRARY.locales, language)
    return written(placed, language=language, facts=source.facts, beside=source.beside)


def role_of(text: str) -> Role:
    """The file as it is loaded."""
    table = rtoml.loads(text)
    given = {
        "slug": "a-role",
        "category": {"slug": "general", "name": "General"},
        "version": "1",
        "words": LIBRARY.locales[table.get("locale", "en")].words,
    }
    return Role.model_validate(table | given)


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [str(value)]


def letters(text: str) -> str:
    """The text by what is said in it: without spaces, marks and what nobody sees."""
    return "".join(one for one in text.casefold() if one.isalnum())


def kept(text: str) -> str:
    """All that a file says, comments included."""
    comments = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
    return "\n".join(letters(one) for one in [*strings(rtoml.loads(text)), *comments])


def shown(role: Role) -> str:
    """All that a candidate reads."""
    headings = [section.heading for section in role.sections]
    return "\n".join(map(letters, [role.title, *headings, *role.posting]))


class _Shown(HTMLParser):
    """What a page shows, by the standard library's reader: every text outside of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = [""]
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "title")
        if tag not in ("b", "strong", "em", "i", "a", "span"):
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "title")
        if tag not in ("b", "strong", "em", "i", "a", "span"):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts[-1] += data


def lines_of_page(page: str) -> list[str]:
    reader = _Shown()
    reader.feed(page)
    reader.close()
    return sentences("\n".join(" ".join(one.split()) for one in reader.texts))


def sentences(text: str) -> list[str]:
    parts = re.split(r"\n|(?<=[.!?])\s+|(?<=[。！？])", text)
    return [part for part in parts if letters(part)]


def lines_of_markdown(text: str) -> list[str]:
    """Its lines, without marks; a line's end is no sentence's end, so each is looked for alone."""
    plain = re.sub(r"\]\([^)]*\)", "", text)
    return [cell for part in sentences(plain) for cell in part.split("|") if letters(cell)]


def read(name: str) -> tuple[Source, list[str]]:
    raw = (EXAMPLES / name).read_bytes().decode("utf-8-sig")
    if name.endswith(".json"):
        posting = json.loads(raw)
        page = html.unescape(posting["description"])
        said = [one for key, one in posting.items() if isinstance(one, str) and key[0] != "@"]
        said.remove(posting["description"])
        source = read_json(raw)
        assert source is not None
        return source, [*lines_of_page(page), *said]
    if name.endswith(".html"):
        return read_page_with_posting(raw), lines_of_page(raw)
    return read_markdown(raw), lines_of_markdown(raw)


FIVE = [
    "pay_and_grade.md",
    "mission_and_benefits.html",
    "japanese.txt",
    "german.html",
    "clearance_and_term.json",
]


@pytest.mark.parametrize("name", FIVE)
def test_no_sentence_of_the_five_kinds_is_lost(name: str) -> None:
    source, lines = read(name)
    assert len(lines) > 10
    text = made(source)
    found = kept(text)
    assert [line for line in lines if letters(line) not in found] == []
    assert role_of(text).title


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        (FIVE[0], "Senior Estates Surveyor, Highways and Structural Maintenance (West Area)", "en"),
        (FIVE[1], "Community Organizer", "en"),
        (FIVE[2], "バックオフィス担当（経理・総務）", "ja"),
        (FIVE[3], "Anlagenmechaniker (m/w/d) Wasserversorgung", "de"),
        (FIVE[4], "Records Analyst (Fixed Term, 18 Months)", "en"),
    ],
)
def test_each_of_them_has_its_title_its_language_and_its_lists(
    name: str, title: str, language: str
) -> None:
    role = role_of(made(read(name)[0]))
    assert role.title == title
    assert role.words.language == language
    assert len(role.responsibilities) >= 2
    assert len(role.requirements) >= 2
    assert not role.summary.startswith(title)


@pytest.mark.parametrize(
    ("name", "part", "text"),
    [
        (FIVE[0], "summary", "You will look after some 400 buildings and structures that the"),
        (FIVE[0], "nice_to_have", 'Some experience of "party wall" disputes <like ours>'),
        (FIVE[0], "more", "Grade 11: £46,142 to £50,269 a year"),
        (FIVE[0], "more", "Location: County Hall, with travel across the west of the county"),
        (FIVE[0], "contact", "the recruitment team (jobs@county.example)"),
        (FIVE[0], "intros", "In this post you will:"),
        (FIVE[1], "about", "We believe nobody should lose a home"),
        (FIVE[1], "benefits", "Full health cover for you and your family"),
        (FIVE[1], "responsibilities", "one by video."),
        (FIVE[1], "more", "Apply now (https://mission.example/apply?job=12)"),
        (FIVE[2], "summary", "経理と総務を支えてくださる方を募集します。"),
        (FIVE[2], "nice_to_have", "英語でのメール対応"),
        (FIVE[2], "process", "面接（2回）"),
        (FIVE[3], "experience", "Erfahrung mit Leitsystemen ist hilfreich"),
        (FIVE[3], "benefits", "Kantine mit Blick auf den Kanal"),
        (FIVE[4], "legally_required", "You hold, or can be given, a Secret clearance."),
        (FIVE[4], "more", "Fixed term, not to exceed 18 months"),
    ],
)
def test_a_text_is_in_the_part_that_its_heading_announces(name: str, part: str, text: str) -> None:
    role = role_of(made(read(name)[0]))
    assert any(text in one for one in strings(role.model_dump(mode="json")[part]))


@pytest.mark.parametrize("name", FIVE)
def test_what_candidates_are_to_read_is_in_the_posting(name: str) -> None:
    """All but what a machine was told, what stands around the posting, and headings that have
    become ours."""
    source, lines = read(name)
    text = made(source)
    comments = letters("".join(line for line in text.splitlines() if line.startswith("#")))
    found = shown(role_of(text))
    lost = [line for line in lines if letters(line) not in found and letters(line) not in comments]
    assert lost == []
    body = [line for line in lines if len(line) > 60]
    around = letters(" ".join(source.beside))
    assert [one for one in body if letters(one) not in found and letters(one) not in around] == []


def test_a_heading_that_is_underlined_is_one_and_no_more() -> None:
    role = role_of(made(read_markdown("Pay\n---\n\nGrade 7.\n\nPlace\n=====\nHere or there.\n")))
    assert role.title == "Place"
    assert [section.heading for section in role.sections] == ["", "Pay"]
    assert "Flexible hours" in [part.heading for part in role_of(made(read(FIVE[0])[0])).more]


def test_a_line_that_is_all_there_is_before_another_stays_a_line() -> None:
    role = role_of(made(read_markdown("# A\n\nGo.\n\n## Contact\n\n12 High Street\nSpringfield\n")))
    assert role.contact == ("12 High Street", "Springfield")


def test_a_paragraph_broken_into_lines_is_one() -> None:
    role = role_of(made(read_markdown("# A\n\nYou keep the lifts\nof the city running.\n")))
    assert role.summary == "You keep the lifts of the city running."


def test_what_a_machine_was_told_is_kept_in_comments() -> None:
    text = made(read(FIVE[4])[0])
    assert "#   baseSalary.value.minValue: 61218" in text
    assert "#   jobLocation.address.addressRegion: VA" in text


def test_scripts_and_styles_are_no_text_of_the_page() -> None:
    assert "Do not read this sentence" not in made(read(FIVE[1])[0])


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("What you’ll do", "responsibilities"),
        ("WHAT YOU'LL DO:", "responsibilities"),
        ("Key Responsibilities", "responsibilities"),
        ("Requirements for this post", "requirements"),
        ("Your Qualifications", "requirements"),
        ("Preferred qualifications", "nice_to_have"),
        ("Benefits & perks", "benefits"),
        ("■応募資格（必須）", "requirements"),
        ("Ihre Aufgaben:", "responsibilities"),
        ("Profil recherché", "requirements"),
        ("¿Qué ofrecemos?", None),
        ("Requisitos", "requirements"),
        ("The weather", None),
        ("Requirementsless", None),
        ("", None),
        ("!!", None),
    ],
)
def test_headings_are_known_however_they_are_written(heading: str, part: str | None) -> None:
    if heading.startswith("¿"):
        part = "benefits"
    assert recognized(heading, headings_of(LIBRARY.locales, "en")) == part


def test_every_heading_of_ours_is_known_again() -> None:
    for slug, locale in LIBRARY.locales.items():
        known = headings_of(LIBRARY.locales, slug)
        for part in PostingPart:
            assert known[plain(locale.words.headings[part])] == part, slug


def test_a_role_printed_as_markdown_is_read_back(library: Library) -> None:
    from bot.library.documents import Documents
    from bot.library.formats import Format
    from bot.library.loader import BUILT_IN

    documents = Documents([BUILT_IN])
    for role in library.roles:
        for style, reads in (
            (Format.MARKDOWN, read_markdown),
            (Format.HTML, read_page_with_posting),
        ):
            text = documents.document("posting", style, role=role, competencies=())
            again = role_of(made(reads(text)))
            assert again.title == role.title
            for name in ("skills", "responsibilities", "requirements", "nice_to_have"):
                assert getattr(again, name) == getattr(role, name), (role.slug, name)


LETTERS = st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x17F)
WORDS = (
    st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=12)
    .map(" ".join)
    .filter(lambda words: not words[0].isdigit())  # the number of a list's entry is no text
)
SENTENCES = st.builds(
    "{}{}".format, WORDS, st.sampled_from([".", "!", "?", ":", "", ";", ",", " (a, b).", " – c"])
)
HEADINGS = SENTENCES | st.sampled_from(
    ["Requirements", "What you’ll do", "Benefits:", "About us", "Ihre Aufgaben", "Contact", "Job"]
)
TAGS = ["p", "div", "li", "h1", "h2", "h3", "h6", "b", "span", "td", "ul", "ol", "section", "dd"]


@st.composite
def pages(draw: st.DrawFn, depth: int = 3) -> str:
    """HTML as people paste it together: any element in any other, some of them never closed."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        text = html.escape(draw(HEADINGS))
        if depth and draw(st.booleans()):
            text += draw(pages(depth=depth - 1))
        tag = draw(st.sampled_from(TAGS))
        end = f"</{tag}>" if draw(st.integers(0, 5)) else ""
        parts.append(f"<{tag}>{text}{draw(st.sampled_from(['', '<br>', '&nbsp;', ' ']))}{end}")
    return "\r\n".join(parts)


def texts_in(page: str) -> list[str]:
    return [html.unescape(part) for part in re.split(r"<[^>]*>|\r\n", page) if letters(part)]


@settings(max_examples=150, deadline=None)
@given(pages())
@example("<h2>a<ul><li>b</h2>c")
@example("<table><tr><td>a<td>b<tr>c</table>")
@example("<li>Benefits:<b>x</b>")
def test_no_text_of_any_page_is_lost(page: str) -> None:
    text = made(read_page_with_posting(page))
    found = letters(kept(text))
    assert [one for one in texts_in(page) if letters(one) not in found] == []
    role_of(text)


MARKS = ["", "# ", "## ", "### ", "- ", "  - ", "    * ", "1. ", "> ", "**"]
MARKS += ["• ", "・", "| ", "■", "– "]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(MARKS), HEADINGS, st.sampled_from(["\n", "\n\n", "\r\n"])),
        min_size=1,
        max_size=14,
    )
)
def test_no_line_of_any_markdown_is_lost(lines: list[tuple[str, str, str]]) -> None:
    source = "".join(
        f"{mark}{text}{'**' if mark == '**' else ''}{end}" for mark, text, end in lines
    )
    text = made(read_markdown(source))
    found = letters(kept(text))
    assert [one for _, one, _ in lines if letters(one) not in found] == []
    role_of(text)


JSON_KEYS = st.sampled_from(
    ["description", "responsibilities", "skills", "jobBenefits", "workHours", "industry", "x"]
)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        JSON_KEYS, SENTENCES | pages() | st.lists(SENTENCES, max_size=4) | st.integers(), max_size=6
    ),
    SENTENCES,
)
def test_no_value_of_any_job_posting_is_lost(values: dict[str, Any], title: str) -> None:
    source = read_json(json.dumps({"@type": "JobPosting", "title": title} | values))
    assert source is not None
    text = made(source)
    found = letters(kept(text))
    said = [one for value in [title, *values.values()] for one in strings(value)]
    lost = [part for one in said for part in texts_in(one) if letters(part) not in found]
    assert lost == []
    role_of(text)


@pytest.mark.parametrize("count", [59, 61, 400])
def test_a_list_of_any_length_is_kept(count: int) -> None:
    lines = [f"You can do number {number}." for number in range(count)]
    text = made(
        read_markdown("# A\n\n## Requirements\n\n" + "\n".join(f"- {one}" for one in lines))
    )
    role_of(text)
    assert all(letters(one) in kept(text) for one in lines)


def test_a_posting_of_any_length_is_kept() -> None:
    lines = [f"Paragraph {number}. {'It goes on. ' * 40}".strip() for number in range(200)]
    text = made(read_markdown("# A\n\n" + "\n\n".join(lines)))
    role_of(text)
    found = letters(kept(text))
    assert all(letters(one) in found for one in lines)


def test_a_long_entry_is_parted_between_sentences() -> None:
    entry = " ".join(f"This is sentence number {number}." for number in range(80))
    role = role_of(made(read_markdown(f"# A\n\n## Requirements\n\n- {entry}\n")))
    assert all(len(one) <= LONGEST_ITEM and one.endswith(".") for one in role.requirements)
    assert " ".join(role.requirements) == entry


@pytest.mark.parametrize("text", ["x", "#", "<p></p>", "\u200b", "- \n", "|", "<script>x</script>"])
def test_next_to_nothing_makes_a_file_all_the_same(text: str) -> None:
    for reads in (read_markdown, read_page_with_posting):
        assert role_of(made(reads(text))).title


def test_a_broken_script_does_not_hide_the_page() -> None:
    page = '<script type="application/ld+json">{"@type": "JobPosting",}</script><p>Read this.</p>'
    assert "Read this." in made(read_page_with_posting(page))


def test_a_file_to_begin_with_loads() -> None:
    assert role_of(begun("Lift technician")).title == "Lift technician"


@given(st.dictionaries(st.text(max_size=8).map("x{}".format), st.text(max_size=8), max_size=4))
@example({'x\nlocale = "de"\nq': "v"})
@example({"x\ud800\u2028\x00\r": "\ud800"})
def test_what_is_kept_in_comments_stays_in_them(others: dict[str, str]) -> None:
    posting = {"@type": "JobPosting", "title": "Lift technician", "description": "You fix lifts."}
    alone, among = (read_json(json.dumps(one)) for one in (posting, posting | others))
    assert alone is not None
    assert among is not None
    text = made(among)
    assert text.encode()
    assert rtoml.loads(text) == rtoml.loads(made(alone))
