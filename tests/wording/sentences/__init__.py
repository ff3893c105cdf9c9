"""Sentences of both kinds, from which the weights are computed."""

import json
import random
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"

TOPIC_OF = {
    "questions": {
        "age": "age",
        "family": "marriage and family",
        "pregnancy and children": "pregnancy and children",
        "religion": "religion and belief",
        "origin": "origin and citizenship",
        "immigration papers": "immigration documents",
        "race and appearance": "race, color and ethnicity",
        "sex and orientation": "sex, gender and orientation",
        "health and disability": "disability and health",
        "genetics": "genetic and family medical history",
        "criminal record": "arrests and convictions",
        "military": "military service",
        "union": "union membership",
        "politics and clubs": "politics and clubs",
        "credit and housing": "credit, money and home",
        "pay history": "pay history",
        "address": "address and household",
        "vaccination and off-duty use": "vaccines, tobacco and cannabis",
        "social media": "private accounts",
        "culture fit": "brainteasers, fit and five years",
        "posting": "",
    },
    "feedback": {
        "age": "age",
        "appearance and dress": "looks",
        "criminal record": "criminal record",
        "culture fit / gut feeling / likeability": "gut feeling",
        "family and children": "family",
        "gender": "sex and gender",
        "health": "health and disability",
        "military": "military service",
        "origin and accent": "race, accent and origin",
        "overqualified": "overqualified",
        "pay history": "pay history",
        "personality guesses": "personality guesses",
        "politics": "religion and politics",
        "race": "race, accent and origin",
        "religion": "religion and politics",
        "social media": "social media",
        "union": "union membership",
    },
}
"""The topics of the sets in tests/data by the names that the rules and hints have for them."""


@dataclass(frozen=True)
class Sentence:
    """A text, whether it is a remark that has no place, and on which topic ("" is unknown).

    What `is_certain` was promised or is shipped: the weights must not be wrong about it.
    """

    text: str
    topic: str
    is_remark: bool
    is_certain: bool = False


def data_set(kind: str, half: str) -> list[Sentence]:
    """A half of the sentences that somebody else wrote; their topics by our names."""
    lines = (DATA / f"{kind}-{half}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Sentence(row["text"], TOPIC_OF[kind][row["topic"]], row["unlawful"]) for row in rows]


def written(name: str) -> list[Sentence]:
    """Our own sentences: under `## topic +` the remarks, under `## topic -` their neighbors."""
    found, topic, sign = [], "", ""
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            topic, sign = line.removeprefix("## ").rsplit(" ", 1)
        elif line:
            found.append(Sentence(line, "" if topic == "posting" else topic, sign == "+"))
    return found


def filled(kind: str, each: int = 9) -> list[Sentence]:
    """The frames of slots.toml, each with some of the words that fit."""
    content = tomllib.loads((HERE / "slots.toml").read_text(encoding="utf-8"))
    words = {
        name: text.split("|" if "|" in text else None) for name, text in content["words"].items()
    }
    chance = random.Random(0)
    found = []
    for sign, topics in content[kind].items():
        for topic, frames in topics.items():
            for frame in frames:
                texts = {_fill(frame, words, chance) for _ in range(2 * each)}
                found += [Sentence(text, topic, sign == "plus") for text in sorted(texts)[:each]]
    return found


def _fill(frame: str, words: dict[str, list[str]], chance: random.Random) -> str:
    text = re.sub(r"\{(\w+)\}", lambda slot: chance.choice(words[slot[1]]), frame)
    text = re.sub(r"\ba ((?:an?|the|bipolar) )", r"\1", text)
    return text[0].upper() + text[1:]


def lexicon(kind: str) -> dict[str, list[str]]:
    """Words that name each topic."""
    content = tomllib.loads((HERE / "lexicon.toml").read_text(encoding="utf-8"))
    return {topic: words.split() for topic, words in content[kind].items()}


OTHER_FORMS = """Have you ever had to {}?|Did you ever {}?|Do you know how to {}?
Are you able to {}?
Would you be happy to {}?|Could you {}?|In your last job, did you {}?|When did you last {}?
Where did you learn to {}?|Who taught you to {}?|Do you ever {}?|Can you {}?
Are you the one who would {}?|Will you be able to {}?|Would you mind being asked to {}?
Have you been asked to {} before?|Do you like to {}?|Do you have to {} in your current job?
You will {}.|Were you trained to {}?|Is it part of your job to {}?|What do you need to {}?
Why would you {}?|Tell us about a time you had to {}.|Show me how to {}.
Walk me through how you'd {}.|Describe how you {}.|The new hire must {}.|Candidate can {}."""
FORMS = re.split(r"[|\n]", OTHER_FORMS)
LEAD_INS = re.split(
    r"\|",
    "Out of curiosity, |If you don't mind me asking, |Just between us, |So, |Before we go on, |"
    "I have to ask: |No offense, but |Off the record, |Quick question: |One more thing, |"
    "Just so we know, |May I ask, |Be honest, |To be clear, |By the way, |I'm curious: |"
    "Tell me, |Can I ask, ",
)
ENDINGS = re.split(
    r"\|",
    ", by the way?|, if I may ask?|, or not?|, roughly?|, just so we know?| at the moment?|"
    ", if you don't mind?|, would you say?",
)
ENDINGS_OF_ANY = re.split(
    r"\|",
    " that we should know about?| we should know about?| you'd like to mention?|"
    " that could affect your work?| I should be aware of?",
)
THIRD_PERSON = (
    (r"\bAre you\b", "Is {}"),
    (r"\bare you\b", "is {}"),
    (r"\bDo you\b", "Does {}"),
    (r"\bdo you\b", "does {}"),
    (r"\bHave you\b", "Has {}"),
    (r"\bhave you\b", "has {}"),
    (r"\bWere you\b", "Was {}"),
    (r"\bwere you\b", "was {}"),
    (r"\b([Dd]id|[Ww]ill|[Ww]ould|[Cc]an|[Cc]ould) you\b", r"\1 {}"),
)


def varied(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The same things asked otherwise, so that the way of asking decides nothing alone."""
    chance = random.Random(0)
    for sentence in sentences:
        text = sentence.text
        for other in _variants(text, sentence.is_remark, chance):
            if other != text:
                yield Sentence(other, sentence.topic, sentence.is_remark)


def _variants(text: str, is_remark: bool, chance: random.Random) -> Iterator[str]:
    # "Have you ever had to …", so that not every question on what somebody did is a remark.
    if not is_remark and (task := re.match(r"How (?:would|do|can|did) you (.*)\?$", text)):
        yield from (form.format(task[1]) for form in chance.sample(FORMS, 2))
    if not text.endswith("?"):
        return
    if chance.random() < 0.35:
        yield chance.choice(LEAD_INS) + lowered(text)
    if chance.random() < 0.2:
        yield text[:-1] + chance.choice(ENDINGS)
    if is_remark and re.search(r"\b(any|anything|something|conditions?|problems?)\b", text):
        yield text[:-1] + chance.choice(ENDINGS_OF_ANY)
    if chance.random() < 0.2:
        yield in_third_person(text, *chance.choice((("she", "her"), ("he", "his"))))


def lowered(text: str) -> str:
    """A text that can follow a lead-in."""
    return text if re.match(r"I\b", text) else text[0].lower() + text[1:]


def in_third_person(text: str, subject: str, possessive: str) -> str:
    """A question as it is put to others; the text itself where that is not sure."""
    changed = text
    for pattern, words in THIRD_PERSON:
        changed = re.sub(pattern, words.format(subject), changed)
    changed = re.sub(r"\byour\b", possessive, changed)
    changed = re.sub(r"\bYour\b", possessive.capitalize(), changed)
    return text if re.search(r"\b(?:you|my)\b", changed, re.IGNORECASE) else changed


NOT_PROSE = frozenset({"occupation", "kind", "level", "competencies", "aliases"})


def library_texts(root: Path, *, postings: bool) -> list[str]:
    """What people read of a folder's competencies and of its roles' questions, or of all."""
    roles = (tomllib.loads(file.read_text("utf-8")) for file in root.glob("roles/*/*.toml"))
    tables = [tomllib.loads(file.read_text("utf-8")) for file in root.glob("competencies/*.toml")]
    tables += [table if postings else {"all": table.get("questions")} for table in roles]
    prose = ({key: table[key] for key in table.keys() - NOT_PROSE} for table in tables)
    return sorted({text for table in prose for text in _strings(table)})


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and not value.get("shows_faults"):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
