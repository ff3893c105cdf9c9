"""An export, read back: nothing in it is believed before its checksums are right."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Column, Table

from bot.errors import UserError
from bot.storage.migrate import is_known
from bot.storage.records.folder import MANIFEST, VERSION
from bot.storage.records.values import imported, is_file
from bot.storage.schema import Row

CHUNK = 2**20


@dataclass(frozen=True)
class Line:
    """One row of a table, and where it stands."""

    number: int
    row: Row


class ExportRead:
    """An export in a folder. Raises UserError where it is none, is of a newer Panelist, or is not
    what was written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        manifest = self._manifest()
        self.workspaces: Sequence[str] = manifest["workspaces"]
        self._sums: dict[str, str] = {one["name"]: one["sha256"] for one in manifest["files"]}
        for name, sha256 in self._sums.items():
            self._check(name, sha256)

    def lines(self, table: Table) -> Iterator[Line]:
        """The rows of a table, as its columns take them; bytes as the name of their file. None
        where the export does not know the table."""
        name = f"{table.name}.jsonl"
        if name not in self._sums:
            return
        with (self._folder / name).open(encoding="utf-8", newline="\n") as opened:
            for number, text in enumerate(opened, 1):
                where = f"{name}, line {number}"
                try:
                    given = dict(json.loads(text))
                except (ValueError, TypeError) as error:
                    raise UserError(f"{self._folder / where} is no row. {NOTHING}") from error
                yield Line(number, self._row(table, given, where))

    def content(self, file: Row) -> bytes:
        """What a row's file holds."""
        name = str(file["file"])
        if name not in self._sums:
            raise UserError(f"{self._folder / name} isn't in the manifest. {NOTHING}")
        return (self._folder / name).read_bytes()

    def _row(self, table: Table, given: Row, where: str) -> Row:
        if unknown := given.keys() - table.columns.keys():
            raise UserError(
                f"{self._folder / where}: {table.name} has no column {min(unknown)!r} here. {NEWER}"
            )
        return {one.name: self._value(one, given, where) for one in table.columns}

    def _value(self, column: Column[Any], given: Row, where: str) -> Any:
        value = given.get(column.name)
        if value is None and not column.nullable:
            raise UserError(
                f"{self._folder / where}: {column.name} is missing. An older Panelist wrote the "
                "export. Import it with that one, then run panelist db upgrade."
            )
        if is_file(column):
            return value
        try:
            return imported(column, value)
        except ValueError as error:
            raise UserError(
                f"{self._folder / where}: {column.name} can't be used ({error})."
            ) from error

    def _manifest(self) -> dict[str, Any]:
        file = self._folder / MANIFEST
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
            version, revision = int(found["version"]), str(found["revision"])
            names = [str(one["name"]) for one in found["files"]]
            [str(one["sha256"]) for one in found["files"]]
            [str(one) for one in found["workspaces"]]
        except OSError as error:
            raise UserError(
                f"{self._folder} isn't an export of Panelist: {MANIFEST} can't be read "
                f"({error.strerror})."
            ) from error
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(f"{file} was changed after the export. {NOTHING}") from error
        if version > VERSION or not is_known(revision):
            raise UserError(f"{file} is of a newer export. {NEWER}")
        for name in names:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name:
                raise UserError(f"{file} names a file outside its folder. {NOTHING}")
        return dict(found)

    def _check(self, name: str, sha256: str) -> None:
        file = self._folder / name
        found = hashlib.sha256()
        try:
            with file.open("rb") as opened:
                while chunk := opened.read(CHUNK):
                    found.update(chunk)
        except OSError as error:
            raise UserError(f"{file} can't be read ({error.strerror}). {NOTHING}") from error
        if found.hexdigest() != sha256:
            raise UserError(f"{file} was changed after the export. {NOTHING}")


NOTHING = "Nothing was imported."
NEWER = f"A newer Panelist wrote it: import it with that one. {NOTHING}"
