"""`panelist export`: everything out, at one moment, and nothing that only looks like it."""

import asyncio
import csv
import errno
import hashlib
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, delete, insert, update

from bot.cli import main
from bot.storage.candidates import candidates
from bot.storage.database import Database
from bot.storage.migrate import newest
from bot.storage.records import export as exports
from bot.storage.records import folder as folders
from bot.storage.records.brought import brought
from bot.storage.records.export import LEFT_OUT, export, hold_moment, tables, write
from bot.storage.records.folder import Folder
from bot.storage.records.holding import Export
from bot.storage.records.importing import Loading
from bot.storage.records.reading import ExportRead
from bot.storage.records.register import REGISTER
from bot.storage.records.values import cells as written_as_cells
from bot.storage.records.values import original
from bot.storage.schema import metadata
from tests.support.full_workspace import contents, fill, rows_of

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


async def exports_to(folder: Path, *options: str) -> int:
    return await asyncio.to_thread(main, ["export", str(folder), *options])


@pytest.mark.usefixtures("settings")
async def test_every_row_goes_out_as_json_and_for_spreadsheets(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await fill(database_url, 4)
    folder = tmp_path / "out"
    assert await exports_to(folder) == 0
    said = capsys.readouterr().out
    manifest = json.loads((folder / "manifest.json").read_text())
    files = {one["name"]: one for one in manifest["files"]}
    assert manifest["version"] == 1
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {*files} == written - {"manifest.json"}
    for name, entry in files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"]
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not list(tmp_path.glob(".out*"))
    count = 0
    for table in tables():
        lines = [
            json.loads(text)
            for text in (folder / f"{table.name}.jsonl").read_text().split("\n")[:-1]
        ]
        with (folder / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as opened:
            sheet = [{k: original(v) for k, v in row.items()} for row in csv.DictReader(opened)]
        assert len(lines) == len(sheet) == files[f"{table.name}.jsonl"]["rows"] > 0, table.name
        count += len(lines)
        for row, cells in zip(lines, sheet, strict=True):
            assert {*row} == {*cells} == {*table.columns.keys()}
            assert [*cells.values()] == [original(one) for one in written_as_cells(row)]
    assert f"Exported {count:,} rows of {len(tables())} tables to {folder}." in said


async def test_a_row_says_what_the_database_says(database_url: str, tmp_path: Path) -> None:
    await fill(database_url, 1)
    await exported(database_url, tmp_path / "out")
    (row,) = map(json.loads, (tmp_path / "out/outbox.jsonl").read_text().splitlines())
    (given,) = rows_of(metadata.tables["outbox"], 1)
    assert row["payload"] == given["payload"]
    assert row["due_at"] == "2025-03-01T09:30:15.123456+00:00"
    assert row["day"] == "2025-03-01"


async def exported(url: str, folder: Path) -> None:
    database = Database(url)
    await export(database, folder, NOW, lambda table, rows: None)
    await database.close()


@pytest.mark.usefixtures("settings")
async def test_what_stays_is_named_with_its_reason(tmp_path: Path) -> None:
    assert await exports_to(tmp_path / "out") == 0
    schema = json.loads((tmp_path / "out/schema.json").read_text())
    described = {one["name"] for one in schema["tables"]}
    left_out = {one["table"]: one["because"] for one in schema["left_out"]}
    assert described | {*left_out} == {*metadata.tables}
    assert left_out == LEFT_OUT
    assert {*left_out} == {name for name, one in REGISTER.items() if one.export is Export.NEVER}
    assert all(why.endswith(".") for why in left_out.values())


@pytest.mark.usefixtures("settings")
async def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    assert await exports_to(tmp_path / "out") == 0
    before = contents(tmp_path / "out")
    assert await exports_to(tmp_path / "out") == 1
    assert "isn't empty. Choose a new or empty folder." in capsys.readouterr().err
    assert contents(tmp_path / "out") == before
    assert await exports_to(tmp_path / "none/out") == 1
    assert f"There is no folder {tmp_path / 'none'}. Create it first." in capsys.readouterr().err


@pytest.mark.usefixtures("settings")
async def test_a_disk_that_fills_leaves_nothing_behind(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await fill(database_url, 2)
    place = tmp_path / "place"
    place.mkdir()
    written: list[str] = []
    true_write = folders.Written.write

    def fills(file: folders.Written, text: str | bytes, rows: int | None = None) -> None:
        written.append(file._path.name)
        with folders._told(file._path):
            if file._path.name == "candidates.csv" and rows:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        true_write(file, text, rows)

    monkeypatch.setattr(folders.Written, "write", fills)
    assert await exports_to(place / "out") == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert "(No space left on device), so nothing was exported." in told[0]
    assert "candidates.csv" in written
    assert list(place.iterdir()) == []


async def test_it_is_of_one_moment_whoever_writes_meanwhile(
    database_url: str, tmp_path: Path
) -> None:
    await fill(database_url, 3)
    database, other = Database(database_url), Database(database_url)
    gone = False

    async def deletes() -> None:
        async with other.write() as tx:
            await tx.connection.execute(delete(metadata.tables["outbox"]))
            await tx.connection.execute(delete(metadata.tables["told_apart"]))

    written = Folder((tmp_path / "out"), NOW, "0000")
    async with database.read() as tx:
        await hold_moment(tx.connection)
        for table in tables():
            await write_one(tx, written, table)
            if not gone:
                await deletes()
                gone = True
    written.close()
    for name in ("outbox", "told_apart"):
        assert (tmp_path / f"out/{name}.jsonl").read_text(), name
    await database.close()
    await other.close()


async def write_one(tx: object, written: Folder, table: Table) -> None:
    await exports._write_table(tx.connection, written, table, lambda name, rows: None)  # type: ignore[attr-defined]


async def test_bytes_become_files_that_their_row_names(database_url: str, tmp_path: Path) -> None:
    """No table has bytes yet, so this one stands for those to come."""
    resumes = resumes_table()
    database = Database(database_url)
    (tmp_path / "out").mkdir()
    folder = Folder(tmp_path / "out", NOW, "0000")
    async with database.write() as tx:
        await tx.connection.run_sync(resumes.create)
        rows = [{"workspace": "T1", "id": "r1", "content": b"%PDF-\x00\xff"}]
        rows.append({"workspace": "T1", "id": "r2", "content": None})
        await tx.connection.execute(insert(resumes), rows)
        assert await write(tx.connection, folder, [resumes], lambda name, count: None) == 2
    folder.close()
    await database.close()
    assert (tmp_path / "out/files/r1").read_bytes() == b"%PDF-\x00\xff"
    first, second = map(json.loads, (tmp_path / "out/resumes.jsonl").read_text().splitlines())
    sha256 = hashlib.sha256(b"%PDF-\x00\xff").hexdigest()
    assert first["content"] == {"file": "files/r1", "sha256": sha256}
    assert second["content"] is None
    listed = json.loads((tmp_path / "out/manifest.json").read_text())["files"]
    assert {"name": "files/r1", "rows": None, "sha256": sha256} in listed


async def test_candidates_are_in_the_order_of_their_ids(database_url: str, tmp_path: Path) -> None:
    ids = ["b", "A", "é", "a", "Z"]
    row = rows_of(candidates, 1)[0]
    database = Database(database_url)
    async with database.write() as tx:
        await tx.connection.execute(insert(candidates), [row | {"id": one} for one in ids])
    await database.close()
    await exported(database_url, tmp_path / "out")
    lines = (tmp_path / "out/candidates.jsonl").read_text().splitlines()
    assert [json.loads(one)["id"] for one in lines] == ["A", "Z", "a", "b", "é"]


async def test_files_come_back_with_their_rows_once(database_url: str, tmp_path: Path) -> None:
    """The same table stands for those to come."""
    resumes = resumes_table()
    row = {"workspace": "T1", "id": "r1", "content": b"%PDF-\x00\xff"}
    rows = [row, row | {"id": "r2", "content": None}]
    database = Database(database_url)
    (tmp_path / "out").mkdir()
    folder = Folder(tmp_path / "out", NOW, newest())
    async with database.write() as tx:
        await tx.connection.run_sync(resumes.create)
        await tx.connection.execute(insert(resumes), rows)
        await write(tx.connection, folder, [resumes], lambda name, count: None)
        folder.close()
        await tx.connection.execute(delete(resumes))
        counts = []
        for content in (None, None, b"changed"):
            if content is not None:
                await tx.connection.execute(update(resumes).values(content=content))
            export = ExportRead(tmp_path / "out")
            past = await brought(tx.connection, export, "T1", is_moved=False)
            loading = Loading(tx.connection, export, past, "T1", NOW, is_moved=False)
            taken = await loading.take(resumes, lambda name, count: None)
            counts.append((taken.new, taken.same, taken.different))
        assert counts == [(2, 0, []), (0, 2, []), (0, 0, ["r1", "r2"])]
    await database.close()


def resumes_table() -> Table:
    return Table(
        "resumes",
        MetaData(),
        Column("workspace", String(32), primary_key=True),
        Column("id", String(32), primary_key=True),
        Column("content", LargeBinary),
    )
