"""The shape of the code: what `make check` does not see by itself."""

import importlib
import pkgutil
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from apscheduler.schedulers.base import BaseScheduler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

import bot
import handlers
from bot.config import Settings
from bot.library.catalogue import Library
from bot.storage.database import Database

ROOT = Path(__file__).parents[1]
LIVE = (AsyncApp, AsyncEngine, AsyncWebClient, BaseScheduler, Database, Library, Settings)


def modules() -> list[ModuleType]:
    names = ["bot", "handlers"]
    for package in (bot, handlers):
        found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        names += [
            module.name
            for module in found
            if "migrations" not in module.name and not module.name.endswith("__main__")
        ]
    return [importlib.import_module(name) for name in names]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_importing_a_module_makes_nothing_that_lives(module: ModuleType) -> None:
    made = [name for name, value in vars(module).items() if isinstance(value, LIVE)]
    assert made == []


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_every_module_says_what_it_is_for(module: ModuleType) -> None:
    assert module.__doc__


FEATURES = {
    "jd": ("bot/domain", "bot/storage", "bot/services", "handlers", "handlers/views"),
    "questions": ("bot/domain", "bot/storage", "bot/services", "handlers", "handlers/views"),
    "panels": ("bot/domain", "bot/storage", "bot/services", "handlers", "handlers/views"),
    "scorecards": ("bot/domain", "bot/storage", "bot/services", "handlers", "handlers/views"),
    "feedback": ("bot/domain", "bot/storage", "bot/services", "handlers", "handlers/views"),
    "reminders": ("bot/domain", "bot/storage", "bot/services", "handlers", "handlers/views"),
    "home": ("bot/domain", "bot/storage", "bot/services", "handlers", "handlers/views"),
}


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_one_name_in_every_room(feature: str) -> None:
    for room in FEATURES[feature]:
        place = ROOT / room / feature
        assert place.is_dir() or place.with_suffix(".py").exists(), place


def test_files_are_short_enough_to_find_ones_way_in() -> None:
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            assert len(path.read_text().splitlines()) <= 420, path


def test_pins_have_hashes_and_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "://" not in text
        pins = re.findall(r"^\S+==.*\n.*", text, re.MULTILINE)
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins)


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    for dependency in project["project"]["dependencies"]:
        assert re.search(rf'"{re.escape(dependency)}",\s+# \w', text), dependency


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_the_image_runs_as_a_user_of_its_own_with_its_data_on_a_volume() -> None:
    final = dockerfile().rpartition("\nFROM ")[2]
    for line in (
        "USER panelist",
        "VOLUME /data",
        "HOST=0.0.0.0",
        "DATABASE_URL=sqlite+aiosqlite:////data/panelist.db",
        "HEALTHCHECK",
        "/healthz",
        'CMD ["panelist", "serve"]',
    ):
        assert line in final
    assert final.index("USER panelist") < final.index("CMD")
    assert not re.search(r"\b(gcc|build-essential|apt-get|git|pip install)\b", final)


def test_everything_that_the_image_copies_is_there() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile(), re.MULTILINE):
        for source in line.split():
            assert (ROOT / source).exists(), source


def test_the_image_installs_pinned_packages_only() -> None:
    for line in re.findall(r"pip install ([^\n\\]+)", dockerfile()):
        assert "--require-hashes" in line or "/wheels/" in line
