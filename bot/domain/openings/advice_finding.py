"""What there is to say about a posting: the rule, the words, what to do, and where that is from."""

import hashlib
from dataclasses import dataclass
from datetime import date

from bot.domain.openings.fields import OpeningField
from bot.domain.posting import PostingPart

NOT_LEGAL_ADVICE = "This is advice, not legal advice."
KEY_LENGTH = 8


@dataclass(frozen=True)
class Spot:
    """A field of an opening or, in its posting's text, a part and a line, which count from 0;
    `part` says which that is, where it is known."""

    field: OpeningField
    heading: str = ""
    section: int | None = None
    line: int | None = None
    part: PostingPart | None = None

    @property
    def in_text(self) -> str:
        """Such as "What you'll bring, line 3"."""
        if self.section is None:
            return "Posting text"
        part = self.heading or "About the job"
        return part if self.line is None else f"{part}, line {self.line + 1}"


@dataclass(frozen=True)
class Reference:
    """A law or a study, with its address where there is one."""

    text: str
    url: str | None = None


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    `words` are as they stand at the spot. `law` says where it is a matter of law, and is empty
    where it is not; `places` are the laws that it comes from by what they are called. `use` is what
    can be put in the place of the words as they are, which begin at `start` of their line.
    """

    rule: str
    title: str
    why: str
    instead: str
    spot: Spot
    references: tuple[Reference, ...]
    checked: date
    words: tuple[str, ...] = ()
    law: str = ""
    places: tuple[str, ...] = ()
    use: str | None = None
    start: int = 0

    @property
    def quoted(self) -> str:
        """The words in quotation marks; empty where it is not about any."""
        return ", ".join(f"“{words}”" for words in self.words)

    @property
    def key(self) -> str:
        """Tells it from others. It stays the same while lines are moved, or a number changes."""
        spot = (self.spot.field, self.spot.heading)
        parts = (self.rule, *spot, *self.words, *self.places)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:KEY_LENGTH]
