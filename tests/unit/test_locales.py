"""The language of a posting: its headings and fixed words, in Slack and in every document."""

import json
from pathlib import Path

import pytest

from bot.domain.posting import IN_ENGLISH, PostingPart
from bot.domain.roles import Role
from bot.library.content import load_content
from bot.library.documents import Documents
from bot.library.faults import ContentError
from bot.library.formats import Format
from bot.library.loader import BUILT_IN, load_layers
from handlers.views import jd as views
from tests.support.content import posting_alone

LANGUAGES = sorted(path.stem for path in (BUILT_IN / "locales").glob("*.toml"))
EVERY_PART = """
aliases = ["Other Name"]
skills = ["S"]
responsibilities = ["R"]
requirements = ["Q"]
nice_to_have = ["N"]
legally_required = ["L"]
benefits = ["B"]
about = ["A"]
process = ["P"]
contact = ["C"]
[conditions]
shifts = "Nights."
travel = "None."
languages = [{language = "X", level = "B2", needed_for = "Calls."}]
"""


def role_in(folder: Path, language: str, more: str = EVERY_PART) -> Role:
    posting_alone(folder, more=f'locale = "{language}"\n{more}')
    (role,) = load_layers([folder]).roles
    return role


def shown(role: Role) -> dict[str, str]:
    documents = Documents([BUILT_IN])
    texts = {
        style.value: documents.document("posting", style, role=role, competencies=())
        for style in Format
    }
    return texts | {"slack": json.dumps(views.description(role), ensure_ascii=False)}


def test_there_are_five_languages() -> None:
    assert LANGUAGES == ["de", "en", "es", "fr", "ja"]


def test_the_words_kept_for_what_was_frozen_are_those_of_the_english_file(tmp_path: Path) -> None:
    assert role_in(tmp_path, "en").words == IN_ENGLISH


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_stands_under_its_heading_in_every_format(tmp_path: Path, language: str) -> None:
    role = role_in(tmp_path, language)
    headings = [role.words.headings[part] for part in PostingPart]
    assert [section.heading for section in role.sections] == ["", *headings]
    for style, text in shown(role).items():
        plain = text.replace("&#39;", "'").replace("\\&#39;", "'").replace("\\", "")
        for heading in headings:
            assert heading in plain, (style, heading)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_english_is_left_in_a_posting_of_another_language(tmp_path: Path, language: str) -> None:
    english = [IN_ENGLISH.headings[part] for part in PostingPart if part != PostingPart.CONTACT]
    around = ["also known as", "Shifts", "Travel", "Professional-level"]
    for style, text in shown(role_in(tmp_path, language)).items():
        for words in (*english, *around):
            assert f"{words}" not in text, (style, words)


def test_a_page_says_its_language(tmp_path: Path) -> None:
    assert '<article lang="ja">' in shown(role_in(tmp_path, "ja"))["html"]


def test_words_go_around_the_roles_own(tmp_path: Path) -> None:
    role = role_in(tmp_path, "de")
    said = [section for section in role.sections if section.heading == "Arbeitsbedingungen"]
    assert said[0].paragraphs == (
        "Schichten: Nights. Reisen: None.",
        "X (sicher im Beruf): Calls.",
    )


def test_a_company_adds_a_language_by_a_file(tmp_path: Path) -> None:
    text = (BUILT_IN / "locales" / "es.toml").read_text().replace("Qué harás", "O que farás")
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "pt-BR.toml").write_text(text)
    assert role_in(tmp_path, "pt-BR").words.headings.responsibilities == "O que farás"


def test_a_company_changes_the_words_of_one(tmp_path: Path) -> None:
    text = (BUILT_IN / "locales" / "en.toml").read_text().replace("What we offer", "Perks & pay")
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "en.toml").write_text(text)
    posting_alone(tmp_path, more='benefits = ["Leave"]\n')
    (role,) = load_layers([tmp_path]).roles
    assert role.sections[-1].heading == "Perks & pay"
    assert "*Perks &amp; pay*" in json.dumps(views.description(role), ensure_ascii=False)


def test_a_file_from_before_openings_has_their_words_in_english(tmp_path: Path) -> None:
    text = (BUILT_IN / "locales" / "es.toml").read_text()
    before = text[: text.index("[opening]")] + text[text.index("[company]") :]
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "es.toml").write_text(before)
    words = role_in(tmp_path, "es").words
    assert words.opening == IN_ENGLISH.opening
    assert words.headings.benefits == "Qué ofrecemos"


def test_a_companys_language_is_that_of_its_roles(tmp_path: Path) -> None:
    (tmp_path / "company.toml").write_text('locale = "fr"')
    posting_alone(tmp_path, more='benefits = ["Congés"]\n')
    (role,) = load_layers([tmp_path]).roles
    assert role.sections[-1].heading == "Ce que nous offrons"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('shifts = "Turnos: {text}"', "", "shifts: is missing"),
        ('contact = "Contacto"', "", "headings.contact: is missing"),
        ("{text}", "", "shifts: must have {text} in it"),
        ("{language} (fluido)", "fluido", "language_levels.C1: must have {language} in it"),
        ('C2 = "{language} (dominio completo)"', "", "language_levels.C2: is missing"),
        (
            'hour = "{amount} por hora"',
            'hour = "por hora"',
            "opening.periods.hour: must have {amount}",
        ),
        ('refer = "Recomendar a alguien"', "", "opening.refer: is missing"),
        ('intern = "Prácticas"', "", "opening.types.intern: is missing"),
        ("headings", "heading", "heading: is not a known key"),
        ("summary =", "sumary =", "recognized"),
    ],
)
def test_a_fault_in_a_language_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = (BUILT_IN / "locales" / "es.toml").read_text()
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "es.toml").write_text(text.replace(old, new, 1))
    posting_alone(tmp_path)
    with pytest.raises(ContentError) as refused:
        load_content(tmp_path)
    assert f"locales/es.toml: {fault}" in refused.value.text


def test_a_file_not_called_after_a_language_is_named(tmp_path: Path) -> None:
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "german.toml").write_text("")
    posting_alone(tmp_path)
    with pytest.raises(ContentError, match=r"such as de\.toml or pt-BR\.toml"):
        load_layers([tmp_path])


def test_a_language_that_there_is_no_file_of_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"locale: must be one of de, en, es, fr, ja, or have"):
        role_in(tmp_path, "xx", "")
