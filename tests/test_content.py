"""The built-in content: specific, unrepeated, and within every limit it is shown under."""

import itertools
import re

import pytest

from bot.domain.competencies import Competency
from bot.domain.questions.question import Question, Rating
from bot.domain.roles import Role
from bot.library.do_not_ask import advice
from bot.library.documents import Documents, Format
from bot.library.loader import BUILT_IN, load
from bot.playground.rules import limits
from handlers.views import jd as jd_views

LIBRARY = load()
FORTY = {
    "account-executive",
    "sales-development-representative",
    "customer-support-specialist",
    "customer-success-manager",
    "recruiter",
    "people-partner",
    "accountant",
    "financial-analyst",
    "office-manager",
    "marketing-manager",
    "content-writer",
    "social-media-manager",
    "product-marketing-manager",
    "business-analyst",
    "project-manager",
    "data-analyst",
    "machine-learning-engineer",
    "security-engineer",
    "engineering-director",
    "it-support-specialist",
    "ux-researcher",
    "registered-nurse",
    "medical-assistant",
    "teacher",
    "warehouse-associate",
    "store-manager",
    "electrician",
    "truck-driver",
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
    """What candidates read, at each level."""
    at_each = (role, *map(role.at, role.levels))
    return list(dict.fromkeys(text for at in at_each for text in at.posting))


def guide(role: Role) -> list[str]:
    faq = (text for entry in role.guide.faq for text in (entry.question, entry.answer))
    return [*role.guide.look_for, *role.guide.where_to_source, *faq]


def words(texts: list[str]) -> int:
    return len(" ".join(texts).split())


def question_texts(question: Question) -> list[str]:
    rubric = [question.rubric[rating] for rating in Rating]
    deciding = [question.deciding(rating) for rating in Rating if rating is not Rating.POOR]
    texts = [question.question, question.why, *question.probes, *question.red_flags]
    return [*texts, *rubric, *deciding]


def sentences(role: Role) -> set[str]:
    questions = [text for question in role.questions for text in question_texts(question)]
    texts = [*posting(role), *guide(role), *questions]
    parts = (re.split(r"(?<=[.?!])\s+", text) for text in texts)
    return {part.strip().casefold() for group in parts for part in group if len(part.split()) > 3}


def test_the_library_has_forty_roles_in_ten_categories() -> None:
    assert {role.slug for role in LIBRARY.roles} >= FORTY
    assert len(FORTY) == 40
    assert len({role.category for role in LIBRARY.roles}) >= 10


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
        "ae",
        "sdr",
        "bdr",
        "csm",
        "support agent",
        "talent acquisition specialist",
        "hrbp",
        "staff accountant",
        "fp&a analyst",
        "copywriter",
        "pmm",
        "ba",
        "bi analyst",
        "ml engineer",
        "infosec engineer",
        "director of engineering",
        "help desk technician",
        "user researcher",
        "rn",
        "ma",
        "school teacher",
        "picker packer",
        "retail store manager",
        "journeyman electrician",
        "cdl driver",
    ],
)
def test_the_roles_are_found_by_the_names_people_use(name: str) -> None:
    assert LIBRARY.find_at_level(name) is not None


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
    assert 300 <= words([*role.posting]) <= 700


@every_role
def test_a_posting_is_about_half_prose_and_half_lists(role: Role) -> None:
    lists = [text for section in role.sections for text in section.items]
    assert 0.4 <= words(lists) / words([*role.posting]) <= 0.6


@every_role
def test_a_role_says_how_it_differs_by_level(role: Role) -> None:
    assert role.levels


@every_role
def test_a_role_was_read_by_somebody_who_had_not_written_it(role: Role) -> None:
    assert role.reviewers >= 1


@every_role
def test_what_is_asked_can_be_said_in_one_breath(role: Role) -> None:
    for question in LIBRARY.bank(role):
        assert words([question.question]) <= 40, question.id


@every_role
def test_each_question_names_what_decides_between_neighboring_ratings(role: Role) -> None:
    for question in LIBRARY.bank(role):
        assert question.decides is not None, question.id


@every_role
def test_a_rubric_can_be_taken_in_while_listening(role: Role) -> None:
    for question in LIBRARY.bank(role):
        for rating in Rating:
            assert words([question.rubric[rating]]) <= 30, (question.id, rating)


@every_role
def test_sentences_can_be_read_in_one_breath(role: Role) -> None:
    for text in posting(role):
        for sentence in re.split(r"(?<=[.?!])\s+", text):
            assert len(sentence.split()) <= 35, sentence


@every_role
def test_a_role_has_questions_of_its_own_of_several_kinds(role: Role) -> None:
    assert len(role.questions) >= 8
    assert len({question.kind for question in role.questions}) >= 3
    assert len(LIBRARY.bank(role)) >= 12


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
    assert len(used) / len(LIBRARY.roles) <= 40 / 12, "as many for each role as with twelve roles"


def test_no_two_roles_ask_the_same_question_of_their_own() -> None:
    asked = [(role.slug, q.id, q.question) for role in LIBRARY.roles for q in role.questions]
    bags = [(slug, id, set(re.findall(r"[a-z]{4,}", text.lower()))) for slug, id, text in asked]
    for (slug, id, one), (other_slug, other_id, other) in itertools.combinations(bags, 2):
        if slug != other_slug:
            assert len(one & other) / len(one | other) <= 0.5, (id, other_id)


def test_the_backend_developers_bank_has_at_least_24_questions() -> None:
    role = LIBRARY.find("backend-developer")
    assert role is not None
    assert len(LIBRARY.bank(role)) >= 24


BRITISH = (
    r"\w*(organ|priorit|optim|recogn|summar|random|author|minim|maxim)is(e|ed|es|er|ing|ation)\w*|"
    r"analyse|analysed|analysing|behaviour\w*|colour\w*|favour\w*|neighbour\w*|labour|honour|"
    r"cancelled|labelled|modelling|modelled|levelling|travelling|catalogue|dialogue|defence|"
    r"licence|judgement|learnt|towards|e-mail|rota|half-way|for ever|centre|programme"
)
TRANSLATED = (
    "somebody|nobody|whoever|seldom|reckon|dearer|anew|unasked|by now|what becomes of|"
    "in the place of|one's own|for good reason of their own|mends?|mended|"
    "(meets?|covers?) (this|the) list|tells? the steps|by evidence|in the role, say|"
    "(speaks?|spoke) against|stopping sign|(?<!operating )system versions?|prepaid releases?|"
    "export right|writing tools?|practice with (a|SQL)"
)


@every_role
def test_the_library_is_american_english(role: Role) -> None:
    questions = [text for q in LIBRARY.bank(role) for text in question_texts(q)]
    for text in (*posting(role), *guide(role), *questions):
        found = re.search(rf"\b({BRITISH}|{TRANSLATED})\b", text, re.IGNORECASE)
        assert found is None, (found, text)


@every_competency
def test_a_competency_is_american_english_and_of_a_family(competency: Competency) -> None:
    assert competency.family
    texts = [competency.name, competency.summary, *competency.levels.values()]
    texts += [
        text
        for at in Rating
        for text in (competency.ratings[at].short, competency.ratings[at].long)
    ]
    for text in texts:
        found = re.search(rf"\b({BRITISH}|{TRANSLATED})\b", text, re.IGNORECASE)
        assert found is None, (found, text)


WORN = ["the hard part is", "pay moves with"]
"""What nearly every role once said: a candidate who reads two of them hears one writer."""


@pytest.mark.parametrize("phrase", WORN)
def test_no_turn_of_phrase_is_the_librarys_own(phrase: str) -> None:
    uses = {
        role.slug: " ".join([*posting(role), *guide(role)]).casefold().count(phrase)
        for role in LIBRARY.roles
    }
    assert max(uses.values()) <= 1, uses
    assert sum(uses.values()) <= len(uses) / 4, uses


@every_role
def test_candidates_read_languages_without_the_letters_of_the_cefr(role: Role) -> None:
    for text in posting(role):
        assert not re.search(r"\b[ABC][12]\b", text), text


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
        *jd_views.guide(role, role.guide, LIBRARY.competencies_of(role)),
    ]
    for message in messages:
        assert limits.faults("message", message) == []


def test_nothing_is_asked_that_should_not_be() -> None:
    assert [str(item) for item in advice(LIBRARY)] == []
