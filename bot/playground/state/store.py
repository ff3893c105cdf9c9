"""Keeps a workspace in a folder, so that a restart finds it as it was."""

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from json import dumps, loads
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar


class Kept(Protocol):
    """A dataclass of plain values."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


FILE = "workspace.db"
VERSION = 2
"""To be raised whenever what is kept changes its shape."""

Kind = TypeVar("Kind", bound=Kept)


class Store:
    """Things by kind and key, each written at once and whole.

    What another version has kept, in another shape, is dropped.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if fresh:
            for old in folder.glob(f"{FILE}*"):
                old.unlink()
        self._db = sqlite3.connect(folder / FILE, isolation_level=None)
        (folder / FILE).chmod(0o600)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS things "
            "(kind TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
        )
        if self._db.execute("PRAGMA user_version").fetchone() != (VERSION,):
            self._db.execute("DELETE FROM things")
            self._db.execute(f"PRAGMA user_version = {VERSION}")

    def put(self, key: str, thing: Kept) -> None:
        self._db.execute(
            "INSERT INTO things VALUES (?, ?, ?) "
            "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (type(thing).__name__, key, dumps(asdict(thing))),
        )

    def remove(self, kind: type[Kept], key: str) -> None:
        self._db.execute("DELETE FROM things WHERE kind = ? AND id = ?", (kind.__name__, key))

    def clear(self) -> None:
        self._db.execute("DELETE FROM things")

    def all(self, kind: type[Kind]) -> Iterator[tuple[str, Kind]]:
        """Every thing of a kind with its key, by key."""
        rows = self._db.execute(
            "SELECT id, body FROM things WHERE kind = ? ORDER BY id", (kind.__name__,)
        ).fetchall()
        for key, body in rows:
            yield key, kind(**loads(body))

    def close(self) -> None:
        self._db.close()
