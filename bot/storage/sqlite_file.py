"""The file of an SQLite database: who can read it, why it can't be used, and how it is copied and
exchanged."""

import os
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from bot.errors import UserError

PRIVATE = 0o600
"""For its owner alone. SQLite gives the files beside it, such as the log of writes, the same."""

BESIDE = ("-wal", "-shm", "-journal")
"""Files that SQLite keeps beside a database. They belong to that one alone: another in its place
must never find them."""


OVERWRITES = 1
"""In `user_version`: nothing that was deleted is in the file any more."""


def keep_private(file: Path) -> None:
    """Keeps others on this machine from reading it, where it is ours to say."""
    if os.name != "posix":
        return
    status = file.stat()
    if status.st_uid == os.getuid() and status.st_mode & 0o077:
        file.chmod(PRIVATE)


def require_usable(file: Path) -> None:
    """Raises UserError that says why no database can be there, or be written, and what helps."""
    folder = file.absolute().parent
    if file.is_dir():
        raise UserError(
            f"DATABASE_URL names a folder, {file}. It has to name a file, such as "
            f"{file / 'panelist.db'}."
        )
    if not folder.is_dir():
        raise UserError(
            f"DATABASE_URL names a file in {folder}, which isn't there. "
            f"To create it: mkdir -p -m 700 {folder}"
        )
    for path in (folder, *([file] if file.exists() else [])):
        if not os.access(path, os.R_OK | os.W_OK):
            raise UserError(
                f"Panelist can't write to {path}, which its user has no right to. "
                f"To give it to the user who runs Panelist: chown -R USER {folder}"
            )


def copy(source: Path, target: Path) -> None:
    """A copy as of this moment, whole in one file, whoever writes meanwhile.

    Raises UserError where it is no whole database of Panelist.
    """
    target.touch(PRIVATE)
    try:
        with closing(_opened(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            (verdict,) = new.execute("PRAGMA quick_check(1)").fetchone()
            new.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise UserError(f"{source} can't be copied as a database of Panelist ({error}).") from error
    if verdict != "ok":
        raise UserError(f"{source} is damaged ({verdict}).")


def _opened(file: Path) -> sqlite3.Connection:
    """Not created where it is missing; read with its log of writes, where it has one."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)


def holds_rows(file: Path, besides: Collection[str]) -> bool:
    """Whether any table but those has a row."""
    if not file.exists() or not file.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(file)) as connection:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
            names = {name for (name,) in connection.execute(query)} - {*besides}
            any_row = " OR ".join(f'EXISTS (SELECT 1 FROM "{name}")' for name in names)  # noqa: S608
            return bool(connection.execute(f"SELECT {any_row or 0}").fetchone()[0])
    except sqlite3.DatabaseError:  # it is something else, which is not to be lost either
        return True


def fold_log(file: Path) -> None:
    """Has the log of writes in the file itself. Raises UserError where somebody has it open."""
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise UserError("A Panelist is running on this database. Stop it first.") from error
    except sqlite3.DatabaseError:  # it is no database, so there is nothing to keep
        return


def forget_log(file: Path, patience: float) -> bool:
    """Empties the log of writes, which keeps what was deleted; False where somebody reads or
    writes for longer than `patience` seconds."""
    with closing(_opened(file)) as connection:
        connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def forget_once(file: Path, patience: float) -> bool:
    """Writes the whole file anew once: what was deleted before deleting meant overwriting may
    still be in it. False where somebody uses it for longer than `patience` seconds, or the disk has
    no room for a second copy."""
    with closing(_opened(file)) as connection:
        connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        if connection.execute("PRAGMA user_version").fetchone()[0] >= OVERWRITES:
            return True
        try:
            connection.execute("VACUUM")
            connection.execute(f"PRAGMA user_version={OVERWRITES}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL):
                raise
            return False
    return forget_log(file, patience)


def is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def remove_beside(file: Path) -> None:
    for suffix in BESIDE:
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)


def remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    remove_beside(file)


def put_in_place(new: Path, old: Path) -> None:
    """The new file in the place of the old one, at once, and on the disk."""
    with new.open("rb") as opened:
        os.fsync(opened.fileno())
    new.replace(old)
    folder = os.open(old.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
