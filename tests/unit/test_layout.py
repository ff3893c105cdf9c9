"""No content file vanishes: each is read, or named with what would be right."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.catalogue import Library
from bot.library.faults import ContentError
from bot.library.layout import OF_OTHERS, layer_of
from bot.library.loader import BUILT_IN, load, load_layers
from tests.support.content import COMPETENCIES, competency, role, write_company

ROLE = role("Keeper", "lamp keeper", COMPETENCIES, "keeper")


@pytest.fixture
def company(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write_company(folder)
    return folder


def put(company: Path, place: str, text: str | bytes = ROLE) -> None:
    path = company / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


BUILT_IN_TEMPLATES = layer_of(BUILT_IN).templates


def said(company: Path) -> str:
    return ContentError(layer_of(company, BUILT_IN_TEMPLATES).faults).text


def read(company: Path) -> Library:
    """The company's content alone, which is sooner loaded."""
    return load_layers([company])


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ("roles/lights/lift_technician.toml", "lift-technician.toml"),
        ("roles/lights/Lift Technician.toml", "lift-technician.toml"),
        ("roles/lights/c++-developer.toml", "c-plus-plus-developer.toml"),
        ("roles/lights/tech--nician.toml", "tech-nician.toml"),
        ("roles/lights/x.TOML", "x.toml"),
        ("roles/lights/x.yaml", "x.toml"),
        ("roles/lights/x.toml.bak", "x.toml"),
        ("roles/lights/x", "x.toml"),
        ("roles/Lights/x.toml", "lights"),
        ("roles/x.toml", "roles/CATEGORY/x.toml"),
        ("roles/lights/deep/x.toml", "roles/lights/x.toml"),
        ("role/lights/x.toml", "there can be roles/"),
        ("competency/x.toml", "competencies/"),
        ("competencies/X.toml", "x.toml"),
        ("competencies/more/x.toml", "competencies/x.toml"),
        ("documents/postng.md.j2", "documents/posting.md.j2"),
        ("messages/panel_hlp.mrkdwn.j2", "messages/panel_help.mrkdwn.j2"),
        ("do-not-ask.toml", "do_not_ask.toml"),
        ("wording/question.json", "wording/questions.json"),
    ],
)
def test_a_file_in_the_wrong_place_is_named_with_what_would_be_right(
    company: Path, place: str, right: str
) -> None:
    put(company, place)
    found = said(company)
    assert place.partition("/")[0] in found
    assert right in found


def test_check_says_so_too(company: Path) -> None:
    put(company, "roles/lights/lift_technician.toml")
    with pytest.raises(ContentError, match=r"such as lift-technician\.toml"):
        load(company)


def test_a_role_in_two_categories_is_named(company: Path) -> None:
    put(company, "roles/lights/keeper.toml")
    put(company, "roles/towers/keeper.toml")
    assert "is there twice" in said(company)


@pytest.mark.parametrize(
    "place",
    [
        *("._keeper.toml", "roles/._lights/x.toml", "roles/lights/._x.toml"),
        *("roles/lights/.#x.toml", "roles/lights/#x.toml#", "roles/lights/x.toml~"),
        *("roles/lights/.x.toml.swp", ".DS_Store", "roles/.DS_Store", "roles/lights/Thumbs.db"),
        *("desktop.ini", ".git/config", ".github/x.yml", "README.md", "LICENSE"),
        *("lost+found/x", "__MACOSX/roles/lights/x.toml"),
    ],
)
def test_what_editors_and_systems_leave_is_passed_over(company: Path, place: str) -> None:
    put(company, place, b"\xff\xfe")
    assert [role.slug for role in read(company).roles] == ["lamp-keeper"]


def test_a_mounted_config_map_is_read_once(tmp_path: Path, company: Path) -> None:
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    company.rename(mounted / "..2026_11_30")
    (mounted / "..data").symlink_to("..2026_11_30")
    for entry in (mounted / "..2026_11_30").iterdir():
        (mounted / entry.name).symlink_to(f"..data/{entry.name}")
    assert [role.slug for role in read(mounted).roles] == ["lamp-keeper"]


@pytest.mark.parametrize(
    ("target", "why"),
    [("/etc/hostname", "out of the content folder"), ("nowhere", "leads nowhere"), ("..", "out")],
)
def test_a_link_out_of_the_folder_is_refused(company: Path, target: str, why: str) -> None:
    (company / "roles" / "coast" / "linked.toml").symlink_to(target)
    assert why in said(company)


@pytest.mark.skipif(os.getuid() == 0, reason="root can read every folder")
def test_a_folder_that_cannot_be_read_is_named(company: Path) -> None:
    (company / "roles").chmod(0)
    try:
        assert "cannot be read" in said(company)
    finally:
        (company / "roles").chmod(0o700)


def test_a_byte_order_mark_is_taken_as_what_it_is(company: Path) -> None:
    put(company, "competencies/polish.toml", competency("polish").encode("utf-8-sig"))
    assert "polish" in read(company).competencies


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_gets_a_sentence(company: Path, encoding: str) -> None:
    put(company, "competencies/polish.toml", f"# größe\n{competency('polish')}".encode(encoding))
    with pytest.raises(ContentError, match="save it in that encoding"):
        read(company)


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\x00", exclude_categories=("C",)),
    min_size=1,
    max_size=30,
).filter(lambda name: name not in (".", ".."))


@given(name=NAMES)
def test_every_name_is_read_or_named_or_passed_over(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("content")
    path = folder / "roles" / "lights" / name
    path.parent.mkdir(parents=True)
    path.write_text("")
    layer = layer_of(folder)
    is_passed_over = OF_OTHERS.fullmatch(name) is not None
    assert len(layer.roles) + len(layer.faults) == (0 if is_passed_over else 1)


def test_what_comes_with_panelist_lies_where_it_is_read() -> None:
    strays = [fault for fault in layer_of(BUILT_IN).faults if Path(fault.file).is_file()]
    assert strays == []
