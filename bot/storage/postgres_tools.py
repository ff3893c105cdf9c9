"""pg_dump and pg_restore, where they are installed."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import make_url

from bot.errors import UserError
from bot.storage.migrate import BELONGS_TO_NEWER, is_known, newest

IN_SQL = re.compile(r"^COPY \S*alembic_version .*\n(\w+)$", re.MULTILINE)
SINCE_IN_SQL = re.compile(r"^COPY \S*compatibility .*\n\d+\t(\w+)$", re.MULTILINE)
IN_LIST = re.compile(r"^\d+; \d+ \d+ TABLE (?!DATA )\S+ (\w+) ", re.MULTILINE)


async def found(tool: str, server: int) -> str | None:
    """Where the tool is, if it knows servers of this major version."""
    path = shutil.which(tool)
    if path is None:
        return None
    done = await _run([path, "--version"], {})
    version = re.search(r"(\d+)\.", done.stdout)
    return path if version is not None and int(version[1]) >= server else None


async def dump(pg_dump: str, url: str, file: Path, tables: Sequence[str]) -> None:
    """Raises UserError."""
    address, secret = _address(url)
    which = [f"--table={name}" for name in tables]
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={file}"]
    _require_done(await _run([pg_dump, *options, *which, f"--dbname={address}"], secret))


async def checked(file: Path) -> tuple[str, Sequence[str]]:
    """Reads the whole dump; gives where pg_restore is, and the tables in the dump. Raises UserError
    where there is none that can read it, or the dump is of a newer Panelist that has migrated so
    that this one can't run."""
    path = shutil.which("pg_restore")
    if path is None:
        raise UserError(f"{file} was made by pg_dump: install pg_restore to restore it.")
    _require_done(await _run([path, "--file=/dev/null", str(file)], {}))
    only = ["--data-only", "--table=alembic_version", "--table=compatibility", "--file=-"]
    done = await _run([path, *only, str(file)], {})
    revision = IN_SQL.search(done.stdout)
    if revision is None:
        raise UserError(f"{file} isn't a backup of Panelist.")
    since = SINCE_IN_SQL.search(done.stdout)
    runs = is_known(revision[1]) or (since is not None and since[1] <= newest())
    if not runs:
        raise UserError(BELONGS_TO_NEWER)
    return path, IN_LIST.findall((await _run([path, "--list", str(file)], {})).stdout)


async def restore(pg_restore: str, url: str, file: Path) -> None:
    """Into a database that has none of the tables, in one transaction. Raises UserError."""
    address, secret = _address(url)
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _require_done(await _run([pg_restore, *options, f"--dbname={address}", str(file)], secret))


def _address(url: str) -> tuple[str, Mapping[str, str]]:
    """The address as libpq reads it, and what it is given apart, since others on the machine can
    read a command."""
    full = make_url(url).set(drivername="postgresql")
    password = full.password or full.query.get("password")
    bare = full._replace(password=None).difference_update_query(["password"])  # `set` keeps it
    return bare.render_as_string(), {"PGPASSWORD": str(password)} if password else {}


async def _run(
    command: Sequence[str], secret: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **secret}
    return await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False
    )


def _require_done(done: subprocess.CompletedProcess[str]) -> None:
    """Raises UserError with the tool's first complaint; what follows it may quote rows."""
    if done.returncode:
        complaint = next((line for line in done.stderr.splitlines() if "error:" in line), "")
        tool = Path(done.args[0]).name
        raise UserError(complaint or f"{tool} failed with exit code {done.returncode}.")
