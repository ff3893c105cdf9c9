"""`panelist export --candidate`: all that is kept of one person, and nothing of anybody else."""

import asyncio
import html
import json
import re
import stat
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from bot.cli import main
from bot.domain.records.kept import KEPT
from bot.services.records.candidate_file import anonymized
from bot.storage.candidates import candidates, merges
from bot.storage.database import Database
from bot.storage.openings import openings
from bot.storage.records.export import tables
from bot.storage.records.holding import Erasure
from bot.storage.records.register import REGISTER
from tests.support.records import id_of, marker, markers, row_of, written

ONE = id_of("candidates", "one")


@pytest.fixture(autouse=True)
async def three_candidates(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with a marker in every column that can hold words; the third turned out to be the
    first."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    database = Database(database_url)
    async with database.write() as tx:
        await written(tx, "one")
        await written(tx, "two")
        await tx.connection.execute(insert(candidates), row_of(candidates, "three"))
        await tx.connection.execute(update(openings).values(title="Baker"))
        became = {"candidate": id_of("candidates", "three"), "into": ONE}
        await tx.connection.execute(insert(merges), row_of(merges, "three") | became)
    await database.close()


async def exports(folder: Path, *options: str) -> int:
    command = ["export", str(folder), "--candidate", *options]
    return await asyncio.to_thread(main, command)


async def test_everything_said_of_one_goes_into_both_and_nothing_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await exports(tmp_path / "one", ONE) == 0
    page = tmp_path / "one/candidate.html"
    assert f"Read {page} before you hand it over." in capsys.readouterr().out
    as_json = (tmp_path / "one/candidate.json").read_text()
    read = html.unescape(re.sub(r"<[^>]*>", "\n", page.read_text()))
    sent = [path.read_text() for path in (tmp_path / "one/files").iterdir()]
    assert sent == [marker("candidate_files", "content", "one")]
    for text in (as_json, read):
        assert [one for one in markers("one") if one not in text and one not in sent] == []
        assert marker("candidates", "name", "three") in text, "who turned out to be the same"
        assert [one for one in markers("two") if one in text] == []
    assert json.loads(as_json)["candidates"] == sorted([ONE, id_of("candidates", "three")])
    assert {path.name for path in (tmp_path / "one").iterdir()} == {
        *("candidate.html", "candidate.json", "files"),
    }
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert await asyncio.to_thread(main, ["audit", "--about", ONE]) == 0
    assert f"command-line  records.exported  {ONE}" in capsys.readouterr().out


async def test_colleagues_can_be_left_out(tmp_path: Path) -> None:
    assert await exports(tmp_path / "named", ONE) == 0
    assert await exports(tmp_path / "numbered", ONE, "--anonymous") == 0
    for name in ("candidate.json", "candidate.html"):
        assert "U0ALEX" in (tmp_path / "named" / name).read_text()
        text = (tmp_path / "numbered" / name).read_text()
        assert "ALEX" not in text, "nor in the id of a conversation"
        assert "colleague 1" in text


async def test_who_is_not_there_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await exports(tmp_path / "none", "nobody") == 1
    assert capsys.readouterr().err == (
        "No candidate has the ID 'nobody'. To list them: panelist candidates\n"
    )
    assert list(tmp_path.glob("*none*")) == []


def test_everything_has_to_be_whole(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "somewhere", "--anonymous"])
    assert ended.value.code == 2
    assert "--anonymous needs --candidate" in capsys.readouterr().err


def test_a_colleague_is_hidden_wherever_the_id_stands() -> None:
    rows = {
        "outbox": [
            {
                **{"key": "digest:U0ALEX:2026", "recipient": "U0ALEX", "person": None},
                **{"channel": "D0ALEX", "payload": {"U0ALEX": ["<@U0SAM> U0ALEXA"]}},
            }
        ],
        "interviews": [{"interviewer": "U0SAM", "zone": "Europe/Oslo"}],
    }
    hidden = anonymized(rows)
    assert hidden["outbox"][0]["key"] == "digest:colleague 1:2026"
    assert hidden["outbox"][0]["payload"] == {"colleague 1": ["<@colleague 2> U0ALEXA"]}
    assert hidden["outbox"][0]["channel"] is None
    assert hidden["interviews"][0]["zone"] is None


def test_each_table_that_belongs_to_candidates_has_a_heading() -> None:
    theirs = {
        one.table.name
        for one in REGISTER.values()
        if one.erasure is not Erasure.NONE and one.table in tables()
    }
    assert theirs - {*KEPT} == {"erasures"}, "of whoever is in it nothing else is left"
    assert {*KEPT} <= theirs
