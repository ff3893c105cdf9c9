"""How remarks are heard: texts are cut up, words weighed, the weights that are shipped scored."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.domain.do_not_ask import findings
from bot.domain.feedback_hints import noticed
from bot.domain.wording import Wording, tokens, units
from bot.library.catalogue import Library
from bot.library.faults import ContentError
from bot.library.loader import BUILT_IN, DO_NOT_ASK_FILE, QUESTIONS_WORDING, load, load_layers
from tests.support.asked import LAWFUL, UNLAWFUL
from tests.support.remarks import REMARKS
from tests.wording.score import Score, score
from tests.wording.sentences import DATA, ENDINGS, LEAD_INS, in_third_person, lowered


def wording(**changes: Any) -> Wording:
    content: dict[str, Any] = {
        "about": "lamps",
        "clauses": True,
        "bias": -1.0,
        "words": {"1.5": "lamp|light", "-2.0": "work"},
        "pairs": {"0.5": "your lamp|^ lamp"},
        "topics": {
            "lamps": {"bias": 0.0, "words": {"2.0": "lamp"}},
            "lights": {"bias": 0.1, "words": {"2.0": "light"}},
        },
    }
    return Wording.model_validate(content | changes)


def words(text: str) -> list[str]:
    return [token.word for token in tokens(text)]


def cut(text: str, *, clauses: bool = True) -> list[str]:
    return [text[unit[0].start : unit[-1].end] for unit in units(text, clauses=clauses)]


def test_words_are_in_small_letters_without_accents_and_numbers_are_alike() -> None:
    assert words("İlker's FIANCÉ, 35?") == ["ilker", "'s", "fiance", "#", "?"]


def test_contractions_are_taken_apart() -> None:
    assert words("You’re what? I can't, won't, don't; she'd") == [
        *("you", "are", "what", "?", "i", "can", "not", "will", "not", "do", "not", "she", "would")
    ]


def test_a_word_stands_where_it_was_written() -> None:
    text = "“Don’t” ask."
    assert [text[token.start : token.end] for token in tokens(text)] == ["Don’t", "Don’t", "ask"]


def test_sentences_are_weighed_alone_and_each_two_together() -> None:
    assert cut("One is on. Two is off! Is three?") == [
        *("One is on", "Two is off", "Is three?"),
        *("One is on. Two is off", "Two is off! Is three?"),
    ]


def test_lines_are_sentences_even_without_a_full_stop() -> None:
    assert cut("Own lamp\nGood eyes")[:2] == ["Own lamp", "Good eyes"]


def test_clauses_of_three_words_and_more_are_weighed_where_wanted() -> None:
    text = "Sells our lamps, quick, and cleans them well"
    assert cut(text)[1:] == ["Sells our lamps", "and cleans them well"]
    assert cut(text, clauses=False) == [text]


def test_words_pairs_and_what_speaks_for_the_topic_add_up_each_counted_once() -> None:
    (unit,) = units("Is your lamp a lamp?", clauses=False)
    assert wording().weigh(unit) == pytest.approx(-1.0 + 1.5 + 0.5 + 2.0 * 0.3)


def test_of_a_question_only_clauses_are_weighed_that_ask() -> None:
    text = "Out of pure curiosity, how old are you, if I may ask?"
    assert cut(text) == [text, "how old are you"]


def test_what_is_heard_names_topic_and_the_words_that_weigh_most() -> None:
    (heard,) = wording().hear("So, tell me: is  your\nlamp on?")
    assert (heard.topic, heard.words) == ("lamps", "lamp on")
    assert wording().hear("Is the lamp for work?") == []


def test_two_topics_that_weigh_alike_are_both_named() -> None:
    assert {heard.topic for heard in wording().hear("Lamp and light?")} == {"lamps", "lights"}


def test_a_remark_among_duties_is_heard_by_its_clause() -> None:
    assert wording().hear("You work at night, show us your lamp, and work by day")
    assert not wording(clauses=False).hear("You work at night, show us your lamp, and work by day")


@pytest.mark.parametrize(
    "changes", [{"topics": {}}, {"words": {"much": "lamp"}}, {"words": 3}, {"stems": {}}]
)
def test_weights_that_cannot_be_meant_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        wording(**changes)


RULE = """
[[rules]]
topic = "our lamps"
severity = "high"
jurisdictions = ["the coast"]
why = "Lamps are private."
ask_instead = "about the light."
checked = 2026-11-25
learned = "lamps"
"""


def test_a_company_can_bring_weights_of_its_own(tmp_path: Path) -> None:
    (tmp_path / DO_NOT_ASK_FILE).write_text(RULE)
    (tmp_path / QUESTIONS_WORDING).parent.mkdir()
    content = wording().model_dump() | {"words": {"2": "lamp"}, "pairs": {}, "topics": {}}
    content["topics"] = {"lamps": {"bias": 0, "words": {"1": "lamp"}}}
    (tmp_path / QUESTIONS_WORDING).write_text(json.dumps(content))
    (rule,) = load_layers([BUILT_IN, tmp_path]).do_not_ask
    (found,) = findings("Where is your lamp?", [rule])
    assert (found.rule.topic, found.words) == ("our lamps", "lamp")
    assert findings("Are you married?", [rule]) == []


def test_a_companys_rules_can_go_by_the_built_in_weights(tmp_path: Path) -> None:
    (tmp_path / DO_NOT_ASK_FILE).write_text(RULE.replace('"lamps"', '"age"'))
    (rule,) = load_layers([BUILT_IN, tmp_path]).do_not_ask
    (found,) = findings("How old are you?", [rule])
    assert found.rule.topic == "our lamps"


def test_a_topic_that_the_weights_do_not_know_is_named(tmp_path: Path) -> None:
    (tmp_path / DO_NOT_ASK_FILE).write_text(RULE)
    with pytest.raises(ContentError, match=r"rules\[1\]\.learned: must be one of .*age") as refused:
        load_layers([BUILT_IN, tmp_path])
    assert str(tmp_path / DO_NOT_ASK_FILE) in str(refused.value)


def test_weights_that_are_no_json_are_named(tmp_path: Path) -> None:
    (tmp_path / QUESTIONS_WORDING).parent.mkdir()
    (tmp_path / QUESTIONS_WORDING).write_text("{")
    with pytest.raises(ContentError, match="is not valid JSON"):
        load_layers([BUILT_IN, tmp_path])


def test_the_weights_are_read_once_something_has_to_be_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A start hears nothing; `panelist check` reads all, to name every fault."""
    read: list[str] = []
    read_text = Path.read_text

    def noting(path: Path, *arguments: Any, **named: Any) -> str:
        read.extend([path.name] if path.suffix == ".json" else [])
        return read_text(path, *arguments, **named)

    monkeypatch.setattr(Path, "read_text", noting)
    started = load()
    assert read == []
    assert findings("How old are you?", started.do_not_ask)
    assert findings("Are you married?", started.do_not_ask)
    assert read == ["questions.json"]
    assert noticed(["He's sixty, I think."], started.feedback_hints)
    assert read == ["questions.json", "feedback.json"]
    load(thorough=True)
    assert sorted(read[2:]) == ["feedback.json", "questions.json"]


def scored(library: Library, name: str) -> Score:
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return score(library, map(json.loads, lines))[""]


@pytest.mark.parametrize("name", ["questions-held-out", "feedback-held-out"])
def test_nine_in_ten_are_found_of_sentences_that_no_weight_comes_from(
    library: Library, name: str
) -> None:
    """And 19 in 20 of those reported are right. docs/content.md has the figures."""
    result = scored(library, name)
    assert result.recall >= 0.9, str(result)
    assert result.precision >= 0.95, str(result)


ASKED = [text for texts in UNLAWFUL.values() for text in texts]


def share_found(library: Library, texts: list[str]) -> float:
    return sum(bool(findings(text, library.do_not_ask)) for text in texts) / len(texts)


@pytest.mark.parametrize("lead_in", LEAD_INS)
def test_a_lead_in_does_not_hide_a_question(library: Library, lead_in: str) -> None:
    questions = [text for text in ASKED if text.endswith("?")]
    assert share_found(library, [lead_in + lowered(text) for text in questions]) >= 0.97


def test_a_lead_in_makes_few_innocent_questions_sound_like_others(library: Library) -> None:
    questions = [lowered(text) for text in LAWFUL if text.endswith("?")]
    texts = [lead_in + text for lead_in in LEAD_INS for text in questions]
    assert share_found(library, texts) <= 0.05


@pytest.mark.parametrize("ending", [*ENDINGS, " that we should know about?", " I should know of?"])
def test_an_ending_does_not_hide_a_question(library: Library, ending: str) -> None:
    questions = [text for text in ASKED if text.endswith("?")]
    assert share_found(library, [text[:-1] + ending for text in questions]) >= 0.97


@pytest.mark.parametrize(("subject", "possessive"), [("she", "her"), ("he", "his")])
def test_it_does_not_matter_who_is_asked(library: Library, subject: str, possessive: str) -> None:
    changed = [in_third_person(text, subject, possessive) for text in ASKED]
    others = [text for text, asked in zip(changed, ASKED, strict=True) if text != asked]
    assert len(others) > 30
    assert share_found(library, others) >= 0.95


def topics_in(library: Library, text: str) -> set[str]:
    return {found.rule.topic for found in findings(text, library.do_not_ask)}


def test_requirements_are_found_within_a_posting(library: Library) -> None:
    text = (
        "You'll answer customers by phone and chat. We're looking for a native speaker, aged 25 to "
        "35, able-bodied, with two years of experience in support. Shifts rotate."
    )
    assert {"age", "origin and citizenship"} <= topics_in(library, text)
    assert "disability and health" in topics_in(library, "You must be able-bodied.")


def test_a_scorecard_is_read_in_a_moment(library: Library) -> None:
    texts = [" ".join(["She named the index and measured before and after."] * 12)] * 6
    assert sum(len(text.split()) for text in texts) > 600

    def seconds() -> float:
        start = time.perf_counter()
        noticed(texts, library.feedback_hints)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(10)) < 0.02


def test_every_remark_is_quoted_from_its_text(library: Library) -> None:
    for text in (text for texts in REMARKS.values() for text in texts):
        for one in noticed([text], library.feedback_hints):
            assert one.words in " ".join(text.replace("’", "'").split()), text
