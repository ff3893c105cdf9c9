"""Erasing a candidate: what is asked for, how far it is, and what is left for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

GIVE_UP = timedelta(days=1)
"""A message that Slack has not answered about for so long is left for a person, and holds nothing
else up any more."""

LOOK_AGAIN = timedelta(days=1)
"""How often something that is left is tried again, in case somebody has made it possible."""

OUT_OF_REACH = "no_answer"
"""Our own word for why a message is left, beside Slack's: nobody answered."""

STUCK = timedelta(hours=2)
"""An erasure that has gone on for so long needs somebody to look why."""


class Because(StrEnum):
    """Why somebody is erased."""

    ASKED = "asked"
    """An admin, or whoever runs Panelist, said so."""
    AGE = "age"
    """They were kept for as long as the workspace keeps people."""


class ErasureStep(StrEnum):
    """How far an erasure is. The values stand in rows."""

    MESSAGES = "messages"
    """What was said of them in Slack is being deleted there."""
    FILES = "log"
    """Their rows are deleted; what the database's own files remember of them is being removed."""
    DONE = "done"


@dataclass(frozen=True)
class Counts:
    """What stays of them: numbers. `stages` has for each opening, by its id, where they stood."""

    applications: int = 0
    panels: int = 0
    interviews: int = 0
    scorecards: int = 0
    decisions: int = 0
    stages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Erasure:
    """One candidate's erasure: `people` are their ids, with those of everybody who turned out to
    be them, `deleted` how many messages and files are gone from Slack."""

    workspace: str
    candidate: str
    people: tuple[str, ...]
    because: Because
    asked_by: str
    asked_at: datetime
    step: ErasureStep = ErasureStep.MESSAGES
    deleted: int = 0
    counts: Counts = field(default_factory=Counts)
    done_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        return self.step is ErasureStep.DONE

    def is_stuck(self, now: datetime) -> bool:
        return not self.is_done and now - self.asked_at > STUCK


@dataclass(frozen=True)
class SlackCopy:
    """A message or a file in Slack that shows something of a candidate who is being erased.

    `name` is the file's id, or the message's place; where that is not known, since the message may
    have been posted or not, its key in the outbox: it is looked for from `since` on. `found_at` is
    when it was found in our rows, `error` why it is still there, `is_left` that a person has to
    look.
    """

    workspace: str
    candidate: str
    name: str
    is_file: bool
    channel: str
    ts: str | None
    since: datetime
    found_at: datetime
    next_at: datetime
    attempts: int = 0
    error: str | None = None
    is_left: bool = False


@dataclass(frozen=True)
class Hold:
    """A candidate whom nobody may erase, and age does not either; who said so, and when."""

    workspace: str
    candidate: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class Backup:
    """A backup that was made here, as far as is known: its file may have been moved or deleted."""

    file: str
    made_at: datetime


@dataclass(frozen=True)
class ErasureState:
    """An erasure with what is still to be done in Slack, what is left there for a person, and
    whether a legal hold has stopped it."""

    erasure: Erasure
    waiting: int = 0
    left: Sequence[SlackCopy] = ()
    is_held: bool = False
