"""The file of an SQLite database: who can read it, and why it can't be used."""

import os
from pathlib import Path

from bot.errors import UserError

PRIVATE = 0o600
"""For its owner alone. SQLite gives the files beside it, such as the log of writes, the same."""


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
