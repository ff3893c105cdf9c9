"""The docs say what is so."""

import re
import subprocess
from pathlib import Path
from typing import get_args

import pytest
from starlette.routing import Route

from bot.cli import main
from bot.config import Settings
from bot.playground.control import routes as control
from bot.playground.page.actions import Acts
from bot.playground.server import Config, Playground
from bot.playground.state.cast import Kind
from bot.playground.web_api.faults import Faults, How
from handlers.ids import CommandName
from handlers.manifest import SCOPES, USAGE

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SETTINGS = {name.upper() for name in Settings.model_fields}


def rows(path: Path) -> list[list[str]]:
    """The cells of every table row."""
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in path.read_text().splitlines()
        if line.startswith("|")
    ]


def test_the_settings_are_documented_and_no_others() -> None:
    named = {
        name
        for row in rows(ROOT / "docs" / "deploy.md")
        for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", row[0])
    }
    assert named == SETTINGS


def test_the_example_file_holds_every_setting() -> None:
    text = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    assert named == (SETTINGS - {"SLACK_API_URL"}) | {"SLACK_BOT_TOKEN_FILE"}


def test_every_scope_has_its_reason_and_no_other_is_asked_for() -> None:
    documented = {
        row[0].strip("`"): row[1] for row in rows(ROOT / "docs" / "install.md") if ":" in row[0]
    } | {
        row[0].strip("`"): row[1]
        for row in rows(ROOT / "docs" / "install.md")
        if row[0] == "`commands`"
    }
    assert set(documented) == set(SCOPES)
    assert all(len(reason) > 10 for reason in documented.values())


def test_every_command_is_in_the_manifest_with_its_usage() -> None:
    assert set(USAGE) == set(CommandName)


def test_the_readme_names_every_command_of_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    offered = set(re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE))
    readme = (ROOT / "README.md").read_text()
    assert offered
    for command in offered:
        assert f"`{command}" in readme, command


def test_the_readme_fits_on_a_screen() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 60


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_make_targets_that_the_docs_name_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?:`| {4})make (\w+)", path.read_text()):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_make_help_names_every_target() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert targets is not None
    for target in targets[1].split():
        assert re.search(rf"^{target}\s", said.stdout, re.MULTILINE), target


def test_the_playgrounds_guide_names_every_route_kind_and_fault(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "playground.md").read_text()
    playground = Playground(
        Config("http://127.0.0.1:1", "s", "xoxb", "xapp", {}, None, folder=tmp_path)
    )
    acts = Acts(playground.workspace, playground.delivery).by_name.keys() - {"dismiss"}
    for act in acts:
        assert f"/act/{act}`" in guide, act
    for route in control.routes(playground.workspace, Faults(), frozenset(), playground.reset):
        assert isinstance(route, Route)
        assert route.path in guide, route.path
    for word in (*get_args(Kind), *get_args(How)):
        assert f"`{word}`" in guide, word
    playground.workspace.close()
