"""What a sentence is about, by the weight of its words: hears a kind of remark, not a phrase.

A file of weights says how much each word, and each pair of neighbors, speaks for a remark that
has no place (about whoever it is said of) and how much against it (about the work), and how much a
word speaks for each topic. The weights of a sentence are added up, and what speaks for its topic
counts too; above nothing, it is such a remark. `tests/wording` computes the files from sentences of
both kinds.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Annotated, NamedTuple, Self

from pydantic import BeforeValidator, Field, PrivateAttr

from bot.domain.content import Content, Phrase

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|\?")
SENTENCE_ENDS = re.compile(r"[.!?][\"'”’)\]]*\s|\n")
CLAUSE_ENDS = re.compile(r"[,;:()\[\]–—]|\s-\s")
FULL_FORMS = {"'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "would", "'s": "'s"}
NEGATED = {"won't": "will", "can't": "can", "shan't": "shall", "ain't": "is"}
BEGIN, END, NUMBER = "^", "$", "#"
FEWEST_WORDS_IN_CLAUSE = 2
ASKING = re.compile(
    r"are|can|could|did|do|does|had|has|have|how|is|should|was|were|what|when|where|which|who|whom"
    r"|whose|why|will|would"
)
"""Words with which a question begins."""
CLOSE = 0.7
"""How little more must speak for one topic than for another for both to be named."""
FEW = 2
"""So many words at the edge of a sentence are quoted along with those next to them."""
SHARE_OF_TOPIC, ENOUGH_OF_TOPIC = 0.3, 5.0
"""What speaks for a topic counts that much, up to there: a remark without a topic is rare."""
DIGITS = 6
"""Weights have at most two; what is behind the sixth comes of adding them up."""


class Token(NamedTuple):
    """A word as it is weighed, and where it stands in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heard:
    """That a text has a remark on a topic, and the words that weighed most."""

    topic: str
    words: str
    weight: float


Unit = tuple[Token, ...]
"""A run of tokens that is weighed as one: a sentence, two sentences or a clause."""


def tokens(text: str) -> list[Token]:
    """The words of a text in small letters, numbers as one, contractions taken apart."""
    return [
        Token(word, *match.span()) for match in WORD.finditer(text) for word in _words(match[0])
    ]


@lru_cache(maxsize=20_000)
def _words(written: str) -> tuple[str, ...]:
    if written.isdigit():
        return (NUMBER,)
    small = unicodedata.normalize("NFKD", written.replace("’", "'")).lower()
    small = "".join(letter for letter in small if not unicodedata.combining(letter))
    if small.endswith("n't"):
        return (NEGATED.get(small, small[:-3]), "not")
    stem, apostrophe, _ = small.partition("'")
    ending = small[len(stem) :]
    if apostrophe and ending in FULL_FORMS:
        return (stem, FULL_FORMS[ending])
    return (stem + ending.replace("'", ""),)


def units(text: str, *, clauses: bool) -> Iterator[Unit]:
    """What is weighed of a text: each sentence, each two in a row and, if wanted, each clause.

    Of a question only clauses that ask by themselves: "out of curiosity" and "and if so" do not.
    """
    sentences = _split(tokens(text), text, SENTENCE_ENDS)
    yield from sentences
    yield from (one + two for one, two in pairwise(sentences))
    if clauses:
        for sentence in sentences:
            parts = _split(sentence, text, CLAUSE_ENDS)
            if len(parts) > 1:
                is_question = sentence[-1].word == "?"
                yield from (
                    part
                    for part in parts
                    if len(part) >= FEWEST_WORDS_IN_CLAUSE
                    and (not is_question or ASKING.fullmatch(part[0].word))
                )


def _split(run: Iterable[Token], text: str, ends: re.Pattern[str]) -> list[Unit]:
    """The run in parts, between which an end stands."""
    tokens = tuple(run)
    if not tokens:
        return []
    if not ends.search(text, tokens[0].start, tokens[-1].end):  # as most runs
        return [tokens]
    parts = [[tokens[0]]]
    for before, token in pairwise(tokens):
        # One character of what stands before the gap, since a question mark is a token itself.
        if ends.search(text, max(before.end - 1, before.start), token.start):
            parts.append([])
        parts[-1].append(token)
    return [tuple(part) for part in parts]


def pairs(unit: Unit) -> Iterator[str]:
    """The pairs of neighbors in a unit, which has a beginning and an end."""
    words = [BEGIN, *[token.word for token in unit], END]
    return map(" ".join, pairwise(words))


def _words_of(unit: Unit) -> Iterable[str]:
    """Each word once, in order: sums of weights must not depend on how a set is ordered."""
    return dict.fromkeys([token.word for token in unit])


def _by_word(table: object) -> object:
    """`{"1.2": "old young"}` as `{"old": 1.2, "young": 1.2}`."""
    if not isinstance(table, Mapping):
        return table
    return {
        word: float(weight)
        for weight, words in table.items()
        for word in str(words).split(SEPARATOR)
        if word
    }


SEPARATOR = "|"
Weights = Annotated[dict[str, float], BeforeValidator(_by_word)]


class Topic(Content):
    """How much words speak for a topic, once it is known that there is a remark."""

    bias: float
    words: Weights


class Wording(Content):
    """A file of weights: `words` and `pairs` for and against a remark, and each topic's words.

    To be short and to show the strongest first, words stand behind their weight, with | between.
    """

    about: str
    clauses: bool
    bias: float
    words: Weights
    pairs: Weights
    topics: Annotated[dict[Phrase, Topic], Field(min_length=1)]

    def hear(self, text: str) -> list[Heard]:
        """The remarks in a text, the weightiest of each topic, the weightiest topic first."""
        best: dict[str, tuple[float, Unit]] = {}
        for unit in units(text, clauses=self.clauses):
            weight = self.weigh(unit)
            if weight > 0:
                for topic in self.topics_of(unit):
                    if topic not in best or weight > best[topic][0]:
                        best[topic] = (weight, unit)
        found = sorted(best.items(), key=lambda item: -item[1][0])
        return [
            Heard(topic, self._quote(text, unit, topic), weight) for topic, (weight, unit) in found
        ]

    @cached_property
    def _topics_of_word(self) -> Mapping[str, Sequence[tuple[str, float]]]:
        found: dict[str, list[tuple[str, float]]] = {}
        for name, topic in self.topics.items():
            for word, weight in topic.words.items():
                found.setdefault(word, []).append((name, weight))
        return found

    def weigh(self, unit: Unit) -> float:
        """How much a unit's words and pairs, each counted once, speak for a remark."""
        words = _words_of(unit)
        weight, of_word, of_pair = self.bias, self.words, self.pairs
        for word in words:
            if word in of_word:
                weight += of_word[word]
        for pair in dict.fromkeys(pairs(unit)):
            if pair in of_pair:
                weight += of_pair[pair]
        of_topic = max(self._of_topics(words).values(), default=0)
        return round(weight + SHARE_OF_TOPIC * min(of_topic, ENOUGH_OF_TOPIC), DIGITS)

    def _of_topics(self, words: Iterable[str]) -> dict[str, float]:
        """How much the words speak for each topic that they speak for at all."""
        found: dict[str, float] = {}
        topics_of_word = self._topics_of_word
        for word in words:
            if word in topics_of_word:
                for name, weight in topics_of_word[word]:
                    found[name] = found.get(name, 0) + weight
        return found

    def topics_of(self, unit: Unit) -> list[str]:
        """The topic that a unit's words speak for most, and one that they speak for as well."""
        of_topics = self._of_topics(_words_of(unit))
        weights = {name: topic.bias + of_topics.get(name, 0) for name, topic in self.topics.items()}
        first, *others = sorted(weights, key=lambda name: -weights[name])
        return [first, *(name for name in others[:1] if weights[first] - weights[name] < CLOSE)]

    def _quote(self, text: str, unit: Unit, topic: str) -> str:
        """The run of words that speaks most for the remark and the topic, as it was written."""
        of_topic = self.topics[topic].words
        beside = [self.pairs.get(pair, 0) / 2 for pair in pairs(unit)]
        best, run, start, found = 0.0, 0.0, 0, (0, len(unit) - 1)
        for place, token in enumerate(unit):
            if run <= 0:
                run, start = 0.0, place
            run += self.words.get(token.word, 0) + of_topic.get(token.word, 0)
            run += beside[place] + beside[place + 1]
            if run > best:
                best, found = run, (start, place)
        first, last = found
        # A word or two at an edge belong to it: "How old are you" rather than "old are you".
        first = 0 if first <= FEW else first
        last = len(unit) - 1 if len(unit) - 1 - last <= FEW else last
        if last > first and unit[last].word == "?":
            last -= 1
        return " ".join(text[unit[first].start : unit[last].end].split())


Weighing = Callable[[], Wording]
"""Gives a file of weights, which takes long to read: only once something has to be heard."""


class Learned(Content):
    """A rule on a topic that may go by weights: `learned` names the topic in their file."""

    learned: Phrase | None = None
    _weighing: Weighing | None = PrivateAttr(default=None)

    @property
    def weighing(self) -> Weighing | None:
        return self._weighing

    def going_by(self, weighing: Weighing) -> Self:
        """The rule with the weights that its topic is in."""
        bound = self.model_copy()
        bound._weighing = weighing
        return bound


def hear(text: str, rules: Iterable[Learned]) -> dict[str | None, str]:
    """The words of the remarks that weights find in a text, by the topic as the weights name it."""
    return remarks(text, weighings(rules))


def weighings(rules: Iterable[Learned]) -> tuple[Weighing, ...]:
    """The files of weights that the rules go by, each once."""
    found = {id(one): one for rule in rules if (one := rule.weighing) is not None}
    return tuple(found.values())


def remarks(text: str, listening: Iterable[Weighing]) -> dict[str | None, str]:
    """The words of the remarks that these weights find in a text, by topic."""
    return {heard.topic: heard.words for weights in listening for heard in weights().hear(text)}
