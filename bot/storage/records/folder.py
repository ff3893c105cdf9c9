"""The folder of an export: for its owner alone, and there only once it is whole."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from bot.errors import UserError

VERSION = 1
"""Of what an export looks like. It grows when a program that reads exports would have to change."""

MANIFEST, SCHEMA = "manifest.json", "schema.json"
PRIVATE, PRIVATE_FOLDER = 0o600, 0o700
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class Folder:
    """An export being written. Its manifest, which lists every other file and whose rows they are,
    is finished last."""

    def __init__(self, path: Path, created_at: datetime, revision: str) -> None:
        self.path = path
        self._manifest = Written(path / MANIFEST)
        head = {"version": VERSION, "created_at": created_at.isoformat(), "revision": revision}
        self._manifest.write(json.dumps(head, indent=2).removesuffix("\n}") + ',\n  "files": [')
        self._is_first = True
        self.workspaces: set[str] = set()

    def add(self, name: str, text: str | bytes) -> str:
        """Writes a whole file; gives its SHA-256."""
        written = Written(self.path / name)
        written.write(text)
        return self.finish(name, written, is_synced=False)

    def open(self, name: str) -> "Written":
        return Written(self.path / name)

    def finish(self, name: str, written: "Written", *, is_synced: bool = True) -> str:
        """Closes the file and lists it; gives its SHA-256. `is_synced`: it is on the disk now."""
        written.close(is_synced=is_synced)
        entry = {"name": name, "rows": written.rows, "sha256": written.sha256}
        self._manifest.write(("" if self._is_first else ",") + f"\n    {json.dumps(entry)}")
        self._is_first = False
        return written.sha256

    def close(self) -> None:
        self._manifest.write(f'\n  ],\n  "workspaces": {json.dumps(sorted(self.workspaces))}\n}}\n')
        self._manifest.close(is_synced=True)

    def abandon(self) -> None:
        self._manifest.abandon()


class Written:
    """A file being written, of which nothing but a buffer is in memory. Raises UserError where the
    disk takes no more; `rows` is None unless rows were written."""

    def __init__(self, path: Path) -> None:
        self._path, self._hash = path, hashlib.sha256()
        self.rows: int | None = None
        with _told(path):
            path.parent.mkdir(PRIVATE_FOLDER, exist_ok=True)
            self._file: IO[bytes] = os.fdopen(os.open(path, NEW_FILE, PRIVATE), "wb")

    def write(self, text: str | bytes, rows: int | None = None) -> None:
        data = text.encode(errors="backslashreplace") if isinstance(text, str) else text
        with _told(self._path):
            self._file.write(data)
        self._hash.update(data)
        if rows is not None:
            self.rows = (self.rows or 0) + rows

    def close(self, *, is_synced: bool) -> None:
        with _told(self._path):
            self._file.flush()
            if is_synced:
                os.fsync(self._file.fileno())
            self._file.close()

    def abandon(self) -> None:
        try:
            self._file.close()
        except OSError:
            return  # what could not be written then cannot be now; it is deleted anyway

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def add_file(folder: Path, name: str, content: str | bytes) -> None:
    """Writes a whole file that no manifest lists. Raises UserError."""
    written = Written(folder / name)
    try:
        written.write(content)
        written.close(is_synced=True)
    finally:
        written.abandon()


@contextmanager
def written_beside(folder: Path) -> Iterator[Path]:
    """A folder of another name, which takes this one's place once it is whole, and is deleted
    otherwise. Raises UserError where there is something already, or nothing can be written."""
    target = folder.absolute()
    require_new(target)
    with _told(target):
        partial = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-", dir=target.parent))
    try:
        yield partial
        with _told(target):
            if target.exists():
                target.rmdir()
            partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def require_new(folder: Path) -> None:
    """Raises UserError unless it is a new or empty folder in one that is there."""
    if not folder.absolute().parent.is_dir():
        raise UserError(f"There is no folder {folder.absolute().parent}. Create it first.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} isn't empty. Choose a new or empty folder.")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(
            f"{path.parent} can't be written to ({error.strerror}), so nothing was exported."
        ) from error


def as_json(value: Any) -> str:
    """For people and programs: indented."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
