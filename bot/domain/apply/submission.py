"""What somebody sent by the form of a job's own page."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

LONGEST_HEARD = 200
LONGEST_ADJUSTMENTS = 1000
LONGEST_PHONE = 40
LONGEST_SOURCE = 40

HOURS_KEPT = 1
"""For so long a file of a form that was refused is kept."""

ANSWER_DAYS = 10
"""Business days within which whoever applies hears from us, where the company says nothing else."""


class RightToWork(StrEnum):
    """Whether somebody may work where the job is."""

    YES = "yes"
    SPONSORSHIP = "sponsorship"


class Suspicion(StrEnum):
    """Why something that was sent is kept apart until a person has looked at it."""

    TRAP = "trap"
    """A field was filled in that nobody sees."""
    FAST = "fast"
    """It came sooner after the form was opened than anybody can fill it in."""
    MANY = "many"
    """Many came from the same network within an hour."""


class ScanState(StrEnum):
    """What a virus scanner said of a file."""

    NOT_SCANNED = "not scanned"
    CLEAN = "clean"
    INFECTED = "infected"


class TextState(StrEnum):
    """How far the reading of a file's text is."""

    WAITING = "waiting"
    READ = "read"
    NONE = "none"
    """It has no text that could be read within the limits."""


@dataclass(frozen=True)
class FileFacts:
    """A file, without what stands in it; `name` is as it was sent, `size` in bytes."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str
    scan: ScanState = ScanState.NOT_SCANNED
    text_state: TextState = TextState.WAITING


@dataclass(frozen=True)
class Answers:
    """What stands in a form that has no faults; `country` is an ISO 3166 alpha-2 code."""

    name: str
    email: str
    country: str
    right_to_work: RightToWork
    phone: str | None = None
    link: str | None = None
    heard: str | None = None
    adjustments: str | None = None
    pool_until: date | None = None
    """Until when it may be kept for other jobs; None where that was not agreed to."""


@dataclass(frozen=True)
class Version:
    """What was sent, or what it was corrected to; the first has the number 1."""

    number: int
    at: datetime
    answers: Answers
    file: FileFacts | None = None


@dataclass(frozen=True)
class Submission:
    """One form that was sent, which has a page of its own, found by the hash of a token.

    `is_first`: it made the application, so its page shows how far that is. Any other may have been
    sent by someone else who knows the address, so its page shows only what it sent itself. One that
    is suspected has no application before somebody frees it. `form` is the form it came from, each
    of which counts once.
    """

    id: str
    opening: str
    application: str | None
    form: str
    token_hash: str
    is_first: bool
    sent_at: datetime
    answer_by: date
    language: str
    source: str | None = None
    suspicion: Suspicion | None = None
    withdrawn_at: datetime | None = None
    erasure_asked_at: datetime | None = None
    versions: tuple[Version, ...] = field(default=())

    @property
    def current(self) -> Version:
        return self.versions[-1]


@dataclass(frozen=True)
class ErasureRequest:
    """That somebody asked to have erased what they sent, for an admin to confirm."""

    submission: str
    candidate: str
    name: str
    opening: str
    """The title of the job."""
    asked_at: datetime
