"""How a posting is built: its length, its lists, how easily it is read."""

import re
from collections.abc import Iterator

from bot.domain.openings.advice_book import Limit, PostingAdvice
from bot.domain.openings.advice_finding import Finding, Spot
from bot.domain.openings.advice_lines import Written, lines_of, words_of
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.text import Text

SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+")
VOWELS = re.compile(r"[aeiouy]+")


def on_shape(text: Text, advice: PostingAdvice) -> Iterator[Finding]:
    """What there is to say of the text as a whole."""
    limits = advice.limits
    for number, section in enumerate(text):
        count = len(section.items)
        spot = Spot(OpeningField.TEXT, section.heading, number, part=section.part)
        if advice.is_requirements(spot):
            yield from _against("must-haves", f"{count} must-haves", count, limits.must_haves, spot)
    lines = [*lines_of(text)]
    count = sum(len(words_of(line.text)) for line in lines)
    if not count:
        return
    whole = Spot(OpeningField.TEXT)
    yield from _against("length", f"{count:,} words", count, limits.words, whole)
    in_lists = sum(len(words_of(item)) for section in text for item in section.items)
    share = round(100 * in_lists / count)
    yield from _against("lists", f"{share}% of it in lists", share, limits.lists, whole)
    ease = reading_ease(lines)
    title = f"Reading ease {round(ease)} of 100"
    yield from _against("reading-ease", title, ease, limits.reading_ease, whole)


def _against(rule: str, title: str, value: float, limit: Limit, spot: Spot) -> Iterator[Finding]:
    bound = limit.passed_by(value)
    if bound is None:
        return
    yield Finding(
        rule=rule,
        title=title,
        why=bound.why,
        instead=bound.instead,
        spot=spot,
        references=(limit.source.reference,),
        checked=limit.checked,
    )


def reading_ease(lines: list[Written]) -> float:
    """Flesch's, for English: about 100 is easy, below 30 is hard. Each line ends a sentence."""
    sentences = [part for line in lines for part in SENTENCE_END.split(line.text) if part]
    words = [word for line in lines for word in words_of(line.text)]
    if not words:
        return 100.0
    syllables = sum(map(_syllables, words))
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)


def _syllables(word: str) -> int:
    """By groups of vowels, which is right for about nine words in ten."""
    small = word.lower()
    count = len(VOWELS.findall(small))
    is_silent = small.endswith("e") and not small.endswith("le") and count > 1
    return max(1, count - is_silent)
