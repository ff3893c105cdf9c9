"""The built-in content: specific, unrepeated, and within every limit it is shown under."""

import itertools
import re

import pytest

from bot.domain.competencies import Competency
from bot.domain.questions.question import Question, Rating
from bot.domain.roles import Role
from bot.library.content import load_content
from bot.library.do_not_ask import advice
from bot.library.documents import Documents
from bot.library.formats import Format
from bot.library.loader import BUILT_IN
from bot.playground.rules import limits
from handlers.views import jd as jd_views

LIBRARY = load_content(thorough=True).library
TWELVE = {
    "backend-developer",
    "frontend-engineer",
    "full-stack-engineer",
    "mobile-engineer",
    "devops-engineer",
    "site-reliability-engineer",
    "data-engineer",
    "data-scientist",
    "qa-engineer",
    "engineering-manager",
    "product-manager",
    "product-designer",
}
every_role = pytest.mark.parametrize("role", LIBRARY.roles, ids=lambda role: role.slug)
every_competency = pytest.mark.parametrize(
    "competency", LIBRARY.competencies.values(), ids=lambda competency: competency.id
)


def posting(role: Role) -> list[str]:
    return [
        role.summary,
        *role.skills,
        *role.responsibilities,
        *role.requirements,
        *role.nice_to_have,
    ]


def words(texts: list[str]) -> int:
    return len(" ".join(texts).split())


def question_texts(question: Question) -> list[str]:
    rubric = [question.rubric[rating] for rating in Rating]
    return [question.question, question.why, *question.probes, *question.red_flags, *rubric]


def sentences(role: Role) -> set[str]:
    guide = [
        *role.guide.look_for,
        *role.guide.where_to_source,
        *(text for entry in role.guide.faq for text in (entry.question, entry.answer)),
    ]
    questions = [text for question in role.questions for text in question_texts(question)]
    parts = (re.split(r"(?<=[.?!])\s+", text) for text in posting(role) + guide + questions)
    return {part.strip().casefold() for group in parts for part in group if len(part.split()) > 3}


def test_the_library_has_the_twelve_roles() -> None:
    assert {role.slug for role in LIBRARY.roles} >= TWELVE


@pytest.mark.parametrize(
    "name",
    [
        "frontend developer",
        "full-stack developer",
        "mobile developer",
        "DevOps engineer",
        "SRE",
        "site reliability engineer",
        "QA engineer",
        "software tester",
        "etl developer",
    ],
)
def test_the_roles_are_found_by_the_names_people_use(name: str) -> None:
    assert LIBRARY.find(name) is not None


def test_no_two_roles_share_more_than_a_fifth_of_their_sentences() -> None:
    texts = {role.slug: sentences(role) for role in LIBRARY.roles}
    for one, other in itertools.combinations(texts, 2):
        shared = texts[one] & texts[other]
        assert len(shared) <= min(len(texts[one]), len(texts[other])) / 5, (one, other, shared)


@every_role
def test_no_rubric_sentence_occurs_twice_in_a_role(role: Role) -> None:
    rubric = [
        question.rubric[rating].casefold() for question in LIBRARY.bank(role) for rating in Rating
    ]
    assert len(rubric) == len(set(rubric))


@every_role
def test_a_posting_has_300_to_700_words(role: Role) -> None:
    assert 300 <= words(posting(role)) <= 700


@every_role
def test_sentences_can_be_read_in_one_breath(role: Role) -> None:
    for text in posting(role):
        for sentence in re.split(r"(?<=[.?!])\s+", text):
            assert len(sentence.split()) <= 35, sentence


@every_role
def test_a_role_has_questions_of_its_own_of_several_kinds(role: Role) -> None:
    assert len(role.questions) >= 8
    assert len({question.kind for question in role.questions}) >= 3


@every_role
def test_every_competency_of_a_role_can_be_asked_about(role: Role) -> None:
    asked = [question.competency for question in LIBRARY.bank(role)]
    for id in role.competencies:
        assert asked.count(id) >= 3, id


@every_competency
def test_a_competencys_bank_has_several_kinds_and_levels(competency: Competency) -> None:
    questions = competency.questions
    assert len(questions) >= 3
    assert len({question.kind for question in questions}) >= 2
    assert len({question.level for question in questions}) >= 2


def test_the_shared_set_of_competencies_stays_small_and_used() -> None:
    used = {id for role in LIBRARY.roles for id in role.competencies}
    assert used == set(LIBRARY.competencies)
    assert len(used) <= 40


def test_the_backend_developers_bank_has_at_least_24_questions() -> None:
    role = LIBRARY.find("backend-developer")
    assert role is not None
    assert len(LIBRARY.bank(role)) >= 24


CLICHES = (
    "rockstar|rock star|ninja|guru|wizard|superstar|fast-paced|self-starter|passionate|go-getter|"
    "hit the ground running|wear many hats|work hard|culture fit|cultural fit|digital native|"
    "native speaker|young|he/she|his/her|chairman|manpower|man-hours|guys|competitive salary|"
    "best of the best|a-player|thick skin|no drama|we're a family|crazy|insane|sanity|lame|dumb|"
    "blacklist|whitelist|grandfathered"
)


@every_role
def test_a_posting_has_no_cliches_and_no_coded_words(role: Role) -> None:
    found = re.search(rf"\b({CLICHES})\b", " ".join(posting(role)), re.IGNORECASE)
    assert found is None, found


@every_role
def test_no_text_carries_markup_or_a_placeholder(role: Role) -> None:
    texts = posting(role) + [
        text for question in LIBRARY.bank(role) for text in question_texts(question)
    ]
    for text in texts:
        assert not re.search(r"\*\*|</?[a-z]+>|TODO|lorem|\bTBD\b|\bXXX\b|—|’", text), text


@every_role
@pytest.mark.parametrize("style", list(Format))
def test_a_role_is_rendered_in_every_format(role: Role, style: Format) -> None:
    documents = Documents([BUILT_IN])
    competencies = LIBRARY.competencies_of(role)
    for part in ("posting", "guide"):
        text = documents.document(part, style, role=role, competencies=competencies)
        assert role.title in text


@every_role
def test_a_role_is_shown_within_slacks_limits(role: Role) -> None:
    described = jd_views.described(role)
    messages = [
        {"text": "Preview", "blocks": list(described.blocks)},
        jd_views.preview(role, described.blocks),
        *jd_views.guide(role, LIBRARY.competencies_of(role)),
    ]
    for message in messages:
        assert limits.faults("message", message) == []


def test_nothing_is_asked_that_should_not_be() -> None:
    assert [str(item) for item in advice(LIBRARY)] == []
