"""`panelist new-role`: from the file that somebody has to a role that `panelist check` accepts."""

import io
import sys
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.panelist import running, text_of
from tests.support.slack import StandIn

EXAMPLES = Path(__file__).parents[1] / "data" / "job_descriptions"
POSTING = "# Lift technician\n\nYou keep lifts running.\n\n## Requirements\n\n- You fix things.\n"


@pytest.fixture(autouse=True)
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    monkeypatch.setenv("PANELIST_CONTENT", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def posting(tmp_path: Path) -> Path:
    path = tmp_path / "posting.md"
    path.write_text(POSTING)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert main(list(arguments)) == code
    output = capsys.readouterr()
    return output.out, output.err


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_each_of_the_five_kinds_is_written_checked_and_posted(
    content: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slug = path.stem.replace("_", "-")
    _, said = run(capsys, "new-role", slug, "--from", str(path), "--category", "imported")
    written = content / "roles" / "imported" / f"{slug}.toml"
    assert f"Written: {written}" in said
    checked, _ = run(capsys, "check")
    assert "No faults: 41 roles" in checked
    assert "a hiring guide for 1 role, competencies for 1 role, questions for 1 role" in checked
    for style in ("text", "markdown", "html", "slack", "json"):
        run(capsys, "jd", slug, "--format", style)


async def test_it_is_posted_in_its_language(
    slack: StandIn, sqlite_database: str, content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "new-role", "backoffice", "--from", str(EXAMPLES / "japanese.txt"))
    async with running(slack, sqlite_database, panelist_content=content) as panelist:
        posted = text_of(await panelist.reply("/jd backoffice"))
    assert "仕事内容" in posted
    assert "選考の流れ" in posted


def test_a_file_that_is_there_is_not_written_over(
    content: Path, posting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "new-role", "lift-technician", "--from", str(posting))
    path = content / "roles" / "general" / "lift-technician.toml"
    path.write_text(path.read_text() + "# mine\n")
    _, said = run(capsys, "new-role", "lift-technician", "--from", str(posting), code=1)
    assert f"{path} exists already" in said
    assert path.read_text().endswith("# mine\n")


def test_a_built_in_role_is_replaced_in_its_category(
    content: Path, posting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posting.write_text(POSTING.replace("Lift technician", "Backend developer"))
    run(capsys, "new-role", "backend-developer", "--from", str(posting))
    assert (content / "roles" / "engineering" / "backend-developer.toml").is_file()
    checked, _ = run(capsys, "check")
    assert "No faults: 40 roles" in checked


@pytest.mark.parametrize(
    ("slug", "title", "said"),
    [
        ("our-backend", "Backend Developer", "already names the role backend-developer"),
        ("our-backend", "Senior Backend Developer", "is already a level of the role backend"),
        ("backend-engineer", "Lift technician", "already names the role backend-developer"),
    ],
)
def test_a_name_that_is_another_roles_is_refused(
    content: Path,
    posting: Path,
    capsys: pytest.CaptureFixture[str],
    slug: str,
    title: str,
    said: str,
) -> None:
    posting.write_text(POSTING.replace("Lift technician", title))
    _, error = run(capsys, "new-role", slug, "--from", str(posting), code=1)
    assert said in error
    assert not (content / "roles").exists()


def test_without_a_file_there_is_one_to_begin_with(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "new-role", "lift-technician", "--category", "field-service")
    text = (content / "roles" / "field-service" / "lift-technician.toml").read_text()
    assert 'title = "Lift technician"' in text
    checked, _ = run(capsys, "check")
    assert "No faults: 41 roles" in checked


def test_it_is_printed_where_no_folder_is_named_and_written_where_one_says(
    posting: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PANELIST_CONTENT")
    printed, _ = run(capsys, "new-role", "lift-technician", "--from", str(posting))
    assert 'title = "Lift technician"' in printed
    out = tmp_path / "elsewhere" / "lift.toml"
    run(capsys, "new-role", "lift-technician", "--from", str(posting), "--out", str(out))
    assert out.read_text() == printed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (POSTING, "You keep lifts running."),
        (f"<html><body><h1>Lift technician</h1><p>{POSTING}</p></body></html>", "keep lifts"),
        ('{"@type": "JobPosting", "title": "Lifts", "description": "Keep them."}', "Keep them."),
    ],
)
def test_what_comes_in_is_known_by_how_it_begins(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    printed, _ = run(capsys, "new-role", "lift-technician", "--from", "-", "--out", "-")
    assert said in printed


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Lüfter".encode("utf-16"), "Lüfter"),
        (b'<meta charset="iso-8859-1"><p>L\xfcfter</p>', "Lüfter"),
        ("\ufeffLüfter".encode(), "Lüfter"),
    ],
)
def test_a_file_is_read_however_it_is_encoded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes, said: str
) -> None:
    path = tmp_path / "posting"
    path.write_bytes(raw)
    printed, _ = run(capsys, "new-role", "lift-technician", "--from", str(path), "--out", "-")
    assert said in printed


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("x.md", b"", "is empty"),
        ("x.md", b"\xff\xff\x00", "isn't text"),
        ("x.md", b"\x00\x01", "isn't text"),
        ("x.json", b"{", "isn't valid JSON"),
        ("x.json", b'{"@type": "Recipe"}', "holds no JobPosting"),
        ("x.md", b"a" * 2_000_001, "is too long for a job description"),
        ("missing.md", None, "can't be read"),
    ],
)
def test_what_cannot_be_read_is_said(
    content: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    raw: bytes | None,
    said: str,
) -> None:
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    _, error = run(capsys, "new-role", "lift-technician", "--from", str(tmp_path / name), code=1)
    assert said in error
    assert "Traceback" not in error
    assert not (content / "roles").exists()


@pytest.mark.parametrize("arguments", [["Lift Technician"], ["x", "--category", "../up"]])
def test_a_name_that_is_no_name_of_a_file_is_refused(
    content: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    _, error = run(capsys, "new-role", *arguments, code=1)
    assert "small letters, digits and single hyphens" in error
    assert not (content / "roles").exists()


def test_what_has_no_place_in_hiring_is_pointed_out(
    posting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posting.write_text(POSTING + "- You're a native speaker, aged 25 to 35.\n")
    _, said = run(capsys, "new-role", "lift-technician", "--from", str(posting))
    assert "To look at:" in said
    assert "aged 25 to 35" in said or "native speaker" in said


def test_a_language_without_a_file_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.html"
    path.write_text('<html lang="pt"><h1>Técnico</h1><p>Você cuida dos elevadores.</p></html>')
    printed, said = run(capsys, "new-role", "lifts", "--from", str(path), "--out", "-")
    assert "language is 'pt'" in said
    assert "locale" not in printed


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("divisions.html", b"<div>" * 3000 + b"You fix lifts."),
        ("lists.html", b"<ul><li>" * 3000 + b"You fix lifts."),
        ("brackets.json", b"[" * 200_000),
    ],
)
def test_what_is_nested_beyond_reading_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, raw: bytes
) -> None:
    (tmp_path / name).write_bytes(raw)
    _, error = run(capsys, "new-role", "lift-technician", "--from", str(tmp_path / name), code=1)
    assert error.endswith("has parts within parts, too many to be a job description.\n")


def test_a_script_that_is_nested_beyond_reading_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.html"
    script = '<script type="application/ld+json">' + "[" * 200_000 + "</script>"
    path.write_text(f"<h1>Lift technician</h1><p>You fix lifts.</p>{script}")
    printed, _ = run(capsys, "new-role", "lift-technician", "--from", str(path), "--out", "-")
    assert 'title = "Lift technician"' in printed


@pytest.mark.parametrize("encoding", ["undefined", "idna", "hex", "no-such"])
def test_an_encoding_that_there_is_not_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(f'<meta charset="{encoding}"><h1>Lift caf'.encode() + b"\xe9</h1>")
    _, error = run(capsys, "new-role", "lift-technician", "--from", str(path), code=1)
    assert "isn't text: save it as UTF-8" in error
