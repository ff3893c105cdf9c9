"""Hints on feedback: remarks on the person are noticed, evidence in like words is left alone."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.domain.competencies import Competency
from bot.domain.feedback_hints import FeedbackHint, noticed
from bot.domain.questions.question import Question, Rating
from bot.library.catalogue import Library
from bot.library.faults import ContentError
from bot.library.loader import BUILT_IN, FEEDBACK_HINTS_FILE, load_layers
from tests.support.remarks import EVIDENCE, REMARKS


def a_hint(**lists: list[str]) -> FeedbackHint:
    about: dict[str, Any] = {"topic": "a topic", "why": "A reason.", "instead": "something else."}
    return FeedbackHint(**about, **lists)


def words(text: str, hint: FeedbackHint) -> list[str]:
    return [it.words for it in noticed([text], [hint])]


@pytest.mark.parametrize(
    ("topic", "text"), [(topic, text) for topic, texts in REMARKS.items() for text in texts]
)
def test_words_that_say_nothing_about_the_job_are_noticed(
    library: Library, topic: str, text: str
) -> None:
    assert topic in {it.hint.topic for it in noticed([text], library.feedback_hints)}


@pytest.mark.parametrize("text", [text for texts in EVIDENCE.values() for text in texts])
def test_words_about_the_job_are_left_alone(library: Library, text: str) -> None:
    assert [it.words for it in noticed([text], library.feedback_hints)] == []


def test_there_are_remarks_on_every_topic_and_evidence_for_every_role(library: Library) -> None:
    assert list(REMARKS) == [hint.topic for hint in library.feedback_hints]
    assert {role.slug for role in library.roles} <= EVIDENCE.keys()


def test_the_librarys_own_texts_are_left_alone(library: Library) -> None:
    def of_question(question: Question) -> list[str]:
        rubric = [question.rubric[rating] for rating in Rating]
        return [question.question, question.why, *question.probes, *question.red_flags, *rubric]

    def of_competency(competency: Competency) -> list[str]:
        ratings = [competency.ratings[rating] for rating in Rating]
        return [
            competency.name,
            competency.summary,
            *(text for one in ratings for text in (one.short, one.long)),
        ]

    competencies = library.competencies.values()
    questions = [question for it in (*competencies, *library.roles) for question in it.questions]
    texts = [text for it in competencies for text in of_competency(it)]
    texts += [text for it in questions for text in of_question(it)]
    assert [it.words for it in noticed(texts, library.feedback_hints)] == []


def test_a_text_is_quoted_as_it_was_written() -> None:
    hint = a_hint(patterns=["isn't one of us"])
    assert words("İlker  Isn’t\tone of Us.", hint) == ["Isn't one of Us"]


def test_words_are_not_put_together_from_two_texts() -> None:
    assert noticed(["He has two", "kids"], [a_hint(patterns=["two kids"])]) == []


def test_patterns_match_whole_words_anywhere() -> None:
    hint = a_hint(patterns=["ill", "sick"])
    assert words("Often ill, it seems", hint) == ["ill"]
    assert words("Is sick of it", hint) == ["sick"]
    assert words("A skill, and an ill-defined one", hint) == []


def test_before_pause_matches_where_the_thought_ends() -> None:
    hint = a_hint(before_pause=["not a fit"])
    for text in ("Not a fit", "That is not a fit.", "Clearly not a fit, but kind", "not a fit and"):
        assert words(text, hint), text
    for text in ("Not a fit for the schema", "not a fit-test"):
        assert words(text, hint) == [], text


def test_of_person_matches_what_is_said_of_somebody() -> None:
    hint = a_hint(of_person=["pretty"])
    for text in (
        "She is pretty.",
        "He's not really pretty, but",
        "The candidate looks quite pretty",
    ):
        assert words(text, hint), text
    for text in ("Pretty.", "They are pretty.", "She is pretty clear.", "The code is pretty."):
        assert words(text, hint) == [], text


def test_alone_matches_where_a_sentence_begins() -> None:
    hint = a_hint(alone=["deaf"])
    for text in ("Deaf.", "Good. Perhaps deaf, so", "Clear, and probably deaf", "(deaf)"):
        assert words(text, hint), text
    for text in ("Spoke of the deaf.", "Deaf users first.", "slow, deaf, old phones"):
        assert words(text, hint) == [], text


def test_what_is_harmless_is_left_out() -> None:
    hint = a_hint(patterns=["her race", "race lost"], harmless=["race condition"])
    assert words("Her race condition, lost on retry", hint) == []
    assert words("Her race condition, and her race", hint) == ["her race"]


@pytest.mark.parametrize(
    ("lists", "fault"),
    [
        ({}, "needs learned, patterns, before_pause, of_person or alone"),
        (
            {"harmless": ["race condition"]},
            "needs learned, patterns, before_pause, of_person or alone",
        ),
        ({"patterns": ["(?:old"]}, "must be a regular expression: "),
        ({"patterns": ["(old|young)"]}, "must not capture: write (?:…) instead of (…)"),
        ({"alone": ["Old"]}, "must be in small letters"),
        ({"alone": [""]}, "at least 1 character"),
    ],
)
def test_a_hint_that_cannot_be_meant_is_refused(lists: dict[str, list[str]], fault: str) -> None:
    with pytest.raises(ValidationError) as refused:
        a_hint(**lists)
    assert fault in str(refused.value)


def test_a_companys_own_hints_replace_the_built_in_ones(tmp_path: Path) -> None:
    hint = '[[hints]]\ntopic = "shoes"\nwhy = "Feet."\ninstead = "hands."\npatterns = ["clogs"]\n'
    (tmp_path / FEEDBACK_HINTS_FILE).write_text(hint)
    (only,) = load_layers([BUILT_IN, tmp_path]).feedback_hints
    assert words("Wore clogs.", only) == ["clogs"]
    (tmp_path / FEEDBACK_HINTS_FILE).write_text(hint.replace("clogs", "(clogs"))
    with pytest.raises(ContentError, match=r"hints\[1\]\.patterns\[1\]: must be a regular"):
        load_layers([BUILT_IN, tmp_path])
