"""Content files: what is refused, and in which words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import search_key
from bot.domain.posting import IN_ENGLISH, PostingPart, PostingWords
from bot.domain.roles import Conditions, MorePart
from bot.library.catalogue import MOST_SUGGESTED, Library
from bot.library.faults import ContentError
from bot.library.loader import load_layers
from tests.support.content import write_company


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as refused:
        load_layers([folder])
    return [str(fault).replace(f"{folder}/", "") for fault in refused.value.faults]


@pytest.fixture
def role(tmp_path: Path) -> Path:
    return write_company(tmp_path)


def test_complete_content_is_loaded(role: Path, tmp_path: Path) -> None:
    library = load_layers([tmp_path])
    (found,) = library.roles
    assert found.title == "Lamp Keeper"
    assert found.category.name == "Coast"
    assert len(library.bank(found)) == 16


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('title = "Lamp Keeper"', "", "title: is missing"),
        ('title = "Lamp Keeper"', 'titel = "x"\ntitle = "y"', "titel: is not a known key"),
        ('title = "Lamp Keeper"', "title = 3", "title: must be text in quotes"),
        ('title = "Lamp Keeper"', 'title = ""', "title: must not be empty"),
        (
            'title = "Lamp Keeper"',
            'slug = "other"\ntitle = "y"',
            "slug: is not a known key: it follows from the file's place",
        ),
        ('look_for = ["Care."]', "look_for = []", "guide.look_for: must not be empty"),
        (
            "reviewed = 2026-11-25\nsummary",
            'reviewed = "soon"\nsummary',
            "reviewed: must be a date such as 2026-11-25, without quotes",
        ),
        (
            'occupation = "15-1252"',
            'occupation = "dev"',
            "occupation: must look like 15-1252 (a code of the Standard Occupational "
            "Classification 2018)",
        ),
        (
            'poor = "Poor answer to lamp-keeper-2."\n',
            "",
            "questions[3].rubric.poor: is missing",
        ),
        ("minutes = 10", "minutes = 90", "questions[1].minutes: must be 40 or less"),
        (
            'aliases = ["lamp-keeper of the light"]',
            'aliases = ["lamp", "Lamp"]',
            "aliases[2]: 'Lamp' names the role already",
        ),
        (
            'competencies = ["care", "watching", "repair"',
            'competencies = ["care", "watching", "swimming"',
            "competencies[3]: no file competencies/swimming.toml",
        ),
        ('id = "lamp-keeper-1"', 'id = "care-one"', "questions[2].id: 'care-one' stands in "),
    ],
)
def test_a_fault_names_file_key_and_what_was_expected(
    role: Path, tmp_path: Path, old: str, new: str, fault: str
) -> None:
    text = role.read_text()
    assert old in text
    role.write_text(text.replace(old, new, 1))
    found = faults(tmp_path)
    assert any(line.startswith(f"roles/coast/lamp-keeper.toml: {fault}") for line in found), found


def test_all_faults_are_told_at_once(role: Path, tmp_path: Path) -> None:
    role.write_text(role.read_text().replace('title = "Lamp Keeper"', "").replace("15-1252", "x"))
    (tmp_path / "competencies" / "care.toml").write_text('name = "Care"')
    files = {line.partition(":")[0] for line in faults(tmp_path)}
    assert files == {"roles/coast/lamp-keeper.toml", "competencies/care.toml"}


def test_broken_toml_is_told_with_its_line(role: Path, tmp_path: Path) -> None:
    role.write_text("title = \n")
    assert any("is not valid TOML" in line and "line 1" in line for line in faults(tmp_path))


def test_bytes_that_are_no_text_are_told(role: Path, tmp_path: Path) -> None:
    role.write_bytes(b"title = \xff")
    assert faults(tmp_path) == [
        "roles/coast/lamp-keeper.toml: is not UTF-8 text: save it in that encoding"
    ]


def test_an_alias_of_two_roles_is_refused_with_both_files(role: Path, tmp_path: Path) -> None:
    other = role.read_text().replace("Lamp Keeper", "Pilot").replace("lamp-keeper-", "pilot-")
    (role.parent / "pilot.toml").write_text(other)
    (fault,) = faults(tmp_path)
    assert fault.startswith("roles/coast/pilot.toml: aliases[1]: 'lamp-keeper of the light'")
    assert "lamp-keeper.toml" in fault


def test_a_companys_file_replaces_the_built_in_one_of_the_same_name(
    role: Path, tmp_path: Path
) -> None:
    company = tmp_path / "company"
    (company / "roles" / "sea").mkdir(parents=True)
    own = role.read_text().replace('summary = "You keep', 'summary = "Here you keep')
    (company / "roles" / "sea" / role.name).write_text(own)
    (found,) = load_layers([tmp_path, company]).roles
    assert found.summary.startswith("Here")
    assert found.category.slug == "sea"


def test_the_version_changes_with_any_word(role: Path, tmp_path: Path) -> None:
    before = load_layers([tmp_path]).roles[0].version
    assert load_layers([tmp_path]).roles[0].version == before
    path = tmp_path / "competencies" / "care.toml"
    path.write_text(path.read_text().replace("Does care.", "Does care well."))
    assert load_layers([tmp_path]).roles[0].version != before


def test_a_category_file_gives_the_display_name(role: Path, tmp_path: Path) -> None:
    (role.parent / "category.toml").write_text('name = "Coast & Sea"')
    assert load_layers([tmp_path]).categories[0].name == "Coast & Sea"


@given(st.text(alphabet="abcXYZéß 0+#", min_size=1), st.sampled_from(["-", " ", "  ", "_", "."]))
def test_case_and_separators_make_no_difference_to_a_name(name: str, separator: str) -> None:
    assert search_key(separator.join(name.upper())) == search_key(name.upper())
    assert search_key(search_key(name)) == search_key(name)


@pytest.fixture(scope="module")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("company")
    write_company(folder)
    return load_layers([folder])


@given(text=st.text())
def test_any_text_is_met_without_a_fault(small_library: Library, text: str) -> None:
    near = small_library.suggest(text)
    assert len(near.roles) <= MOST_SUGGESTED
    assert near == small_library.suggest(text)


def test_a_kind_that_names_one_role_is_refused_with_its_file(role: Path, tmp_path: Path) -> None:
    text = role.read_text().replace("occupation", 'kinds = ["Lamp Keeper"]\noccupation')
    role.write_text(text)
    (fault,) = faults(tmp_path)
    assert fault.startswith("roles/coast/lamp-keeper.toml: kinds[1]: 'Lamp Keeper' already names")


def test_a_title_of_nothing_to_see_is_refused(role: Path, tmp_path: Path) -> None:
    role.write_text(role.read_text().replace('"Lamp Keeper"', '"\u3164\u200b"'))
    (fault,) = faults(tmp_path)
    assert "has no visible characters" in fault


def test_what_was_frozen_before_new_parts_came_is_written_as_it_was(small_library: Library) -> None:
    (role,) = small_library.roles
    later = {"locale", "benefits", "about", "process", "contact", "intros", "more", "words"}
    assert role.model_dump().keys().isdisjoint(later)
    assert type(role).model_validate_json(role.model_dump_json()) == role


def test_each_part_of_a_role_is_kept_when_it_is_frozen(small_library: Library) -> None:
    (role,) = small_library.roles
    german = PostingWords(language="de", shifts="Schichten: {text}")
    parts = {
        "locale": "de",
        "benefits": ("Leave",),
        "about": ("We",),
        "intros": {PostingPart.SKILLS: "You have:"},
        "more": (MorePart(heading="Pay", items=("Grade 7",)),),
        "words": german,
    }
    changed = role.model_copy(update=parts)
    again = type(role).model_validate_json(changed.model_dump_json())
    assert again == changed
    assert again.sections == changed.sections


@pytest.mark.parametrize(
    ("level", "read"),
    [
        ("A1", "A little Spanish"),
        ("A2", "Basic Spanish"),
        ("B1", "Conversational Spanish"),
        ("B2", "Professional-level Spanish"),
        ("C1", "Fluent Spanish"),
        ("C2", "Fully fluent Spanish"),
    ],
)
def test_candidates_read_a_languages_level_in_words(level: str, read: str) -> None:
    need = {"language": "Spanish", "level": level, "needed_for": "Talking with the harbor."}
    conditions = Conditions.model_validate({"languages": [need]})
    assert conditions.paragraphs(IN_ENGLISH) == (f"{read}: Talking with the harbor.",)
