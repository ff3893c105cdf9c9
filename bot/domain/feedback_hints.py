"""Words in feedback that say nothing about the job: a private hint to the author, never a block."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from bot.domain.content import Content, Line, Phrase
from bot.domain.do_not_ask import WholeWords


class FeedbackHint(Content):
    """A topic that has no place in feedback, and what to write of instead."""

    topic: Phrase
    why: Line
    instead: Line
    patterns: Annotated[tuple[WholeWords, ...], Field(min_length=1)]


class FeedbackHints(Content):
    """A file of hints."""

    hints: Annotated[tuple[FeedbackHint, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Noticed:
    """That a text touches a hint's topic, and with which words."""

    hint: FeedbackHint
    words: str


def noticed(texts: Iterable[str], hints: Iterable[FeedbackHint]) -> list[Noticed]:
    """What the hints have to say of the texts, each at most once."""
    plain = "\n".join(" ".join(text.replace("’", "'").split()) for text in texts)
    found = []
    for hint in hints:
        matches = (pattern.search(plain) for pattern in hint.patterns)
        if match := next((match for match in matches if match), None):
            found.append(Noticed(hint, match[0]))
    return found
