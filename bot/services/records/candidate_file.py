"""One candidate's file: all that is kept of them, for programs and for people to read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.dates import in_utc
from bot.domain.records.kept import KEPT
from bot.errors import UserError
from bot.storage.database import Transaction
from bot.storage.records.candidate import File, files_of, rows_of, titles_of
from bot.storage.records.export import hold_moment
from bot.storage.records.holding import Holds
from bot.storage.records.register import REGISTER
from bot.storage.schema import Row

NO_CANDIDATE = "No candidate has the ID {!r}. To list them: panelist candidates"

IN_SLACK = ("channel", "ts")
"""Where a message stands: a conversation with one person leads to that person."""

LABELS = {
    "id": "ID",
    "key": "Compared by",
    "email_key": "Email compared by",
    "ts": "Slack's time",
}
"""Of columns whose names say nothing to those who read them."""

ZONES = ("zone", "interviewer_zone")


@dataclass(frozen=True)
class Entry:
    """One row as it is read: its lines, each a name and what stands there; `ids` lead elsewhere."""

    lines: Sequence[tuple[str, str]]
    ids: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class CandidateFile:
    """`ids` are theirs, with those of everybody who turned out to be them; `openings` what the jobs
    are called, by their ids; `tables` the rows as an export has them."""

    workspace: str
    name: str
    ids: Sequence[str]
    created_at: datetime
    is_anonymous: bool
    openings: Mapping[str, str]
    tables: Mapping[str, Sequence[Row]]
    files: Sequence[File]

    @property
    def when(self) -> str:
        return in_utc(self.created_at)

    @property
    def as_json(self) -> Row:
        return {
            "version": 1,
            "created_at": self.created_at.isoformat(),
            "workspace": self.workspace,
            "candidates": [*self.ids],
            "anonymous": self.is_anonymous,
            "openings": dict(self.openings),
            "tables": {name: [*rows] for name, rows in self.tables.items()},
        }

    @property
    def sections(self) -> Sequence[Section]:
        names = sorted(self.tables, key=lambda one: (_place(one), one))
        return [
            Section(KEPT.get(name, _label(name)), [self._entry(name, row) for row in rows])
            for name in names
            if (rows := self.tables[name])
        ]

    def _entry(self, table: str, row: Row) -> Entry:
        holds = REGISTER[table].holds
        lines: list[tuple[str, str]] = []
        ids: list[tuple[str, str]] = []
        for name, value in row.items():
            if name == "workspace":
                continue
            if name == "opening" and value in self.openings:
                lines.append(("Job", self.openings[value]))
            (ids if holds[name] is Holds.ID else lines).extend(_read(_label(name), value))
        return Entry(lines, ids)


async def candidate_file(
    tx: Transaction, id: str, now: datetime, *, anonymous: bool
) -> CandidateFile:
    """Everything, as of one moment. Raises UserError where there is no such candidate."""
    await hold_moment(tx.connection)
    workspace = await tx.candidates.workspace_of(id)
    person = None if workspace is None else await tx.people.person(workspace, id)
    if workspace is None or person is None:
        raise UserError(NO_CANDIDATE.format(id[:80]))
    rows = await rows_of(tx.connection, person)
    ids = {str(row["opening"]) for row in rows.get("applications", ())}
    return CandidateFile(
        workspace,
        await tx.people.name(workspace, await tx.people.root(person)),
        sorted(person.ids),
        now,
        anonymous,
        await titles_of(tx.connection, workspace, ids),
        anonymized(rows) if anonymous else rows,
        await files_of(tx.connection, person),
    )


def anonymized(tables: Mapping[str, Sequence[Row]]) -> Mapping[str, Sequence[Row]]:
    """The same with a number in place of each colleague, wherever their id stands, and without
    what else leads to one: zones, and conversations in Slack. What people wrote stays as it is."""
    staff = {
        name: [one for one in REGISTER[name].of(Holds.STAFF) if one not in ZONES] for name in tables
    }
    ids = dict.fromkeys(
        row[column]
        for name, rows in tables.items()
        for row in rows
        for column in staff[name]
        if isinstance(row.get(column), str)
    )
    numbered = {id: f"colleague {number}" for number, id in enumerate(ids, 1)}
    if not numbered:
        return tables
    longest_first = sorted(map(re.escape, numbered), key=len, reverse=True)
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(longest_first)})(?![A-Za-z0-9])")

    def without(value: Any) -> Any:
        match value:
            case str():
                return pattern.sub(lambda found: numbered[found[0]], value)
            case dict():
                return {without(key): without(one) for key, one in value.items()}
            case list():
                return [without(one) for one in value]
        return value

    hidden = (*ZONES, *IN_SLACK)
    return {
        name: [
            {key: None if key in hidden else without(value) for key, value in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    }


def _place(table: str) -> int:
    return [*KEPT].index(table) if table in KEPT else len(KEPT)


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").capitalize())


def _read(label: str, value: Any) -> Iterator[tuple[str, str]]:
    """What stands there as people read it; of what has parts, each part. Nothing says nothing."""
    if value in (None, "", [], {}):
        return
    match value:
        case bool():
            yield label, "yes" if value else "no"
        case dict():
            for key, one in value.items():
                yield from _read(f"{label} · {key.replace('_', ' ')}", one)
        case list() if any(isinstance(one, dict | list) for one in value):
            for number, one in enumerate(value, 1):
                yield from _read(f"{label} {number}", one)
        case list():
            yield label, ", ".join(map(str, value))
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", value):
            yield label, in_utc(datetime.fromisoformat(value))
        case _:
            yield label, str(value)
