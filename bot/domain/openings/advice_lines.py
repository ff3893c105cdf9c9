"""The lines of an opening that people read, each with the spot where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.openings.advice_finding import Spot
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.job import Job
from bot.domain.openings.text import Text

WORD = re.compile(r"[^\W\d_][\w'’-]*")
ENGLISH = frozenset(("and", "for", "our", "that", "the", "to", "with", "you", "you'll", "your"))
OTHERS = frozenset(
    (
        *("der", "die", "das", "und", "mit", "für", "wir", "du", "sie", "ist", "nicht"),  # German
        *("het", "een", "voor", "zijn", "niet"),  # Dutch
        *("et", "le", "la", "les", "des", "une", "du", "pour", "vous", "nous"),  # French
        *("el", "los", "las", "y", "que", "con", "para", "por", "una", "del"),  # Spanish
        *(
            "il",
            "che",
            "di",
            "per",
            "della",
            "gli",
            "os",
            "uma",
            "com",
            "não",
        ),  # Italian, Portuguese
        *("och", "att", "det", "og", "på", "się", "oraz"),  # others
    )
)
"""Words of which any text in a language is full, and which are rare in English."""


@dataclass(frozen=True)
class Written:
    """A line as it stands, without what has been typed between its words besides one space."""

    spot: Spot
    text: str

    @property
    def plain(self) -> str:
        """The same, letter by letter, with straight apostrophes."""
        return self.text.replace("’", "'")

    def at(self, words: str) -> str:
        """These words as they stand in the line."""
        start = self.plain.lower().find(words.replace("’", "'").lower())
        return words if start < 0 else self.text[start : start + len(words)]


def lines_of(text: Text) -> Iterator[Written]:
    """Every item and paragraph, in the order in which they are read."""
    for number, section in enumerate(text):
        for line, written in enumerate(section.texts):
            spot = Spot(OpeningField.TEXT, section.heading, number, line, section.part)
            yield Written(spot, " ".join(written.split()))


def fields_of(job: Job) -> Iterator[Written]:
    """The fields in which somebody wrote words that candidates read."""
    typed = {
        OpeningField.TITLE: job.opening.title,
        OpeningField.HOURS: job.terms.hours,
        OpeningField.NO_PAY: job.terms.no_pay,
    }
    for field, text in typed.items():
        if text:
            yield Written(Spot(field), " ".join(text.split()))


def words_of(text: str) -> list[str]:
    return WORD.findall(text)


def is_english(text: Text) -> bool:
    """Whether what is known of English words can be held against the text: unless it is full of
    those of another language, or written in other letters."""
    words = [word.lower() for line in lines_of(text) for word in words_of(line.plain)]
    foreign = sum(word in OTHERS for word in words)
    is_latin = sum(word[0].isascii() for word in words) * 2 >= len(words)
    return is_latin and foreign <= sum(word in ENGLISH for word in words)
