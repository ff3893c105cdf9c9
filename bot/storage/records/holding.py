"""What can be said of a table: what stands in each column, and what becomes of its rows in an
export, at an erasure, and with time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Table


class Holds(StrEnum):
    """What stands in a column."""

    ID = "id"
    """An id of ours or of Slack's that leads to a person only through another table or Slack."""
    CANDIDATE = "candidate"
    """A candidate's name or address, or what these are compared by."""
    WORDS = "words"
    """What somebody wrote, or may have, of one candidate."""
    STAFF = "staff"
    """Who of the company it was, or what is known of them."""
    COMPANY = "company"
    """What the company wrote of its jobs and of itself."""
    FACT = "fact"
    """Times, states, choices and numbers."""


class Export(StrEnum):
    """What an export does with a table."""

    ROWS = "rows"
    """All of them, and an import puts them back."""
    HISTORY = "history"
    """All of them; an import keeps them apart from its own."""
    NEVER = "never"
    """It says something of one installation, which another does not share."""


class Erasure(StrEnum):
    """What becomes of the rows that belong to a candidate who is erased."""

    ROWS = "rows"
    """They are deleted."""
    STAYS = "stays"
    """They stay: they hold ids only, which lead nowhere once the others are deleted."""
    NONE = "none"
    """No row belongs to a candidate."""


class Retention(StrEnum):
    """What becomes of the rows with time."""

    CANDIDATE = "candidate"
    """They go with their candidate."""
    AGE = "age"
    """They go at an age of their own."""
    STAFF = "staff"
    """They go some time after the person has left the workspace."""
    PASSES = "passes"
    """They are replaced or removed in the course of things."""
    STAYS = "stays"


@dataclass(frozen=True)
class Registered:
    """One table. `through` are the columns that lead to a candidate, each with the table whose id
    stands there; `named` are those that are compared with the candidate's own of the same name."""

    table: Table
    holds: Mapping[str, Holds]
    export: Export
    erasure: Erasure
    retention: Retention
    through: tuple[tuple[str, Table], ...] = ()
    named: tuple[str, ...] = ()

    @property
    def words(self) -> Sequence[str]:
        """The columns that hold a candidate's name, or what somebody wrote of them."""
        return self.of(Holds.CANDIDATE, Holds.WORDS)

    def of(self, *holds: Holds) -> Sequence[str]:
        """The columns that hold such, in the table's order."""
        return [column.name for column in self.table.c if self.holds[column.name] in holds]


def holds(
    *,
    id: str = "",
    candidate: str = "",
    words: str = "",
    staff: str = "",
    company: str = "",
    fact: str = "",
) -> Mapping[str, Holds]:
    parts = {
        Holds.ID: id,
        Holds.CANDIDATE: candidate,
        Holds.WORDS: words,
        Holds.STAFF: staff,
        Holds.COMPANY: company,
        Holds.FACT: fact,
    }
    return {name: what for what, names in parts.items() for name in names.split()}


def theirs(
    table: Table, what: Mapping[str, Holds], *through: tuple[str, Table], named: str = ""
) -> Registered:
    """A table whose rows go with a candidate."""
    return Registered(
        table,
        what,
        Export.ROWS,
        Erasure.ROWS,
        Retention.CANDIDATE,
        through,
        tuple(named.split()),
    )


def others(
    table: Table,
    what: Mapping[str, Holds],
    retention: Retention = Retention.STAYS,
    export: Export = Export.ROWS,
) -> Registered:
    """A table that knows of no candidate."""
    return Registered(table, what, export, Erasure.NONE, retention)
