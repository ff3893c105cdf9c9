"""`panelist lint`: on files, roles and what comes in, for people and for programs."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.library.loader import BUILT_IN
from tests.support.content import write_company


@pytest.fixture(autouse=True)
def in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PANELIST_CONTENT", raising=False)
    return tmp_path


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_comes_in_is_answered_line_by_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "How old are you?\n\nHow old is the server’s backup?\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    assert main(["lint", "--json", "-"]) == 1
    asked, empty, fine = rows(capsys)
    assert asked["text"] == "How old are you?"
    (found,) = asked["findings"]
    assert found.keys() == {"topic", "words", "why"}
    assert (found["topic"], found["words"]) == ("age", "How old are you")
    assert (empty, fine) == (
        {"text": "", "findings": []},
        {"text": "How old is the server’s backup?", "findings": []},
    )


def test_nothing_found_ends_well(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("How would you test the backup?\n"))
    assert main(["lint", "-"]) == 0
    assert capsys.readouterr().out == "Nothing found.\n"


def test_a_file_is_named_with_its_line(
    capsys: pytest.CaptureFixture[str], in_an_empty_folder: Path
) -> None:
    file = in_an_empty_folder / "posting.txt"
    file.write_text("You sell lamps.\nYou must be a native speaker, aged 25 to 35.\n")
    assert main(["lint", "--as", "posting", "posting.txt"]) == 1
    assert "posting.txt:2: age (“" in capsys.readouterr().out


def test_feedback_is_read_as_feedback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "She is not a culture fit.\nShe named the index and why.\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    assert main(["lint", "--as", "feedback", "--json", "-"]) == 1
    remark, evidence = rows(capsys)
    assert [found["topic"] for found in remark["findings"]] == ["culture fit"]
    assert evidence["findings"] == []


def test_a_role_is_looked_at_with_posting_guide_and_questions(
    capsys: pytest.CaptureFixture[str],
    in_an_empty_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    role = write_company(in_an_empty_folder / "company")
    role.write_text(
        role.read_text().replace('["Why?", "What else?"]', '["Why?", "How old are you?"]', 1)
    )
    monkeypatch.setenv("PANELIST_CONTENT", "company")
    assert main(["lint", role.stem]) == 1
    assert "questions[1].probes[2]: age (“How old are you”): " in capsys.readouterr().out


POSTING = """# Lamp Ninja

You'll sell lamps to people with a bachelor's degree.

## Requirements
- Bachelor's degree in lighting
"""


def test_a_posting_in_a_file_is_read_line_by_line_and_as_a_whole(
    capsys: pytest.CaptureFixture[str], in_an_empty_folder: Path
) -> None:
    (in_an_empty_folder / "posting.md").write_text(POSTING)
    assert main(["lint", "--as", "posting", "posting.md"]) == 1
    lines = capsys.readouterr().out.splitlines()
    begins = [
        "posting.md:1: cliché (“Ninja”): It says nothing about the work",
        "posting.md:6: degree (“Bachelor's degree in lighting”): It keeps out people who",
        "posting.md: 13 words: Of the people who looked at postings of up to 250 words",
    ]
    assert [line[: len(begin)] for line, begin in zip(lines, begins, strict=False)] == begins
    assert "The Emerging Degree Reset" in lines[1]
    assert "checked on 2026-11-30" in lines[1]
    assert lines[3:] == ["This is advice, not legal advice."]


def test_programs_get_a_line_for_each_line_of_a_posting_and_one_for_the_whole(
    capsys: pytest.CaptureFixture[str], in_an_empty_folder: Path
) -> None:
    (in_an_empty_folder / "posting.md").write_text(POSTING)
    assert main(["lint", "--as", "posting", "--json", "posting.md"]) == 1
    *lines, whole = rows(capsys)
    assert [line["text"] for line in lines] == POSTING.splitlines()
    topics = [found["topic"] for line in lines for found in line["findings"]]
    assert topics == ["cliché", "degree"]
    assert whole["text"] == POSTING.rstrip("\n")
    assert [(it["topic"], it["words"]) for it in whole["findings"]] == [("13 words", "")]
    assert all(it.keys() == {"topic", "words", "why"} for it in whole["findings"])


def test_a_line_by_itself_may_be_a_requirement(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("10+ years of experience\nYou sell lamps.\n"))
    assert main(["lint", "--as", "posting", "--json", "-"]) == 1
    years, fine = rows(capsys)
    assert [found["words"] for found in years["findings"]] == ["10+ years of experience"]
    assert fine["findings"] == []


def test_a_roles_posting_is_held_against_the_advice_at_each_level(
    capsys: pytest.CaptureFixture[str],
    in_an_empty_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    role = write_company(in_an_empty_folder / "company")
    text = role.read_text()
    role.write_text(text.replace('"Requirements 0"', '"A rockstar"', 1))
    monkeypatch.setenv("PANELIST_CONTENT", "company")
    assert main(["lint", role.stem]) == 1
    assert "What you'll bring, line 1: cliché (“rockstar”): " in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["posting", "question"])
def test_the_built_in_roles_are_clean(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--as", kind]) == 0
    assert main(["lint", "backend developer"]) == 0
    assert capsys.readouterr().out == "Nothing found.\n" * 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-thing"], "'no-such-thing' isn't a file. There's no role called"),
        (["--as", "feedback"], "Roles have no feedback."),
        (["--as", "feedback", "backend-developer"], "isn't a file, and roles have no feedback"),
        ([str(BUILT_IN.parent / "docs/images/guide.png")], "can't be read as text"),
    ],
)
def test_bad_use_is_told_from_findings(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", *arguments]) == 2
    printed = capsys.readouterr()
    assert (printed.out, said in printed.err) == ("", True)


def test_an_unknown_kind_is_bad_use() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lint", "--as", "poem", "-"])
    assert ended.value.code == 2
