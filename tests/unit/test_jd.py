"""What `/jd` shows, with the longest content that a file may hold."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.competencies import Competency
from bot.domain.jd import Posting
from bot.domain.roles import FITS_A_MESSAGE, MOST_IN_POSTING, Faq, Guide, Role
from bot.library.catalogue import Library
from bot.playground.rules import limits
from handlers.views import jd as views
from handlers.views.posting import SHORTENED

WIDE = "&" * 400
POSTING = Posting("f" * 32, "T1", "C1", "a-role", "v", "U1", datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture
def longest(library: Library) -> Role:
    """As long as one message shows, of the letter that grows most when it is escaped."""
    role = library.find("backend-developer")
    assert role is not None
    spare = FITS_A_MESSAGE - 900 - 10 * 80
    line = "&" * min(400, spare // 22)
    questions = tuple(
        question.model_copy(update={"question": "&" * 600, "id": f"question-{number}"})
        for number, question in enumerate(role.questions * 10)
    )[:60]
    return Role.model_validate(
        role.model_copy(
            update={
                "title": "&" * 60,
                "aliases": tuple(f"{'&' * 78}{number}" for number in range(20)),
                "summary": "&" * 900,
                "day_to_day": (),
                "experience": None,
                "legally_required": (),
                "conditions": None,
                "levels": {},
                "skills": ("&" * 80,) * 10,
                "responsibilities": (line,) * 9,
                "requirements": (line,) * 8,
                "nice_to_have": (line,) * 5,
                "questions": questions,
                "guide": Guide(
                    look_for=("&" * 900,) * 3,
                    where_to_source=(WIDE,) * 8,
                    faq=(Faq(question=WIDE, answer="&" * 600),) * 8,
                ),
            }
        ).model_dump()
    )


def test_prose_is_shown_whole_however_long_it_is(longest: Role) -> None:
    paragraphs = tuple(f"{number}{'&' * 898}" for number in range(3))
    prose = longest.model_copy(update={"day_to_day": paragraphs, "experience": "E" + "&" * 898})
    shown = json.dumps(views.described(prose).blocks)
    for text in (*paragraphs, "E" + "&" * 898):
        assert text in shown


@pytest.fixture
def competencies(library: Library) -> list[Competency]:
    update = {"name": "&" * 40, "summary": "&" * 200}
    return [item.model_copy(update=update) for item in library.competencies.values()][:8]


def faults(message: object) -> list[str]:
    return limits.faults("message", message)  # type: ignore[arg-type]


def test_the_longest_posting_fits_into_one_message(longest: Role) -> None:
    described = views.described(longest)
    message = json.loads(views.posting_message(described, POSTING))
    assert faults({key: message[key] for key in ("text", "blocks")}) == []
    assert faults(views.preview(longest, described.blocks)) == []


def test_the_longest_guide_fits_into_the_uses_of_a_response_url(
    longest: Role, competencies: list[Competency]
) -> None:
    assert longest.guide is not None
    messages = views.guide(longest, longest.guide, competencies)
    assert len(messages) <= 5
    for message in messages:
        assert faults(message) == []


def test_the_longest_document_fits_into_the_uses_of_a_response_url(longest: Role) -> None:
    messages = views.copyable(longest, "Markdown", "\\&" * MOST_IN_POSTING)
    assert len(messages) <= 5
    for message in messages:
        assert faults(message) == []


def test_a_posting_too_long_for_a_message_is_cut_and_says_where_the_rest_is(
    longest: Role,
) -> None:
    lines = tuple(f"{number} {'&' * 180}" for number in range(60))
    role = longest.model_copy(update={"title": "&" * 120, "requirements": lines})
    message = json.loads(views.posting_message(views.described(role), POSTING))
    assert faults({key: message[key] for key in ("text", "blocks")}) == []
    shown = json.dumps(message["blocks"], ensure_ascii=False)
    assert lines[-1] not in shown
    assert SHORTENED in shown
    assert SHORTENED not in json.dumps(views.described(longest).blocks, ensure_ascii=False)


def test_a_picker_of_thousands_of_roles_shows_the_longest(longest: Role) -> None:
    many = [longest.model_copy(update={"slug": f"role-{number}"}) for number in range(2500)]
    token = views.PickerToken(channel="C" * 20, response_url="https://" + "x" * 300)
    described = views.described(longest)
    view = views.picker([(longest.category, many)], token, described.blocks)
    assert limits.faults("modal", view) == []


def test_the_longest_text_of_a_person_is_cut_where_it_is_shown(longest: Role) -> None:
    name = "&" * 3000
    roles = [longest.model_copy(update={"slug": f"role-{number}"}) for number in range(3)]
    for message in (
        views.did_you_mean(name, roles),
        views.no_such_role(name, "/jd"),
        views.unknown_category(name, [longest.category] * 30, "/jd"),
    ):
        assert faults(message) == []


def test_a_list_of_thousands_of_roles_comes_in_messages_that_fit(longest: Role) -> None:
    for message in views.role_list([(longest.category, [longest] * 600)], "/jd"):
        assert faults(message) == []


def test_the_buttons_of_a_posting_carry_its_id_and_nothing_of_it_is_guessable_from_text(
    longest: Role,
) -> None:
    message = json.loads(views.posting_message(views.described(longest), POSTING))
    assert views.PostingToken.load(message["blocks"][-1]["block_id"]).posting == POSTING.id
