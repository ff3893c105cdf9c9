"""A candidate of whom every table has a row, with a marker of its own in each column that can hold
somebody's words; and a Slack that holds messages."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
    insert,
    text,
)

from bot.services.ports import NotNow, OutcomeUnknown, Refused
from bot.storage.database import Database, Transaction
from bot.storage.records.holding import Erasure, Holds
from bot.storage.records.register import REGISTER
from bot.storage.schema import Moment, metadata

WORKSPACE = "T1"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
BEFORE = datetime(2026, 11, 2, 9, tzinfo=UTC)

FACTS: dict[tuple[str, str], Any] = {
    ("outbox", "kind"): "panel.kit",
    ("outbox", "state"): "sent",
    ("outbox", "channel"): "D0ALEX",
    ("outbox", "error"): None,
    ("outbox", "again_at"): None,
    ("answer_rungs", "rung"): "late",
    ("applications", "stage"): "declined",
    ("decisions", "outcome"): "decline",
    ("decisions", "kind"): "skills_not_shown",
    ("decisions", "stage_before"): "interviewing",
    ("offer_results", "ended"): "withdrawn",
    ("leanings", "leaning"): "yes",
    ("applications", "source"): "panel",
    ("reminder_rungs", "rung"): "late",
    ("openings", "status"): "closed",
    ("openings", "deciders"): ["U0MORGAN"],
}


def id_of(table: str, whose: str) -> str:
    return f"{table[:12]}-{whose}"


def marker(table: str, column: str, whose: str) -> str:
    """The candidate's key stands in two tables, by which they are found."""
    table = "candidates" if column in ("key", "email_key") else table
    return f"marker-{table}-{column}-{whose}"


def row_of(table: Table, whose: str) -> dict[str, Any]:
    """A row that belongs to the candidate `whose`."""
    one = REGISTER[table.name]
    parents = {name: parent.name for name, parent in one.through}
    row: dict[str, Any] = {}
    for column in table.c:
        name = column.name
        if (table.name, name) in FACTS:
            row[name] = FACTS[(table.name, name)]
        elif name == "workspace":
            row[name] = WORKSPACE
        elif one.holds[name] in (Holds.CANDIDATE, Holds.WORDS):
            said = marker(table.name, name, whose)
            row[name] = _as_kept(column, said)
        elif name in parents:
            row[name] = id_of(parents[name], whose)
        elif name == "opening":
            row[name] = id_of("openings", whose)
        elif _is_text(column) and (column.primary_key or _is_unique(column)):
            longest = getattr(column.type, "length", None)
            row[name] = id_of(table.name, whose)[-(longest or 32) :]
        else:
            row[name] = _any_value(column)
    return row


def _as_kept(column: Column[Any], said: str) -> Any:
    match column.type:
        case JSON():
            return {"said": said}
        case LargeBinary():
            return said.encode()
    return said


def markers(whose: str) -> list[str]:
    """Every marker, from the metadata."""
    return [
        marker(table.name, name, whose)
        for table in metadata.sorted_tables
        for name in REGISTER[table.name].words
        if REGISTER[table.name].erasure is Erasure.ROWS
    ]


async def written(tx: Transaction, whose: str) -> None:
    """Writes a row into every table that knows of candidates, and the opening they are in for."""
    await tx.connection.execute(insert(metadata.tables["openings"]), row_of_opening(whose))
    for table in metadata.sorted_tables:
        is_theirs = REGISTER[table.name].erasure is Erasure.ROWS
        if is_theirs and table.name not in ("legal_holds", "merges", "outbox"):
            row = row_of(table, whose)
            await tx.connection.execute(insert(table), row)
    for number in range(3):
        row = row_of(metadata.tables["outbox"], whose)
        row |= {"key": f"kit:{whose}:{number}", "ts": f"{number}.{whose}"}
        await tx.connection.execute(insert(metadata.tables["outbox"]), row)


def row_of_opening(whose: str) -> dict[str, Any]:
    row = {column.name: _any_value(column) for column in metadata.tables["openings"].c}
    named = {name: value for (table, name), value in FACTS.items() if table == "openings"}
    ids = {"workspace": WORKSPACE, "id": id_of("openings", whose), "slug": whose}
    return row | named | ids | {"posting": None, "plan": None, "held": None}


def _is_text(column: Column[Any]) -> bool:
    return column.type.python_type is str


def _is_unique(column: Column[Any]) -> bool:
    return any(index.unique and column.name in index.columns for index in column.table.indexes)


def _any_value(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    match column.type:
        case Moment():
            return BEFORE
        case Date():
            return date(2026, 11, 2)
        case Boolean():
            return False
        case Integer() | Float():
            return 1
        case JSON():
            return []
        case LargeBinary():
            return b""
    return "U0ALEX"[: getattr(column.type, "length", None) or 6]


async def remains(database: Database) -> str:
    """Everything that a thief of the database's files or of a dump would read."""
    if database.file is not None:
        parts = [database.file, database.file.with_name(f"{database.file.name}-wal")]
        return "".join(_read(path) for path in parts)
    found = []
    async with database.read() as tx:
        await tx.connection.execute(text("SET LOCAL bytea_output = 'escape'"))
        for table in metadata.sorted_tables:
            rows = await tx.connection.execute(text(f'SELECT t::text FROM "{table.name}" t'))
            found += [str(row[0]) for row in rows]
    return "\n".join(found)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else ""


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Deaths:
    """Kills the process at its nth step."""

    at: int
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Killed


@dataclass
class HeldSlack:
    """Messages and files by their place; an Eraser that can refuse, be busy, or be away."""

    deaths: Deaths = field(default_factory=lambda: Deaths(0))
    messages: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    is_away: bool = False
    busy: list[float] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def _answers(self, what: str, channel: str) -> None:
        self.deaths.step()
        self.calls.append(what)
        if self.is_away:
            raise OutcomeUnknown("Slack is away.")
        if self.busy:
            raise NotNow("ratelimited", "Slack is busy.", self.busy.pop(0))
        if channel in self.refuses and (what, channel) != ("empty", "C0OLD"):
            raise Refused(self.refuses[channel], "Slack refused this.")

    async def delete(self, workspace: str, channel: str, ts: str) -> None:
        self._answers("delete", channel)
        if (channel, ts) not in self.messages:
            raise Refused("message_not_found", "Slack refused this.")
        del self.messages[(channel, ts)]
        self.deaths.step()

    async def empty(self, workspace: str, channel: str, ts: str) -> None:
        self._answers("empty", channel)
        self.messages[(channel, ts)] = ""

    async def delete_file(self, workspace: str, id: str) -> None:
        self._answers("file", "")
        if self.files.pop(id, None) is None:
            raise Refused("file_not_found", "Slack refused this.")
        self.deaths.step()

    async def find(self, workspace: str, channel: str, key: str, since: datetime) -> str | None:
        self._answers("find", channel)
        return next(
            (ts for (where, ts), said in self.messages.items() if where == channel and said == key),
            None,
        )


def texts(slack: HeldSlack) -> str:
    return json.dumps([*slack.messages.values(), *slack.files.values()])
