"""`panelist import`: out, in and out again is the same; nothing is doubled or written over."""

import asyncio
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, Select, insert, select, update

from bot.cli import main
from bot.domain.audit import AuditEntry
from bot.domain.messages import MessageState
from bot.services.records.auditing import Auditing
from bot.storage.audit import audit
from bot.storage.candidates import candidates
from bot.storage.database import Database
from bot.storage.openings import openings
from bot.storage.outbox import outbox
from bot.storage.records.erasures import erasures
from bot.storage.records.export import tables
from bot.storage.records.seals import history, seals
from bot.storage.workspace import owners
from tests.integration.test_backups import rows
from tests.support.clock import ManualClock
from tests.support.databases import Postgres
from tests.support.full_workspace import contents, fill, rows_of

HISTORY = ("audit", "audit_history", "audit_seals")

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def panelist(url: str, *command: object) -> int:
    os.environ["DATABASE_URL"] = url
    return main([*map(str, command)])


def does(url: str, *statements: Executable) -> None:
    """Changes a database by hand."""

    async def change() -> None:
        database = Database(url)
        async with database.write() as tx:
            for one in statements:
                await tx.connection.execute(one)
        await database.close()

    asyncio.run(change())


def finds(url: str, query: Select[Any]) -> list[Any]:
    async def find() -> list[Any]:
        database = Database(url)
        async with database.read() as tx:
            found = [tuple(row) for row in await tx.connection.execute(query)]
        await database.close()
        return found

    return asyncio.run(find())


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:///none.db")


@pytest.fixture
def another(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Callable[[str], str]:
    """Makes an empty, migrated database."""

    def make(kind: str) -> str:
        if kind == "postgres":
            server: Postgres = request.getfixturevalue("postgres")
            return server.new_database()
        file = tmp_path / f"another{len(list(tmp_path.glob('another*.db')))}.db"
        file.write_bytes(sqlite_template.read_bytes())
        return f"sqlite+aiosqlite:///{file}"

    return make


def filled(url: str, count: int, workspace: str = "T1") -> None:
    asyncio.run(fill(url, count, workspace))


def everything(url: str) -> dict[str, list[str]]:
    """All but the notes of exports and imports."""
    return {name: found for name, found in asyncio.run(rows(url)).items() if name != "audit"}


def all_but_history(folder: Path) -> dict[str, bytes]:
    return {
        name: data
        for name, data in contents(folder).items()
        if name.rpartition(".")[0] not in HISTORY
    }


@pytest.mark.parametrize(
    ("source", "target", "count"),
    [("sqlite", "postgres", 2_000), ("sqlite", "sqlite", 50), ("postgres", "sqlite", 50)],
)
def test_a_workspace_goes_out_in_and_out_again_equal(
    source: str, target: str, count: int, another: Callable[[str], str], tmp_path: Path
) -> None:
    here, there = another(source), another(target)
    filled(here, count)
    does(here, update(outbox).values(state="sent"))
    assert panelist(here, "export", tmp_path / "first") == 0
    assert panelist(there, "import", tmp_path / "first") == 0
    assert panelist(there, "export", tmp_path / "second") == 0
    first, second = all_but_history(tmp_path / "first"), all_but_history(tmp_path / "second")
    assert {*first} == {*second}
    assert [name for name in first if first[name] != second[name]] == []
    assert first["candidates.jsonl"].count(b"\n") == count


def test_a_second_time_nothing_is_doubled(
    database_url: str,
    another: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled(database_url, 3)
    there = another("sqlite")
    panelist(database_url, "export", tmp_path / "out")
    assert panelist(there, "import", tmp_path / "out") == 0
    before = everything(there)
    capsys.readouterr()
    assert panelist(there, "import", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert "candidates: 0 new, 3 there already, 0 different" in said
    assert "Added 0 rows." in said
    assert everything(there) == before


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    database_url: str,
    another: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled(database_url, 3)
    there = another("sqlite")
    panelist(database_url, "export", tmp_path / "out")
    before = everything(there)
    assert panelist(there, "import", tmp_path / "out", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "candidates: 3 new, 0 there already, 0 different" in said
    assert "Rows that would be added: " in said
    assert everything(there) == before


def test_what_differs_is_named_and_stays(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(database_url, 3)
    panelist(database_url, "export", tmp_path / "out")
    this = candidates.c.id == "1"
    does(database_url, update(candidates).where(this).values(name="Robin Doe"))
    capsys.readouterr()
    assert panelist(database_url, "import", tmp_path / "out") == 1
    said = capsys.readouterr().out
    assert "candidates: 0 new, 2 there already, 1 different\n  different: 1\n" in said
    assert "Rows that differ stay as they are here: " in said
    assert "Robin" not in said
    assert finds(database_url, select(candidates.c.name).where(this)) == [("Robin Doe",)]


def test_another_workspaces_rows_become_this_ones(
    database_url: str,
    another: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled(database_url, 2, "TTHEIRS")
    there = another("sqlite")
    does(there, insert(owners).values(id=1, workspace="TOURS"))
    panelist(database_url, "export", tmp_path / "out")
    assert panelist(there, "import", tmp_path / "out") == 0
    assert "Rows of the workspace TTHEIRS become rows of TOURS." in capsys.readouterr().out
    for table in (candidates, outbox, openings):
        assert finds(there, select(table.c.workspace).distinct()) == [("TOURS",)]


def test_messages_that_may_have_been_sent_are_held(
    database_url: str,
    another: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = datetime.now(UTC)
    (row,) = rows_of(outbox, 1)
    message = row | {"state": "due", "due_since": None}
    for key, due_at in (("past", now), ("coming", now + timedelta(days=1))):
        does(database_url, insert(outbox).values(message | {"key": key, "due_at": due_at}))
    panelist(database_url, "export", tmp_path / "out")
    there = another("sqlite")
    assert panelist(there, "import", tmp_path / "out") == 0
    assert "Messages held: 1." in capsys.readouterr().out
    states = finds(there, select(outbox.c.key, outbox.c.state))
    assert {*states} == {("past", MessageState.HELD), ("coming", MessageState.DUE)}


def test_a_row_that_cannot_stand_beside_another_stops_it_all(
    database_url: str,
    another: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled(database_url, 3)
    there = another("sqlite")
    (row,) = rows_of(openings, 1)
    does(there, insert(openings).values(row | {"id": "ours"}))
    panelist(database_url, "export", tmp_path / "out")
    before = everything(there)
    assert panelist(there, "import", tmp_path / "out") == 1
    told = capsys.readouterr().err
    assert told.startswith("openings 0, ")
    assert told.count("\n") == 1
    assert everything(there) == before


@pytest.mark.parametrize("name", ["candidates.jsonl", "candidates.csv", "schema.json"])
def test_a_file_changed_by_hand_is_named(
    name: str,
    sqlite_database: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    panelist(sqlite_database, "export", tmp_path / "out")
    with (tmp_path / "out" / name).open("a") as opened:
        opened.write(" ")
    assert panelist(sqlite_database, "import", tmp_path / "out") == 1
    wanted = f"{tmp_path / 'out' / name} was changed after the export. Nothing was imported.\n"
    assert capsys.readouterr().err == wanted
    (tmp_path / "out" / name).unlink()
    assert panelist(sqlite_database, "import", tmp_path / "out") == 1
    assert f"{tmp_path / 'out' / name} can't be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": 2}, "is of a newer export. A newer Panelist wrote it"),
        ({"revision": "9999"}, "is of a newer export. A newer Panelist wrote it"),
        ({"version": "one"}, "was changed after the export."),
        ({"files": [{"name": "../x", "sha256": ""}]}, "names a file outside its folder."),
        ({"workspaces": ["T1", "T2"]}, "The export has rows of 2 workspaces"),
    ],
)
def test_an_export_that_is_not_for_this_panelist_is_refused(
    changes: dict[str, object],
    told: str,
    sqlite_database: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    panelist(sqlite_database, "export", tmp_path / "out")
    manifest = tmp_path / "out/manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | changes))
    assert panelist(sqlite_database, "import", tmp_path / "out") == 1
    assert told in capsys.readouterr().err


def test_a_folder_of_something_else_is_refused(
    sqlite_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert panelist(sqlite_database, "import", tmp_path) == 1
    assert f"{tmp_path} isn't an export of Panelist" in capsys.readouterr().err


def test_every_table_is_filled_by_the_tests() -> None:
    assert all(rows_of(table, 4) for table in tables())


def has_done(url: str, *numbers: int, workspace: str = "T1") -> None:
    """Things were done there, and sealed."""

    async def seal() -> None:
        database = Database(url)
        async with database.write() as tx:
            await tx.workspace.take(workspace)
            for one in numbers:
                entry = AuditEntry(f"e{one}", workspace, NOW, "U0RILEY", "panel.set_up", "P1", 1)
                await tx.audit.add(entry)
        await Auditing(database, ManualClock(NOW)).tick()
        await database.close()

    asyncio.run(seal())


def test_a_history_stays_apart_with_its_head_and_can_be_verified(
    database_url: str,
    another: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    there = another("sqlite")
    has_done(database_url, 1, 2)
    has_done(there, 3)
    (head,) = finds(database_url, select(seals.c.hash))
    panelist(database_url, "export", tmp_path / "out")
    assert panelist(there, "import", tmp_path / "out") == 0
    noted = select(audit.c.action, audit.c.actor).where(audit.c.id != "e3")
    assert finds(there, noted) == [("records.imported", "command-line")]
    brought_along = {id for (id,) in finds(there, select(history.c.id))}
    assert {"e1", "e2"} < brought_along, "with the note of the export"
    (brought,) = finds(there, select(seals.c.hash).where(seals.c.chain != ""))
    assert brought == head
    has_done(database_url, 4)
    panelist(database_url, "export", tmp_path / "later")
    assert panelist(there, "import", tmp_path / "later") == 0
    assert {*finds(there, select(history.c.id))} > {("e1",), ("e2",), ("e4",)}
    assert panelist(there, "audit", "--verify") == 0
    does(there, update(history).values(actor="U0OTHER"))
    assert panelist(there, "audit", "--verify") == 1


def test_its_own_history_does_not_come_twice(database_url: str, tmp_path: Path) -> None:
    has_done(database_url, 1, 2)
    panelist(database_url, "export", tmp_path / "out")
    has_done(database_url, 3)
    assert panelist(database_url, "import", tmp_path / "out") == 0
    assert finds(database_url, select(history.c.id)) == []
    assert len(finds(database_url, select(seals.c.number))) == 2


def test_another_workspaces_history_comes_without_seals_that_name_it(
    database_url: str, another: Callable[[str], str], tmp_path: Path
) -> None:
    there = another("sqlite")
    has_done(database_url, 1, workspace="TTHEIRS")
    has_done(there, 3, workspace="TOURS")
    panelist(database_url, "export", tmp_path / "out")
    assert panelist(there, "import", tmp_path / "out") == 0
    whose = select(history.c.workspace, history.c.seal).distinct()
    assert finds(there, whose) == [("TOURS", None)]
    assert panelist(there, "audit", "--verify") == 0


def test_who_was_erased_here_does_not_come_back(
    database_url: str,
    another: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    there = another("sqlite")
    filled(database_url, 2)
    panelist(database_url, "export", tmp_path / "out")
    (row,) = rows_of(erasures, 1)
    does(there, insert(erasures).values(row | {"candidate": "1", "people": ["1"]}))
    before = everything(there)
    assert panelist(there, "import", tmp_path / "out") == 1
    assert "The export has candidates who were erased here: 1." in capsys.readouterr().err
    assert everything(there) == before
