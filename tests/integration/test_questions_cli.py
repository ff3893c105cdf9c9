"""`panelist questions` and what `panelist check` says of questions."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from bot.cli import main
from bot.domain.questions.question import Rating, set_name
from bot.domain.questions.selection import Level
from bot.library.catalogue import Library
from tests.support.content import write_company

RUBRIC = {"poor", "borderline", "solid", "outstanding"}
KEYS = {"id", "competency", "kind", "level", "question", "probes", "why", "minutes", "rubric"} | {
    "red_flags"
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["questions", *arguments]) == code
    output = capsys.readouterr()
    return output.err if code else output.out


def test_a_set_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, "backend-developer", "--minutes", "60", "--format", "json"))
    assert found["minutes"] == sum(item["minutes"] for item in found["questions"]) <= 60
    assert set_name(found["name"]) == found["name"]
    for item in found["questions"]:
        assert item.keys() >= KEYS
        assert item["rubric"].keys() == RUBRIC


def test_the_bank_as_json(capsys: pytest.CaptureFixture[str], library: Library) -> None:
    found = json.loads(printed(capsys, "Backend Developer", "--all", "--format", "json"))
    role = library.role("backend-developer")
    assert role is not None
    assert [item["id"] for item in found["questions"]] == [q.id for q in library.bank(role)]
    assert {item["competency"] for item in found["questions"]} == set(role.competencies)
    assert len(found["questions"]) >= 24
    assert "name" not in found


def test_competency_and_level_narrow_it_down(capsys: pytest.CaptureFixture[str]) -> None:
    narrow = ["--competency", "data modelling", "--level", "senior", "--format", "json"]
    for extent in ([], ["--all"]):
        found = json.loads(printed(capsys, "backend-developer", *narrow, *extent))
        assert {item["competency"] for item in found["questions"]} == {"data-modelling"}
        assert {item["level"] for item in found["questions"]} <= {"mid", "senior", "staff"}


class Reader(HTMLParser):
    """The text of a page, and its tags in balance."""

    VOID = frozenset({"meta", "br", "input", "link", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(style: str, document: str) -> str:
    reader = Reader()
    reader.feed(document if style == "html" else MarkdownIt("commonmark").render(document))
    assert not reader.open
    return " ".join("".join(reader.text).split())


@pytest.mark.parametrize("style", ["markdown", "html"])
@pytest.mark.parametrize("extent", [["--minutes", "45"], ["--all"]])
def test_a_document_says_all_that_the_content_says(
    capsys: pytest.CaptureFixture[str], library: Library, style: str, extent: list[str]
) -> None:
    for role in library.roles:
        text = read(style, printed(capsys, role.slug, "--format", style, *extent))
        shown = [item for item in library.bank(role) if item.question in text]
        assert len(shown) == len(library.bank(role)) if "--all" in extent else len(shown) >= 3
        for item in shown:
            parts = (*item.probes, item.why, *item.red_flags, *(item.rubric[r] for r in Rating))
            assert all(part in text for part in parts)
        for id in {item.competency for item in shown}:
            ratings = library.competencies[id].ratings
            assert all(ratings[rating].long in text for rating in Rating)


def test_the_kit_is_a_page_made_for_printing(capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(capsys, "backend-developer", "--format", "html")
    assert page.startswith("<!doctype html>")
    assert "@media print" in page
    assert "break-inside: avoid" in page
    assert page.count('class="box"') >= 4 * page.count('class="notes"') > 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["backend-developer", "--minutes", "0"],
        ["backend-developer", "--minutes", "500"],
        ["backend-developer", "--minutes", "soon"],
        ["backend-developer", "--level", "wizard"],
        ["backend-developer", "--format", "slack"],
        ["backend-developer", "--all", "--minutes", "45"],
        [],
    ],
)
def test_bad_use_exits_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["questions", *arguments])
    assert stopped.value.code == 2
    assert "usage: panelist questions" in capsys.readouterr().err


def test_unknown_names_exit_1_and_name_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Did you mean: backend-developer?" in printed(capsys, "backend-develper", code=1)
    found = printed(capsys, "backend-developer", "--competency", "cooking", code=1)
    assert "Backend Developer has no competency 'cooking'" in found
    assert "data-modelling" in found


@pytest.mark.parametrize("style", ["markdown", "html"])
@pytest.mark.parametrize(
    "typed", [["senior backend dev"], ["backend-developer", "--level", "senior"]]
)
def test_a_kit_for_a_level_says_what_the_level_takes(
    capsys: pytest.CaptureFixture[str], library: Library, style: str, typed: list[str]
) -> None:
    role = library.find("backend-developer")
    assert role is not None
    text = read(style, printed(capsys, *typed, "--format", style))
    assert "Senior Backend Developer: interview questions" in text
    assert f"Senior: {role.levels[Level.SENIOR].expectations['data-modelling']}" in text
    plain = read("html", printed(capsys, "backend-developer", "--format", "html"))
    assert "Senior: " not in plain


def test_an_exhibit_is_printed_letter_for_letter(
    capsys: pytest.CaptureFixture[str], library: Library
) -> None:
    printed_bank = printed(capsys, "backend-developer", "--all", "--format", "markdown")
    fences = [
        token.content
        for token in MarkdownIt("commonmark").parse(printed_bank)
        if token.type == "fence"
    ]
    role = library.find("backend-developer")
    assert role is not None
    exhibits = [item.exhibit.lines for item in library.bank(role) if item.exhibit is not None]
    assert [text.rstrip() for text in fences] == [text.rstrip() for text in exhibits]


def test_too_few_minutes_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    few = ["backend-developer", "--competency", "data-modelling", "--minutes", "5"]
    assert "No question fits into 5 minutes" in printed(capsys, *few, code=1)


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["check"])
    output = capsys.readouterr()
    return code, output.out + output.err


def test_check_finds_what_must_not_be_asked_in_a_companys_questions(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = tmp_path / "company"
    role = write_company(company)
    monkeypatch.setenv("PANELIST_CONTENT", str(company))
    assert checked(capsys)[0] == 0

    text = role.read_text()
    role.write_text(text.replace('"Why?"', '"Where do you live?"', 1))
    code, said = checked(capsys)
    assert code == 0, "of medium severity: advice"
    assert f"{role}: questions[1].probes[1]: address and household" in said
    assert "No faults" in said

    role.write_text(text.replace('"Why?"', '"Are you married?"', 1))
    code, said = checked(capsys)
    assert code == 1
    assert f"{role}: questions[1].probes[1]: marriage and family (“Are you married”)" in said
    assert "checked on 2026-11-25. Not legal advice." in said
    assert "1 text touches what must not be asked." in said


def test_check_names_file_and_key_of_a_missing_rating_and_nothing_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = tmp_path / "company"
    role = write_company(company)
    monkeypatch.setenv("PANELIST_CONTENT", str(company))
    role.write_text(role.read_text().replace('solid = "Solid answer to lamp-keeper-2."\n', ""))
    code, said = checked(capsys)
    assert code == 1
    assert said == f"1 fault in the content:\n  {role}: questions[3].rubric.solid: is missing\n"
